"""The routine language as tables: every key, its value, its meaning, and the step that it builds.

The reader and the JSON Schema both use these tables. A new verb is a struct in `model`, a row in `VERBS`, and a case in
the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from msgspec import Struct, field

from voiceguide.language import values
from voiceguide.language.kinds import Kind, positive
from voiceguide.language.parts import building
from voiceguide.language.parts.building import At
from voiceguide.routine.model import (
    Breathe,
    Chime,
    Exercise,
    Pause,
    Repeat,
    Say,
    Step,
)


class Part(Enum):
    """A value that only the reader can read, because it contains steps, names files, or has keys of its own."""

    STEPS = "steps"
    DURING = "during"
    SOUND = "sound"
    SOUNDS = "sounds"
    EDGE = "edge"
    TEXTS = "texts"
    INCLUDE = "include"
    OPTIONS = "options"
    VOICE = "voice"
    DEFAULTS = "defaults"
    BED = "bed"
    BED_SOUND = "bed sound"


class Field(Struct, frozen=True):
    """A key: its kind of value and its description."""

    kind: Kind | Part
    about: str
    required: bool = False


Fields = Mapping[str, Field]


class Verb(Struct, frozen=True):
    """A row of the language: its value, its modifiers, and the step it becomes."""

    value: Kind | Part
    about: str
    build: Callable[[Any, Mapping[str, Any], At], Step]
    modifiers: Fields = field(default_factory=dict)


CONDITIONS: Fields = {
    "when": Field(values.NAMES, "options that must all be on for this to happen"),
    "unless": Field(values.NAMES, "options that must all be on for this not to happen"),
    "on": Field(values.ON, "the passes of the sides or repeat around it: first, last, again, a number, or a side"),
}

_STEPS = Field(Part.STEPS, "the steps inside it", required=True)
_BRIEF = Field(values.BRIEF, "other words for the brief guide, or no for none")
_AGAIN = Field(values.BRIEF, "other words from the second time on, or no for none")
_NEEDS = Field(positive(values.DURATION), "only in a hold that is at least this long")
_WINDOW: Fields = {
    "name": Field(values.WORDS, "its name in a listener's choices; default: the exercise's title"),
    "min": Field(positive(values.LENGTH), "the shortest a listener may make it"),
    "max": Field(positive(values.LENGTH), "the longest a listener may make it"),
    "during": Field(Part.DURING, "cues inside it: words or sounds, and when"),
    "start": Field(Part.EDGE, "what sounds where it begins: chime, voice, both, none, a text, or a sound"),
    "end": Field(Part.EDGE, "what sounds where it ends: chime, voice, both, none, a text, or a sound"),
    "countdown": Field(values.COUNTDOWN, "count the last seconds aloud, or no"),
}

_SILENCE: Fields = {
    "min": Field(values.DURATION, "the shortest that a listener may make the silence; fitting then moves it"),
    "max": Field(values.DURATION, "the longest that a listener may make the silence; fitting then moves it"),
}

VERBS: Mapping[str, Verb] = {
    "say": Verb(
        values.TEXT,
        "speak a text; it takes as long as the voice needs, plus the gap",
        lambda value, given, at: Say(
            **at.common,
            text=building.build_text(value, given),
            gap=given.get("gap"),
            low=given.get("min"),
            high=given.get("max"),
        ),
        {"gap": Field(values.DURATION, "silence after it"), **_SILENCE, "brief": _BRIEF, "again": _AGAIN},
    ),
    "pause": Verb(
        values.PAUSES,
        "silence to get into position; a listener's pace scales it",
        lambda value, given, at: Pause(**at.common, ms=value, low=given.get("min"), high=given.get("max")),
        _SILENCE,
    ),
    "hold": Verb(
        values.HOLD,
        "the stretch: a window of exactly this length",
        building.build_window("hold"),
        {
            **_WINDOW,
            "pattern": Field(values.PATTERN, "breath cues inside it, in this pattern"),
            "cue": Field(values.CUE, "how its start and end are announced"),
        },
    ),
    "rest": Verb(values.ROUND_LENGTHS, "a rest, which works like a hold", building.build_window("rest"), _WINDOW),
    "reps": Verb(
        values.REPS,
        "repetitions at a tempo: a window of exactly this many times the tempo",
        building.build_reps,
        {
            **{key: each for key, each in _WINDOW.items() if key != "countdown"},
            "min": Field(values.COUNT, "the fewest that a listener may do"),
            "max": Field(values.COUNT, "the most that a listener may do"),
            "tempo": Field(values.TEMPO, "the seconds of going, pause, coming back, pause; default: 2-2"),
            "count": Field(values.COUNTING, "the number spoken as each begins: up, down or no; default: up"),
            "words": Field(Part.TEXTS, "what is said where going begins, and where coming back begins"),
            "cue": Field(values.CUE, "how its start and end are announced"),
        },
    ),
    "breathe": Verb(
        values.ROUND_LENGTHS,
        "guided breathing, for a number of breaths or about a duration",
        lambda value, given, at: Breathe(
            **at.common,
            length=value,
            pattern=given.get("pattern"),
            cue=given.get("cue", "both"),
            counting=given.get("count", "no"),
        ),
        {
            "pattern": Field(values.PATTERN, "the seconds of each phase"),
            "cue": Field(values.BREATH_CUE, "how each phase is announced"),
            "count": Field(values.COUNTING, "the number spoken as each breath begins: up, down or no; default: no"),
        },
    ),
    "chime": Verb(
        Part.SOUND,
        "a sound from the sound folder, or a file beside the script",
        lambda value, _given, at: Chime(**at.common, sound=value),
    ),
    "exercise": Verb(
        values.WORDS,
        "a block and a chapter; its holds are named after it",
        lambda value, given, at: Exercise(**at.common, title=value, steps=given["steps"], about=given.get("about")),
        {"steps": _STEPS, "about": Field(values.WORDS, "a line about it")},
    ),
    "sides": Verb(
        values.SIDES,
        "its steps, once for each side",
        building.build_sides,
        {
            "steps": _STEPS,
            "ratio": Field(values.RATIO, "rounds of the tighter side to the other"),
            "switch": Field(Part.STEPS, "steps between the sides instead of the usual change of side"),
            "rest": Field(positive(values.DURATION), "a rest between the sides"),
        },
    ),
    "repeat": Verb(
        values.ROUNDS,
        "its steps, this many times",
        lambda value, given, at: Repeat(
            **at.common,
            times=value,
            steps=given["steps"],
            between=given.get("between", ()),
            called=given.get("as"),
        ),
        {
            "steps": _STEPS,
            "between": Field(Part.STEPS, "steps between the rounds"),
            "as": Field(values.AS, "what texts call its number, in inner loops too: set makes {set} and {sets}"),
        },
    ),
    "include": Verb(
        Part.INCLUDE,
        "the steps of another routine",
        building.build_include,
        {
            "hold": Field(positive(values.LENGTH), "the length of all its holds"),
            "pattern": Field(values.PATTERN, "the breath, wherever it has one"),
            "gap": Field(values.DURATION, "silence after every say that has no gap of its own"),
            "pace": Field(values.PACE, "longer (1.25) or shorter (0.8) pauses and gaps"),
            "guide": Field(values.PART_GUIDE, "how much of its words is said: full, brief or fade"),
            "with": Field(values.NAMES, "its options to turn on"),
            "without": Field(values.NAMES, "its options to turn off"),
        },
    ),
}

CUE: Fields = {
    "at": Field(values.MOMENT, "the moment, from the hold's start, from its end, or as a percentage", required=True),
    "say": Field(values.TEXT, "words to say at this moment"),
    "chime": Field(Part.SOUND, "a sound at this moment"),
    "needs": _NEEDS,
    "brief": _BRIEF,
    "again": _AGAIN,
}

RECURRING: Fields = {
    "every": Field(values.EVERY, "how often it comes back, counted from the hold's start", required=True),
    "say": Field(Part.TEXTS, "words to say, or several in turn"),
    "chime": Field(Part.SOUND, "a sound"),
    "from": Field(values.MOMENT, "the first moment at which it may sound; default: the start"),
    "until": Field(values.MOMENT, "the last moment at which it may sound; default: the end"),
    "needs": _NEEDS,
    "brief": _BRIEF,
    "again": _AGAIN,
}

EDGE: Fields = {"chime": Field(Part.SOUND, "a sound", required=True)}

OPTION: Fields = {
    "about": Field(values.WORDS, "a line about what it changes", required=True),
    "default": Field(values.FLAG, "whether it is on by default"),
    "excludes": Field(values.NAMES, "options that can't be on together with it"),
}

VOICE: Fields = {
    "name": Field(values.WORDS, "a voice's id or name"),
    "rate": Field(values.RATE, "words a minute"),
    "pitch": Field(values.PITCH, "0 to 100; 50 is the voice's normal pitch"),
    "volume": Field(values.VOLUME, "above 0, at most 1"),
}

DEFAULTS: Fields = {
    "gap": Field(values.DURATION, "silence after every say"),
    "switch": Field(values.DURATION, "the pause to change sides"),
    "countdown": Field(values.COUNTDOWN, "count the last seconds of holds, or no"),
    "pattern": Field(values.PATTERN, "the breath pattern"),
    "cue": Field(values.CUE, "how the start and end of holds are announced"),
}

BED: Fields = {
    "sound": Field(Part.BED_SOUND, "brown, waves, drone, breath, or a music file beside the script", required=True),
    "level": Field(values.BED_LEVEL, "its level in dB below the voice"),
}

SOUNDS: Fields = {
    "start": Field(Part.SOUND, "the sound where a hold begins"),
    "halfway": Field(Part.SOUND, "the sound at the middle of a long hold"),
    "end": Field(Part.SOUND, "the sound where a hold ends"),
    "switch": Field(Part.SOUND, "the sound of a change of sides"),
}

TOP: Fields = {
    "title": Field(values.WORDS, "the title of the session and its track", required=True),
    "about": Field(values.WORDS, "a line about it"),
    "author": Field(values.WORDS, "who wrote it"),
    "source": Field(values.WORDS, "where the exercise comes from"),
    "tags": Field(values.TAGS, "words to find it by"),
    "needs": Field(values.TAGS, "the things that a listener needs"),
    "notice": Field(values.TEXT, "a safety notice; shown, and spoken first"),
    "language": Field(values.LANGUAGE, "a language tag; selects the voice"),
    "voice": Field(Part.VOICE, "the voice and its settings"),
    "pronounce": Field(values.PRONOUNCE, "words and how to pronounce them"),
    "bed": Field(Part.BED, "the sound under the session: brown, waves, drone, breath, or a music file"),
    "sounds": Field(Part.SOUNDS, "sounds of its own at start, end, halfway and switch"),
    "defaults": Field(Part.DEFAULTS, "the defaults for all steps"),
    "options": Field(Part.OPTIONS, "parts of the routine that a listener can turn on or off"),
    "steps": Field(Part.STEPS, "the routine itself", required=True),
}
