"""One script's document → Routine, read with the tables of the grammar.

If a value is invalid, the reader records the problem and continues; a routine is valid only if there were none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from voiceguide import budget
from voiceguide.budget import Budget
from voiceguide.errors import Place, Problem, ScriptError, nearest, quoted
from voiceguide.language import checks, kinds, values
from voiceguide.language import grammar as table
from voiceguide.language.document import Fields, Items, Node, Scalar
from voiceguide.language.grammar import Part
from voiceguide.language.kinds import ReadError, closest, expected
from voiceguide.language.parts.building import At
from voiceguide.language.parts.cues import read_during
from voiceguide.language.parts.sounds import MissingError, read_bed, read_sound
from voiceguide.language.passes import Around
from voiceguide.language.verbs import find_verb
from voiceguide.routine.model import (
    Bed,
    Defaults,
    Edge,
    EdgeName,
    Exercise,
    Include,
    Option,
    Routine,
    Say,
    Sound,
    Step,
    Text,
    VoiceSpec,
    children,
    walk,
)
from voiceguide.routine.templates import find_formless, find_unknown, named_in
from voiceguide.words import Words, load_foreign

MAX_DEPTH = 16  # steps inside steps
MAX_TEXTS = 50  # of one cue that comes back

# The verb that must be around a text that uses these placeholders.
_NEEDS = {
    "side": "sides",
    "other": "sides",
    "round": "repeat",
    "rounds": "repeat",
    "remaining": "during",
    "elapsed": "during",
}


class _Scope(Struct, frozen=True):
    """The context of a step that affects how it is read."""

    block: str
    depth: int = 0
    in_cue: bool = False
    around: Around = Around()


class Reader(Struct):
    """Reads the file at `path`. `problems` collects the errors, each once; `include` loads an included routine.

    `budget` is shared by all files of this script. `missed`: a sound or a bed that the script names is missing.
    """

    path: Path
    problems: dict[Problem, None]
    include: Callable[[Node, Path], Routine]
    budget: Budget = field(default_factory=Budget)
    missed: bool = False
    _options: dict[str, Option] = field(default_factory=dict)
    _defaults: Defaults = field(default_factory=Defaults)
    _size: int = 0
    _nexts: list[Place] = field(default_factory=list)  # of texts that name the next exercise
    _words: Words | None = None  # those of another language than English

    def problem(self, place: Place, message: str) -> None:
        """Record a problem. Raises ScriptError if there are too many."""
        if self._words:
            from voiceguide.language import sides  # few scripts are in another language

            message = sides.explain(message, self._words)
        self.problems[Problem(place, message)] = None
        budget.check("problems", len(self.problems) + 1, place)

    def routine(self, root: Node) -> Routine | None:
        """Read a whole document; None if it lacks a title or steps. Raises ScriptError if it is not a mapping."""
        if not isinstance(root, Fields):
            raise ScriptError([Problem(root.place, "expected a routine: keys such as `title:` and `steps:`")])
        tag = next((node.text for key, node in root.pairs if key.text == "language" and isinstance(node, Scalar)), "")
        self._words = load_foreign(tag.strip())
        if self._words:
            from voiceguide.language import sides

            root = sides.put_in_english(root, self._words.side_names)
        title = next((node.text for key, node in root.pairs if key.text == "title" and isinstance(node, Scalar)), "")
        # Options and defaults first, wherever they are, because the steps refer to them.
        for key, node in root.pairs:
            if key.text == "options":
                self._options = self._read_options(node)
            elif key.text == "defaults" and isinstance(node, Fields):
                self._defaults = Defaults(**self.fields(node, table.DEFAULTS, _Scope(block=title), "defaults"))
        given = self.fields(root, table.TOP, _Scope(block=title), "a routine")
        if not {"title", "steps"} <= given.keys():
            return None
        if self._nexts and not any(isinstance(step, Exercise) for step in walk(given["steps"])):
            for place in self._nexts:
                self.problem(place, "{next} is the title of the next exercise, but this routine has none; remove it")
        places = {key.text: node.place for key, node in root.pairs}
        return Routine(
            path=self.path,
            title=given["title"],
            steps=given["steps"],
            about=given.get("about"),
            author=given.get("author"),
            source=given.get("source"),
            tags=given.get("tags", ()),
            needs=given.get("needs", ()),
            notice=given.get("notice"),
            notice_place=places.get("notice"),
            language=given.get("language", "en-US"),
            language_place=places.get("language"),
            voice=VoiceSpec(**given.get("voice", {})),
            pronounce=given.get("pronounce", {}),
            defaults=self._defaults,
            options=self._options,
            bed=given.get("bed"),
            sounds=given.get("sounds", {}),
        )

    def fields(self, node: Fields, known: table.Fields, scope: _Scope, what: str) -> dict[str, Any]:
        """Read keys with a table. Returns the valid values by key."""
        given: dict[str, Any] = {}
        seen: set[str] = set()
        meant: set[str | None] = set()
        for key, value in node.pairs:
            name = key.text
            if name in seen:
                self.problem(key.place, f"the key {quoted(name)} appears twice; keep one")
            elif name not in known:
                self.problem(key.place, f"unknown key {quoted(name)} in {what}{closest(name, known)}")
                meant.add(nearest(name, sorted(known)))
            else:
                try:
                    given[name] = self._read_value(name, value, known[name].kind, scope)
                except ReadError as wrong:
                    self.missed = self.missed or isinstance(wrong, MissingError)
                    for each in wrong.all:
                        self.problem(each.place, f"{name}: {each.message}")
            seen.add(name)
        for name, missing in known.items():
            if missing.required and name not in seen and name not in meant:
                self.problem(node.place, f'{what} needs the key "{name}": {missing.about}')
        return given

    def _read_value(self, name: str, node: Node, kind: kinds.Kind | Part, scope: _Scope) -> Any:
        if kind is Part.STEPS:
            return self.steps(node, replace(scope, around=scope.around.enter_part(name)))
        if kind is Part.DURING:
            inner = replace(scope, in_cue=True)
            fields = partial(self._read_cue_fields, scope=inner)
            return read_during(node, fields, self.problem, scope.around)
        if kind is Part.TEXTS:
            items = node.items if isinstance(node, Items) and node.items else (node,)
            if len(items) > MAX_TEXTS:
                raise ReadError(node.place, f"expected at most {MAX_TEXTS} texts, found {len(items):,}")
            return tuple(kinds.each(partial(self._read_value, name, each, values.TEXT, scope) for each in items))
        if kind is Part.SOUND:
            return read_sound(node, self.path.parent)
        if kind is Part.EDGE:
            return self._read_edge(node, scope)
        if kind is Part.INCLUDE:
            return self.include(node, self.path.parent)
        if kind is Part.OPTIONS:
            return self._options
        if kind is Part.BED:
            return self._read_bed(node, scope)
        if kind is Part.BED_SOUND:
            return read_bed(node, self.path.parent)
        if kind is Part.SOUNDS:
            return self._read_mapping(node, table.SOUNDS, scope, "sounds")
        if kind is Part.VOICE:
            return self._read_mapping(node, table.VOICE, scope, "voice")
        if kind is Part.DEFAULTS:
            return self._read_mapping(node, table.DEFAULTS, scope, "defaults")
        assert isinstance(kind, kinds.Kind)
        if kind is values.PRONOUNCE and isinstance(node, Fields):
            self.budget.spend("pronunciations", len(node.pairs), node.place)
        value = kind.read(node)
        if (kind is values.TEXT or kind is values.BRIEF) and isinstance(value, str):
            self._check_names(node, value, scope)
        if name in ("when", "unless"):
            self._check_options(name, node, value)
        return value

    def steps(self, node: Node, scope: _Scope) -> tuple[Step, ...]:
        if scope.depth >= MAX_DEPTH:
            raise ReadError(node.place, f"nested more than {MAX_DEPTH} deep here; move some steps out of their blocks")
        if isinstance(node, Items) and not node.items:
            raise ReadError(node.place, "expected at least one step, found an empty list")
        if not isinstance(node, Items):
            raise expected(node, "a list of steps, each starting with a hyphen")
        inner = replace(scope, depth=scope.depth + 1)
        read = (self._read_step(item, inner) for item in node.items)
        return tuple(step for step in read if step is not None)

    def _read_step(self, node: Node, scope: _Scope) -> Step | None:
        self._size += 1
        try:
            if isinstance(node, Items):
                raise expected(node, "a step such as `say: words`")
            if isinstance(node, Scalar):
                words = values.TEXT.read(node)
                verb, _, length = words.partition(" ")
                if node.plain and verb in table.VERBS and values.is_length(length):
                    advice = f'put a colon after "{verb}", or the text in quotes'
                    raise ReadError(node.place, f"{quoted(words)} would be spoken; {advice}")
                self._check_names(node, words, scope)
                return Say(place=node.place, text=Text(words))
            step = self._read_verb(node, scope)
        except ReadError as wrong:
            self.problem(wrong.place, wrong.message)
            return None
        if isinstance(step, Include):
            self._size += _size(step.routine.steps)
        budget.check("steps", self._size, node.place)
        return step

    def _read_verb(self, node: Fields, scope: _Scope) -> Step | None:
        key = find_verb(node)
        name = key.text
        verb = table.VERBS[name]
        inner = self._scope_inside(name, node, scope)
        known = {name: table.Field(verb.value, verb.about, required=True), **verb.modifiers, **table.CONDITIONS}
        given = self.fields(node, known, inner, f"{'an' if name[0] in 'aeiou' else 'a'} {name} step")
        if name not in given or any(key not in given for key, each in verb.modifiers.items() if each.required):
            return None
        at = At(key.place, inner.block, **{each: given.get(each, ()) for each in table.CONDITIONS})
        step = verb.build(given[name], given, at)
        places = {key.text: value.place for key, value in node.pairs}
        for at_key, message in checks.find_wrong(step, places, self._defaults, scope.around):
            self.problem(at_key, message)
        return step

    def _scope_inside(self, name: str, node: Fields, scope: _Scope) -> _Scope:
        """The scope of the values and steps under a verb."""
        if name == "exercise":
            title = next((value for key, value in node.pairs if key.text == name), None)
            return replace(scope, block=title.text) if isinstance(title, Scalar) and title.text.strip() else scope
        if name == "sides" and scope.around.sides:
            raise ReadError(node.place, "sides can't be nested; every step here already has a side")
        return replace(scope, around=scope.around.enter(name, node)) if name in ("sides", "repeat") else scope

    def _read_cue_fields(self, node: Fields, known: table.Fields, what: str, scope: _Scope) -> dict[str, Any]:
        return self.fields(node, known, scope, what)

    def _read_edge(self, node: Node, scope: _Scope) -> Edge | None:
        """What sounds where a hold begins or ends: one of a few words for it, a text of its own, or a sound."""
        if isinstance(node, Fields):
            sound: Sound | None = self.fields(node, table.EDGE, scope, "a start or end").get("chime")
            return sound
        if not isinstance(node, Scalar):
            raise expected(node, "chime, voice, both, none, a text, or a sound such as {chime: soft}")
        with suppress(ReadError):
            name: EdgeName = values.EDGE.read(node)
            return name
        return Text(self._read_value("", node, values.TEXT, scope))

    def _read_bed(self, node: Node, scope: _Scope) -> Bed | None:
        if not isinstance(node, Fields):
            return read_bed(node, self.path.parent)
        given = self.fields(node, table.BED, scope, "bed")
        bed: Bed | None = given.get("sound")
        return replace(bed, level=given.get("level", bed.level)) if bed else None

    def _read_mapping(self, node: Node, known: table.Fields, scope: _Scope, what: str) -> dict[str, Any]:
        if not isinstance(node, Fields):
            raise expected(node, f"keys such as {{{next(iter(known))}: …}}")
        return self.fields(node, known, scope, what)

    def _read_options(self, node: Node) -> dict[str, Option]:
        options: dict[str, Option] = {}
        if not isinstance(node, Fields):
            wrong = expected(node, "options such as deeper: {about: Lean in, default: no}")
            self.problem(wrong.place, f"options: {wrong.message}")
            return {}
        self.budget.spend("options", len(node.pairs), node.place)
        for key, value in node.pairs:
            if key.text in options:
                self.problem(key.place, f"the option {quoted(key.text)} appears twice; keep one")
                continue
            # Add it even if it is invalid, so that a step's `when` is not reported too.
            options[key.text] = Option("", False, key.place)
            try:
                values.NAME.read(key)
                given = self._read_mapping(value, table.OPTION, _Scope(block=""), f"the option {quoted(key.text)}")
            except ReadError as wrong:
                self.problem(wrong.place, f"options: {wrong.message}")
                continue
            excludes = given.get("excludes", ())
            options[key.text] = Option(given.get("about", ""), given.get("default", False), key.place, excludes)
        for place, message in checks.find_wrong_options(options, node):
            self.problem(place, message)
        return options

    def _check_options(self, key: str, node: Node, names: tuple[str, ...]) -> None:
        for name in names:
            if name not in self._options:
                items = node.items if isinstance(node, Items) else (node,)
                place = next(item.place for item in items if isinstance(item, Scalar) and item.text.strip() == name)
                what = f"{key}: there is no option {quoted(name)} in this routine"
                self.problem(place, f"{what}{closest(name, self._options)}")

    def _check_names(self, node: Node, words: str, scope: _Scope) -> None:
        """Raises ReadError for a placeholder that is unknown, or has no value here."""
        wrong = find_unknown(words, sorted(scope.around.names)) or find_formless(words, scope.around.sides)
        if wrong:
            place = node.place_of(*wrong[0]) if isinstance(node, Scalar) else node.place
            raise ReadError(place, wrong[1])
        around = {"sides": scope.around.sides, "repeat": scope.around.rounds, "during": scope.in_cue}
        for name, span in named_in(words):
            needed = _NEEDS.get(name)
            if needed and not around[needed]:
                place = node.place_of(*span) if isinstance(node, Scalar) else node.place
                raise ReadError(place, f"{{{name}}} has no meaning here; it needs `{needed}` around it")
            if name == "next":
                self._nexts.append(node.place_of(*span) if isinstance(node, Scalar) else node.place)


def _size(steps: tuple[Step, ...]) -> int:
    return len(steps) + sum(_size(children(step)) for step in steps)
