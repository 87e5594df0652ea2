"""One script's document → Routine, read along the tables of the language.

Where a value can't be read the reader notes the problem and goes on; a routine is of use only if there was none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from voiceguide import library, times
from voiceguide.errors import Place, Problem, ScriptError, quoted
from voiceguide.routine import kinds, ranges, table, values
from voiceguide.routine.document import Fields, Items, Node, Scalar
from voiceguide.routine.kinds import ReadError, closest, expected
from voiceguide.routine.model import (
    Cue,
    Defaults,
    Hold,
    Include,
    Option,
    Routine,
    Say,
    SideLengths,
    Sides,
    Sound,
    Step,
    Text,
    VoiceWish,
    children,
    walk,
)
from voiceguide.routine.table import At, Part
from voiceguide.routine.wording import names_in

DEEPEST = 16  # steps inside steps
MOST_STEPS = 20_000  # with includes written out
MOST_CUES = 200  # in one hold


@dataclass(frozen=True)
class _Scope:
    """What a step stands in, as far as its reading depends on it."""

    block: str
    depth: int = 0
    sided: bool = False
    repeated: bool = False


@dataclass
class Reader:
    loader: _Loader
    path: Path
    options: dict[str, Option] = field(default_factory=dict)
    size: int = 0

    def problem(self, place: Place, message: str) -> None:
        found = Problem(place, message)
        if found not in self.loader.problems:
            self.loader.problems.append(found)

    def routine(self, root: Node) -> Routine | None:
        if not isinstance(root, Fields):
            raise ScriptError([Problem(root.place, "expected a routine: keys such as `title:` and `steps:`")])
        title = next((node.text for key, node in root.pairs if key.text == "title" and isinstance(node, Scalar)), "")
        # Options first, wherever they stand: the steps are read against them.
        for key, node in root.pairs:
            if key.text == "options":
                self.options = self._options(node)
        given = self.fields(root, table.TOP, _Scope(block=title), "a routine")
        if not {"title", "steps"} <= given.keys():
            return None
        notice = next((node.place for key, node in root.pairs if key.text == "notice"), None)
        return Routine(
            path=self.path,
            title=given["title"],
            steps=given["steps"],
            about=given.get("about"),
            author=given.get("author"),
            source=given.get("source"),
            tags=given.get("tags", ()),
            notice=given.get("notice"),
            notice_place=notice,
            language=given.get("language", "en-US"),
            voice=VoiceWish(**given.get("voice", {})),
            pronounce=given.get("pronounce", {}),
            defaults=Defaults(**given.get("defaults", {})),
            options=self.options,
            bed=given.get("bed"),
        )

    def fields(self, node: Fields, known: table.Fields, scope: _Scope, what: str) -> dict[str, Any]:
        """Read keys along a table: the values that could be read, under their keys."""
        given: dict[str, Any] = {}
        seen: set[str] = set()
        for key, value in node.pairs:
            name = key.text
            if name in seen:
                self.problem(key.place, f'the key "{name}" stands here twice; keep one')
            elif name not in known:
                self.problem(key.place, f'unknown key "{name}" in {what}{closest(name, known)}')
            else:
                try:
                    given[name] = self._value(name, value, known[name].kind, scope)
                except ReadError as wrong:
                    self.problem(wrong.place, f"{name}: {wrong.message}")
            seen.add(name)
        for name in known.keys() - seen:
            if known[name].required:
                self.problem(node.place, f'{what} needs the key "{name}": {known[name].about}')
        return given

    def _value(self, name: str, node: Node, kind: kinds.Kind | Part, scope: _Scope) -> Any:
        if kind is Part.STEPS:
            return self.steps(node, scope)
        if kind is Part.DURING:
            return self._during(node, scope)
        if kind is Part.SOUND:
            return self._sound(node)
        if kind is Part.INCLUDE:
            return self.loader.include(node, self.path.parent)
        if kind is Part.OPTIONS:
            return self.options
        if kind is Part.BED:
            return self._bed(node, scope)
        if kind is Part.BED_SOUND:
            return self._bed_sound(node)
        if kind is Part.VOICE:
            return self._mapping(node, table.VOICE, scope, "voice")
        if kind is Part.DEFAULTS:
            return self._mapping(node, table.DEFAULTS, scope, "defaults")
        assert isinstance(kind, kinds.Kind)
        value = kind.read(node)
        if (kind is values.TEXT or kind is values.BRIEF) and isinstance(value, str):
            self._names(node, value, scope)
        if name in ("when", "unless"):
            self._known_options(node, value)
        return value

    def steps(self, node: Node, scope: _Scope) -> tuple[Step, ...]:
        if scope.depth >= DEEPEST:
            raise ReadError(
                node.place, f"steps are nested more than {DEEPEST} deep here; take some out of their blocks"
            )
        if isinstance(node, Items) and not node.items:
            raise ReadError(node.place, "expected at least one step, found an empty list")
        if not isinstance(node, Items):
            raise expected(node, "a list of steps, each line beginning with a hyphen")
        inner = replace(scope, depth=scope.depth + 1)
        read = (self._step(item, inner) for item in node.items)
        return tuple(step for step in read if step is not None)

    def _step(self, node: Node, scope: _Scope) -> Step | None:
        self.size += 1
        try:
            if isinstance(node, Items):
                raise expected(node, "a step such as `say: words`")
            if isinstance(node, Scalar):
                words = values.TEXT.read(node)
                self._names(node, words, scope)
                return Say(place=node.place, text=Text(words, words))
            step = self._verb(node, scope)
        except ReadError as wrong:
            self.problem(wrong.place, wrong.message)
            return None
        if isinstance(step, Include):
            self.size += _size(step.routine.steps)
        if self.size > MOST_STEPS:
            self.problem(node.place, f"with what it includes, this routine has more than {MOST_STEPS:,} steps")
            raise ScriptError([])  # reading on would only take longer to say the same
        return step

    def _verb(self, node: Fields, scope: _Scope) -> Step | None:
        verbs = [(key, value) for key, value in node.pairs if key.text in table.VERBS]
        names = list(dict.fromkeys(key.text for key, _ in verbs))
        # `include` and `breathe` share no key with a verb, but a step's `hold:` may belong to its `include:`.
        if "include" in names:
            names = [name for name in names if name not in table.VERBS["include"].modifiers]
        if len(names) > 1:
            second = next(key for key, _ in verbs if key.text == names[1])
            message = f"a step has one verb, found {' and '.join(names)}; write them as separate steps"
            raise ReadError(second.place, message)
        if not names:
            first = node.pairs[0][0] if node.pairs else None
            every = {*table.VERBS, *table.CONDITIONS}
            wrong = [key for key, _ in node.pairs if key.text not in table.CONDITIONS]
            unknown = next((key for key in wrong if closest(key.text, every).startswith("; did")), first)
            if unknown is None or unknown.text in table.CONDITIONS:
                raise ReadError(node.place, f"a step needs a verb, one of {', '.join(table.VERBS)}")
            raise ReadError(unknown.place, f'"{unknown.text}" is not a verb{closest(unknown.text, table.VERBS)}')
        name = names[0]
        verb = table.VERBS[name]
        inner = self._inside(name, node, scope)
        known = {name: table.Field(verb.value, verb.about, required=True), **verb.modifiers, **table.CONDITIONS}
        given = self.fields(node, known, inner, f"a {name} step")
        if name not in given or any(key not in given for key, each in verb.modifiers.items() if each.required):
            return None
        place = next(key.place for key, _ in verbs if key.text == name)
        at = At(place, given.get("when", ()), given.get("unless", ()), inner.block)
        step = verb.build(given[name], given, at)
        self._check(step, node, scope)
        return step

    def _inside(self, name: str, node: Fields, scope: _Scope) -> _Scope:
        """The scope of what stands under a verb."""
        if name == "exercise":
            title = next((value for key, value in node.pairs if key.text == name), None)
            return replace(scope, block=title.text) if isinstance(title, Scalar) and title.text.strip() else scope
        if name == "sides":
            if scope.sided:
                raise ReadError(node.place, "sides can't stand inside sides; every step in there already has a side")
            return replace(scope, sided=True)
        if name == "repeat":
            return replace(scope, repeated=True)
        return scope

    def _check(self, step: Step, node: Fields, scope: _Scope) -> None:
        """What takes more than one key to see."""
        places = {key.text: value.place for key, value in node.pairs}
        if isinstance(step, Hold):
            if isinstance(step.length, SideLengths) and not scope.sided:
                raise ReadError(places[step.kind], f"{step.kind}: a length for each side needs `sides` around it")
            breath = step.pattern or times.Pattern(4000, 0, 6000, 0)
            self._range(step, places, breath)
        if isinstance(step, Include):
            known = step.routine.all_options
            for key, names in (("with", step.with_), ("without", step.without)):
                for name in names:
                    if name not in known:
                        message = f'{key}: "{step.routine.name}" has no option "{name}"{closest(name, known)}'
                        self.problem(places[key], message)
            for name in set(step.with_) & set(step.without):
                self.problem(places["without"], f'without: "{name}" stands under `with` too; keep one')

    def _range(self, step: Hold, places: Mapping[str, Place], breath: times.Pattern) -> None:
        lengths = [step.length]
        if isinstance(step.length, SideLengths):
            lengths = [step.length.left, step.length.right]
        ends = [None if end is None else times.whole(end, breath) for end in (step.low, step.high)]
        low, high = ends
        if low is not None and high is not None and low > high:
            self.problem(
                places["min"], f"min: {times.short(step.low or 0)} is longer than max, {times.short(step.high or 0)}"
            )
            return
        for length in lengths:
            assert not isinstance(length, SideLengths)
            ms = times.whole(length, breath)
            if (low is not None and ms < low) or (high is not None and ms > high):
                within = f"from {times.short(step.low or 0)}" if step.low else ""
                within += f" to {times.short(step.high)}" if step.high else ""
                message = f"{step.kind}: {times.short(length)} is outside its own range{' ' + within.strip()}"
                self.problem(places[step.kind], message)

    def _during(self, node: Node, scope: _Scope) -> tuple[Cue, ...]:
        if not isinstance(node, Items):
            raise expected(node, "a list of cues such as {at: half, say: Halfway there.}")
        cues: list[Cue] = []
        for item in node.items:
            if not isinstance(item, Fields):
                wrong = expected(item, "a cue such as {at: half, say: Halfway there.}")
                self.problem(wrong.place, f"during: {wrong.message}")
                continue
            given = self.fields(item, {**table.CUE, **table.CONDITIONS}, scope, "a cue")
            if ("say" in given) == ("chime" in given):
                keys = {key.text for key, _ in item.pairs}
                if not (keys & {"say", "chime"}) or {"say", "chime"} <= keys:
                    self.problem(item.place, "during: a cue has either `say` or `chime`, and `at`")
                continue
            if "at" in given:
                text = table.text(given["say"], given) if "say" in given else None
                conditions = {key: given.get(key, ()) for key in table.CONDITIONS}
                cues.append(Cue(place=item.place, at=given["at"], text=text, sound=given.get("chime"), **conditions))
        return tuple(cues)

    def _sound(self, node: Node) -> Sound:
        if not isinstance(node, Scalar) or not node.text.strip():
            raise expected(node, "a sound such as bell, or a file beside the script")
        wanted = node.text.strip()
        path = library.sound(wanted, self.path.parent)
        if path is None:
            raise ReadError(node.place, f'there is no sound "{wanted}"{closest(wanted, library.sound_names())}')
        return Sound(wanted, path)

    def _bed(self, node: Node, scope: _Scope) -> Bed | None:
        if not isinstance(node, Fields):
            return self._bed_sound(node)
        given = self.fields(node, table.BED, scope, "bed")
        bed: Bed | None = given.get("sound")
        return replace(bed, level=given.get("level", bed.level)) if bed else None

    def _bed_sound(self, node: Node) -> Bed:
        if not isinstance(node, Scalar) or not node.text.strip():
            raise expected(node, f"one of {', '.join(library.BEDS)}, or a music file beside the script")
        wanted = node.text.strip()
        if wanted in library.BEDS:
            return Bed(wanted)
        path = library.music(wanted, self.path.parent)
        if path is None:
            raise Wrong(node.place, f'there is no bed "{wanted}", nor such a file{closest(wanted, library.BEDS)}')
        return Bed(path.stem, path)

    def _mapping(self, node: Node, known: table.Fields, scope: _Scope, what: str) -> dict[str, Any]:
        if not isinstance(node, Fields):
            raise expected(node, f"keys such as {{{next(iter(known))}: …}}")
        return self.fields(node, known, scope, what)

    def _options(self, node: Node) -> dict[str, Option]:
        options: dict[str, Option] = {}
        if not isinstance(node, Fields):
            wrong = expected(node, "options such as deeper: {about: Lean in, default: no}")
            self.problem(wrong.place, f"options: {wrong.message}")
            return {}
        for key, value in node.pairs:
            if key.text in options:
                self.problem(key.place, f'the option "{key.text}" stands here twice; keep one')
                continue
            try:
                name = values.NAME.read(key)
                given = self._mapping(value, table.OPTION, _Scope(block=""), f'the option "{name}"')
            except ReadError as wrong:
                self.problem(wrong.place, f"options: {wrong.message}")
                continue
            options[name] = Option(given.get("about", ""), given.get("default", False), key.place)
        return options

    def _known_options(self, node: Node, names: tuple[str, ...]) -> None:
        for name in names:
            if name not in self.options:
                items = node.items if isinstance(node, Items) else (node,)
                place = next(item.place for item in items if isinstance(item, Scalar) and item.text.strip() == name)
                self.problem(place, f'there is no option "{name}" in this routine{closest(name, self.options)}')

    def _names(self, node: Node, words: str, scope: _Scope) -> None:
        """Names of a text that have no value where it stands."""
        for name in names_in(words):
            if name in ("side", "other") and not scope.sided:
                raise ReadError(node.place, f"{{{name}}} has no meaning here; it needs `sides` around it")
            if name in ("round", "rounds") and not scope.repeated:
                raise ReadError(node.place, f"{{{name}}} has no meaning here; it needs `repeat` around it")


def _size(steps: tuple[Step, ...]) -> int:
    return len(steps) + sum(_size(children(step)) for step in steps)
