"""(b) Separate programs: espeak-ng speaks each distinct text, ffmpeg joins the files and encodes them.

    python programs.py PARTS.json OUT.mp3

Texts are spoken on all cores, and ffmpeg joins the files with its concat demuxer, which streams them: the best that
programs can do without a cache. All files are 22,050 Hz mono, as written by espeak-ng; LAME gets 24 kHz, as in
voiceguide.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

VOICE, RATE = "en-us+f3", 130
HERTZ = 22_050


def main(parts: Path, out: Path) -> None:
    """Speak, list, join and encode."""
    wanted = [(kind, what) for kind, what in json.loads(parts.read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = list(dict.fromkeys(what for kind, what in wanted if kind in ("say", "count")))
        files = {text: folder / f"speech-{number}.wav" for number, text in enumerate(texts)}
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            list(
                threads.map(
                    lambda text: _run("espeak-ng", "-z", "-v", VOICE, "-s", str(RATE), "-w", files[text], text), texts
                )
            )
        chimes = {
            path: folder / Path(path).name for path in dict.fromkeys(what for kind, what in wanted if kind == "file")
        }
        for path, copy in chimes.items():
            _run("ffmpeg", "-v", "error", "-i", path, "-ar", HERTZ, "-ac", 1, copy)
        listed = []
        for kind, what in wanted:
            if kind == "silence":
                listed.append(_silence(folder, what))
            elif kind == "file":
                listed.append(chimes[what])
            else:
                listed.append(files[what])
                if kind == "count":
                    listed.append(_silence(folder, max(0, 1000 - _length_ms(files[what]))))
        playlist = folder / "playlist.txt"
        playlist.write_text("".join(f"file '{path}'\n" for path in listed), encoding="utf-8")
        joined = ("-f", "concat", "-safe", 0, "-i", playlist)
        _run("ffmpeg", "-v", "error", "-y", *joined, "-ar", 24_000, "-ac", 1, "-b:a", "64k", out)


def _silence(folder: Path, ms: int) -> Path:
    path = folder / f"silence-{ms}.wav"
    if not path.exists():
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(HERTZ)
            file.writeframes(bytes(2 * (HERTZ * ms // 1000)))
    return path


def _length_ms(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        frames, rate = file.getnframes(), file.getframerate()
    return frames * 1000 // rate


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
