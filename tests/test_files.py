"""Names for every device, and files that are whole or not there."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voiceguide.errors import OutputError
from voiceguide.system import files, leftovers
from voiceguide.system.files import check_room, check_writable, collect_parts, safe_name, write_text_whole, write_whole

_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}

_CHARACTERS = st.sampled_from('aCON1. \t\n\0\x1f\x7f\x85"*/:<>?\\|~éé日😀\u00a0\u200b\u202e\u2028\ud800²')


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Half-kneeling hip flexor stretch", "Half-kneeling hip flexor stretch"),
        ("Hips: left/right?", "Hips left right"),
        ("Hüfte „tief“", "Hüfte „tief“"),
        ("  dots. . .", "dots"),
        (".hidden", "hidden"),
        ("CON", "CON_"),
        ("nul.txt", "nul_.txt"),
        ("con .txt", "con_.txt"),
        ('<>:"/\\|?*', "session"),
        ("", "session"),
        ("two\nlines\u2028and\u200bmore", "two lines and more"),
        ("x" * 300, "x" * 100),
    ],
)
def test_names(title: str, name: str) -> None:
    assert safe_name(title) == name


@settings(deadline=None)
@given(st.text(_CHARACTERS, max_size=300))
@example("\ud800")
@example("CON" + " " * 97 + "x")
@example("日" * 200)
@example("😀" * 200)
@example("com1." + "." * 200)
@example("AUX\0")
@example("x" * 99 + ".con")
def test_any_title_gives_a_name_that_fat_takes(title: str) -> None:
    name = safe_name(title)
    assert 0 < len(name) <= 104
    assert len((name + ".mp3").encode()) <= 255
    assert not set(name) & set('"*/:<>?\\|')
    assert all(ord(char) >= 32 and ord(char) != 127 for char in name)
    assert name == name.strip(". ")
    assert name.split(".")[0].strip().casefold() not in _RESERVED
    assert safe_name(name) == name


def test_a_file_is_there_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "hips.mp3"
    with write_whole(target) as file:
        file.write(b"1234")
        file.seek(0)
        file.write(b"x")
        assert not target.exists()
    assert target.read_bytes() == b"x234"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ZeroDivisionError, OutputError])
def test_whatever_goes_wrong_the_old_file_stays_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "hips.mp3"
    target.write_bytes(b"old")

    def write_and_fail() -> None:
        with write_whole(target) as file:
            file.write(b"new" * 100_000)
            raise error

    with pytest.raises(error):
        write_and_fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_mode_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with write_whole(tmp_path / "hips.mp3") as file:
            file.write(b"1")
    finally:
        os.umask(before)
    assert (tmp_path / "hips.mp3").stat().st_mode & 0o777 == 0o640


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    link = tmp_path / "hips.mp3"
    link.symlink_to(tmp_path / "music" / "real.mp3")
    with write_whole(link) as file:
        file.write(b"1")
    assert link.is_symlink()
    assert (tmp_path / "music" / "real.mp3").read_bytes() == b"1"


def test_places_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path, words in {
        tmp_path / "no" / "hips.mp3": "there is no folder .*no; create it",
        tmp_path / "file" / "hips.mp3": "there is no folder .*file; create it",
        tmp_path: "is a folder; expected the name of a file to write",
        tmp_path / ("x" * 300): "its name is too long; choose a shorter one",
        Path("/proc/hips.mp3"): "can't be written",
        Path("/dev/null"): "is a device or a pipe; expected the name of a file to write",
        tmp_path / "a\0b": "no file can have this name",
    }.items():
        with pytest.raises(OutputError, match=words), write_whole(path) as file:
            file.write(b"1")
    assert [child.name for child in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_there_is_not_said_to_be_missing(tmp_path: Path) -> None:
    """As in /proc: the system calls a new file's name unknown, although its folder is known."""
    path = tmp_path / "hips.mp3"
    with pytest.raises(OutputError) as caught, write_whole(path):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    assert str(caught.value) == f"{path} can't be written: {tmp_path} does not accept new files; choose another folder"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "no space left on its drive; free some"),
        (errno.EDQUOT, "no space left"),
        (errno.EFBIG, "exceeds the maximum file size"),
        (errno.EIO, "reports an error"),
    ],
)
def test_what_a_drive_may_refuse(tmp_path: Path, code: int, words: str) -> None:
    with pytest.raises(OutputError, match=words) as caught, write_whole(tmp_path / "hips.mp3"):
        raise OSError(code, os.strerror(code))
    assert str(caught.value).startswith(f"{tmp_path / 'hips.mp3'} can't be written: ")
    assert list(tmp_path.iterdir()) == []


def test_other_troubles_of_the_block_are_left_alone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), write_whole(tmp_path / "hips.mp3"):
        (tmp_path / "chime.wav").read_bytes()
    with pytest.raises(BrokenPipeError), write_whole(tmp_path / "hips.mp3"):
        raise BrokenPipeError(errno.EPIPE, "the voice is gone")
    assert list(tmp_path.iterdir()) == []


