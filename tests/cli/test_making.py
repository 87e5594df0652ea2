"""`voiceguide make`: what it writes where, byte for byte, and what it leaves behind when it fails."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from mutagen.id3 import ID3

import voiceguide
from tests.cli.running import SCRIPT, SHORT, cli, drain, process, python
from voiceguide.system.store import user_store


@pytest.fixture(autouse=True)
def short() -> None:
    """A short routine in the current folder."""
    Path("short.yaml").write_text(SHORT)


def test_standard_output_is_the_path_and_nothing_else() -> None:
    done = process("make", "short", "--no-cache")
    assert (done.code, done.out) == (0, "A short one.mp3\n")
    assert done.err == "A short one: 0:25\n"
    assert Path("A short one.mp3").is_file()


def test_quiet_says_nothing_but_the_path() -> None:
    assert cli("make", "short", "--quiet").err == ""


def test_notes_go_to_standard_error() -> None:
    done = cli("make", "short", "--hold", "1m", "--quiet")
    assert done.out == "A short one.mp3\n"
    assert done.err == "Note: lean-reach: 1m is outside its range, 3s to 10s, so it is 10s\n"


def test_several_routines_at_once_into_a_folder_that_is_made() -> None:
    Path("other.yaml").write_text(SHORT)
    done = cli("make", "short", "other", "short", "-o", "phone")
    paths = [Path("phone", name) for name in ("A short one.mp3", "A short one 2.mp3", "A short one 3.mp3")]
    assert done.out.splitlines() == [str(path) for path in paths]
    assert len({path.read_bytes() for path in paths}) == 1


def test_none_is_made_when_one_of_several_is_wrong() -> None:
    Path("wrong.yaml").write_text("title: Wrong\n")
    assert cli("make", "short", "wrong").code == 1
    assert sorted(path.name for path in Path().iterdir()) == ["short.yaml", "wrong.yaml"]


def test_a_file_and_a_folder_as_output() -> None:
    Path("folder.mp3").mkdir()
    assert cli("make", "short", "-o", "Mine.MP3").out == "Mine.MP3\n"
    assert cli("make", "short", "-o", "folder.mp3").out == f"{Path('folder.mp3', 'A short one.mp3')}\n"
    assert cli("make", "short", "-o", "week.1/").out == f"{Path('week.1', 'A short one.mp3')}\n"


def test_the_title_becomes_a_name_that_a_memory_card_takes() -> None:
    title = 'Hips: "left/right"? <50%> | é*'
    Path("short.yaml").write_text(SHORT.replace("A short one", f"'{title}'"))
    name = cli("make", "short").out.removesuffix("\n")
    assert Path(name).is_file()
    assert not set(name) & set('<>:"/\\|?*')
    assert str(ID3(name)["TIT2"]) == title


def test_the_same_input_gives_the_same_bytes() -> None:
    arguments = ("short", "--with", "deeper")
    tracks = []
    for number, more in enumerate([(), (), ("--no-cache",)]):
        assert cli("make", *arguments, *more, "-o", f"{number}.mp3").code == 0
        tracks.append(Path(f"{number}.mp3").read_bytes())
    assert process("make", *arguments, "--no-cache", "-o", "own.mp3").code == 0
    assert {*tracks, Path("own.mp3").read_bytes()} == {tracks[0]}


def test_two_processes_may_share_one_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    running = [subprocess.Popen([str(SCRIPT), "make", "short", "-o", f"{number}.mp3"]) for number in range(2)]
    assert [each.wait(60) for each in running] == [0, 0]
    assert Path("0.mp3").read_bytes() == Path("1.mp3").read_bytes()
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_a_damaged_cache_is_never_heard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cli("make", "short", "-o", "clean.mp3").code == 0
    entries = [path for path in user_store().folder.rglob("*") if path.is_file()]
    assert len(entries) > 10
    for number, path in enumerate(entries):
        kept = bytearray(path.read_bytes())
        # In its middle, its end, or cut short.
        kept[(len(kept) // 2, -1)[number % 2]] ^= 1
        path.write_bytes(kept[: len(kept) // 2] if number % 3 == 2 else kept)
    assert cli("make", "short", "-o", "again.mp3").code == 0
    assert Path("again.mp3").read_bytes() == Path("clean.mp3").read_bytes()


@pytest.mark.parametrize("choices", [(), ("--stereo",), ("--bed", "brown")])
def test_a_cache_that_keeps_nothing_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, choices: tuple[str, ...]
) -> None:
    """Stereo leans on where in a clip a side is named, which must be known although it could not be kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    Path("sides.yaml").write_text("title: S\nsteps: ['Kneel on your left knee.', 'Now on your right knee.']\n")
    assert cli("make", "sides.yaml", *choices, "-o", "clean.mp3").code == 0
    for path in [path for path in user_store().folder.rglob("*") if path.is_file()]:
        path.unlink()
        path.mkdir()
    assert cli("make", "sides.yaml", *choices, "-o", "again.mp3").code == 0
    assert Path("again.mp3").read_bytes() == Path("clean.mp3").read_bytes()


