"""Runs that are killed, at any moment and by any signal: an older file stays whole, and nothing is left behind.

KILL leaves what it must; the next run removes that. All others end the command with everything cleaned up.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, SHORT
from voiceguide.system import files
from voiceguide.system.store import user_store

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to see who is alive")

CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
WAYS = {
    "cold": ("--no-cache",),
    "warm": (),
    "bed": ("--bed", "brown"),
}
MARK = "VOICEGUIDE_TEST_RUN"


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A temporary folder and a store of this test's own, and a mark by which its processes are known."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv(MARK, str(tmp_path))
    Path("out").mkdir()
    Path("short.yaml").write_text(SHORT)
    return temporary


def make(*more: str) -> subprocess.Popen[bytes]:
    """A session of a few hundred milliseconds, begun."""
    arguments = [str(SCRIPT), "make", "short.yaml", "--quiet", *more, "-o", "out/x.mp3"]
    return subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def wait_for(running: subprocess.Popen[bytes]) -> tuple[bytes, int]:
    """What a run said, and its exit code. One that hangs fails the test, and is killed."""
    try:
        return running.communicate(timeout=60)[1], running.returncode
    except subprocess.TimeoutExpired:
        waits = [(task / "wchan").read_text() for task in Path(f"/proc/{running.pid}/task").iterdir()]
        running.kill()
        raise AssertionError(f"it hung, its threads in {waits}; alive: {alive()}") from None


def alive() -> list[int]:
    """The processes that this test has started, theirs included, whoever their parent is by now."""
    mark = f"{MARK}={os.environ[MARK]}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            if mark in (process / "environ").read_bytes().split(b"\0") and int(process.name) != os.getpid():
                found.append(int(process.name))
    return found


def everyone_is_gone() -> None:
    """Wait for the last one: a voice sees that we are gone by the end of its pipe, which takes it a moment."""
    for _ in range(1000):
        if not alive():
            return
        time.sleep(0.01)
    raise AssertionError(f"still alive: {alive()}")


def leftovers(temporary: Path) -> list[Path]:
    """All that is there but for finished files."""
    parts = [*Path("out").iterdir(), *(user_store().folder / "parts").glob("*")]
    return [*temporary.iterdir(), *(path for path in parts if path != Path("out/x.mp3"))]


def store_is_healthy() -> None:
    """Every entry is whole, as far as it can be checked without its key, which the digest depends on.

    That none of them sounds wrong is seen by the sessions that are made from them, byte for byte.
    """
    for path in user_store().folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert data[:4] == b"vgc1"
            assert len(data) > 24


def kill_and_look(name: str, way: str, moment: float, temporary: Path, whole: set[str], *, again: bool = True) -> None:
    """One killed run with an older file in its place, and one after it if `again`."""
    target = Path("out/x.mp3")
    target.write_bytes(b"older")
    number = getattr(signal, name)
    with make(*WAYS[way]) as running:
        try:
            running.wait(moment)
        except subprocess.TimeoutExpired:
            running.send_signal(number)
        said, code = wait_for(running)
    everyone_is_gone()
    # Before the first line of ours runs, the signal is Python's own affair.
    ours = code != -number and not (name == "SIGINT" and b"KeyboardInterrupt" in said)
    assert not ours or b"Traceback" not in said, said.decode()
    if code == 0:  # it was quicker
        assert sha(target) in whole
    elif ours:
        assert code == CODES[name], said.decode()
        assert said.count(b"\n") == 1
        assert b"no unfinished file is left behind." in said
        assert leftovers(temporary) == []
    assert target.read_bytes() == b"older" or sha(target) in whole
    if not again:
        return
    with make(*WAYS[way]) as after:
        assert wait_for(after) == (b"", 0)
    assert leftovers(temporary) == []
    assert sha(target) in whole
    everyone_is_gone()
    store_is_healthy()


def sha(path: Path) -> str:
    """The digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rehearse(way: str) -> tuple[float, set[str]]:
    """How long such a run takes here and now, and what it makes."""
    begun = time.monotonic()
    with make(*WAYS[way]) as running:
        assert wait_for(running) == (b"", 0)
    return time.monotonic() - begun, {sha(Path("out/x.mp3"))}


def test_killed_at_a_few_moments(own: Path) -> None:
    """By each signal, at a moment of its own; the long test below tries many."""
    seconds, whole = rehearse("cold")
    for name, share in (("SIGKILL", 0.5), ("SIGINT", 0.4), ("SIGTERM", 0.75), ("SIGHUP", 0.95)):
        kill_and_look(name, "cold", seconds * share, own, whole)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["SIGKILL", *CODES])
def test_killed_at_thirty_moments(name: str, way: str, own: Path) -> None:
    seconds, whole = rehearse(way)
    moments = random.Random(f"{name} {way}")
    for number in range(30):
        if way == "bed" and number % 3 == 0:
            user_store().clear()
        # What three left behind is there for one to take away.
        kill_and_look(name, way, moments.uniform(0, seconds * 1.1), own, whole, again=number % 3 == 2)


