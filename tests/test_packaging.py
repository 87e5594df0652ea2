"""What is declared, pinned and credited is the same set of packages: pyproject.toml, requirements/, NOTICE."""

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
NATURAL = [Requirement(each) for each in PROJECT["project"]["optional-dependencies"]["natural"]]


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("run.txt", RUN),
        ("natural.txt", [*RUN, *NATURAL]),
        *((f"{group}.txt", _group(group)) for group in ("dev", "docs", "mutants")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_declared_is_pinned(file: str, wanted: list[Requirement]) -> None:
    pins = _pins(file)
    for each in wanted:
        name = canonicalize_name(each.name)
        assert name in pins, f"{file} has no {name}: make lock"
        assert all(version in each.specifier for version in pins[name]), f"{file}: {name} is not {each.specifier}"


def test_all_requirements_pin_the_same_versions() -> None:
    run = _pins("run.txt")
    for file in ("natural.txt", "dev.txt", "docs.txt", "mutants.txt"):
        pins = _pins(file)
        # Sphinx for Python 3.10 wants an older markdown-it-py than rich does.
        differing = {name for name in run.keys() & pins.keys() if not pins[name] & run[name]}
        assert not differing, f"{file}: make lock"


def test_the_lowest_versions_are_those_declared() -> None:
    pins = _pins("lowest.txt")
    for each in [*RUN, *_group("test")]:
        declared = [Version(part.version) for part in each.specifier if part.operator == ">="]
        assert pins[canonicalize_name(each.name)] == {*declared}, f"{each.name}: make lock"


def test_the_tests_have_the_natural_voice() -> None:
    assert {str(each) for each in NATURAL} <= {str(each) for each in _group("test")}


def test_every_pin_has_its_hashes_and_names_no_index() -> None:
    for file in ("run.txt", "natural.txt", "dev.txt", "docs.txt", "mutants.txt"):
        text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
        pins = re.findall(r"^[\w.-]+==", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[\w.-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)) > 5, file
        assert "://" not in text


def test_no_requirement_depends_on_the_release_of_a_system() -> None:
    """The pip of Python 3.13.0 stops at such a condition where the release of Linux is no version."""
    for path in ROOT.glob("requirements/*.txt"):
        assert "platform_release" not in path.read_text(encoding="utf-8"), f"{path.name}: make lock"


def test_every_package_that_is_installed_with_ours_is_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    credited = {canonicalize_name(name) for name in re.findall(r"^([\w-]+) \([\d.]+\)  +\S", notice, re.MULTILINE)}
    assert credited == {canonicalize_name(each.name) for each in [*RUN, *NATURAL]}
    assert "NOTICE" in PROJECT["project"]["license-files"]
