"""`list` in a folder full of what is no routine: it shows those that are, and neither waits nor breaks."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.running import cli
from voiceguide import library

GOOD = "title: Good\nsteps: [pause: 5s]\n"


def listed() -> str:
    """What `list` shows of one's own, a line each, with single spaces."""
    done = cli("list")
    assert done.code == 0
    lines = done.out.partition("Yours:\n")[2].replace("\n    ", " ").splitlines()
    return "".join(" ".join(line.split()) + "\n" for line in lines)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\xef\xbb\xbf" + GOOD.encode(), True),
        (b"\xef\xbb\xbf# a remark\n" + GOOD.encode(), True),
        (GOOD.replace("\n", "\x85").encode(), True),
        (GOOD.replace("\n", "\u2028").encode(), True),
        (GOOD.replace("\n", "\r\n").encode(), True),
        (GOOD.replace("\n", "\r").encode(), True),
        (b"\"title\": Good\n'steps' : [pause: 5s]\n", True),
        (b"%YAML 1.2\n---\n" + GOOD.encode(), True),
        (b"subtitle: Good\nmisteps: [x]\n", False),
        (b"config:\n  title: x\n  steps: y\n", False),
        (b"", False),
        (b"\xff\xfe\x00", False),
    ],
)
def test_a_routine_is_found_however_it_is_written(data: bytes, found: bool) -> None:
    Path("mine.yaml").write_bytes(data)
    assert ("mine 1 min Good\n" in listed()) == found


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes with names nor links that all may make")
def test_what_is_no_plain_file_is_passed_over() -> None:
    Path("good.yaml").write_text(GOOD)
    os.mkfifo("pipe.yaml")
    Path("loop.yaml").symlink_to("loop.yaml")
    Path("nowhere.yaml").symlink_to("not-there")
    Path("device.yaml").symlink_to("/dev/zero")
    Path("folder.yaml").mkdir()
    Path("locked.yaml").write_text(GOOD)
    Path("locked.yaml").chmod(0)
    with Path("huge.yaml").open("wb") as file:
        file.write(GOOD.encode())
        file.truncate(20_000_000_000)  # a hole: it takes no room, and nobody could read it all
    names = [line.split()[0] for line in listed().splitlines()]
    assert {"good", "huge"} <= set(names) <= {"good", "huge", "locked"}  # to root nothing is locked
    assert "See them with `voiceguide check huge.yaml`." in listed()


def test_names_that_are_not_utf_8() -> None:
    with suppress(OSError):  # a file system that takes no such names has no such trouble
        Path("b\udce4r.yaml").write_text(GOOD)
        assert "b\\xe4r 1 min Good\n" in listed()
        Path("k\udce4se.yaml").write_text("title: [x]\nsteps: 5\n")
        assert "It has errors." in listed()


def test_the_user_s_own_folder_may_be_anything(own_folders: Path) -> None:
    routines = own_folders / "routines"
    for make in (lambda: routines.write_text("no folder"), lambda: routines.symlink_to(routines)):
        make()
        assert [found.name for found in library.scripts() if found.yours] == []
        assert listed() == ""
        routines.unlink()
