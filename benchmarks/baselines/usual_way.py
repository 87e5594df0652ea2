"""(a) The usual way: pyttsx3 into WAV files, `segment += …` with pydub, and one export through ffmpeg.

    python usual_way.py PARTS.json OUT.mp3

It is faster than a usual script: a repeated text is spoken once, and every clip is converted to 24 kHz when it is read
instead of at each `+=`. It speaks through voiceguide's binding of espeak-ng (the same voice and rate), because
pyttsx3's driver is slowed down by its queue and polling loop. It levels nothing, trims nothing and writes no chapters.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pyttsx3
from pydub import AudioSegment

import voiceguide.voices.espeak.driver as binding

VOICE, RATE = "gmw/en-US+f3", 130
HERTZ = 24_000


def main(parts: Path, out: Path) -> None:
    """Speak, append, export."""
    engine = pyttsx3.init(binding.NAME)
    engine.setProperty("voice", VOICE)
    engine.setProperty("rate", RATE)
    clips: dict[str, AudioSegment] = {}

    def read(path: Path | str) -> AudioSegment:
        return AudioSegment.from_wav(str(path)).set_frame_rate(HERTZ).set_channels(1)

    def spoken(text: str) -> AudioSegment:
        if text not in clips:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "speech.wav"
                engine.save_to_file(text, str(path))
                engine.runAndWait()
                clips[text] = read(path)
        return clips[text]

    session = AudioSegment.silent(0, frame_rate=HERTZ)
    for kind, what in json.loads(parts.read_text(encoding="utf-8")):
        if kind == "say":
            session += spoken(what)
        elif kind == "count":
            session += spoken(what)
            session += AudioSegment.silent(max(0, 1000 - len(spoken(what))), frame_rate=HERTZ)
        elif kind == "silence":
            session += AudioSegment.silent(what, frame_rate=HERTZ)
        else:
            session += clips.setdefault(what, read(what))
    session.export(out, format="mp3", bitrate="64k")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
