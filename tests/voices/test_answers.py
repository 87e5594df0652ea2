"""What a voice's process answers is believed only where it has the right form and can be the text."""

from __future__ import annotations

import io
import math
import struct
import tracemalloc
from contextlib import suppress
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceguide.voices import VoiceSettings, open_voice
from voiceguide.voices.answers import MIN_MS, find_fault, least_ms, most_ms, read_described, read_said
from voiceguide.voices.base import RATES
from voiceguide.voices.wire import MAX_HEADER, MAX_PAYLOAD, Malformed, Refusal, read_frame, write_frame

HERTZ = 16_000
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def tone(ms: int, height: int = 8000) -> bytes:
    return (height * np.sin(np.arange(HERTZ * ms // 1000) / 7)).astype("<i2").tobytes()


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(["request", "rate", "spent", "words", "refusal", "voices"]), json_values))
def test_whatever_the_fields_are_there_is_an_answer_or_an_error(fields: dict[str, Any]) -> None:
    header = msgspec.json.encode({"request": 1, **fields})
    for read in (lambda: read_said(header, b"\0\0", 1, "x"), lambda: read_described(header, 1)):
        with suppress(Malformed, Refusal):
            assert read().request == 1


@given(st.binary(max_size=60))
def test_whatever_the_bytes_are_there_is_a_frame_or_an_error(data: bytes) -> None:
    try:
        frame = read_frame(io.BytesIO(data))
    except Malformed:
        return
    if frame is not None:
        assert 8 + len(frame[0]) + len(frame[1]) <= len(data)


def test_a_frame_beyond_the_bounds_takes_no_memory() -> None:
    for lengths in ((MAX_HEADER + 1, 0), (2, MAX_PAYLOAD + 1), (2**32 - 1, 2**32 - 1)):
        stream = io.BytesIO(struct.pack(">II", *lengths) + b"{}" * 100)
        tracemalloc.start()
        with pytest.raises(Malformed):
            read_frame(stream)
        assert tracemalloc.get_traced_memory()[1] < 100_000
        tracemalloc.stop()


def test_more_than_a_frame_may_hold_is_refused_in_a_sentence_before_it_is_sent() -> None:
    stream = io.BytesIO()
    for header, payload in (({"text": "x" * MAX_HEADER}, b""), ({}, bytes(MAX_PAYLOAD + 2))):
        with pytest.raises(Refusal, match="this text is too long to be spoken at once; split it"):
            write_frame(stream, header, payload)
    assert stream.getvalue() == b""


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("", 0),
        ("…!?", 0),
        ("😀", 0),
        ("x", MIN_MS),
        ("7", MIN_MS),
        ("1,000,000", MIN_MS),
        ("shhhhhhhhhhhhhhhhhhhh", MIN_MS),
        ("Left.", MIN_MS),
        ("Right.", 25),
        ("Breathe in slowly.", 275),
        ("Breathe. In. Slowly...", 275),
        ("慢慢地吸气。然后呼气。", 125),
        ("ꦲꦤꦕꦫꦏꦢꦠꦱꦮꦭ", 0),  # Javanese, which espeak skips
    ],
)
def test_the_least_that_a_text_takes(text: str, ms: int) -> None:
    assert least_ms(text, 130) == ms
    assert least_ms(text, 60) >= ms >= least_ms(text, 400)
    assert most_ms(text, 130) >= 20 * ms


@pytest.mark.parametrize("ms", [5, 60, 100, 200])
def test_a_sentence_is_no_tenth_of_a_second(ms: int) -> None:
    sound = bytes(2 * HERTZ) + tone(ms) + bytes(2 * HERTZ)
    fault = find_fault(sound, HERTZ, "Breathe in slowly.", 130)
    assert fault == f"made only {ms - 1} ms of sound"
    assert find_fault(bytes(2 * HERTZ) + tone(900), HERTZ, "Breathe in slowly.", 130) is None


@given(st.integers(-32_768, 32_767), st.integers(0, 40_000))
def test_what_does_not_change_is_no_sound(height: int, count: int) -> None:
    assert find_fault(struct.pack("<h", height) * count, HERTZ, "x", 130) == "made no sound"


def test_loud_speech_is_speech_and_full_scale_is_not() -> None:
    loud = np.clip(60_000 * np.sin(np.arange(HERTZ) / 9) * np.sin(np.arange(HERTZ) / 900), -32_768, 32_767)
    assert find_fault(loud.astype("<i2").tobytes(), HERTZ, "Breathe in slowly.", 130) is None
    square = np.where(np.arange(HERTZ) % 50 < 25, 32_767, -32_768)
    assert find_fault(square.astype("<i2").tobytes(), HERTZ, "Breathe.", 130) == "made only noise at full scale"


@pytest.mark.parametrize("rate", RATES)
def test_what_is_short_in_any_script_is_spoken_at_any_rate(rate: int) -> None:
    """The shortest there is of every kind; the whole measurement stands beside the constants."""
    texts = [
        "o",
        "I",
        "7",
        "or",
        "eaux",
        "though",
        "They",
        "strengths",
        "1,000,000",
        "½",
        "😀",
        "慢",
        "はい",
        "네",
        "हाँ",
    ]
    texts += [
        "नमस्ते दोस्तों",
        "qu'est-ce que c'est",
        "nghiêng",
        "Schwungvoll",
        "взгляд",
        "נשמו לאט",
        "نعم",
        "\ufeffHold",
        "a" * 300,
    ]
    with open_voice(VoiceSettings(rate=rate), size=1) as voice:
        for text in texts:
            recording = voice.speak(text)
            ms = 1000 * len(recording.samples) / 2 / recording.rate
            assert least_ms(text, rate) * 2 <= ms
            assert math.isfinite(ms)
