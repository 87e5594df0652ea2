"""Files that are no routine at all, or were made to do harm: each is refused with a sentence, and at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from voiceguide import library
from voiceguide.budget import LIMITS, MAX_FILE_BYTES
from voiceguide.errors import RequestError, ScriptError, VoiceguideError
from voiceguide.language import document
from voiceguide.language.loader import load


def message(data: bytes) -> str:
    Path("script.yaml").write_bytes(data)
    with pytest.raises(ScriptError) as caught:
        load(Path("script.yaml"))
    return str(caught.value)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


NOT_TEXT = "script.yaml:1:1: this is not a text file; expected a routine, which is YAML text in UTF-8"
EMPTY = "script.yaml:1:1: this file is empty; `voiceguide new` writes a first routine"
VALUES = "with aliases and includes expanded, this script has more than 1,000 values; make it shorter"
BOMB = (
    "title: T\na: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "steps: *i\n"
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", NOT_TEXT),
        ("title: Größe".encode("latin-1"), NOT_TEXT),
        ("title: T".encode("utf-16"), NOT_TEXT),
        (b"", EMPTY),
        (b"\n\n  \n", EMPTY),
        (b"# Only a comment\n", EMPTY),
        (b"x" * (MAX_FILE_BYTES + 1), "script.yaml:1:1: this file has more than 1,000,000 bytes; make it shorter"),
        (
            BOMB.encode(),
            f"script.yaml:3:4: {VALUES}\n  3 | b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n    |    ^",
        ),
        (
            b"steps: " + b"[" * 500 + b"]" * 500,
            "script.yaml:1:87: this is nested too deeply; expected at most 80 levels\n"
            f"  1 | … {'[' * 100} …\n"
            f"    | {' ' * 52}^",
        ),
        (
            b"[" + b"x," * 1_200 + b"]",
            f"script.yaml:1:2000: {VALUES}\n  1 | … {'x,' * 50} …\n    | {' ' * 52}^",
        ),
        (
            b"title: a\x07b\n",
            "script.yaml:1:9: the character U+0007 is not allowed in YAML; remove it\n  1 | title: a\n    |         ^",
        ),
        (
            b'title: "\\ud800"\n',
            "script.yaml:1:8: the character U+D800 can't be spoken or shown; remove it\n"
            '  1 | title: "\\ud800"\n'
            "    |        ^",
        ),
    ],
    ids=["binary", "latin-1", "utf-16", "empty", "blank", "comment", "large", "bomb", "nested", "many", "bell", "half"],
)
@pytest.mark.parametrize("fast", [True, False], ids=["libyaml", "pure"])
def test_a_file_that_is_no_routine(data: bytes, expected: str, fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_Fast", document._Fast if fast else yaml.SafeLoader)
    monkeypatch.setitem(LIMITS, "values", 1_000)
    found = message(data)
    # libyaml refuses half a surrogate while it reads, and says so in other words.
    if fast and b"ud800" in data:
        assert found.startswith("script.yaml:1:")
    else:
        assert found == expected


def test_a_byte_order_mark_and_other_line_ends_are_read() -> None:
    Path("script.yaml").write_bytes(b"\xef\xbb\xbftitle: T\r\nsteps:\r\n  - Hello\r\n")
    assert load(Path("script.yaml")).title == "T"


def test_every_step_wrong_in_a_file_as_large_as_may_be() -> None:
    Path("script.yaml").write_text("title: T\nsteps: [" + "{pause: x}, " * 3_000 + "Hello]\n")
    with pytest.raises(ScriptError) as caught:
        load(Path("script.yaml"))
    assert len(caught.value.problems) == 101
    assert caught.value.problems[-1].message == (
        "stopped here after 100 problems; correct those first, then check again"
    )
    # The line is long, what is shown of it is not.
    assert len(str(caught.value)) < 101 * 600


def test_more_steps_than_a_session_has() -> None:
    Path("script.yaml").write_text("title: T\nsteps:\n" + "- include: inner\n" * 300)
    Path("inner.yaml").write_text("title: T\nsteps:\n" + "- Hello\n" * 100)
    with pytest.raises(ScriptError, match="more than 20,000 steps; make it shorter"):
        load(Path("script.yaml"))


def test_more_cues_than_a_hold_has() -> None:
    Path("script.yaml").write_text("title: T\nsteps:\n- hold: 11h\n  during:\n" + "  - {at: 1s, chime: bell}\n" * 201)
    with pytest.raises(ScriptError, match="expected at most 200 cues in one hold, found 201"):
        load(Path("script.yaml"))


def test_a_name_too_long_for_any_file() -> None:
    name = "x" * 5_000
    assert "there is no routine" in message(f"title: T\nsteps: [include: {name}]\n".encode())
    assert "there is no sound" in message(f"title: T\nsteps: [chime: {name}]\n".encode())
    for wanted in (name, f"{name}.yaml"):
        with pytest.raises(RequestError):
            library.script(wanted)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("missing.yaml", "there is no file missing.yaml; check the path, or see `voiceguide list` for names"),
        ("folder/", "folder is a folder; expected a routine's file, such as folder/morning.yaml"),
        ("./folder", "folder is a folder; expected a routine's file, such as folder/morning.yaml"),
        ("notes.txt", "notes.txt is not a routine; expected a file whose name ends in .yaml"),
        ("half-knealing", 'there is no routine called "half-knealing"; did you mean "half-kneeling"?'),
        ("zzzz", 'there is no routine called "zzzz"; see `voiceguide list`'),
        ("", 'there is no routine called ""; see `voiceguide list`'),
    ],
)
def test_a_routine_that_is_not_there(wanted: str, expected: str) -> None:
    Path("folder").mkdir()
    Path("notes.txt").write_text("Hello")
    with pytest.raises(RequestError) as caught:
        library.script(wanted)
    assert str(caught.value) == expected


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_not_waited_for() -> None:
    os.mkfifo("pipe.yaml")
    for reader in (library.script, lambda name: load(Path(name))):
        with pytest.raises(RequestError, match=r"^pipe.yaml is not a regular file; expected a routine"):
            reader("pipe.yaml")


def test_a_folder_is_not_read() -> None:
    Path("folder.yaml").mkdir()
    with pytest.raises(RequestError, match=r"^folder.yaml is a folder"):
        load(Path("folder.yaml"))


def test_names_are_looked_up_from_near_to_far(own_folders: Path) -> None:
    assert library.script("half-kneeling").parent.name == "scripts"
    mine = own_folders / "routines"
    mine.mkdir()
    (mine / "half-kneeling.yaml").write_text("title: Mine\nsteps: [Hello]\n")
    assert load(library.script("half-kneeling")).title == "Mine"
    Path("half-kneeling.yml").write_text("title: Here\nsteps: [Hello]\n")
    assert load(library.script("half-kneeling")).title == "Here"
    Path("script.yaml").write_text("title: T\nsteps: [include: half-kneeling]\n")
    assert load(Path("script.yaml")).steps


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "other.yaml").write_text("title: T\nsteps: [Hello]\n")
    try:
        (inside / "link.yaml").symlink_to(tmp_path / "other.yaml")
    except OSError:
        return  # a system where only an administrator makes links
    (inside / "script.yaml").write_text("title: T\nsteps: [include: link]\n")
    with pytest.raises(VoiceguideError, match="is not in this script's folder"):
        load(inside / "script.yaml")


def test_aliases_are_read() -> None:
    Path("script.yaml").write_text("title: T\nsteps:\n  - &kneel {say: Kneel., gap: 1s}\n  - pause: 5s\n  - *kneel\n")
    first, _, last = load(Path("script.yaml")).steps
    assert first == last
