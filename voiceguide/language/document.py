"""YAML text → a small tree of raw text with places. The only module that imports yaml.

YAML's types for plain words are not used: every scalar is the text in the file, so `1:30` is not ninety and `no` is
not false. Tags are rejected. What an attacker could use to exhaust the machine (size, nesting, aliases that multiply)
is counted before the tree is walked: first as written, from the parser's events, then with aliases expanded. An alias
is the node that it refers to, not a copy of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from msgspec import Struct

from voiceguide.budget import LIMITS, MAX_FILE_BYTES, Budget, refusal
from voiceguide.errors import Place, Problem, ScriptError, quoted
from voiceguide.texts.clean import clean

# The pure Python parser has better error messages, but takes up to half a second per 100 kB.
MAX_SLOW_CHARACTERS = 100_000

# The line ends of YAML, and no others: a form feed inside a text must not shift the line numbers after it.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# Characters that YAML does not allow.
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# libyaml where the wheel has it: a hundred times faster, which is what `list` of many routines needs.
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@functools.cache
def _compile_unfit() -> re.Pattern[str]:
    """What a voice, a tag or a screen can't take, though YAML can write it as "\\x07" or "\\ud800"."""
    # Compiling it takes as long as reading a short script, so not at every start.
    return re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class Scalar(Struct, frozen=True):
    """A text as written in the file. `plain` is False if it was quoted or a block.

    `lines` are those of the whole file. The text was read from `place` up to `end`: a line number and the column
    after the text, both from 1. The first line of a block, with its `>` or `|`, is not part of it.
    `text` is cleaned; `raw` is what the file has, for names of files.
    """

    text: str
    place: Place
    plain: bool = True
    block: bool = False
    lines: Sequence[str] = ()
    end: tuple[int, int] = (0, 0)
    raw: str = ""

    def place_of(self, start: int, end: int) -> Place:
        """The place in the file of a piece of the text, given by its span in the text.

        The start of the text for an empty piece, and if the place is unknown because YAML folded or escaped the piece.
        """
        piece = self.text[start:end]
        # YAML folds and indents lines, but the number of equal pieces before this one is the same in file and text.
        before = self.text.count(piece, 0, start)
        for number, begin, until in self._stretches() if piece else ():
            line, at = self.lines[number - 1], begin
            while (at := line.find(piece, at, until)) >= 0:
                if not before:
                    return Place(self.place.path, number, at + 1, line)
                before -= 1
                at += len(piece)
        return self.place

    def _stretches(self) -> Iterator[tuple[int, int, int]]:
        """The parts of lines that the text was read from: a line number, and a slice of the line."""
        last, column = self.end
        first = self.place.line
        for number in range(first + 1 if self.block else first, min(last, len(self.lines)) + 1):
            begin = self.place.column - 1 if number == first else 0
            yield number, begin, column - 1 if number == last else len(self.lines[number - 1])


class Items(Struct, frozen=True):
    """A YAML sequence."""

    items: tuple[Node, ...]
    place: Place


class Fields(Struct, frozen=True):
    """A YAML mapping, its keys in order. Repeated keys are included; the reader rejects them."""

    pairs: tuple[tuple[Scalar, Node], ...]
    place: Place


Node = Scalar | Items | Fields


def compose(data: bytes, path: str, budget: Budget | None = None) -> Node:
    """Parse a file into a tree. Raises ScriptError if the file is not valid YAML for a routine.

    `budget` is shared by all files of one script.
    """
    budget = budget or Budget()
    text = _decoded(data, path)
    budget.spend("bytes", len(data), Place(path, 1, 1))
    source = _Source(path, _LINE_END.split(text), budget)
    _refuse_characters(text, source)
    _refuse_tag_directives(source)
    try:
        _count(text, source, _Fast)
        root = yaml.compose(text, Loader=_Fast)
    except yaml.YAMLError as error:
        raise _syntax(text, source, error) from None
    if root is None:
        raise ScriptError([Problem(Place(path, 1, 1), "this file is empty; `voiceguide new` writes a first routine")])
    return _Tree(source).node(root)


