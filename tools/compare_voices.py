"""Measure how intelligible espeak's voices are: the figures of docs/voice.md.

Each candidate says the same sentences at the same rate. A speech recogniser, whose vocabulary is these words in any
order, transcribes them as recorded, and as heard from a phone's loudspeaker in a room. It needs an extra package
(`pip install pocketsphinx`). Run it as `python tools/compare_voices.py [VOICE ...]`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from voiceguide.voices import Recording, VoiceSettings, open_voice

Sound = NDArray[np.float64]

RATE = 130
HEARD_AT = 16_000  # Hz, the sample rate of the recogniser's training data

SENTENCES = (
    "Kneel on your left knee, with your right foot in front.",
    "Squeeze the muscles of your seat, and tuck your tail under.",
    "Keep your back tall, and your shoulders low.",
    "Lean forward slowly, until you feel a stretch in front of your hip.",
    "Breathe in through your nose, and breathe out through your mouth.",
    "Hold this position for thirty seconds.",
    "Halfway there. Let your breath be slow.",
    "Five, four, three, two, one, and release.",
    "Change sides, and bring your right knee to the floor.",
    "Lie on your back, and pull your knee toward your chest.",
    "Place your hand on the wall for balance.",
    "If you feel any pain, stop and rest.",
    "Reach your arm over your head, and lean to the side.",
    "Straighten your leg, and relax your foot.",
    "Well done. Take a deep breath, and stand up when you are ready.",
)

CANDIDATES = (
    "gmw/en-US",
    *(f"gmw/en-US+{name}" for name in ("f2", "f3", "f4", "f5", "m3", "m7", "Annie", "Alicia", "linda")),
    *(f"gmw/en-US+{name}" for name in ("anika", "steph", "belinda", "shelby", "Andrea", "adam", "Michael")),
    "gmw/en",
    "gmw/en+f3",
    "gmw/en-GB-x-rp",
)


@dataclass(frozen=True)
class Figures:
    """The measurements of one voice."""

    voice: str
    misheard: float  # share of words wrong, as recorded
    misheard_phone: float  # the same from a phone in a room
    pitch: float  # Hz, median of the voiced moments
    melody: float  # semitones between its tenth and ninetieth percentile
    harsh: float  # dB, 4 to 8 kHz against 300 to 4000 Hz
    crest: float  # dB, peak against mean power
    words_a_minute: float


def main(names: list[str]) -> None:
    """Print a table, a line for each voice."""
    print("voice                    wrong  phone   f0 Hz  melody  4-8k dB  crest  wpm")
    with ThreadPoolExecutor(2) as threads:
        for row in threads.map(measure, names or CANDIDATES):
            print(
                f"{row.voice:24} {row.misheard:5.1%}  {row.misheard_phone:5.1%}  {row.pitch:6.0f}  {row.melody:6.1f}"
                f"  {row.harsh:7.1f}  {row.crest:5.1f}  {row.words_a_minute:3.0f}",
                flush=True,
            )


def measure(name: str) -> Figures:
    """Measure one voice with all sentences."""
    with open_voice(VoiceSettings(name=name, rate=RATE), size=1) as voice:
        sounds = [_trimmed(_samples(voice.speak(sentence))) for sentence in SENTENCES]
    ear = _recogniser()
    clean = sum(_wrong(text, _heard(ear, sound)) for text, sound in zip(SENTENCES, sounds, strict=True))
    phone = sum(_wrong(text, _heard(ear, _phone(sound))) for text, sound in zip(SENTENCES, sounds, strict=True))
    words = sum(len(_words(text)) for text in SENTENCES)
    whole = np.concatenate(sounds)
    pitches = _pitches(whole)
    low, high = np.percentile(pitches, [10, 90])
    return Figures(
        voice=name,
        misheard=clean / words,
        misheard_phone=phone / words,
        pitch=float(np.median(pitches)),
        melody=float(12 * np.log2(high / low)),
        harsh=_band(whole, 4000, 8000) - _band(whole, 300, 4000),
        crest=float(20 * np.log10(np.max(np.abs(whole)) / np.sqrt(np.mean(whole**2)))),
        words_a_minute=words * 60 * HEARD_AT / len(whole),
    )


def _samples(recording: Recording) -> Sound:
    sound = np.frombuffer(recording.samples, "<i2").astype(np.float64) / 32768
    resampled: Sound = soxr.resample(sound, recording.rate, HEARD_AT)
    return resampled


def _trimmed(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.max(np.abs(sound)))
    return sound[loud[0] : loud[-1] + 1]


def _phone(sound: Sound) -> Sound:
    """Simulate a phone: no sound below 500 Hz, as from a small loudspeaker, and noise 15 dB below the voice."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / HEARD_AT)
    small = np.fft.irfft(spectrum / (1 + (500 / np.maximum(hertz, 1)) ** 4), len(sound))
    noise = np.random.default_rng(0).normal(size=len(sound))
    noisy: Sound = small + noise * np.sqrt(np.mean(small**2)) * 10 ** (-15 / 20)
    return noisy