def test_an_older_file_is_replaced_only_by_a_whole_one() -> None:
    Path("mine.mp3").write_bytes(b"older")
    full = python(SMALL_DISK, "make", "half-kneeling", "--guide", "quiet", "-o", "mine.mp3")
    assert full.code == 1
    assert Path("mine.mp3").read_bytes() == b"older"
    assert cli("make", "short", "-o", "mine.mp3").code == 0
    assert len(Path("mine.mp3").read_bytes()) > 100_000


SMALL_DISK = """\
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
from voiceguide.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_no_room_for_the_file() -> None:
    assert cli("show", "half-kneeling", "--guide", "quiet").code == 0
    done = python(SMALL_DISK, "make", "half-kneeling", "--guide", "quiet")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "Error: Half-kneeling hip flexor stretch.mp3 can't be written: it exceeds the maximum file size of its drive; "
        "choose another drive, or make a shorter session\n"
    )
    assert [path.name for path in Path().iterdir()] == ["short.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_progress_is_shown_on_a_terminal_and_an_interruption_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import pty

    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [str(SCRIPT), "make", "half-kneeling", "--no-cache", "-o", "out"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,
    ) as running:
        os.close(theirs)
        seen = b""
        # The bar stands from the first text that is spoken: from here on there is something to interrupt.
        while b"speaking" not in seen:
            seen += os.read(ours, 1000)
        # As the terminal does it: to the voices, too.
        os.killpg(running.pid, signal.SIGINT)
        seen += drain(ours)
        assert running.stdout is not None
        assert running.stdout.read() == b""
        assert running.wait(30) == 130
    os.close(ours)
    assert b"Interrupted; no unfinished file is left behind." in seen
    assert b"Traceback" not in seen
    assert list(Path("out").iterdir()) == []
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize("more", [(), ("--quiet",)])
def test_a_bar_only_where_it_is_wanted(more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    import pty

    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [str(SCRIPT), "make", "short", "--no-cache", *more], stdout=subprocess.DEVNULL, stderr=theirs
    ) as running:
        os.close(theirs)
        seen = drain(ours)
        assert running.wait(30) == 0
    os.close(ours)
    assert (b"speaking" in seen) == (not more)
    assert (seen == b"") == bool(more)


def test_tags() -> None:
    Path("short.yaml").write_text(SHORT)
    session = voiceguide.make("short", out="a.mp3")
    tags = ID3("a.mp3")
    assert str(tags["TIT2"]) == "A short one"
    assert str(tags["TPE1"]) == "Somebody"
    assert str(tags["TALB"]) == "voiceguide"
    assert str(tags["TCON"]) == "Speech"
    assert str(tags["TLEN"]) == str(session.timeline.duration_ms)
    assert str(tags["TSSE"]).startswith("voiceguide")
    comment = tags.getall("COMM")[0]
    assert str(comment) == "Two sides, in no time. From: Nowhere. Stop if anything hurts."
    assert comment.lang == "eng"
    chapters = [(str(each.sub_frames["TIT2"]), each.start_time, each.end_time) for each in tags.getall("CHAP")]
    # Its left side is too short to jump to; the words before and after it belong to it.
    (exercise,) = session.timeline.chapters
    _, right = exercise.parts
    assert chapters == [
        ("Lean & reach", 0, right.start_ms),
        ("Lean & reach: right side", right.start_ms, session.timeline.duration_ms),
    ]
    tops = [each for each in tags.getall("CTOC") if each.flags & 2]
    assert len(tops) == 1
    lyrics = tags.getall("USLT")[0].text
    assert "[00:00.00]Stop if anything hurts." in lyrics
    for event in session.timeline.events:
        if event.kind == "say" and event.text:
            stamp = f"[{event.start_ms // 60_000:02}:{event.start_ms % 60_000 / 1000:05.2f}]"
            first = event.text.partition(". ")[0]
            assert any(line[:6] == stamp[:6] and line[10:].startswith(first) for line in lyrics.splitlines()), first


def test_routines_of_ones_own_folder(own_folders: Path) -> None:
    (own_folders / "routines").mkdir()
    shutil.move("short.yaml", own_folders / "routines" / "mine.yaml")
    assert cli("make", "mine").out == "A short one.mp3\n"