def test_a_real_limit_on_the_size_of_files(tmp_path: Path) -> None:
    code = """
import resource, sys
from voiceguide.errors import OutputError
from voiceguide.system.files import write_whole
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    with write_whole(sys.argv[1]) as file:
        for _ in range(100):
            file.write(bytes(1000))
except OutputError as error:
    print(error)
"""
    target = tmp_path / "hips.mp3"
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "exceeds the maximum file size" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_drive_that_becomes_read_only_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "hips.mp3"
    target.write_bytes(b"old")

    def refused(part: Path, to: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(part), None, str(to))

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(OutputError, match="is read-only"):
        write_text_whole(target, "new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_check_leaves_nothing_and_finds_what_writing_would(tmp_path: Path) -> None:
    target = tmp_path / "hips.mp3"
    check_writable(target)
    assert list(tmp_path.iterdir()) == []
    target.write_bytes(b"old")
    check_writable(target)
    assert target.read_bytes() == b"old"
    for path in (tmp_path / "no" / "hips.mp3", tmp_path, tmp_path / ("x" * 300)):
        with pytest.raises(OutputError):
            check_writable(path)


def test_no_room_is_known_beforehand(tmp_path: Path) -> None:
    check_room(tmp_path / "hips.mp3", 1)
    with pytest.raises(OutputError, match="no space left"):
        check_room(tmp_path / "hips.mp3", 1 << 62)
    check_room(tmp_path / "no" / "hips.mp3", 1 << 62)  # nobody knows


def test_parts_without_an_owner_are_collected_and_no_others(tmp_path: Path) -> None:
    dead = tmp_path / f".voiceguide-{'0' * 12}.part"
    kept = [tmp_path / name for name in (".voiceguide-notes.part", "hips.part", ".voiceguide-0.part", "hips.mp3")]
    for path in (dead, *kept):
        path.write_bytes(b"1")
    (tmp_path / f".voiceguide-{'1' * 12}.part").mkdir()
    (tmp_path / f".voiceguide-{'2' * 12}.part").symlink_to(kept[-1])
    with write_whole(tmp_path / "a.mp3") as living:
        living.write(b"1")
        assert not dead.exists()
        collect_parts(tmp_path)
        write_text_whole(tmp_path / "b.txt", "é")
    assert (tmp_path / "a.mp3").read_bytes() == b"1"
    assert (tmp_path / "b.txt").read_bytes() == "é".encode()
    assert all(path.read_bytes() == b"1" for path in kept)


def test_where_there_are_no_locks_age_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "hold", lambda _: None)
    monkeypatch.setattr(leftovers, "hold", lambda _: None)
    old, new = (tmp_path / f".voiceguide-{digit * 12}.part" for digit in "01")
    for path in (old, new):
        path.write_bytes(b"1")
    os.utime(old, (0, 0))
    write_text_whole(tmp_path / "a.txt", "1")
    assert sorted(tmp_path.iterdir()) == sorted([new, tmp_path / "a.txt"])


def test_a_part_that_was_collected_before_it_was_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [False, True]
    monkeypatch.setattr(files, "hold", lambda _: answers.pop(0))
    write_text_whole(tmp_path / "a.txt", "1")
    assert (tmp_path / "a.txt").read_text() == "1"
    assert answers == []


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="needs files without a name")
def test_the_folder_for_temporary_files_is_found_without_writing_a_file_there(tmp_path: Path) -> None:
    """Python's own search is forbidden to look: it would leave a file behind if it were killed just then."""
    code = """
import os, tempfile
from voiceguide.system.leftovers import temporary_root
def forbidden(): raise AssertionError("Python's own search")
tempfile._get_default_tempdir = forbidden
print(temporary_root(), tempfile.gettempdir())
"""
    (tmp_path / "mine").mkdir()
    for variables in (
        {"TMPDIR": "mine"},
        {"TMPDIR": str(tmp_path / "mine")},
        {"TMPDIR": str(tmp_path / "missing"), "TEMP": "/dev/null", "TMP": str(tmp_path / "mine")},
        {"TMPDIR": "", "TMP": "/proc/mine/" + "x" * 300, "TEMP": str(tmp_path / "mine")},
    ):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **variables},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == [str(tmp_path / "mine")] * 2
        assert [path.name for path in (tmp_path / "mine").iterdir()] == []


def test_what_a_thread_writes_after_the_removal_is_removed_at_the_end(tmp_path: Path) -> None:
    """An interruption does not wait for threads, but the interpreter's end does, before it looks what is left."""
    code = """
import threading
from pathlib import Path
from unittest import mock
from voiceguide.system.files import temporary_folder
with mock.patch("shutil.rmtree"), temporary_folder() as folder:
    pass
def write():
    (folder / "late").write_text("1")
threading.Thread(target=write).start()
print(folder)
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert Path(said.stdout.strip()).parent == tmp_path
    assert list(tmp_path.iterdir()) == []
