"""Formats numbers as Markdown, and writes them into a document between two comments with the section's name."""

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
    """For example `0.43 s` or `41.2 s`."""
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def milliseconds(value: float) -> str:
    """Seconds as, for example, `130 ms`."""
    return f"{value * 1000:.0f} ms"


def megabytes(value: float) -> str:
    """For example `92 MB`."""
    return f"{value:.0f} MB"


def factor(value: float) -> str:
    """For example `1.24x` or `41x`."""
    return f"{value:.2f}x" if value < 10 else f"{value:.0f}x"


def faster(value: float) -> str:
    """How many times as fast one thing is as another, in words: "5.14x faster", or "1.10x slower"."""
    return f"{factor(value)} faster" if value >= 1 else f"{factor(1 / value)} slower"


def replace_sections(document: str, sections: Mapping[str, str]) -> str:
    """`document` with each section inserted between its `<!-- name -->` and `<!-- /name -->`.

    Raises ValueError if a section's comments are missing.
    """
    for name, text in sections.items():
        place = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
        found = place.search(document)
        if not found:
            raise ValueError(f"the document has no <!-- {name} --> … <!-- /{name} -->")
        document = f"{document[: found.start()]}{found[1]}{text}\n{found[2]}{document[found.end() :]}"
    return document


def computer() -> str:
    """The computer and the versions used, in one paragraph."""
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
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(\.\d+)+", output)
    return f"{command[0]} {found.group() if found else ''}".strip()
