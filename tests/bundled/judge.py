"""What a person with closed eyes needs of a session's words, as rules over its timeline.

Each rule returns what it finds wrong, as sentences with the second. `docs/writing.md` says how routines are judged;
what a word list can't see, such as whether an instruction is right, is for people to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from voiceguide.score.timeline import ChimeEvent, HoldEvent, SayEvent, SwitchEvent, Timeline

MAX_SILENCE = 75_000  # ms without a word or a breath in a hold of the body's work
MAX_WORDS = 20  # of a sentence
SHORT_HOLD = 9_000  # ms; nothing has to be said in a shorter one
WORK_ENDS = 3_000  # ms between an end chime and words that it belongs to


@dataclass(frozen=True)
class Language:
    """The words that rules look for, as regular expressions in any case. `postures` have seconds of silence after."""

    sides: str
    own: str
    breath: str
    felt: str
    avoid: str
    easier: str
    release: str
    stay: str
    postures: tuple[tuple[str, float], ...]


ENGLISH = Language(
    sides=r"\b(left|right|tighter)\b",
    own=r"begin\.|and release\.|halfway\.|rest\.|(and )?breathe (in|out)\.|in\.|out\.|hold( it)?\.|stay empty\.",
    breath=r"\b(breath\w*|exhale|inhale)\b",
    felt=r"\b(feel|felt)\b|front of your",
    avoid=r"\b(don't|never|not|without)\b",
    easier=r"too (much|strong)|to (stop|come out)\b|stop (here|after)",
    release=r"\brelease\b",
    stay=r"\bstay\b",
    postures=(
        (r"\bstand (up|tall)\b", 8),
        (r"\bstand up\b", 10),
        (r"\b(kneel|come|lower)\b.* (on|onto) your \w+ knee", 10),
        (r"\bswap\b.* \w+ knee (goes )?down", 6),
        (r"^now come down", 10),
        (r"\bcome up over your \w+ foot|thigh, and come up\b", 8),
        (r"come up to kneeling", 20),
        (r"\blie (down|on)\b", 10),
        (r"\bsit down\b", 10),
        (r"\b(come back up to sitting|sit up)\b", 8),
        (r"\bslide it under\b|\b(put|slide) the block (back )?under\b", 8),
        (r"\b(take|put) the block (out|aside)\b", 6),
        (r"roll onto (one|your \w+) side", 8),
    ),
)


@dataclass(frozen=True)
class Work:
    """The holds of one pass of an exercise, and all that is said from its beginning to their end."""

    exercise: str
    side: str | None
    holds: tuple[HoldEvent, ...]
    said: tuple[SayEvent, ...]

    @property
    def text(self) -> str:
        """All of it in one text."""
        return " ".join(each.text for each in self.said)

    @property
    def instructions(self) -> tuple[SayEvent, ...]:
        """What is said before the first hold."""
        return tuple(each for each in self.said if each.start_ms < self.holds[0].start_ms)


def judge(timeline: Timeline, language: Language = ENGLISH, *, quiet: bool = False) -> list[str]:
    """All that is wrong with a session's words. The quiet guide has few words by choice: it only has to name sides."""
    found = [*_name_sides(timeline, language)]
    if not quiet:
        found += _break_silence(timeline)
        found += _give_time(timeline, language)
        found += _vary(timeline, language)
        found += _agree(timeline, language)
        found += _be_brief(timeline)
        found += _breathe(timeline, language)
        found += _say_all_three(timeline, language)
    return found


def _said(timeline: Timeline) -> list[SayEvent]:
    return [each for each in timeline.events if isinstance(each, SayEvent)]


def works(timeline: Timeline) -> Iterator[Work]:
    """Each pass of each exercise in which something is held."""
    events = timeline.events
    switches = [each for each in events if isinstance(each, SwitchEvent)]
    begun, holds = 0, list[HoldEvent]()
    for each in events:
        same = holds and (each.exercise, each.side) == (holds[0].exercise, holds[0].side)
        if holds and not same:
            yield _work(timeline, begun, holds)
            begun, holds = holds[-1].end_ms, []
        if not holds and (each in switches or isinstance(each, SwitchEvent)):
            begun = each.start_ms
        if isinstance(each, HoldEvent) and each.length_ms >= SHORT_HOLD and each.exercise is not None:
            holds.append(each)
    if holds:
        yield _work(timeline, begun, holds)


def _work(timeline: Timeline, begun: int, holds: list[HoldEvent]) -> Work:
    said = [each for each in _said(timeline) if begun <= each.start_ms < holds[-1].end_ms]
    name = holds[0].exercise
    assert name is not None
    return Work(name, holds[0].side, tuple(holds), tuple(said))


