"""Numbers as Markdown tables, and how they are written into a document, between two comments with their name."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def seconds(value: float) -> str:
    """Such as `0.43 s` or `41.2 s`."""
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def milliseconds(value: float) -> str:
    """Such as `130 ms`, of seconds."""
    return f"{value * 1000:.0f} ms"


def megabytes(value: float) -> str:
    """Such as `92 MB`."""
    return f"{value:.0f} MB"


def factor(value: float) -> str:
    """Such as `1.24x` or `41x`."""
    return f"{value:.2f}x" if value < 10 else f"{value:.0f}x"


def replaced(document: str, sections: Mapping[str, str]) -> str:
    """`document` with each section between its `<!-- name -->` and `<!-- /name -->` replaced.

    Raises ValueError for a section without such comments.
    """
    for name, text in sections.items():
        place = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
        if not place.search(document):
            raise ValueError(f"there is no <!-- {name} --> … <!-- /{name} --> to write into")
        document = place.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", document)  # type: ignore[misc]
    return document


def computer() -> str:
    """The computer and the versions, in one paragraph."""
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in ("lameenc", "numpy", "pydub", "pyttsx3"))
    programs = [line for line in map(_version, (("ffmpeg", "-version"), ("espeak-ng", "--version"))) if line]
    return (
        f"{_processor()}, {os.cpu_count()} cores; {platform.system()}; "
        f"{platform.python_implementation()} {platform.python_version()}; {libraries}"
        + "".join(f"; {line}" for line in programs)
        + "."
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(command: Sequence[str]) -> str:
    if shutil.which(command[0]) is None:
        return f"no {command[0]}"
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(\.\d+)+", told)
    return f"{command[0]} {found.group() if found else ''}".strip()
