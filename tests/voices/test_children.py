"""What happens when a child hangs, crashes, is killed, says nothing, or prints."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voiceguide.errors import VoiceError
from voiceguide.voices import VoiceSettings, open_voice
from voiceguide.voices.pool import VoicePool
from voiceguide.voices.process import ChildVoice, child_command

ROOT = Path(__file__).parents[2]
FAKE = Path(__file__).parent / "fake_child.py"
TEXT = "Hug both knees to your chest, rock a little from side to side, and breathe."
SHOWN = "Hug both knees to your chest, rock a little from side to si…"
ADVICE = "Change these words, or choose another voice; `voiceguide voices` lists them."
MANNER = {"voice": "gmw/en-US", "rate": 130, "pitch": 50, "volume": 1.0}


def faked(mode: str, log: Path, limit: float = 20) -> ChildVoice:
    return ChildVoice([sys.executable, "-S", str(FAKE), mode, str(log)], MANNER, time_limit=lambda _text: limit)


def real() -> ChildVoice:
    return ChildVoice(child_command("voiceguide.voices.espeak.driver", "espeak"), MANNER)


@pytest.mark.parametrize(
    ("mode", "limit", "reason"),
    [
        ("hang", 0.2, "it did not answer within 0.2 seconds, twice"),
        ("crash", 20, 'it stopped with exit code 3, last saying "libvoice: out of breath", twice'),
        ("silent", 20, "it made no sound, twice"),
    ],
)
def test_two_failures_are_an_error_that_names_the_text(mode: str, limit: float, reason: str, tmp_path: Path) -> None:
    with faked(mode, tmp_path / "log", limit) as voice, pytest.raises(VoiceError) as caught:
        voice.speak(TEXT)
    assert str(caught.value) == f'The voice could not say "{SHOWN}": {reason}. {ADVICE}'
    assert caught.value.text == TEXT


def test_a_child_that_hangs_before_it_reads_is_left_too() -> None:
    deaf = ChildVoice([sys.executable, "-S", "-c", "import signal; signal.pause()"], MANNER, time_limit=lambda _: 0.2)
    with deaf, pytest.raises(VoiceError, match="did not answer"):
        deaf.speak("more than a pipe holds " * 10_000)


def test_one_failure_is_mended_by_a_fresh_child(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with faked("crash once", log) as voice:
        assert voice.speak(TEXT).rate == 8000
        assert voice.speak(TEXT).rate == 8000
    assert len(log.read_text().split()) == 3
    assert len(set(log.read_text().split())) == 2


def test_chatter_in_place_of_an_answer_is_not_taken_for_one(tmp_path: Path) -> None:
    with faked("babble", tmp_path / "log") as voice, pytest.raises(VoiceError, match="stopped with exit code 0, twice"):
        voice.speak(TEXT)


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
    with pytest.raises(VoiceError, match="The voice can't be started"):
        ChildVoice(["/no/such/python"], MANNER).speak(TEXT)


def test_a_closed_voice_says_so(tmp_path: Path) -> None:
    voice = faked("beep", tmp_path / "log")
    voice.close()
    with pytest.raises(VoiceError, match="was closed"):
        voice.speak(TEXT)
    pool = open_voice(VoiceSettings(), size=1)
    pool.close()
    with pytest.raises(VoiceError, match="was closed"):
        pool.speak(TEXT)


def test_closing_frees_a_thread_that_waits(tmp_path: Path) -> None:
    log = tmp_path / "log"
    pool = VoicePool(VoiceSettings(), size=1, command=[sys.executable, "-S", str(FAKE), "hang", str(log)])
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.speak, TEXT)
        while not log.exists():
            pass
        pool.close()
        with pytest.raises(VoiceError, match="was closed"):
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


def test_ctrl_c_is_the_parents_business() -> None:
    with real() as voice:
        voice.speak(TEXT)
        pid = voice.pid
        assert pid is not None
        os.kill(pid, signal.SIGINT)
        voice.speak(TEXT)
        assert voice.pid == pid


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs a way to wait for another's child")
def test_no_child_outlives_a_killed_parent() -> None:
    script = (
        "from voiceguide.voices.process import ChildVoice, child_command\n"
        f"voice = ChildVoice(child_command('voiceguide.voices.espeak.driver', 'espeak'), {MANNER!r})\n"
        "voice.start(); print(voice.pid, flush=True)\n"
        "voice.speak('stretched straight through ' * 20_000)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        assert select.select([child], [], [], 10)[0], "the child still runs"
    finally:
        os.close(child)


def test_what_a_driver_prints_reaches_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    with ChildVoice(child_command("tests.voices.noisy_speaker", "noisy"), MANNER) as voice:
        assert len(voice.speak(TEXT).samples) == 200
    assert capfd.readouterr() == ("", "")


def test_the_child_is_light() -> None:
    with ChildVoice(child_command("tests.voices.noisy_speaker", "noisy"), MANNER) as voice:
        modules = set(voice.describe()["modules"])
    assert not modules & {"numpy", "soundfile", "pydub", "click", "rich", "yaml", "voiceguide.workshop", "dataclasses"}


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
