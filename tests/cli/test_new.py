"""`voiceguide new`: whatever the name, a script that reads and is called so, or a sentence and no file."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.running import cli
from voiceguide.cli.titles import title_of
from voiceguide.language.loader import load


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), max_size=80))
def test_any_name(name: str) -> None:
    before = set(Path().iterdir())
    done = cli("new", "--", name)
    made = set(Path().iterdir()) - before
    if done.code == 0:
        (path,) = made
        assert done.out == f"{path}\n"
        stem = name.removesuffix(".yaml") if name.endswith(".yaml") else name.removesuffix(".yml")
        assert load(path).title == title_of(stem)
        path.unlink()
    else:
        assert done.err.startswith("Error: ")
        assert not made


@pytest.mark.parametrize(
    ("name", "path", "title"),
    [
        ("Week 1: hips", "Week 1 hips.yaml", "Week 1: hips"),
        ("[x]", "[x].yaml", "[x]"),
        ("!!!", "!!!.yaml", "!!!"),
        ("it's", "it's.yaml", "It's"),
        ("# x", "# x.yaml", "# x"),
        ("yes", "yes.yaml", "Yes"),
        ("12.yml", "12.yml", "12"),
        ("{a}", "{a}.yaml", "{a}"),
        ("v1.5", "v1.5.yaml", "V1.5"),
        ("CON", "CON_.yaml", "CON"),
        ("évasion", "évasion.yaml", "Évasion"),
        ("n" * 250, f"{'n' * 100}.yaml", "N" + "n" * 249),
    ],
)
def test_names(name: str, path: str, title: str) -> None:
    done = cli("new", name)
    assert (done.code, done.out, done.err) == (0, f"{path}\n", "")
    assert load(Path(path)).title == title
    assert "no errors" in cli("check", path).err
    again = cli("new", name)
    assert (again.code, again.err) == (1, f"Error: {path} already exists; choose another name, or move the file\n")


def test_a_folder_is_part_of_a_path_and_not_of_the_title() -> None:
    Path("week 1").mkdir()
    assert cli("new", "week 1/day:2").out == "week 1/day 2.yaml\n"
    text = Path("week 1/day 2.yaml").read_text()
    assert 'title: "Day:2"\n' in text
    assert "voiceguide make 'week 1/day 2.yaml'\n" in text


@pytest.mark.parametrize("name", ["", ".yaml", ".hidden", "\x07", "..", "."])
def test_what_is_no_name(name: str) -> None:
    done = cli("new", name)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("is not a valid name for a script; expected letters, such as morning-hips\n")


def test_a_full_disk_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path), None, str(target))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        done = cli("new", "mine")
    assert done.code == 1
    assert "no space left" in done.err
    assert not list(Path().iterdir())
    assert cli("new", "mine").code == 0


def test_a_link_to_nowhere_is_there_too() -> None:
    Path("mine.yaml").symlink_to("elsewhere.yaml")
    assert cli("new", "mine").err == "Error: mine.yaml already exists; choose another name, or move the file\n"
    assert not Path("elsewhere.yaml").exists()
