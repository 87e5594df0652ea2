"""The real command, run in this process with doors in place of the standard streams, and what it may print there.

The doors hold what a terminal or a pipe would receive. A command may end with 0, 1, 2 or 130, and says why where it is
not 0; no traceback, and nothing on a terminal that a terminal would obey, apart from bold type.
"""

from __future__ import annotations

import gc
import io
import logging
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unicodedata import category

from mutagen.mp3 import MP3

from voiceguide import cli
from voiceguide.errors import visible

CODES = (0, 1, 2, 130)
OBEYED = ("Cc", "Cf", "Cs", "Zl", "Zp")
UNFORESEEN = ("Traceback (most recent", "this is a bug in voiceguide", "not enough memory", "not completely installed")
_BOLD = re.compile(r"\x1b\[[01]m")


class Door(io.TextIOWrapper):
    """A stream that may say it is a terminal."""

    def __init__(self, *, terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors="backslashreplace", newline="\n")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def received(self) -> bytes:
        """What came through it."""
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


def own_folders(place: Path) -> None:
    """Give this process a store, presets and routines of its own, and a folder for temporary files."""
    for name in ("cache", "tmp"):
        (place / name).mkdir(exist_ok=True)
    user_folders(place)
    os.environ.update({"XDG_CACHE_HOME": str(place / "cache"), "TMPDIR": str(place / "tmp"), "TERM": "dumb"})
    os.environ.pop("COLUMNS", None)
    tempfile.tempdir = None


def user_folders(place: Path) -> None:
    """Let presets and the user's own routines be looked up in a folder."""
    os.environ.update(
        {"HOME": str(place), "XDG_CONFIG_HOME": str(place / "config"), "XDG_DATA_HOME": str(place / "data")}
    )


def run(arguments: Sequence[str], *, terminal: bool = True, encoding: str = "utf-8") -> tuple[int, bytes, bytes]:
    """Run the command; its exit code and what it printed, which has been judged. Raises AssertionError."""
    with _standing_in(arguments, terminal, encoding) as (out, errors):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
    printed = out.received(), errors.received()
    # With -v a traceback is what was asked for.
    verbose = any(each.startswith("--verb") or (each[:1] == "-" != each[1:2] and "v" in each) for each in arguments)
    judge(code, *printed, terminal=terminal, encoding=encoding, verbose=verbose)
    assert isinstance(code, int)
    return code, *printed


def judge(
    code: object, out: bytes, errors: bytes, *, terminal: bool = False, encoding: str = "utf-8", verbose: bool = False
) -> None:
    """Raises AssertionError for what a command must not print, and for how it must not end."""
    shown = errors.decode(encoding, "backslashreplace")
    for text in (out.decode(encoding, "backslashreplace"), shown):
        for words in UNFORESEEN[verbose:]:
            assert words not in text, text
        if terminal:
            plain = _BOLD.sub("", text)
            found = {char for char in plain if char not in "\n\t" and category(char) in OBEYED}
            assert not found, f"a terminal would obey {found}: {visible(plain, keep='')}"
    assert code in CODES, f"exit code {code}: {shown}"
    assert code == 0 or any(line.strip() for line in shown.splitlines()), f"exit code {code}, and not a word"


@contextmanager
def _standing_in(arguments: Sequence[str], terminal: bool, encoding: str) -> Iterator[tuple[Door, Door]]:
    """Doors for the standard streams; what the command changes of this process is as it was afterwards."""
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr, sys.unraisablehook
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    threshold = gc.get_threshold()
    doors = Door(terminal=terminal, encoding=encoding), Door(terminal=terminal, encoding=encoding)
    sys.argv = ["voiceguide", *arguments]
    sys.stdin, (sys.stdout, sys.stderr) = io.StringIO(), doors
    try:
        yield doors
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr, sys.unraisablehook = before
        for number, handler in handlers.items():
            signal.signal(number, handler)
        # A command ends its process, so it freezes its garbage instead of collecting it.
        gc.unfreeze()
        gc.set_threshold(*threshold)
        logging.getLogger("voiceguide").setLevel(logging.WARNING)  # after -v


def check_tracks(folder: Path) -> None:
    """Raises AssertionError where a track of ours in a folder or below it is not whole."""
    for root, _, names in os.walk(folder):
        for path in (Path(root) / name for name in names if name.casefold().endswith(".mp3")):
            if path.is_file() and path.read_bytes()[:4] in (b"ID3\3", b"ID3\4") and path.stat().st_size > 1_000:
                track = MP3(path)
                assert track.info.length > 0.5, path
                assert track.tags is not None, path
                assert track.tags.getall("TIT2"), path
