"""Check sessions with three strict MP3 readers: `python -m benchmarks.strict`. They must report nothing.

mp3val checks every frame and the header; mpg123 decodes with its warnings on; ffmpeg decodes and treats every error as
fatal. Programs that are not installed are listed and skipped.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measurements import COMMAND
from benchmarks.routine import Session

FILES: dict[str, Sequence[str]] = {
    "mono": (),
    "stereo": ("--stereo",),
    "over a bed": ("--bed", "brown"),
    "over a bed, stereo": ("--bed", "waves", "--stereo"),
}
# The normal output for valid files.
QUIET = {
    "mp3val": re.compile(r"^(Analyzing file|Done!|INFO: )"),
    "mpg123": re.compile(r"^$"),
    "ffmpeg": re.compile(r"^$"),
}


def main() -> None:
    """Make the files, and print all complaints; exit code 1 if there are any."""
    complaints = 0
    with tempfile.TemporaryDirectory(prefix="strict-") as name:
        folder = Path(name)
        script = Session(words=6, rounds=2, speaks_lengths=True).write_yaml(folder / "session.yaml")
        for title, words in FILES.items():
            path = folder / f"{title}.mp3"
            subprocess.run([COMMAND, "make", script, "-o", path, *words], check=True, capture_output=True)
            for program, line in complaints_about(path):
                complaints += 1
                print(f"{title}: {program}: {line}")
    missing = [program for program in QUIET if shutil.which(program) is None]
    if missing:
        print(f"Skipped, because not installed: {', '.join(missing)}.")
    print(f"{len(FILES)} files, {complaints} complaints.")
    sys.exit(1 if complaints else 0)


def complaints_about(path: Path) -> Iterator[tuple[str, str]]:
    """Every complaint of a program about a file, with the program's name."""
    commands: dict[str, list[str | Path]] = {
        "mp3val": ["mp3val", path],
        "mpg123": ["mpg123", "-q", "-t", path],
        "ffmpeg": ["ffmpeg", "-v", "warning", "-err_detect", "explode", "-i", path, "-f", "null", "-"],
    }
    for program, command in commands.items():
        if shutil.which(program) is None:
            continue
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        for line in (done.stdout + done.stderr).splitlines():
            if not QUIET[program].search(line):
                yield program, line
        if done.returncode:
            yield program, f"ended with exit code {done.returncode}"


if __name__ == "__main__":
    main()
