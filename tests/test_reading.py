"""Whatever lies where a file is expected, nobody waits for it: pipes, devices, sockets, folders, links."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from voiceguide import library
from voiceguide.errors import RequestError
from voiceguide.language import loader
from voiceguide.routine import presets
from voiceguide.summary import Summaries
from voiceguide.system.reading import open_plain, read_plain
from voiceguide.system.store import Store
from voiceguide.track.target import choose_target, is_ours

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def linked_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def listener(path: Path) -> None:
    # A socket's own path is short, wherever the test's folder is.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(path.name)
    finally:
        os.chdir(here)


def folder(path: Path) -> None:
    path.mkdir()


def circle(path: Path) -> None:
    path.symlink_to(path.name)


KINDS = [pipe, linked_pipe, device, listener, folder, circle]


def at_once(work: Callable[[], object]) -> object:
    """What `work` returns or raises; a failure where it does not come back."""
    found: list[object] = []

    def do() -> None:
        try:
            found.append(work())
        except (OSError, RequestError) as error:
            found.append(error)

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    thread.join(20)
    assert found, "it waits"
    return found[0]


@pytest.mark.parametrize("kind", KINDS)
def test_only_plain_files_are_opened(kind: Callable[[Path], None], tmp_path: Path) -> None:
    kind(tmp_path / "x")
    assert isinstance(at_once(lambda: open_plain(tmp_path / "x")), OSError)


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_of_the_store_that_is_no_file_is_not_there(kind: Callable[[Path], None], tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    path = store._path("key")
    path.parent.mkdir(parents=True)
    kind(path)
    assert at_once(lambda: store.get("key")) is None
    store.put("key", b"data")
    assert store.get("key") == (None if kind is folder else b"data")


def test_an_entry_of_the_store_larger_than_the_store_is_thrown_away(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", limit=1_000)
    path = store._path("key")
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    assert store.get("key") is None
    assert not path.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_the_title_s_name_is_left_alone(kind: Callable[[Path], None], tmp_path: Path) -> None:
    kind(tmp_path / "T.mp3")
    assert at_once(lambda: is_ours(tmp_path / "T.mp3")) is False
    path, notes = choose_target(tmp_path, "T")
    assert path == tmp_path / "T 2.mp3"
    assert len(notes) == 1
    assert os.path.lexists(tmp_path / "T.mp3")


@pytest.mark.parametrize("kind", KINDS)
def test_scripts_and_presets_that_are_no_files_are_one_sentence(
    kind: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file is replaced after it was looked at: each reader is asked directly."""
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "x.yaml"
    kind(script)
    assert isinstance(at_once(lambda: loader.load(script)), RequestError)
    assert isinstance(at_once(lambda: Summaries(Store(tmp_path / "store")).of(script)), RequestError)
    assert isinstance(at_once(lambda: library._looks_like_a_routine(script)), bool)
    presets.folder().mkdir(parents=True)
    kind(presets.folder() / "x.json")
    assert isinstance(at_once(lambda: presets.load("x")), RequestError)


def test_no_more_is_read_than_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"0123456789")
    assert read_plain(tmp_path / "x", 4) == b"01234"
    assert read_plain(tmp_path / "x", 10) == b"0123456789"


def test_a_small_file_takes_little_memory_however_much_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"1" * 1000)
    tracemalloc.start()
    try:
        assert read_plain(path, 1 << 29) == b"1" * 1000
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has files in /proc")
def test_a_file_that_does_not_tell_its_size_is_read_whole(tmp_path: Path) -> None:
    assert Path("/proc/self/status").stat().st_size == 0
    assert b"VmHWM" in read_plain(Path("/proc/self/status"), 1_000_000)
    assert len(read_plain(Path("/proc/self/status"), 10)) == 11
    for size, limit, length in (
        (1000, 999, 1000),
        (1000, 1000, 1000),
        (1001, 999, 1000),
        (0, 0, 0),
        (200_000, 70_000, 70_001),
    ):
        (tmp_path / "x").write_bytes(bytes(size))
        assert len(read_plain(tmp_path / "x", limit)) == length


class Interrupted(BaseException):
    """What a signal raises between two steps."""


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_signal_at_any_moment_is_not_taken_for_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    path.write_bytes(b"1")
    sent = interrupted = 0

    def interrupt(_number: int, _frame: object) -> None:
        nonlocal sent
        sent += 1
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for number in range(2000):
            try:
                signal.setitimer(signal.ITIMER_REAL, (1 + number % 100) / 1e6)
                # Python drops an error that is raised in a callback of its garbage collector, so there may be none.
                while sent == number:
                    open_plain(path).close()
            except Interrupted:
                interrupted += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert sent == 2000
    assert interrupted > 1000
