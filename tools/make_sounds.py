"""Make the chimes in `audio/`, the same ones every time: python -m tools.make_sounds [folder]

Listeners hear them with closed eyes, from a phone on the floor, between words. So each has a distinct shape (its pitch
contour, number of strokes and decay), all are between 500 Hz and 4 kHz, where a small loudspeaker works best, and all
are a little softer than the voice. The attack takes less than four milliseconds: short enough to mark a moment, long
enough not to click. The partials are those of bars and bowls, which are inharmonic and so don't sound like a beep.
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voiceguide.sound.loudness.meter import measure_in_silence

RATE = 48_000
LUFS = -22.0
"""Three below speech: clear beside it, but not startling after half a minute of silence."""
SOFT_LUFS = -25.0
KNOCK_LUFS = -23.0
"""The loudness of such a short sound is measured lower than it is perceived."""
ATTACK_MS = 3.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Partial:
    """A partial of a struck object.

    ratio: its frequency, as a multiple of the lowest one's. gain: its amplitude relative to the lowest one's. ring:
    seconds until it has decayed to 1/e.
    """

    ratio: float
    gain: float
    ring: float


@dataclass(frozen=True)
class Stroke:
    """One stroke: its time in seconds, its frequency in hertz, its relative amplitude."""

    at: float
    hertz: float
    force: float = 1.0


@dataclass(frozen=True)
class Chime:
    """A sound file. length_ms: a multiple of 24, the length of an MP3 frame. fade: its last seconds, to silence."""

    partials: Sequence[Partial]
    strokes: Sequence[Stroke]
    length_ms: int
    fade: float
    lufs: float = LUFS


_BARS = (Partial(1, 1.0, 0.28), Partial(2.756, 0.22, 0.11), Partial(5.404, 0.05, 0.04))
"""A glockenspiel's free bar."""
_LONG_BARS = (Partial(1, 1.0, 0.42), Partial(2.756, 0.20, 0.16), Partial(5.404, 0.04, 0.05))
_WOOD = (Partial(1, 1.0, 0.10), Partial(3.932, 0.28, 0.05), Partial(1.006, 0.5, 0.09))
"""A marimba's undercut bar: hollow, with a fast decay."""
_KNOCK = (Partial(1, 1.0, 0.11), Partial(1.593, 0.5, 0.07), Partial(2.295, 0.2, 0.04), Partial(3.5, 0.08, 0.02))
"""A drum's skin: almost no pitch."""
_BOWL = (
    Partial(1, 1.0, 1.3),
    Partial(1.0035, 0.35, 1.2),
    Partial(2.71, 0.3, 0.8),
    Partial(2.716, 0.15, 0.75),
    Partial(5.02, 0.12, 0.35),
    Partial(7.2, 0.03, 0.12),
)
"""A singing bowl: each partial is a slightly detuned pair, so it beats while it decays."""
_PURE = (Partial(1, 1.0, 0.20), Partial(2.0, 0.05, 0.08))

CHIMES = {
    # Three notes up, fast: the start.
    "start": Chime(_BARS, (Stroke(0, 659.26), Stroke(0.13, 987.77), Stroke(0.26, 1318.51)), 912, 0.25),
    # The same three notes down, slower, with a long decay: the end.
    "end": Chime(_LONG_BARS, (Stroke(0, 1318.51), Stroke(0.2, 987.77, 0.95), Stroke(0.4, 659.26)), 1416, 0.4),
    # Wood, low, high and low again: from one side to the other. The only one that goes up and down.
    "switch": Chime(_WOOD, (Stroke(0, 587.33), Stroke(0.24, 1174.66, 0.9), Stroke(0.48, 587.33)), 1104, 0.3),
    # One knock without a pitch: halfway. The shortest.
    "halfway": Chime(_KNOCK, (Stroke(0, 560.0),), 504, 0.15, KNOCK_LUFS),
    # One stroke that beats and rings for three seconds.
    "bell": Chime(_BOWL, (Stroke(0, 523.25),), 3000, 0.8),
    # One low, pure note, softer than all others: rest.
    "soft": Chime(_PURE, (Stroke(0, 783.99),), 792, 0.3, SOFT_LUFS),
}


def render(chime: Chime) -> npt.NDArray[np.int16]:
    """The chime's samples: 48 kHz, mono, shape (48 * length_ms,)."""
    sound = np.zeros(chime.length_ms * RATE // 1000)
    for stroke in chime.strokes:
        start = round(stroke.at * RATE)
        sound[start:] += stroke.force * _struck(chime.partials, stroke.hertz, len(sound) - start)
    fade = round(chime.fade * RATE)
    sound[-fade:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, fade + 1) / fade)
    sound *= 10 ** ((chime.lufs - measure_in_silence(sound, RATE)) / 20)
    return np.rint(sound * 32767).astype(np.int16)


def _struck(partials: Sequence[Partial], hertz: float, length: int) -> Floats:
    seconds = np.arange(length) / RATE
    sound = np.zeros(length)
    for partial in partials:
        wave_form = np.sin(2 * np.pi * hertz * partial.ratio * seconds)
        sound += partial.gain * np.exp(-seconds / partial.ring) * wave_form
    attack = round(ATTACK_MS * RATE / 1000)
    sound[:attack] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(attack) / attack)
    return sound


def write(samples: npt.NDArray[np.int16], path: Path) -> None:
    """Write 48 kHz mono samples as a 16-bit WAV file."""
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.astype("<i2").tobytes())


def main(folder: Path) -> None:
    """Write every chime to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, chime in CHIMES.items():
        write(render(chime), folder / f"{name}.wav")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "audio")