class _Source:
    """A file's lines, to compute places; and the budget that it uses."""

    def __init__(self, path: str, lines: Sequence[str], budget: Budget) -> None:
        self.path, self.lines, self.budget = path, lines, budget

    def place(self, mark: Any) -> Place:
        at = mark.line
        return Place(self.path, at + 1, mark.column + 1, self.lines[at] if at < len(self.lines) else "")

    def wrong(self, mark: Any, message: str) -> ScriptError:
        return ScriptError([Problem(self.place(mark), message)])

    def spend(self, size: _Size, mark: Any) -> None:
        if self.budget.overspends("values", size.values):
            raise ScriptError([refusal("values", self.place(mark))])
        if self.budget.overspends("characters", size.characters):
            raise ScriptError([refusal("characters", self.place(mark))])


class _Size(Struct, frozen=True):
    """The size of a node with its aliases expanded."""

    values: int = 1
    characters: int = 0
    depth: int = 0


def _decoded(data: bytes, path: str) -> str:
    start = Place(path, 1, 1)
    if len(data) > MAX_FILE_BYTES:
        found = f"this file has more than {MAX_FILE_BYTES:,} bytes; make it shorter"
        raise ScriptError([Problem(start, found)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        message = "this is not a text file; expected a routine, which is YAML text in UTF-8"
        raise ScriptError([Problem(start, message)])
    return text


def _refuse_characters(text: str, source: _Source) -> None:
    if found := _NOT_YAML.search(text):
        before = _LINE_END.split(text[: found.start()])
        where = Place(source.path, len(before), len(before[-1]) + 1, before[-1])
        message = f"the character U+{ord(found[0]):04X} is not allowed in YAML; remove it"
        raise ScriptError([Problem(where, message)])


def _refuse_tag_directives(source: _Source) -> None:
    """Reject tag directives before parsing: libyaml's time for them grows with the square of their number."""
    for number, line in enumerate(source.lines, 1):
        if line.startswith("%TAG"):
            message = "a routine has no YAML tags; remove this line"
            raise ScriptError([Problem(Place(source.path, number, 1, line), message)])


def _count(text: str, source: _Source, loader: Any) -> None:
    """Reject tags, several documents and too large a file, using only the events: no recursion, no tree yet."""
    depth = documents = nodes = 0
    most, deepest = source.budget.left("values"), LIMITS["depth"]
    anchors: set[str] = set()
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            if nodes > most:
                raise ScriptError([refusal("values", source.place(event.start_mark))])
            if isinstance(event, yaml.AliasEvent):
                if event.anchor not in anchors:
                    raise source.wrong(event.start_mark, _ALIAS)
            elif event.anchor:
                anchors.add(event.anchor)
            if tag := getattr(event, "tag", None):
                message = f"a routine has no YAML tags; remove {quoted(_tag(tag))}, or put the text in quotes"
                raise source.wrong(event.start_mark, message)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                message = "a file has one routine; expected no second document after `---`"
                raise source.wrong(event.start_mark, message)
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > deepest:
                raise ScriptError([refusal("depth", source.place(event.start_mark))])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _syntax(text: str, source: _Source, error: yaml.YAMLError) -> ScriptError:
    """The error of the pure Python parser for the same text: its messages do not depend on how yaml was built.

    It parses only what it can read in half a second, and only events, because it builds trees recursively.
    """
    if _Fast is not yaml.SafeLoader and len(text) <= MAX_SLOW_CHARACTERS:
        try:
            _count(text, source, yaml.SafeLoader)
        except yaml.YAMLError as slower:
            error = slower
        except ScriptError as wrong:
            return wrong
    problem = getattr(error, "problem", None) or ""
    marks = [getattr(error, "problem_mark", None), getattr(error, "context_mark", None)]
    if "end of stream" in problem:
        marks.reverse()  # the opening quote is more useful than the end of the file
    where = next((source.place(mark) for mark in marks if mark), Place(source.path, 1, 1))
    if "maximum nesting" in problem:
        return ScriptError([refusal("depth", where)])
    return ScriptError([Problem(where, _plainly(where, problem))])


_ALIAS = "a text that begins with * or & needs quotes"


def _plainly(where: Place, problem: str) -> str:
    """The parser's error, in words for someone who writes routines rather than parsers."""
    rest = where.snippet[where.column - 1 :]
    if "\t" in where.snippet[: len(where.snippet) - len(where.snippet.lstrip())] or rest.startswith("\t"):
        return "found a tab; YAML is indented with spaces, so replace each tab with two spaces"
    if "mapping values are not allowed" in problem:
        return 'found a second ": " on one line; put the text in quotes, or check the indentation of this line'
    if "expected ',' or" in problem:
        return "inside { } and [ ], a text with braces, brackets or commas needs quotes; or a bracket is not closed"
    if where.snippet[max(0, where.column - 2) :].startswith("**"):
        return "a voice can't speak emphasis; remove the asterisks, and write the words alone"
    if "alias" in problem or "alphabetic or numeric" in problem:
        return _ALIAS
    if any(each in problem for each in ("expected <block end>", "could not find expected ':'", "find expected key")):
        return "this does not fit the lines above it; check its indentation, and that each key ends with a colon"
    if "unexpected end of stream" in problem or "found unexpected end" in problem:
        return "this quote is never closed; add the closing quote"
    if "cannot start any token" in problem:
        return f'a text can\'t begin with "{rest[:1]}"; put it in quotes'
    return f"this can't be read as YAML: {problem}"


class _Tree:
    """Convert yaml's nodes to ours: each once, however many aliases refer to it, but counted for each alias.

    An alias follows its anchor, so its node is already converted, or is one that contains the alias.
    """

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._made: dict[int, tuple[Node, _Size]] = {}
        self._open: set[int] = set()

    def node(self, root: Any) -> Node:
        return self._node(root)[0]

    def _node(self, found: Any) -> tuple[Node, _Size]:
        if known := self._made.get(id(found)):
            self._source.spend(known[1], found.start_mark)
            return known
        if id(found) in self._open:
            message = "this refers to itself; remove this alias"
            raise self._source.wrong(found.start_mark, message)
        self._open.add(id(found))
        made = self._scalar(found) if isinstance(found, yaml.ScalarNode) else self._collection(found)
        self._open.discard(id(found))
        self._made[id(found)] = made
        return made

    def _scalar(self, found: Any) -> tuple[Scalar, _Size]:
        size = _Size(characters=len(found.value))
        self._source.spend(size, found.start_mark)
        if not found.value.replace("\n", " ").isprintable() and (unfit := _compile_unfit().search(found.value)):
            message = f"the character U+{ord(unfit[0]):04X} can't be spoken or shown; remove it"
            raise self._source.wrong(found.start_mark, message)
        place, end = self._source.place(found.start_mark), (found.end_mark.line + 1, found.end_mark.column + 1)
        # libyaml has "" where the pure Python parser has None.
        plain, block = not found.style, found.style in ("|", ">")
        return Scalar(clean(found.value), place, plain, block, self._source.lines, end, found.value), size

    def _collection(self, found: Any) -> tuple[Node, _Size]:
        place = self._source.place(found.start_mark)
        self._source.spend(_Size(), found.start_mark)
        values, characters, depth = 1, 0, 0

        def inner(each: Any) -> Node:
            nonlocal values, characters, depth
            node, size = self._node(each)
            values, characters, depth = values + size.values, characters + size.characters, max(depth, size.depth)
            return node

        node: Node
        if isinstance(found, yaml.SequenceNode):
            node = Items(tuple([inner(item) for item in found.value]), place)
        else:
            node = Fields(tuple([(self._key(inner(key), key), inner(value)) for key, value in found.value]), place)
        if depth >= LIMITS["depth"]:
            raise ScriptError([refusal("depth", place)])
        return node, _Size(values, characters, depth + 1)

    def _key(self, node: Node, found: Any) -> Scalar:
        if not isinstance(node, Scalar):
            message = 'a key is one word such as "say"; if this is a text, put it in quotes'
            raise self._source.wrong(found.start_mark, message)
        return node


def _tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