def _band(sound: Sound, low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / HEARD_AT)
    return float(10 * np.log10(np.sum(power[(hertz >= low) & (hertz < high)])))


def _pitches(sound: Sound) -> Sound:
    """The pitch of every clearly voiced 40 ms, in Hz, by autocorrelation."""
    size, shortest, longest = HEARD_AT // 25, HEARD_AT // 400, HEARD_AT // 60
    found: list[float] = []
    for start in range(0, len(sound) - size, size // 2):
        frame = sound[start : start + size] * np.hanning(size)
        if np.sqrt(np.mean(frame**2)) < 0.02:
            continue
        match = np.fft.irfft(np.abs(np.fft.rfft(frame, 2 * size)) ** 2)[:longest]
        lag = shortest + int(np.argmax(match[shortest:]))
        if match[lag] > 0.5 * match[0]:
            found.append(HEARD_AT / lag)
    return np.array(found)


def _recogniser() -> Any:
    """Create a recogniser; a new one for each voice, because it adapts to the speaker."""
    from pocketsphinx import Decoder  # type: ignore[import-not-found, import-untyped, unused-ignore]

    with tempfile.TemporaryDirectory() as folder:
        grammar = Path(folder) / "words.lm"
        grammar.write_text(_any_order(), encoding="ascii")
        return Decoder(samprate=HEARD_AT, loglevel="FATAL", lm=str(grammar))


def _heard(decoder: Any, sound: Sound) -> str:
    decoder.start_utt()
    padded = np.concatenate([np.zeros(HEARD_AT // 4), sound / np.max(np.abs(sound)) * 0.5, np.zeros(HEARD_AT // 4)])
    decoder.process_raw((padded * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return str(hypothesis.hypstr) if hypothesis else ""


def _any_order() -> str:
    """A language model in which any word may follow any other, so that only the sound counts."""
    words = sorted({word for sentence in SENTENCES for word in _words(sentence)} | {"</s>"})
    even = f"{np.log10(1 / len(words)):.4f}"
    lines = ["-99.0 <s> 0.0", *(f"{even} {word} 0.0" for word in words)]
    return "\n".join(["\\data\\", f"ngram 1={len(lines)}", "", "\\1-grams:", *lines, "", "\\end\\", ""])


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def _wrong(said: str, heard: str) -> int:
    """The number of words to change, add or remove between the two."""
    wanted, got = _words(said), _words(heard)
    costs = list(range(len(got) + 1))
    for row, word in enumerate(wanted, 1):
        previous, costs[0] = costs[0], row
        for column, other in enumerate(got, 1):
            previous, costs[column] = (
                costs[column],
                min(costs[column] + 1, costs[column - 1] + 1, previous + (word != other)),
            )
    return costs[-1]


if __name__ == "__main__":
    main(sys.argv[1:])
