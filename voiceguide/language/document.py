"""YAML text → a small tree of raw text with places. The only importer of yaml.

YAML's own reading of plain words never happens: every scalar is the characters that stand in the file, so `1:30` is
not ninety and `no` is not false. Nothing is built from tags. What a stranger could use to exhaust the machine (size,
nesting, aliases that multiply) is counted before anything is walked.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from msgspec import Struct

from voiceguide.errors import Place, Problem, ScriptError, quoted

MAX_BYTES = 1_000_000  # bytes
MAX_DEPTH = 80  # YAML levels; a step nested in a step takes two
MAX_NODES = 50_000  # with aliases written out


@functools.cache
def _unfit() -> re.Pattern[str]:
    """What a voice, a tag or a screen would trip over, though YAML can write it as "\\x07" or "\\ud800"."""
    # A table of 65,536 characters is made of this, so not at every start.
    return re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


# libyaml where the wheel has it: a hundred times faster, which is what `list` of many routines needs.
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(Struct, frozen=True):
    """A text as it stands in the file. `plain` is False where it was quoted or a block.

    `stretches` are the pieces of the file's lines that it was read from: where each begins, and the column it ends
    before. A block's first line, with its `>` or `|` and perhaps a remark, is none of them.
    """

    text: str
    place: Place
    plain: bool = True
    stretches: tuple[tuple[Place, int], ...] = ()

    def place_of(self, start: int, end: int) -> Place:
        """Where in the file a piece of the text stands, given by its span in the text.

        The beginning of the text for an empty piece, and where it can't be told because YAML broke the piece in two or
        spells it otherwise.
        """
        piece = self.text[start:end]
        # YAML folds and indents lines, but as many pieces like it stand before this one in the file as in the text.
        before = self.text.count(piece, 0, start)
        for place, until in self.stretches if piece else ():
            at = place.column - 1
            while (at := place.snippet.find(piece, at, until - 1)) >= 0:
                if not before:
                    return place._replace(column=at + 1)
                before -= 1
                at += len(piece)
        return self.place


class Items(Struct, frozen=True):
    """A YAML sequence."""

    items: tuple[Node, ...]
    place: Place


class Fields(Struct, frozen=True):
    """A YAML mapping, its keys in order; repeated keys are still there, for the reader to refuse."""

    pairs: tuple[tuple[Scalar, Node], ...]
    place: Place


Node = Scalar | Items | Fields


def compose(data: bytes, path: str) -> Node:
    """The tree of a file. Raises ScriptError where the file is not YAML that a routine may be written in."""
    text = _decoded(data, path)
    # The line ends that YAML knows, and no others: a form feed inside a text must not shift every line after it.
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)

    def place(mark: Any) -> Place:
        at = mark.line
        return Place(path, at + 1, mark.column + 1, lines[at] if at < len(lines) else "")

    def wrong(mark: Any, message: str) -> ScriptError:
        return ScriptError([Problem(place(mark), message)])

    try:
        _count(text, wrong)
        root = yaml.compose(text, Loader=_Fast)
    except yaml.YAMLError as error:
        raise _syntax(text, path, place, error) from None
    if root is None:
        raise ScriptError([Problem(Place(path, 1, 1), "this file is empty; `voiceguide new` writes one to start from")])
    return _Tree(place, wrong, lines).node(root)


def _decoded(data: bytes, path: str) -> str:
    start = Place(path, 1, 1)
    if len(data) > MAX_BYTES:
        found = f"this file has more than {MAX_BYTES:,} bytes; make it shorter"
        raise ScriptError([Problem(start, found)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        message = "this is not a text file; expected a routine, which is YAML text in UTF-8"
        raise ScriptError([Problem(start, message)])
    return text


def _count(text: str, wrong: Any) -> None:
    """Refuse what is too much, has tags or several documents, from the events alone: no recursion, no tree yet."""
    depth = documents = nodes = 0
    for event in yaml.parse(text, Loader=_Fast):
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            if nodes > MAX_NODES:
                raise wrong(event.start_mark, f"this file has more than {MAX_NODES:,} values; write it as several")
            if tag := getattr(event, "tag", None):
                message = f"a routine has no YAML tags; take out {quoted(_tag(tag))}, or put the text in quotes"
                raise wrong(event.start_mark, message)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise wrong(event.start_mark, "a file holds one routine; expected no second document after `---`")
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise wrong(event.start_mark, f"this is nested too deeply; expected at most {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _syntax(text: str, path: str, place: Any, first: yaml.YAMLError) -> ScriptError:
    """What the slower parser says of the same text: its sentences do not depend on how yaml was built."""
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
        yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        first = error
    if isinstance(first, yaml.reader.ReaderError):
        lines = text[: first.position].split("\n")
        where = Place(path, len(lines), len(lines[-1]) + 1, lines[-1])
        message = f"the character U+{_code(first.character):04X} can't stand in YAML; take it out"
        return ScriptError([Problem(where, message)])
    problem = getattr(first, "problem", None) or ""
    marks = [getattr(first, "problem_mark", None), getattr(first, "context_mark", None)]
    if "end of stream" in problem:
        marks.reverse()  # where a quote was opened tells more than where the file ends
    where = next((place(mark) for mark in marks if mark), Place(path, 1, 1))
    return ScriptError([Problem(where, _plainly(where, problem))])


def _code(character: str | int) -> int:
    """yaml gives either, by how it was given the text."""
    return character if isinstance(character, int) else ord(character)


def _plainly(where: Place, problem: str) -> str:
    """The parser's complaint, in words for someone who writes routines rather than parsers."""
    rest = where.snippet[where.column - 1 :]
    if "\t" in where.snippet[: len(where.snippet) - len(where.snippet.lstrip())] or rest.startswith("\t"):
        return "a tab stands here; YAML is indented with spaces, so replace each tab with two"
    if "mapping values are not allowed" in problem:
        return 'a second ": " on one line; put the text in quotes, or check how far this line is indented'
    if "expected ',' or" in problem:
        return "inside { } and [ ] a text with braces, brackets or commas needs quotes; or one of them is never closed"
    if "alias" in problem or "alphabetic or numeric" in problem:
        return "a text that begins with * or & needs quotes"
    if "expected <block end>" in problem or "could not find expected ':'" in problem:
        return "this does not fit the lines above it; check how far it is indented, and that each key ends with a colon"
    if "unexpected end of stream" in problem or "found unexpected end" in problem:
        return "a quote is opened and never closed; add the closing quote"
    if "cannot start any token" in problem:
        return f'a text can\'t begin with "{rest[:1]}"; put it in quotes'
    return f"this can't be read as YAML: {problem}"


