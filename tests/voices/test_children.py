"""What happens when a child hangs, crashes, is killed, says nothing, or prints."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.voices.fake_child import HEADERS, RAW
from voiceguide.errors import VoiceError
from voiceguide.voices import VoiceSettings, open_voice
from voiceguide.voices.pool import VoicePool
from voiceguide.voices.process import ChildVoice, child_command

ROOT = Path(__file__).parents[2]
FAKE = Path(__file__).parent / "fake_child.py"
TEXT = "Hug both knees to your chest, rock a little from side to side, and breathe."
SHOWN = "Hug both knees to your chest, rock a little from side to..."
ADVICE = "change these words, or choose another voice (`voiceguide voices` lists all voices)"
MANNER = {"voice": "gmw/en-US", "rate": 130, "pitch": 50, "volume": 1.0}


def faked(mode: str, log: Path, limit: float = 20) -> ChildVoice:
    return ChildVoice([sys.executable, "-S", str(FAKE), mode, str(log)], MANNER, time_limit=lambda _text: limit)


def real() -> ChildVoice:
    return ChildVoice(child_command("voiceguide.voices.espeak.driver", "espeak"), MANNER)


@pytest.mark.parametrize(
    ("mode", "limit", "reason"),
    [
        ("hang", 0.2, "it did not answer within 0.2 seconds, twice"),
        ("crash", 20, 'it stopped with exit code 3 (its last output: "libvoice: out of breath"), twice'),
        ("silent", 20, "it made no sound, twice"),
        ("nothing", 20, "it made no sound, twice"),
        ("constant", 20, "it made no sound, twice"),
        ("click", 20, "it made only 0 ms of sound, twice"),
        ("fragment", 20, "it made only 99 ms of sound, twice"),
        ("fragment in hiss", 20, "it made only 99 ms of sound, twice"),
        ("endless", 20, "it made 119 seconds of sound, twice"),
        ("stuck", 20, "it made only noise at full scale, twice"),
        ("babble", 20, "it sent an invalid answer, twice"),
        *((mode, 20, "it sent an invalid answer, twice") for mode in (*HEADERS, *RAW)),
    ],
)
def test_two_failures_are_an_error_that_names_the_text(mode: str, limit: float, reason: str, tmp_path: Path) -> None:
    with faked(mode, tmp_path / "log", limit) as voice, pytest.raises(VoiceError) as caught:
        voice.speak(TEXT)
    assert str(caught.value) == f'the voice could not say "{SHOWN}": {reason}; {ADVICE}'
    assert caught.value.text == TEXT


def test_a_child_that_hangs_before_it_reads_is_left_too() -> None:
    deaf = ChildVoice([sys.executable, "-S", "-c", "import signal; signal.pause()"], MANNER, time_limit=lambda _: 0.2)
    with deaf, pytest.raises(VoiceError, match="did not answer"):
        deaf.speak("more than a pipe holds " * 10_000)


@pytest.mark.parametrize("mode", ["crash once", "silent once", "click once", "fragment once"])
def test_one_failure_is_made_good_by_a_fresh_child(mode: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with faked(mode, log) as voice:
        assert len(voice.speak(TEXT).samples) == len(voice.speak(TEXT).samples) == 32_000
    assert len(log.read_text().split()) == 3
    assert len(set(log.read_text().split())) == 2


def test_an_answer_too_many_is_not_taken_for_that_to_the_next_text(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with faked("twice", log) as voice:
        assert [len(voice.speak(TEXT).samples) for _ in range(3)] == [32_000] * 3
    assert len(set(log.read_text().split())) == 3


def test_a_refusal_is_passed_on_and_not_tried_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with faked("refuse", log) as voice, pytest.raises(VoiceError) as caught:
        voice.speak(TEXT)
    assert str(caught.value) == 'no "gmw/en-US" today.'
    assert len(log.read_text().split()) == 1


def test_a_child_that_is_spent_is_replaced(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with faked("spent", log) as voice:
        for _ in range(3):
            voice.speak(TEXT)
    assert len(set(log.read_text().split())) == 3


def test_a_child_that_cannot_be_started() -> None:
    with pytest.raises(VoiceError, match="the voice can't be started"):
        ChildVoice(["/no/such/python"], MANNER).speak(TEXT)


def test_a_closed_voice_says_so(tmp_path: Path) -> None:
    voice = faked("beep", tmp_path / "log")
    voice.close()
    with pytest.raises(VoiceError, match="is closed"):
        voice.speak(TEXT)
    pool = open_voice(VoiceSettings(), size=1)
    pool.close()
    with pytest.raises(VoiceError, match="is closed"):
        pool.speak(TEXT)


def test_closing_frees_a_thread_that_waits(tmp_path: Path) -> None:
    log = tmp_path / "log"
    pool = VoicePool(VoiceSettings(), size=1, command=[sys.executable, "-S", str(FAKE), "hang", str(log)])
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.speak, TEXT)
        while not log.exists() and not waiting.done():
            pass
        pool.close()
        with pytest.raises(VoiceError, match="is closed"):
            waiting.result()


def test_a_child_killed_halfway_is_replaced_once() -> None:
    with real() as voice:
        expected = voice.speak(TEXT)
        killed = voice.pid
        assert killed is not None
        # Stopped first: it is surely not done when it is killed.
        os.kill(killed, signal.SIGSTOP)
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(voice.speak, TEXT)
            os.kill(killed, signal.SIGKILL)
            assert waiting.result() == expected
        assert voice.pid != killed


def test_a_child_killed_twice_is_an_error() -> None:
    with real() as voice, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(voice.speak, TEXT)
        killed: set[int] = set()
        while not waiting.done():
            if (pid := voice.pid) and pid not in killed:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        with pytest.raises(VoiceError, match="was ended by SIGKILL, twice"):
            waiting.result()
    assert len(killed) == 2


@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_what_is_sent_to_the_group_is_the_parents_business(sent: str) -> None:
    with real() as voice:
        voice.speak(TEXT)
        pid = voice.pid
        assert pid is not None
        os.kill(pid, getattr(signal, sent))
        voice.speak(TEXT)
        assert voice.pid == pid


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs a way to wait for another's child")
@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("voiceguide.voices.espeak.driver", "stretched straight through "),
        ("tests.voices.noisy_speaker", "sleep"),
    ],
    ids=["speaking", "stuck in a C library"],
)
def test_no_child_outlives_a_killed_parent(module: str, text: str) -> None:
    script = (
        "from voiceguide.voices.process import ChildVoice, child_command\n"
        f"voice = ChildVoice(child_command({module!r}, 'espeak'), {MANNER!r})\n"
        "voice.describe(); print(voice.pid, flush=True)\n"
        f"voice.speak({text!r} * 20_000 if ' ' in {text!r} else {text!r})\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        assert select.select([child], [], [], 10)[0], "the child still runs"
    finally:
        os.close(child)


def test_what_a_driver_prints_reaches_nobody_but_the_log(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "voiceguide.voices"):
        with ChildVoice(child_command("tests.voices.noisy_speaker", "noisy"), MANNER) as voice:
            assert len(voice.speak(TEXT).samples) == 48_000
            pid = voice.pid
        assert [each for each in caplog.messages if " said: " in each] == [
            f"child {pid} said: Audio saved to speech.wav gmw/en-US 130 50 1.0",
            f"child {pid} said: a C library's own words",
            f"child {pid} said: a warning",
        ]
    assert capfd.readouterr() == ("", "")


def test_the_child_is_light() -> None:
    with ChildVoice(child_command("tests.voices.noisy_speaker", "noisy"), MANNER) as voice:
        modules = {each.id for each in voice.describe().voices}
    assert not modules & {"numpy", "soundfile", "pydub", "click", "rich", "yaml", "voiceguide.workshop", "dataclasses"}
    assert "msgspec" not in modules


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts what Linux shows of a process")
def test_nothing_is_left_of_a_closed_voice(tmp_path: Path) -> None:
    """No process, no thread, no descriptor: whatever went wrong, and however often it is closed."""
    before = left()
    for mode in ("beep", "hang", "crash", "fragment", "babble"):
        command = [sys.executable, "-S", str(FAKE), mode, str(tmp_path / mode)]
        with VoicePool(VoiceSettings(), size=3, command=command) as pool:
            pool.warm(2)
            with ThreadPoolExecutor(6) as threads:
                waiting = [threads.submit(pool.speak, TEXT) for _ in range(6)]
                if mode == "hang":
                    pool.close()
        assert {type(each.exception()) for each in waiting} == {type(None) if mode == "beep" else VoiceError}
        pool.close()
        pool.warm(3)
    assert left() == before


def left() -> tuple[int, set[str], list[str]]:
    """How many descriptors and which threads this process has, and its children."""
    children = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    return (
        len([*Path("/proc/self/fd").iterdir()]),
        {each.name for each in threading.enumerate()},
        sorted(filter(None, children)),
    )


def test_closing_while_a_child_is_being_started_leaves_none(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for _ in range(10):
        voice = faked("beep", log)
        with ThreadPoolExecutor(2) as threads:
            speaking, closing = threads.submit(voice.speak, TEXT), threads.submit(voice.close)
            closing.result()
            with suppress(VoiceError):
                speaking.result()
        assert voice.pid is None


def test_the_package_loads_no_driver_and_no_sound_library() -> None:
    script = (
        "import sys, types\n"
        "package = sys.modules['voiceguide'] = types.ModuleType('voiceguide')\n"
        f"package.__path__ = [{str(ROOT / 'voiceguide')!r}]\n"
        "import voiceguide.voices as voices\n"
        "voices.identity(voices.VoiceSettings())\n"
        "print(*{'pyttsx3', 'numpy', 'soundfile', 'voiceguide.voices.process', 'espeakng_loader'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