def test_killed_while_the_file_is_written(own: Path) -> None:
    """The very moment: the part file is there. What KILL leaves, the next run takes away; what lives, it leaves."""
    target = Path("out/x.mp3")
    target.write_bytes(b"older")
    # Long enough that the first parts are in the file while the last ones are still being encoded.
    Path("short.yaml").write_text(SHORT + "  - rest: 5m\n")
    with make("--bed", "brown") as living:
        seen = wait_for_part(living)
        assert own.exists()
        living.send_signal(signal.SIGSTOP)
        # Another run in the same folder, beside one that is alive but does not stir.
        assert (
            subprocess.run(
                [SCRIPT, "make", "short.yaml", "-o", "out/y.mp3"], capture_output=True, timeout=60
            ).returncode
            == 0
        )
        assert seen.exists()
        living.send_signal(signal.SIGKILL)
        living.send_signal(signal.SIGCONT)
        wait_for(living)
    assert seen.exists()
    assert target.read_bytes() == b"older"
    assert (
        subprocess.run([SCRIPT, "make", "short.yaml", "-o", "out/y.mp3"], capture_output=True, timeout=60).returncode
        == 0
    )
    assert sorted(path.name for path in Path("out").iterdir()) == ["x.mp3", "y.mp3"]
    everyone_is_gone()


def wait_for_part(running: subprocess.Popen[bytes]) -> Path:
    """The part file, as soon as something is in it."""
    while running.poll() is None:
        for path in Path("out").glob(".voiceguide-*.part"):
            with contextlib.suppress(OSError):
                if path.stat().st_size:
                    return path
    raise AssertionError("it ended before anything was written")


def test_a_temporary_folder_that_lives_is_left_alone(own: Path) -> None:
    import tempfile

    tempfile.tempdir = None
    try:
        dead = own / f"voiceguide-{'0' * 12}.tmp"
        foreign = own / "voiceguide-notes"
        for folder in (dead, foreign):
            folder.mkdir()
            (folder / "x").write_bytes(b"x")
        with files.temporary_folder() as living:
            assert living.parent == own
            done = subprocess.run([SCRIPT, "show", "short.yaml", "--no-cache"], capture_output=True, timeout=60)
            assert done.returncode == 0
            assert sorted(own.iterdir()) == sorted([living, foreign])
        assert sorted(own.iterdir()) == [foreign]
    finally:
        tempfile.tempdir = None


SIGNALLED = """\
import os, signal, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            for _ in range({times}):
                os.kill(os.getpid(), signal.{name})
sys.meta_path.insert(0, Watch())
from voiceguide.cli import main
main()
"""


@pytest.mark.parametrize(
    ("module", "name", "times"),
    [
        ("voiceguide.cli.group", "SIGINT", 1),
        ("click", "SIGTERM", 3),
        ("msgspec", "SIGHUP", 1),
        ("voiceguide.workshop", "SIGINT", 3),
        ("numpy", "SIGTERM", 1),
        ("lameenc", "SIGHUP", 3),
    ],
)
def test_a_signal_while_anything_is_imported(module: str, name: str, times: int) -> None:
    code = SIGNALLED.format(module=module, name=name, times=times)
    arguments = [sys.executable, "-c", code, "make", "short.yaml", "--no-cache", "-o", "out"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (CODES[name], "")
    assert done.stderr.endswith("; no unfinished file is left behind.\n")
    assert done.stderr.count("\n") == 1
    assert list(Path("out").iterdir()) == []
    everyone_is_gone()


def test_what_is_ignored_stays_ignored() -> None:
    """As `nohup` has it."""
    code = SIGNALLED.format(module="click", name="SIGHUP", times=1)
    code = code.replace("class Watch", "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nclass Watch")
    done = subprocess.run([sys.executable, "-c", code, "list"], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0


LOST = """\
import os, signal
from voiceguide import workshop
class Dying:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
def load(*_):
    Dying()
    for _ in range(10**9):
        pass
workshop.load = load
from voiceguide.cli import main
main()
"""


def test_a_signal_while_an_object_is_deleted_is_not_lost() -> None:
    done = subprocess.run([sys.executable, "-c", LOST, "make", "x"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (143, "Ended by SIGTERM; no unfinished file is left behind.\n")


def test_a_signal_in_the_middle_of_cleaning_up(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(own))
    removed = shutil.rmtree
    interruptions = [KeyboardInterrupt]

    def interrupted(path: Path, ignore_errors: bool) -> None:
        if interruptions:
            raise interruptions.pop()
        removed(path, ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt), files.temporary_folder() as folder:
        (folder / "x").write_bytes(b"x")
    assert list(own.iterdir()) == []
