"""All output of the command line.

Results (tables, JSON, paths) go to standard output; progress, notes and errors go to standard error. Titles, texts,
file names and the output of drivers are untrusted: characters that a terminal would interpret are escaped, such as
`\\x1b` or `\\u202e`. Only a path on standard output that is not a terminal is printed unchanged, byte for byte.

If the reader of a pipe exits (`| head -1`), output stops, without an error. Any other error of standard output, such as
a full drive, is reported; errors of standard error are ignored.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import click

from voiceguide.errors import OutputError, visible

_GONE = (errno.EPIPE, errno.ESHUTDOWN, errno.EINVAL)  # the last is Windows' code for it

_verbose = False


def prepare() -> None:
    """Print a question mark for each character that the console's encoding lacks, instead of failing."""
    global _verbose
    _verbose = False
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def say(text: str = "", more: str = "", *, bold: bool = False) -> None:
    """Print a result, of one or more lines; `more` is never bold."""
    shown = visible(text)
    _write(sys.stdout, (click.style(shown, bold=True) if bold else shown) + visible(more))


def say_lines(lines: Iterable[tuple[str, bool]]) -> None:
    """Many lines, each with whether it is bold, in one write: click flushes after each."""
    shown = ((visible(line), bold) for line, bold in lines)
    _write(sys.stdout, "\n".join(click.style(line, bold=True) if bold else line for line, bold in shown))


def say_path(path: str | Path) -> None:
    """Print a path that was written, for a terminal or for another program."""
    text = os.fspath(path)
    if _is_terminal(sys.stdout):
        _write(sys.stdout, visible(text, keep=""))
    elif sys.platform != "win32" and isinstance(sys.stdout, io.TextIOWrapper):
        _write(sys.stdout, os.fsencode(text))
    else:
        _write(sys.stdout, text)


def say_json(value: object, *, indent: int = 1) -> None:
    """Print a value as JSON. Characters that a terminal would interpret, or that it lacks, are escaped as in JSON."""
    import json  # few commands print any

    whole = (getattr(sys.stdout, "encoding", None) or "").casefold().replace("-", "") == "utf8"
    text = json.dumps(value, indent=indent, ensure_ascii=not whole)
    if whole and visible(text) != text:
        # Such characters are only in strings, so JSON escapes can replace them.
        text = "".join(char if visible(char) == char else json.dumps(char)[1:-1] for char in text)
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Print a note on one line of standard error."""
    _write(sys.stderr, visible(text, keep="\t"))


def error(text: str) -> None:
    """Print an error message, which may have more lines that show the place."""
    _write(sys.stderr, visible(text))


def trace(problem: BaseException) -> None:
    """Print a traceback, if -v was given."""
    if _verbose:
        import traceback

        error("".join(traceback.format_exception(problem)).rstrip("\n"))


def watched() -> bool:
    """Whether to show a progress bar: on a terminal, and not with -v, which prints the log instead."""
    return not _verbose and _is_terminal(sys.stderr)


def be_verbose() -> None:
    """Print the package's log messages, and tracebacks."""
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
    """Flush the streams, which click may have written to. Python would print its own error message at exit."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except (OSError, ValueError):
                _give_up(stream)


def _write(stream: TextIO | None, text: str | bytes) -> None:
    if stream is None:  # it was closed before Python started
        return
    try:
        click.echo(text, file=stream)
    except ValueError:  # it has been closed since
        return
    except OSError as problem:
        _give_up(stream)
        if stream is sys.stdout and problem.errno not in _GONE:
            reason = (problem.strerror or "unknown").lower()
            raise OutputError(f"standard output can't be written: {reason}; redirect it somewhere else") from None


def _give_up(stream: TextIO) -> None:
    """Redirect the stream to the null device, so that its buffer can be flushed without an error."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)
    except (OSError, ValueError):  # the stream has no descriptor, as in a test
        return


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False
