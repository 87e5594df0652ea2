"""The table of choices: its rows hold together with `Choices`, the keywords and the options; and how they add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import click
import pytest

from voiceguide import library, values
from voiceguide.cli.commands import make, show
from voiceguide.errors import RequestError
from voiceguide.routine.choices import CHOICES, Choice, Choices, LengthChoice, merge, read
from voiceguide.routine.fields import ChoiceFields
from voiceguide.routine.model import BreathCue, CueProfile, Guide, Side
from voiceguide.times import Breaths

# A value of each type that a keyword may have, which this choice takes: by type, and where it matters by choice.
SAMPLES: dict[Any, Any] = {
    int: 7,
    float: 7.5,
    timedelta: timedelta(seconds=7),
    PathLike[str]: Path("rain.wav"),
    bool: True,
}
TEXTS = {"pattern": "4-6", "voice": "en-GB", "with": "a", "without": "a", "bed": "waves", "pace": "1.25",
         "reps": "bridge=8", "tempo": "2-0-4"}  # fmt: skip
NUMBERS = {"reps": 12, "rate": 120, "bed-level": 20}


class Several(NamedTuple):
    """Several of a type."""

    of: Any


def members(hint: Any) -> Iterator[Any]:
    """The types in a union, those of a sequence's elements too."""
    if get_origin(hint) is Literal or not get_args(hint) or get_origin(hint) is PathLike:
        yield hint
    elif get_origin(hint) is Sequence:
        yield Several(get_args(hint)[0])
    else:
        for each in get_args(hint):
            yield from members(each)


def samples(choice: Choice, hint: Any) -> Iterator[Any]:
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif hint is str:
        yield TEXTS.get(choice.name, "45s")
    elif isinstance(hint, Several):
        yield [value for each in members(hint.of) for value in samples(choice, each)]
    else:
        yield NUMBERS.get(choice.name, SAMPLES[hint]) if hint is int else SAMPLES[hint]


HINTS = get_type_hints(ChoiceFields)


def test_every_row_has_its_field_and_its_keyword() -> None:
    assert [choice.field for choice in CHOICES.values()] == [*Choices.__struct_fields__]
    assert [choice.keyword for choice in CHOICES.values()] == [*HINTS]
    assert [*CHOICES] == [choice.name for choice in CHOICES.values()]


@pytest.mark.parametrize("choice", CHOICES.values(), ids=lambda choice: choice.name)
def test_a_choice_takes_every_type_of_its_keyword_and_no_other(choice: Choice) -> None:
    hints = list(members(HINTS[choice.keyword]))
    for value in (value for hint in hints for value in samples(choice, hint)):
        read({choice.name: value})
    wrong: list[Any] = [None, object(), {"a": 1}, b"x", ""]
    wrong += [] if any(isinstance(hint, Several) for hint in hints) else [["45s"]]
    wrong += [] if str in hints or float in hints else [7.5]
    for value in wrong:
        with pytest.raises(RequestError, match=rf"^--{choice.name}: expected .*, found "):
            read({choice.name: value}, dashes="--")


@pytest.mark.parametrize("choice", CHOICES.values(), ids=lambda choice: choice.name)
def test_the_words_of_a_choice_are_those_of_its_keyword(choice: Choice) -> None:
    literals = [
        word for hint in members(HINTS[choice.keyword]) if get_origin(hint) is Literal for word in get_args(hint)
    ]
    words = {word for word in literals if word not in ("default", "no")}
    taken = set() if choice.is_flag or str in list(members(HINTS[choice.keyword])) else set(choice.value.words)
    assert words == taken


def test_the_words_of_the_grammar_are_the_models() -> None:
    assert get_args(Side) == values.SIDES
    assert get_args(Guide) == values.GUIDES
    assert get_args(CueProfile) == values.CUES
    assert get_args(BreathCue) == values.BREATH_CUES


@pytest.mark.parametrize("command", [make.command, show.command], ids=lambda command: command.name)
def test_commands_have_an_option_for_each_row(command: click.Command) -> None:
    options = {param.opts[0]: param for param in command.params if isinstance(param, click.Option)}
    for name, choice in CHOICES.items():
        option = options[f"--{name}"]
        assert option.secondary_opts == ([f"--no-{name}"] if choice.is_flag else [])
        assert option.multiple is choice.many
        assert option.help == choice.help
        assert bool(option.metavar) is not choice.is_flag
    shown = command.get_help(click.Context(command, info_name=command.name))
    assert [shown.count(f"\n{section}:\n") for section in ("Lengths", "Sides", "What is said and heard", "Output")] == [
        1
    ] * 4