def _break_silence(timeline: Timeline) -> Iterator[str]:
    for hold in timeline.events:
        if isinstance(hold, HoldEvent):
            heard = [(each.start_ms, each.end_ms) for each in _said(timeline)]
            heard += [(phase.start_ms, phase.end_ms) for phase in hold.phases]
            inside = sorted(each for each in heard if hold.start_ms <= each[0] < hold.end_ms)
            edges = [(hold.start_ms, hold.start_ms), *inside, (hold.end_ms, hold.end_ms)]
            for (_, before), (after, _) in pairwise(edges):
                if after - before > MAX_SILENCE:
                    yield f"{_at(before)}: {(after - before) / 1000:.0f} s of silence in {hold.name}"


def _give_time(timeline: Timeline, language: Language) -> Iterator[str]:
    for before, after in pairwise(_said(timeline)):
        last = sentences(before.text)[-1]
        needed = max((seconds for words, seconds in language.postures if _has(words, last)), default=0)
        given = (after.start_ms - before.end_ms) / 1000
        if given < needed:
            yield f"{_at(before.end_ms)}: {given:.1f} s after {last!r}, which needs {needed:g} s"


def _vary(timeline: Timeline, language: Language) -> Iterator[str]:
    seen: dict[tuple[str, str], int] = {}
    for each in _said(timeline):
        if each.exercise is None:
            continue
        for sentence in sentences(each.text):
            key = (each.exercise, sentence)
            own = re.fullmatch(language.own, sentence, re.IGNORECASE)
            if key in seen and own is None and not _has(language.sides, sentence):
                yield f"{_at(each.start_ms)}: {sentence!r} was said at {_at(seen[key])} already"
            seen.setdefault(key, each.start_ms)


def _agree(timeline: Timeline, language: Language) -> Iterator[str]:
    for before, after in pairwise(_said(timeline)):
        if _has(language.release, sentences(before.text)[-1]) and _has(language.stay, sentences(after.text)[0]):
            yield f"{_at(after.start_ms)}: {after.text!r} after {before.text!r}"
        if _has(language.release, before.text) and _has(language.release, after.text):
            yield f"{_at(after.start_ms)}: released twice, by {before.text!r} and {after.text!r}"
    ends = [each for each in timeline.events if isinstance(each, ChimeEvent) and each.name == "end"]
    for chime in ends:
        for each in _said(timeline):
            soon = 0 <= each.start_ms - chime.end_ms <= WORK_ENDS
            if soon and _has(language.stay, sentences(each.text)[0]):
                yield f"{_at(each.start_ms)}: {each.text!r} after the end chime"


def _be_brief(timeline: Timeline) -> Iterator[str]:
    for each in _said(timeline):
        for sentence in sentences(each.text):
            if len(sentence.split()) > MAX_WORDS:
                yield f"{_at(each.start_ms)}: {len(sentence.split())} words in {sentence!r}"


def _breathe(timeline: Timeline, language: Language) -> Iterator[str]:
    for work in works(timeline):
        guided = any(hold.phases for hold in work.holds)
        if not guided and not _has(language.breath, work.text):
            yield f"{_at(work.holds[0].start_ms)}: no word of the breath in {work.exercise}, {work.side}"


def _name_sides(timeline: Timeline, language: Language) -> Iterator[str]:
    for work in works(timeline):
        if work.side is not None and not any(_has(language.sides, each.text) for each in work.instructions):
            yield f"{_at(work.holds[0].start_ms)}: {work.exercise} begins without its side, {work.side}"


def _say_all_three(timeline: Timeline, language: Language) -> Iterator[str]:
    """How, where it is felt, what to avoid: once in each exercise with a hold. And how to make it easier."""
    texts: dict[str, str] = {}
    for work in works(timeline):
        texts[work.exercise] = f"{texts.get(work.exercise, '')} {work.text}"
    for exercise, text in texts.items():
        around = " ".join(each.text for each in _said(timeline) if each.exercise == exercise)
        for what, words in (("where it is felt", language.felt), ("what to avoid", language.avoid)):
            if not _has(words, text) and not _has(words, around):
                yield f"{exercise}: nothing of {what}"
    everything = " ".join(each.text for each in _said(timeline))
    if not _has(language.easier, everything):
        yield "nothing of how to make it easier or to stop early"


def spoken_before_holds(work: Work) -> int:
    """The milliseconds of speech before a pass's first hold."""
    return sum(each.length_ms for each in work.instructions)


def sentences(text: str) -> list[str]:
    """The sentences of a text; at least one."""
    return re.split(r"(?<=[.!?])\s+", text.strip())


def _has(words: str, text: str) -> bool:
    return re.search(words, text, re.IGNORECASE) is not None


def _at(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes}:{seconds:02d}"
