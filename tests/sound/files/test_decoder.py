"""The child that decodes, when it crashes, hangs, grows or talks nonsense: one sentence, and no leftovers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceguide.errors import SoundError
from voiceguide.sound.files import bounds
from voiceguide.sound.files.decoder import Decoder
from voiceguide.system.children import python_command

SOUND = Path("gong.wav")
# A child that reads one request, and then does something else.
SERVES = "import sys\nsys.stdin.buffer.read(8)\n"


def _told(text: str, seconds: float = 20.0) -> str:
    with Decoder(command=[sys.executable, "-c", SERVES + text], seconds=seconds) as decoder:
        with pytest.raises(SoundError) as caught:
            decoder.decode_chime(b"sound", SOUND)
        assert decoder.pid is None
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "seconds", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", 20, "was ended by SIGSEGV"),
        ("import os; os.abort()", 20, "was ended by SIGABRT"),
        ("import os; os._exit(3)", 20, "stopped with exit code 3"),
        ("import time; time.sleep(100)", 0.5, "took more than 0.5 seconds"),
        ("while True: pass", 0.5, "took more than 0.5 seconds"),
        ("sys.stdout.buffer.write(b'HTTP/1.1 200 OK'); sys.stdout.flush(); import os; os._exit(0)", 20, "stopped with"),
        ("sys.stdout.buffer.write(bytes([0, 0, 0, 2, 0, 0, 0, 0]) + b'[]'); sys.stdout.close()", 20, "stopped with"),
        ("sys.stdout.buffer.write(bytes([0, 0, 0, 2, 255, 255, 255, 255]) + b'{}'); sys.stdout.close()", 20, "stopped"),
        ("while True: sys.stdout.buffer.write(bytes(1 << 20))", 20, "returned an invalid answer"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals have names elsewhere")
def test_a_child_that_fails_is_one_sentence(text: str, seconds: float, reason: str) -> None:
    told = _told(text, seconds)
    assert told.startswith(f"gong.wav: can't be read as sound (decoding it {reason}")
    assert told.endswith("); save it again, or use another file")


def test_the_next_sound_has_a_fresh_child(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.sin(np.arange(48_000) / 9), 48_000)
    with Decoder() as decoder:
        whole = decoder.decode_chime(path.read_bytes(), path)
        first = decoder.pid
        assert first is not None
        os.kill(first, 9)
        with pytest.raises(SoundError, match="decoding it was ended by SIGKILL"):
            decoder.decode_chime(path.read_bytes(), path)
        assert decoder.decode_chime(path.read_bytes(), path) == whole
        assert decoder.pid not in (None, first)


def test_music_says_so_when_its_child_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.sin(np.arange(480_000) / 9), 48_000)
    with Decoder() as decoder:
        blocks = decoder.read_music(path, 1, SOUND)
        next(blocks)
        assert decoder.pid is not None
        os.kill(decoder.pid, 9)
        with pytest.raises(SoundError, match=r"gong.wav: can't be read as music \(decoding it was ended by SIGKILL\)"):
            list(blocks)
        other = decoder.read_music(path, 1, SOUND)
        next(other)
        decoder.close()
        with pytest.raises(SoundError, match="decoding this music was interrupted; make the session again"):
            next(other)


def test_streams_side_by_side_are_each_their_own(tmp_path: Path) -> None:
    paths = [tmp_path / "one.wav", tmp_path / "two.flac"]
    for number, path in enumerate(paths):
        soundfile.write(path, np.sin(np.arange(300_000) / (9 + number)), 48_000)
    with Decoder() as decoder:
        alone = [list(decoder.read_music(path, 1, path)) for path in paths]
        one, two = (decoder.read_music(path, 1, path) for path in paths)
        left = decoder.read_music(paths[0], 1, paths[0])
        next(left)
        left.close()
        found: list[list[bytes]] = [[], []]
        for first, second in zip(one, two, strict=True):
            found[0].append(first)
            found[1].append(second)
            decoder.release()
        assert found == alone


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are read from /proc")
def test_the_child_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.sin(np.arange(48_000) / 9), 48_000)
    with Decoder() as decoder:
        decoder.decode_chime(path.read_bytes(), path)
        limits = Path(f"/proc/{decoder.pid}/limits").read_text()
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert soft["Max address space"] == str(bounds.MAX_MEMORY)
    assert (soft["Max file size"], soft["Max core file size"]) == ("0", "0")
    assert bounds.SECONDS <= int(soft["Max cpu time"]) <= bounds.SECONDS + 5


@pytest.fixture
def limited() -> list[str]:
    """What `main` of the limits takes before the command: this process, 1 GB of memory, files of 1 MB, a second."""
    return ["voiceguide.system.limits", str(os.getpid()), "1000000000", "1000000", "1"]


@pytest.mark.skipif(sys.platform != "linux", reason="not every system has all limits")
@pytest.mark.parametrize(
    "text",
    ["bytes(2_000_000_000)", "while True: pass", "open('large', 'wb').write(bytes(2_000_000))"],
    ids=["memory", "time", "file"],
)
def test_a_program_that_goes_too_far_is_ended(limited: list[str], text: str, tmp_path: Path) -> None:
    command = python_command(limited[0], *limited[1:], sys.executable, "-c", text)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert not (tmp_path / "large").exists() or (tmp_path / "large").stat().st_size <= 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_a_program_ends_with_its_parent() -> None:
    """Even where we are killed: a parent that starts it, says which process it is, and waits."""
    program = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"]
    parent = (
        "import os, subprocess, sys\n"
        "from voiceguide.system.children import python_command\n"
        "limits = ('voiceguide.system.limits', str(os.getpid()), '4000000000', '1000', '500')\n"
        f"subprocess.run(python_command(*limits, *{program!r}))\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        pid = int(running.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        running.kill()
        # The pipe ends when the last process that holds it does.
        assert running.stdout.read() == ""