def test_beds_are_named_where_they_are_asked_for() -> None:
    assert all(bed in CHOICES["bed"].help and bed in CHOICES["bed"].value.expected for bed in library.BEDS)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("rate", ["60", "400", " 120 "], ["59", "401", "-60", "60.0", "6e1", "0000000060", "٦٠"]),
        ("bed-level", ["6", "40", "006"], ["5", "41", ""]),
        ("countdown", ["1", "10", "0", "no", "OFF", "False"], ["11", "yes", "-1", "none"]),
        ("pace", ["0.1", "10", "10.0", ".5", "1.23456789"], ["0.09", "10.001", "1/2", "1,5", "1e0", f"1.{39 * '1'}"]),
        ("guide", ["full", "BRIEF", " quiet "], ["no", "fullest", ""]),
        ("cues", ["chimes", "voice", "both", "none", "yes", "True", "on", "no", "false", "off"], ["loud", "chime"]),
        ("first", ["left", "Right"], ["both", "tighter", "l"]),
        ("notice", ["yes", "true", "ON", "no", "false", "Off"], ["1", "0", "y", "n"]),
        ("fit", ["1ms", "12h", "1:00:00"], ["0", "0s", "-5s", "5 breaths", "half"]),
        ("hold", ["1ms", "1 breath", "a=5", "a/left=5s", "a / Tighter = 5s"], ["0", "0 breaths", "a=", "=5s"]),
        ("reps", ["1", "1000", "a=8", "a / Left = 5"], ["0", "1001", "5s", "a=", "=5", "a/up=5", "1.5"]),
        ("tempo", ["2-2", "0.5-60", "2-300-2-300"], ["2", "0.4-2", "2-60.1", "2-301-2", "box", "2-2-2-2-2"]),
        ("rest", ["1ms", "a=b=5"], ["a/up=5s", "a/=5s", "/left=5s"]),
    ],
)  # fmt: skip
def test_limits(name: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        read({name: text})
    for text in bad:
        with pytest.raises(RequestError, match=f"^{name}: expected "):
            read({name: text})


def test_what_the_spellings_mean() -> None:
    assert [read({"cues": word}).cues for word in ("yes", "ON", "no", "off", "Both")] == [
        *("chimes", "chimes", "none", "none", "both")
    ]
    assert [read({"countdown": word}).countdown for word in ("no", "0", "10")] == [0, 0, 10]
    assert [read({"stereo": word}).stereo for word in ("yes", True, "off", False)] == [True, True, False, False]
    assert read({"hold": "half-kneeling / LEFT =1m"}).holds == (LengthChoice(60_000, "half-kneeling", "left"),)
    assert read({"hold": ("5 breaths", "a=b=7")}).holds == (LengthChoice(Breaths(5)), LengthChoice(7_000, "a=b"))
    assert read({"with": ["a, b", "c"], "without": {"e", "d"}}) == Choices(with_=("a", "b", "c"), without=("d", "e"))
    assert read({"fit": timedelta(microseconds=1_500_400)}).fit == 1_500
    assert read({"pace": 1}).pace == read({}).pace == Fraction(1)


def test_a_set_is_read_in_the_order_of_its_texts() -> None:
    names = {f"option {number}" for number in range(30)}
    assert read({"with": names}).with_ == tuple(sorted(names))
    wrong = {f"{number:02} lightyears" for number in range(30)}
    with pytest.raises(RequestError, match='"00 lightyears"'):
        read({"hold": frozenset(wrong)})
    # What can't be a text is refused too, also a number that Python refuses to write.
    for strange, told in ((10**5_000, "a number of more than"), (None, "nothing"), ((1,), "a list")):
        with pytest.raises(RequestError, match=told):
            read({"hold": {strange}})


def test_errors_come_in_the_order_of_the_table() -> None:
    for given in ({"rate": "x", "fit": "y"}, {"fit": "y", "rate": "x"}):
        with pytest.raises(RequestError, match=r"^fit: "):
            read(given)
    with pytest.raises(RequestError, match=r'^there is no choice "odd"; expected one of hold, rest, reps, tempo, pace'):
        read({"worse": 1, "odd": 2})


ORDINARY = {
    name: TEXTS.get(name) or NUMBERS.get(name) or (choice.value.words or ["5s"])[0] for name, choice in CHOICES.items()
}


@pytest.mark.parametrize("choice", CHOICES.values(), ids=lambda choice: choice.name)
def test_whatever_a_preset_chose_can_be_taken_back(choice: Choice) -> None:
    before = {choice.name: ORDINARY[choice.name]}
    assert merge(before, {}) == {choice.name: [before[choice.name]] if choice.many else before[choice.name]}
    if choice.opposite is None:
        assert merge(before, {choice.name: " Default"}) == {}
        assert read({choice.name: "default"}) == Choices()
    else:
        assert merge(before, {choice.opposite: "a"}) == {choice.opposite: ["a"]}


def test_later_choices_replace_or_add() -> None:
    assert merge({"fit": "15m", "stereo": True}, {"fit": "10m", "stereo": False}) == {"fit": "10m", "stereo": False}
    assert merge({"hold": ["45s", "a=1m"]}, {"hold": ["a=2m"]}) == {"hold": ["45s", "a=1m", "a=2m"]}
    assert merge({"hold": "45s"}, {"hold": ["a=2m", "default", "b=1m"]}) == {"hold": ["b=1m"]}
    assert merge({"with": "a, b", "without": "c"}, {"without": ["b"], "with": ("c", "d")}) == {
        "with": ["a", "c", "d"],
        "without": ["b"],
    }
    assert list(merge({"bed": "waves"}, {"hold": ["5s"]})) == ["hold", "bed"]
