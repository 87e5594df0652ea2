"""The exceptions, and how their messages are formatted. The bottom of the package: it imports no other module of it.

Every error that voiceguide raises on purpose derives from `VoiceguideError`. Its message is complete, is printed on
standard error unchanged, and says where, what was expected, and what to do. Exceptions of other libraries are
translated once, where the library is called. Untrusted text is escaped here before a terminal shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAX_WIDTH = 100  # characters of a line that an error shows
MAX_SHOWN = 150  # problems of a script that an error lists
MAX_MISTYPED = 100  # characters of a word that is compared with known names

# Control characters, format characters such as those that change the writing direction, surrogates, line separators.
_ESCAPED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


class VoiceguideError(Exception):
    """The base class of all errors that a caller may want to catch."""


class RequestError(VoiceguideError):
    """A choice that is not possible: an unknown name, a hold outside its range, a total that can't be reached."""


class VoiceError(VoiceguideError):
    """The voice failed: it crashed, hung, returned nothing, or does not exist.

    `text` is the text it was speaking, if any; the workshop uses it to add the line of the script.
    """

    def __init__(self, message: str, *, text: str | None = None) -> None:
        super().__init__(message)
        self.text = text


class SoundError(VoiceguideError):
    """A sound file is missing, unreadable, silent or too short."""


class OutputError(VoiceguideError):
    """The output file can't be written: no folder, no permission, no space."""


def reason(error: OSError) -> str:
    """What the system says of an error, as it stands in the middle of a sentence."""
    return (error.strerror or str(error) or "unknown").lower()


class Place(NamedTuple):
    """A position in a script. `line` and `column` count from 1; `snippet` is the whole line."""

    path: str
    line: int
    column: int
    snippet: str = ""

    def __str__(self) -> str:
        return f"{visible(self.path, keep='')}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """One error in a script: its place, and a message."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}{caret(self.place)}"


class ScriptError(VoiceguideError):
    """A script has errors. `problems` are all of them, sorted by file and position."""

    def __init__(self, problems: Sequence[Problem], *, first: str | None = None) -> None:
        paths = dict.fromkeys(([first] if first else []) + [problem.place.path for problem in problems])
        order = {path: number for number, path in enumerate(paths)}

        def position(problem: Problem) -> tuple[int, int, int, str]:
            # The message is the last key, so that the order of two problems at one place is fixed too.
            place = problem.place
            return order[place.path], place.line, place.column, problem.message

        self.problems = tuple(sorted(problems, key=position))
        lines = [str(problem) for problem in self.problems[:MAX_SHOWN]]
        if more := len(self.problems) - len(lines):
            lines.append(f"and {more:,} more; correct these first, then check again")
        super().__init__("\n".join(lines))


def caret(place: Place) -> str:
    """The line of a place with a caret under its column, each on a new line; empty if the line is unknown."""
    if not place.snippet:
        return ""
    number, line, column = str(place.line), place.snippet, place.column - 1
    if len(line) > MAX_WIDTH:
        # The line may be a whole routine; show the part around the error.
        start = max(0, min(column - MAX_WIDTH // 2, len(line) - MAX_WIDTH))
        before, after = "… " if start else "", " …" if start + MAX_WIDTH < len(line) else ""
        line, column = before + line[start : start + MAX_WIDTH] + after, column - start + len(before)
    before, line = visible(line[:column], keep="\t"), visible(line, keep="\t")
    # The caret's line repeats the tabs, so that the caret is aligned at any tab width.
    lead = "".join("\t" if char == "\t" else " " * _columns(char) for char in before)
    return f"\n  {number} | {line}\n  {' ' * len(number)} | {lead}^"


def visible(text: str, *, keep: str = "\n\t") -> str:
    """Escape every character that a terminal would interpret or hide: `\\x1b`, `\\u202e`.

    Characters in `keep` are not escaped. A byte of a file name that is not UTF-8 is shown as that byte.
    """
    if text.isprintable():
        return text
    return "\n".join(map(_visible_line, text.split("\n"))) if "\n" in keep else _visible_line(text, keep)


def _visible_line(line: str, keep: str = "\t") -> str:
    if line.isprintable():
        return line
    from unicodedata import category  # rarely needed

    return "".join(
        char if char.isprintable() or char in keep or category(char) not in _ESCAPED else _escape(char) for char in line
    )


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # Python's surrogate escape of a byte that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _columns(char: str) -> int:
    """The number of terminal columns that a character takes."""
    if char.isascii():
        return 1
    from unicodedata import category, east_asian_width

    return 0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1


def shorten(text: str, most: int = 60, end: str = "…") -> str:
    """Put a text on one line of at most `most` characters; `end` marks a cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - len(end)].rstrip() + end


def quoted(text: str, most: int = 60) -> str:
    """A text as an error shows it: in quotes, on one line, and shortened."""
    return f'"{shorten(text, most, "...")}"'


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that is most similar to a mistyped `word`; None if none is similar."""
    if len(word) > MAX_MISTYPED:
        return None
    import difflib  # only needed after a typing error, not at every start

    known = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return known[close[0]] if close else None


def among(names: Iterable[str]) -> str:
    """`one of a, b, c`; a single name is returned alone."""
    known = list(names)
    return known[0] if len(known) == 1 else f"one of {', '.join(known)}"


def suggestion(word: str, names: Iterable[str]) -> str:
    """`"; did you mean "hold"?"`, or the empty string if no name is similar."""
    close = nearest(word, names)
    return f'; did you mean "{close}"?' if close else ""
