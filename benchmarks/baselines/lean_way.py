"""(a') The usual way at its leanest: pyttsx3, one plain `segment += …` per instruction, one export through ffmpeg.

    python lean_way.py PARTS.json OUT.mp3

The part after an instruction (hold, chimes, numbers) is the same each time, so it is assembled once. Everything stays
at espeak-ng's sample rate, in the session and in the MP3; only the chimes are resampled. It speaks through voiceguide's
binding of espeak-ng, like `usual_way`. It levels nothing, trims nothing and writes no chapters.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TypeAlias

import pyttsx3
from pydub import AudioSegment

import voiceguide.voices.espeak.driver as binding

VOICE, RATE = "gmw/en-US+f3", 130
HERTZ = 22_050

Parts: TypeAlias = "list[tuple[str, str | int]]"


def main(parts: Path, out: Path) -> None:
    """Speak, append, export."""
    engine = pyttsx3.init(binding.NAME)
    engine.setProperty("voice", VOICE)
    engine.setProperty("rate", RATE)
    said: dict[str, AudioSegment] = {}

    def spoken(text: str) -> AudioSegment:
        if text not in said:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "speech.wav"
                engine.save_to_file(text, str(path))
                engine.runAndWait()
                said[text] = AudioSegment.from_wav(str(path))
        return said[text]

    def together(parts: Parts) -> AudioSegment:
        whole = AudioSegment.silent(0, frame_rate=HERTZ)
        for kind, what in parts:
            if kind == "silence":
                whole += AudioSegment.silent(what, frame_rate=HERTZ)
            elif kind == "file":
                whole += AudioSegment.from_wav(str(what)).set_frame_rate(HERTZ).set_channels(1)
            else:
                whole += spoken(str(what))
                if kind == "count":
                    whole += AudioSegment.silent(max(0, 1000 - len(spoken(str(what)))), frame_rate=HERTZ)
        return whole

    session = AudioSegment.silent(0, frame_rate=HERTZ)
    after: dict[str, AudioSegment] = {}
    for instruction, rest in _instructions(json.loads(parts.read_text(encoding="utf-8"))):
        key = json.dumps(rest)
        if key not in after:
            after[key] = together(rest)
        session += spoken(instruction) + after[key]
    session.export(out, format="mp3", bitrate="64k")


def _instructions(parts: Parts) -> list[tuple[str, Parts]]:
    """Each instruction with all parts before the next one."""
    found: list[tuple[str, Parts]] = []
    for kind, what in parts:
        if kind == "say":
            found.append((str(what), []))
        else:
            found[-1][1].append((kind, what))
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
