"""The one door through which everything is printed.

Standard output is for what was asked for: tables, JSON, paths. Progress, notes and errors go to standard error.
Titles, texts, names of files and a driver's last words are a stranger's: what a terminal would obey in them is shown
as `\\x1b` or `\\u202e` instead. Only a path on standard output that goes to another program, not to a terminal, is
printed as it is, byte for byte.

A reader that goes away (`| head -1`) ends the printing and nothing else; a full drive under standard output is an
error; what can't be written to standard error is not written.
"""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import click

from voiceguide.errors import OutputError, visible

_GONE = (errno.EPIPE, errno.ESHUTDOWN, errno.EINVAL)  # the last is what Windows calls it

_verbose = False


def prepare() -> None:
    """A console that lacks a letter of a routine shows a question mark for it, and the command goes on."""
    global _verbose
    _verbose = False
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def say(text: str = "", more: str = "", *, bold: bool = False) -> None:
    """A line or several of what was asked for; `more` is never bold."""
    shown = visible(text)
    _write(sys.stdout, (click.style(shown, bold=True) if bold else shown) + visible(more))


def say_lines(lines: Iterable[tuple[str, bool]]) -> None:
    """Many lines, each with whether it is bold, in one write: click flushes after each."""
    shown = ((visible(line), bold) for line, bold in lines)
    _write(sys.stdout, "\n".join(click.style(line, bold=True) if bold else line for line, bold in shown))


def say_path(path: str | Path) -> None:
    """A path that was written, for the eye or for another program."""
    text = os.fspath(path)
    if _is_terminal(sys.stdout):
        _write(sys.stdout, visible(text, keep=""))
    elif sys.platform != "win32" and isinstance(sys.stdout, io.TextIOWrapper):
        _write(sys.stdout, os.fsencode(text))
    else:
        _write(sys.stdout, text)


def say_json(value: object, *, indent: int = 1) -> None:
    """A value as JSON, which has its own spelling for what a terminal would obey or lacks."""
    whole = (getattr(sys.stdout, "encoding", None) or "").casefold().replace("-", "") == "utf8"
    text = json.dumps(value, indent=indent, ensure_ascii=not whole)
    if whole and visible(text) != text:
        # Only strings hold such characters, so JSON's escapes can stand for them.
        text = "".join(char if visible(char) == char else json.dumps(char)[1:-1] for char in text)
    _write(sys.stdout, text)


def note(text: str) -> None:
    """A remark for the person at the terminal, on one line of standard error."""
    _write(sys.stderr, visible(text, keep="\t"))


def error(text: str) -> None:
    """What went wrong; further lines show where."""
    _write(sys.stderr, visible(text))


def trace(problem: BaseException) -> None:
    """Where in the code something went wrong, for those who asked for it with -v."""
    if _verbose:
        import traceback

        error("".join(traceback.format_exception(problem)).rstrip("\n"))


def watched() -> bool:
    """Whether someone may be there to watch a progress bar; with -v the log takes its place."""
    return not _verbose and _is_terminal(sys.stderr)


def be_verbose() -> None:
    """Print what the package's modules log, and tracebacks."""
    global _verbose
    _verbose = True
    import logging

    class Printed(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if _verbose:
                note(f"{record.name.removeprefix('voiceguide.')}: {record.getMessage()}")

    logger = logging.getLogger("voiceguide")
    logger.setLevel(logging.DEBUG)
    if not logger.handlers:
        logger.addHandler(Printed())


def finish() -> None:
    """Write out what click has printed by itself; Python's own try at the end would complain in its own words."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except (OSError, ValueError):
                _give_up(stream)


def _write(stream: TextIO | None, text: str | bytes) -> None:
    if stream is None:  # it was closed before we began
        return
    try:
        click.echo(text, file=stream)
    except ValueError:  # it was closed meanwhile
        return
    except OSError as problem:
        _give_up(stream)
        if stream is sys.stdout and problem.errno not in _GONE:
            reason = (problem.strerror or "unknown").lower()
            raise OutputError(f"standard output can't be written: {reason}. Send it somewhere else.") from None


def _give_up(stream: TextIO) -> None:
    """Have the stream lead nowhere, so that what still waits in it can be written there."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)
    except (OSError, ValueError):  # no descriptor: a test's, or another program's
        return


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False
