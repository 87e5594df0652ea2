"""What is declared, pinned and credited is the same set of packages: pyproject.toml, uv.lock, requirements/, NOTICE."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK: dict[str, Any] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]


def _group(name: str) -> list[Requirement]:
    """What a dependency group asks for, with the groups it includes."""
    found: list[Requirement] = []
    for entry in GROUPS[name]:
        found += [Requirement(entry)] if isinstance(entry, str) else _group(entry["include-group"])
    return found


def _pins(file: str) -> dict[str, set[Version]]:
    """The versions that a requirements file pins: several of one package where they depend on the Python."""
    pins: dict[str, set[Version]] = {}
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE):
        pins.setdefault(canonicalize_name(name), set()).add(Version(version))
    return pins


RUN = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
LOCKED: dict[str, set[Version]] = {}
for _package in LOCK["package"]:
    if "version" in _package:
        LOCKED.setdefault(_package["name"], set()).add(Version(_package["version"]))


@pytest.mark.parametrize(
    ("file", "wanted"),
    [("run.txt", RUN), *((f"{group}.txt", _group(group)) for group in ("dev", "docs", "mutants"))],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_declared_is_pinned_as_in_the_lock(file: str, wanted: list[Requirement]) -> None:
    pins = _pins(file)
    for each in wanted:
        name = canonicalize_name(each.name)
        assert name in pins, f"{file} has no {name}: make lock"
        assert all(version in each.specifier for version in pins[name]), f"{file}: {name} is not {each.specifier}"
    assert {name for name, versions in pins.items() if not versions <= LOCKED.get(name, set())} == set()


def test_the_lowest_versions_are_those_declared() -> None:
    pins = _pins("lowest.txt")
    for each in [*RUN, *_group("test")]:
        declared = [Version(part.version) for part in each.specifier if part.operator == ">="]
        assert pins[canonicalize_name(each.name)] == {*declared}, f"{each.name}: make lock"


def test_the_lock_names_the_public_index_alone() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "uv.lock", *ROOT.glob("requirements/*.txt")])


def test_no_requirement_depends_on_the_release_of_a_system() -> None:
    """The pip of Python 3.13.0 stops at such a condition where the release of Linux is no version."""
    for path in ROOT.glob("requirements/*.txt"):
        assert "platform_release" not in path.read_text(encoding="utf-8"), f"{path.name}: make lock"


def test_the_lock_is_of_this_project() -> None:
    """The lock repeats what was declared when it was made."""
    ours = next(package for package in LOCK["package"] if package["name"] == "voiceguide")
    declared = {(canonicalize_name(each.name), str(each.specifier)) for each in RUN}
    repeated = {
        (each["name"], str(Requirement(f"x{each.get('specifier', '')}").specifier))
        for each in ours["metadata"]["requires-dist"]
    }
    assert repeated == declared, "make lock"
    assert LOCK["requires-python"] == PROJECT["project"]["requires-python"]


def test_every_package_that_is_installed_with_ours_is_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    credited = {canonicalize_name(name) for name in re.findall(r"^([\w-]+) \([\d.]+\)  +\S", notice, re.MULTILINE)}
    assert credited == {canonicalize_name(each.name) for each in RUN}
    assert "NOTICE" in PROJECT["project"]["license-files"]
