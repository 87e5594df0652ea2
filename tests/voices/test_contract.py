"""What every engine of this computer must do; a new engine's row brings it under these tests."""

from __future__ import annotations

import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest

from tests import natural
from voiceguide.errors import VoiceError
from voiceguide.voices import VoiceSettings, identity, list_voices, open_voice, resolve
from voiceguide.voices.engines import engines_here
from voiceguide.voices.pool import VoicePool

KNEEL = "Kneel on your left knee, with your right foot in front."
BREATHE = "Breathe in slowly, and let it all go."


needs_natural = pytest.mark.skipif(not natural.is_installed(), reason="the extra `natural` is not installed")
ENGINES_HERE = [*(engine.name for engine in engines_here()), pytest.param("natural", marks=needs_natural)]


@pytest.fixture(scope="module", params=ENGINES_HERE)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    with natural.shown() if request.param == "natural" else nullcontext():
        yield str(request.param)


@pytest.fixture(scope="module")
def voice(engine: str) -> Iterator[VoicePool]:
    with open_voice(VoiceSettings(), engine=engine, size=2) as pool:
        pool.warm()
        yield pool


def test_speech_is_speech(voice: VoicePool) -> None:
    recording = voice.speak(KNEEL)
    samples = array.array("h", recording.samples)
    assert recording.rate >= 16_000
    assert 2.5 < len(samples) / recording.rate < 8
    assert max(samples) > 3000
    assert min(samples) < -3000


def test_same_bytes_whatever_was_said_before_and_whoever_says_it(voice: VoicePool, engine: str) -> None:
    first = voice.speak(KNEEL)
    voice.speak(BREATHE)
    assert voice.speak(KNEEL) == first
    with open_voice(VoiceSettings(), engine=engine, size=1) as other:
        other.speak("Something quite different, first.")
        assert other.speak(KNEEL) == first


def test_same_bytes_in_any_order_on_any_thread(voice: VoicePool) -> None:
    texts = [f"Hold for {number} seconds." for number in range(8)]
    one_by_one = [voice.speak(text) for text in texts]
    with ThreadPoolExecutor(4) as threads:
        backwards = list(threads.map(voice.speak, reversed(texts)))
    assert backwards[::-1] == one_by_one


def test_two_rates_at_once_stay_apart(engine: str) -> None:
    def lengths(rate: int) -> set[int]:
        with open_voice(VoiceSettings(rate=rate), engine=engine, size=1) as pool:
            return {len(pool.speak(KNEEL).samples) for _ in range(3)}

    with ThreadPoolExecutor(2) as threads:
        slow, fast = threads.map(lengths, (100, 200))
    assert len(slow) == len(fast) == 1
    assert 1.6 < slow.pop() / fast.pop() < 2.4


def test_a_very_long_text(engine: str) -> None:
    text = ("stretched straight through " * 4000)[:25_000]
    with open_voice(VoiceSettings(rate=400), engine=engine, size=1) as pool:
        recording = pool.speak(text)
    assert len(recording.samples) / 2 / recording.rate > 300


def test_what_could_be_taken_for_a_command_is_spoken(voice: VoicePool) -> None:
    for text in ("<b>Stand tall</b>", "[[rate 5]] Stand tall", "Stand < tall & breathe"):
        assert len(voice.speak(text).samples) > 20_000


def test_a_text_without_words_is_an_error(voice: VoicePool) -> None:
    with pytest.raises(VoiceError) as caught:
        voice.speak("...")
    assert caught.value.text == "..."
    assert str(caught.value) == (
        'the voice could not say "...": it made no sound, twice; '
        "change these words, or choose another voice (`voiceguide voices` lists all voices)"
    )
    with pytest.raises(VoiceError, match="empty text"):
        voice.speak(" \n")


def test_every_listed_voice_is_found_by_its_id_and_its_name(engine: str) -> None:
    voices = list_voices(engine)
    assert len({each.id for each in voices}) == len(voices)
    for each in voices:
        assert resolve(VoiceSettings(name=each.id), engine) == each
        assert resolve(VoiceSettings(name=each.name.upper()), engine).name == each.name


def test_identity_tells_all_that_is_heard_apart(engine: str) -> None:
    settings = [
        VoiceSettings(),
        VoiceSettings(rate=131),
        VoiceSettings(pitch=51),
        VoiceSettings(volume=0.9),
        # The natural engine has one voice only.
        *(VoiceSettings(name=voice.id) for voice in list_voices(engine)[1:2]),
    ]
    assert len({identity(each, engine) for each in settings}) == len(settings)
    assert identity(settings[0], engine) == identity(VoiceSettings(name=resolve(settings[0], engine).name), engine)
