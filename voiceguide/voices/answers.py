"""The answers of a voice's process, and the checks that they pass before a session uses them.

`read_said` and `read_described` validate the form of an answer. `find_fault` checks that a recording can be its text: a
click, part of a sentence or constant noise is an error, as silence is.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from voiceguide.voices.wire import Malformed, Refusal

T = TypeVar("T")

# Measured with espeak-ng, trimmed at -50 dB of the peak: 285 texts and 570 single words of the bundled routines in all
# nine English voices at 60 to 400 words a minute, samples of them in all 104 variants, 60 texts of 25 other languages,
# and letters of 169 scripts. The shortest (a word of few letters at 400) has 34 ms; longer ones always have at least
# two and a half times MS_PER_LETTER for each letter after the first four.
MIN_MS = 15
MS_PER_LETTER = 25
FREE_LETTERS = 4
MEASURED_RATE = 130  # words a minute
SLOWEST_RATE = 80  # espeak's minimum

# From the same measurement: a spelled letter takes 360 ms, and the name of a symbol 1.2 s.
MAX_MS_PER_CHARACTER = 700
MAX_MS_PER_SYMBOL = 5_000
MAX_MS_BESIDE = 10_000

_AUDIBLE = 8  # of 32768: above a native driver's dither, below any speech
_EDGE = 10 ** (-50 / 20)  # of the peak: the threshold of the start and end of speech

Ms = Annotated[int, Meta(ge=0, le=24 * 3_600_000)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]
Line = Annotated[str, Meta(max_length=2_000)]


class Said(Struct, frozen=True):
    """The header of a recording.

    request: the number of the request. rate: Hz. spent: whether the child must be replaced.
    words: (ms, first character, length) of each word.
    """

    request: int
    rate: Annotated[int, Meta(ge=4_000, le=192_000)]
    spent: bool
    words: tuple[tuple[Ms, Count, Count], ...] = ()


class DescribedVoice(Struct, frozen=True):
    """A voice as its engine describes it."""

    id: Line
    name: Line
    languages: tuple[Line, ...]
    gender: Line | None


class Described(Struct, frozen=True):
    """The description of an engine: its version, its data folder, if any, and its voices."""

    request: int
    version: Line
    data: Line | None
    voices: tuple[DescribedVoice, ...]


class _Refused(Struct, frozen=True):
    request: int
    refusal: Line


def read_said(header: bytes, samples: bytes, request: int, text: str) -> Said:
    """Read the answer to request number `request` to say `text`. Raises Malformed, or Refusal if that is the answer."""
    said = _read(header, Said, request)
    if len(samples) % 2:
        raise Malformed("half a sample")
    ms = [each[0] for each in said.words]
    # Words may go back in the text (espeak does so for the parts of a long number), but never in time.
    if ms != sorted(ms) or (ms and ms[-1] > len(samples) * 500 // said.rate + 1):
        raise Malformed("word timings are not in order")
    # The length may exceed the text: espeak counts the words that it speaks for a number.
    if any(first > len(text) for _, first, _ in said.words):
        raise Malformed("a word is outside the text")
    return said


def read_described(header: bytes, request: int) -> Described:
    """Read the answer to a request to describe the engine. Raises Malformed, or Refusal if that is the answer."""
    return _read(header, Described, request)


def _read(header: bytes, kind: type[T], request: int) -> T:
    try:
        fields: dict[str, Any] = msgspec.json.decode(header, type=dict[str, Any])
        answer: Any = msgspec.convert(fields, _Refused if "refusal" in fields else kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as why:
        raise Malformed(str(why)) from None
    if answer.request != request:
        raise Malformed("the answer to another request")
    if isinstance(answer, _Refused):
        raise Refusal(answer.refusal)
    found: T = answer
    return found


def find_fault(samples: bytes, hertz: int, text: str, rate: int) -> str | None:
    """Why a recording can't be `text` at `rate` words a minute, as the end of a sentence ("made no sound"); else None.

    `samples` are 16-bit mono at `hertz`.
    """
    import numpy as np  # only needed to speak

    sound = np.frombuffer(samples, "<i2").astype(np.int32)
    # A constant offset is silence too.
    if not len(sound) or np.ptp(sound) <= _AUDIBLE:
        return "made no sound"
    sound = np.abs(sound)
    peak = int(sound.max())
    loud = np.flatnonzero(sound > peak * _EDGE)
    ms = 1000 * (int(loud[-1]) + 1 - int(loud[0])) // hertz
    if ms < least_ms(text, rate):
        return f"made only {ms} ms of sound"
    if ms > most_ms(text, rate):
        return f"made {ms // 1000} seconds of sound"
    if 2 * np.count_nonzero(sound >= 32_767) > len(sound):
        return "made only noise at full scale"
    return None


def least_ms(text: str, rate: int) -> int:
    """A lower bound in ms on speaking `text` at `rate` words a minute; 0 if the text may be silent.

    Punctuation is ignored, a number counts as one letter, and a repeated letter ("shhhh") as two.
    """
    letters = _count_letters(text)
    beyond = max(0, letters - FREE_LETTERS) * MS_PER_LETTER * MEASURED_RATE // max(rate, SLOWEST_RATE)
    return max(MIN_MS, beyond) if letters else 0


def most_ms(text: str, rate: int) -> int:
    """An upper bound in ms on speaking `text` at `rate` words a minute."""
    symbols = sum(not char.isascii() or char.isdigit() for char in text)
    most = (len(text) - symbols) * MAX_MS_PER_CHARACTER + symbols * MAX_MS_PER_SYMBOL
    return MAX_MS_BESIDE + most * MEASURED_RATE // max(min(rate, MEASURED_RATE), SLOWEST_RATE)


def _count_letters(text: str) -> int:
    count = run = 0
    before = ""
    for char in text:
        kind = "0" if char.isdigit() else char
        run = run + 1 if kind == before else 1
        before = kind
        if kind == "0":
            count += run == 1
        elif run <= 2:
            # espeak silently skips some of the rarer scripts above these.
            count += char.isalpha() and (char < "\ua800" or "\uac00" <= char <= "\ud7a3")
    return count
