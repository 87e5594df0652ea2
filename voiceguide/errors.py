"""What can go wrong, in plain sentences. The bottom of the package: it imports nothing of ours.

Every error that voiceguide raises on purpose derives from `VoiceguideError`; its text is complete, ends up on
standard error as it is, and says where, what was expected, and what to do. Foreign exceptions are translated once,
where the foreign library is called. How a stranger's text is shown without being obeyed is decided here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAX_WIDTH = 100  # characters of a line that an error shows
MAX_SHOWN = 150  # problems of a script that an error's text tells one by one
MAX_MISTYPED = 100  # characters of a word that may be a name mistyped

# Controls, formats such as those that turn the direction of writing, halves of a pair, separators of lines.
_OBEYED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


class VoiceguideError(Exception):
    """The base of all errors a caller may want to catch."""


class RequestError(VoiceguideError):
    """A listener's wish that can't be granted: an unknown name, a hold outside its range, a total out of reach."""


class VoiceError(VoiceguideError):
    """The voice failed: it crashed, hung, wrote nothing, or does not exist.

    `text` is the text it was given, where there was one; the session adds the line of the script it stands on.
    """

    def __init__(self, message: str, *, text: str | None = None) -> None:
        super().__init__(message)
        self.text = text


class SoundError(VoiceguideError):
    """A sound file that is missing, unreadable, silent or too short."""


class OutputError(VoiceguideError):
    """The finished file can't be written: no folder, no permission, no room."""


def reason(error: OSError) -> str:
    """What the system says of an error, as it stands in the middle of a sentence."""
    return (error.strerror or str(error) or "unknown").lower()


class Place(NamedTuple):
    """A spot in a script. `line` and `column` count from 1; `snippet` is the whole line there."""

    path: str
    line: int
    column: int
    snippet: str = ""

    def __str__(self) -> str:
        return f"{visible(self.path, keep='')}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """One thing wrong in a script: where, and a plain sentence."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}{caret(self.place)}"


class ScriptError(VoiceguideError):
    """A script that is wrong, with everything that is wrong in it: in the order of the file, and file after file."""

    def __init__(self, problems: Sequence[Problem], *, first: str | None = None) -> None:
        paths = dict.fromkeys(([first] if first else []) + [problem.place.path for problem in problems])
        order = {path: number for number, path in enumerate(paths)}

        def standing(problem: Problem) -> tuple[int, int, int, str]:
            # The sentence comes last: two problems at one place have one order too.
            place = problem.place
            return order[place.path], place.line, place.column, problem.message

        self.problems = tuple(sorted(problems, key=standing))
        lines = [str(problem) for problem in self.problems[:MAX_SHOWN]]
        if more := len(self.problems) - len(lines):
            lines.append(f"and {more:,} more like these; correct those first, then check again")
        super().__init__("\n".join(lines))


def caret(place: Place) -> str:
    """The line of a place with a caret under its column, each on a new line; nothing where there is no line."""
    if not place.snippet:
        return ""
    number, line, column = str(place.line), place.snippet, place.column - 1
    if len(line) > MAX_WIDTH:
        # A whole routine may stand on one line; a reader needs what is around the fault.
        start = max(0, min(column - MAX_WIDTH // 2, len(line) - MAX_WIDTH))
        before, after = "… " if start else "", " …" if start + MAX_WIDTH < len(line) else ""
        line, column = before + line[start : start + MAX_WIDTH] + after, column - start + len(before)
    before, line = visible(line[:column], keep="\t"), visible(line, keep="\t")
    # A tab keeps its width on the screen only if the caret's line has it too.
    lead = "".join("\t" if char == "\t" else " " * _columns(char) for char in before)
    return f"\n  {number} | {line}\n  {' ' * len(number)} | {lead}^"


def visible(text: str, *, keep: str = "\n\t") -> str:
    """A text with every character shown that a terminal would obey, or not show at all: `\\x1b`, `\\u202e`.

    `keep` are those that are meant. A byte of a file name that is not UTF-8 is shown as that byte.
    """
    if text.isprintable():
        return text
    return "\n".join(map(_visible_line, text.split("\n"))) if "\n" in keep else _visible_line(text, keep)


def _visible_line(line: str, keep: str = "\t") -> str:
    if line.isprintable():
        return line
    from unicodedata import category  # few texts need it

    return "".join(
        char if char.isprintable() or char in keep or category(char) not in _OBEYED else _escape(char) for char in line
    )


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # how Python writes a byte that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _columns(char: str) -> int:
    """How many columns of a terminal a character takes."""
    if char.isascii():
        return 1
    from unicodedata import category, east_asian_width

    return 0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1


def shorten(text: str, most: int = 60, end: str = "…") -> str:
    """A text on one line and of at most `most` characters; `end` stands where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - len(end)].rstrip() + end


def quoted(text: str, most: int = 60) -> str:
    """A text as an error shows it: in quotes, on one line, and not longer than a line bears."""
    return f'"{shorten(text, most, "...")}"'


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that someone who typed `word` most likely meant, if one is close."""
    if len(word) > MAX_MISTYPED:
        return None
    import difflib  # when somebody has mistyped, and not at every start

    known = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return known[close[0]] if close else None


def among(names: Iterable[str]) -> str:
    """`one of a, b, c`; where there is but one name, that name."""
    known = list(names)
    return known[0] if len(known) == 1 else f"one of {', '.join(known)}"


def suggestion(word: str, names: Iterable[str]) -> str:
    """`"; did you mean "hold"?"`, or the empty string where nothing is close."""
    close = nearest(word, names)
    return f'; did you mean "{close}"?' if close else ""