class _Tree:
    """yaml's nodes → ours. Counts what it makes, aliases written out, and never enters a node inside itself."""

    def __init__(self, place: Any, wrong: Any, lines: Sequence[str]) -> None:
        self._place, self._wrong, self._lines = place, wrong, lines
        self._made = 0
        self._open: set[int] = set()

    def node(self, found: Any) -> Node:
        place = self._place(found.start_mark)
        self._made += 1
        if self._made > MAX_NODES:
            message = f"with its aliases written out this file has more than {MAX_NODES:,} values; use fewer of them"
            raise self._wrong(found.start_mark, message)
        if id(found) in self._open:
            raise self._wrong(found.start_mark, "this refers to itself; expected an alias to something that ends")
        if isinstance(found, yaml.ScalarNode):
            if not found.value.replace("\n", " ").isprintable() and (unfit := _unfit().search(found.value)):
                message = f"the character U+{ord(unfit[0]):04X} can't be spoken or shown; take it out"
                raise self._wrong(found.start_mark, message)
            # libyaml says "" where the slower parser says None.
            return Scalar(found.value, place, not found.style, tuple(self._stretches(found, place)))
        self._open.add(id(found))
        try:
            if isinstance(found, yaml.SequenceNode):
                return Items(tuple(self.node(item) for item in found.value), place)
            return Fields(tuple(self._pairs(found)), place)
        finally:
            self._open.discard(id(found))

    def _stretches(self, found: Any, first: Place) -> Iterator[tuple[Place, int]]:
        start, end = found.start_mark.line, found.end_mark.line
        if found.style not in ("|", ">"):
            yield first, found.end_mark.column + 1 if start == end else len(first.snippet) + 1
        for number in range(start + 1, min(end + 1, len(self._lines))):
            line = self._lines[number]
            yield Place(first.path, number + 1, 1, line), found.end_mark.column + 1 if number == end else len(line) + 1

    def _pairs(self, found: Any) -> Iterator[tuple[Scalar, Node]]:
        for key, value in found.value:
            name = self.node(key)
            if not isinstance(name, Scalar):
                message = 'a key is one word such as "say"; if this is a text, put it in quotes'
                raise self._wrong(key.start_mark, message)
            yield name, self.node(value)


def _tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
