"""The grammar of values that scripts and choices share: what each row reads, at its limits, and how it refuses."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.score.fake import routine_of
from voiceguide import values
from voiceguide.errors import RequestError, ScriptError
from voiceguide.routine.choices import CHOICES, read
from voiceguide.routine.model import Hold, Say
from voiceguide.values import NotPlainError, Value

ROWS: dict[str, Value[Any]] = {name: row for name, row in vars(values).items() if isinstance(row, Value)}


def takes(row: Value[Any], text: str) -> bool:
    try:
        row.read(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("row", "good", "bad"),
    [
        (values.RATE, ["60", "400"], ["59", "401", "1e2"]),
        (values.PITCH, ["0", "100", "000000100"], ["-1", "101", "0000000100"]),
        (values.VOLUME, ["0.0001", ".5", "1", "1.0", "1.0000"], ["0", "0.0", ".0", "1.1", "1.00000", "0.00001", "2"]),
        (values.BED_LEVEL, ["6", "40"], ["5", "41"]),
        (values.ROUNDS, ["1", "1000"], ["0", "1001"]),
        (values.COUNTDOWN, ["0", "1", "10", "no"], ["11", "yes"]),
        (values.PACE, ["0.1", "10"], ["0.0999", "10.0001"]),
        (values.SIDE, ["left", "RIGHT "], ["tighter", "yes", ""]),
        (values.CUE, ["none", "on", "off"], ["cue"]),
        (values.BREATH_CUE, ["tone"], ["yes", "no"]),
    ],
)
def test_limits(row: Value[Any], good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not takes(row, text)] == []
    assert [text for text in bad if takes(row, text)] == []


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
@given(text=st.text(max_size=12) | st.text("0123456789.:-%smh yesnotrufal", max_size=45))
def test_every_text_is_a_value_or_a_sentence(row: Value[Any], text: str) -> None:
    try:
        row.read(text)
    except ValueError as error:
        told = values.refusal(row, error, text)
        assert told.startswith("expected ")
        assert ", found " in told
        assert "\n" not in told
    else:
        # What the reader takes, an editor must not call wrong; the other way round a schema can't say everything.
        jsonschema.validate(text.strip(), dict(row.schema))


@pytest.mark.parametrize(
    ("row", "text", "told"),
    [
        (values.SIDE, "lft", 'expected left or right, found "lft"; did you mean "left"?'),
        (values.CUE, "chime", 'expected chimes, voice, both, none or within, found "chime"; did you mean "chimes"?'),
        (values.FLAG, " ", "expected yes or no, found nothing"),
        (values.COUNTDOWN, "11", 'expected a number of seconds from 1 to 10, or no, found "11"'),
        (values.VOLUME, "2", 'expected a number above 0 and up to 1, such as 0.8, found "2"'),
        (values.PACE, "0", 'expected a factor for the pauses from 0.1 to 10, such as 1.25, found "0"'),
        (values.PATTERN, "bx", f'expected {values.PATTERN.expected}, found "bx"; did you mean "box"?'),
        (values.word("a name"), "", "expected a name, found nothing"),
    ],
)
def test_refusals(row: Value[Any], text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^") as caught:
        row.read(text)
    assert values.refusal(row, caught.value, text) == told


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" as it is ", " as it is "),
        (True, "yes"),
        (False, "no"),
        (-7, "-7"),
        (10**40 - 1, "9" * 40),
        (7.5, "7.5"),
        (Fraction(1, 2), "0.5"),
        (datetime.timedelta(minutes=1.5), "90000ms"),
        (datetime.timedelta(microseconds=-1_600), "-2ms"),
        (Path("music/rain.wav"), str(Path("music/rain.wav"))),
    ],
)
def test_the_text_of_a_plain_value(value: object, text: str) -> None:
    assert values.text_of(value) == text


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (None, "nothing"),
        ([], "a list"),
        ((1,), "a list"),
        ({1}, "a list"),
        ({}, "keys and values"),
        (b"x", "a Python bytes"),
        (10**40, "a number of more than 40 digits"),
        pytest.param(-(10**5_000), "a number of more than 40 digits", id="huge"),
        pytest.param(Fraction(10**5_000, 7), "a number beyond all bounds", id="huge-fraction"),
        (Decimal("45"), "a Python Decimal"),
        (1j, "a Python complex"),
    ],
)
def test_what_is_not_one_plain_value(value: object, what: str) -> None:
    with pytest.raises(NotPlainError) as caught:
        values.text_of(value)
    assert str(caught.value) == what


# What a script and a command line both take: the script's step around it, and the choice.
SHARED = {
    "countdown": ({"hold": "1m", "countdown": "%"}, ["3", "no", "OFF", "False", "0"], ["11", "yes", "none", "-1"]),
    "pattern": ({"hold": "1m", "pattern": "%"}, ["4-6", "BOX", " coherent "], ["4", "bx", "61-4", "no"]),
    "cues": ({"hold": "1m", "cue": "%"}, ["voice", "Both", "yes", "no", "OFF", "true"], ["loud", "0", ""]),
    "hold": ({"hold": "%"}, ["45s", "1:30", "1:00:00", "5 breaths", "7"], ["0", "0s", "0 breaths", "-5", "", "soon"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, (_, good, bad) in SHARED.items() for text in [*good, *bad]]
)
def test_a_script_and_a_choice_take_the_same_spellings_and_refuse_in_the_same_words(name: str, text: str) -> None:
    step, good, _ = SHARED[name]
    ((key, _),) = [(key, value) for key, value in step.items() if value == "%"]
    script = {"title": "T", "steps": [{**step, key: text}]}
    if text in good:
        (made,) = routine_of(script).steps
        assert isinstance(made, Hold)
        field = {"hold": "length", "cues": "cue"}.get(name, name)
        chosen: Any = CHOICES[name].read(text)
        assert getattr(made, field) == (chosen[0].length if name == "hold" else chosen)
    else:
        with pytest.raises(RequestError) as asked:
            read({name: text})
        with pytest.raises(ScriptError) as written:
            routine_of(script)
        assert written.value.problems[0].message == f"{key}: {str(asked.value).partition(': ')[2]}"


def test_a_quoted_no_is_a_word_where_words_are_spoken() -> None:
    for brief, said in ((False, None), ("no", "no"), ("No", "No")):
        (say,) = routine_of({"title": "T", "steps": [{"say": "Yes.", "brief": brief}]}).steps
        assert isinstance(say, Say)
        assert say.text.brief == said, json.dumps(brief)


def test_an_editor_may_see_a_boolean_where_yes_or_no_can_stand() -> None:
    for row, plain in ((values.FLAG, True), (values.CUE, True), (values.COUNTDOWN, False), (values.SIDE, None)):
        taken = [jsonschema.Draft202012Validator(dict(row.schema)).is_valid(flag) for flag in (True, False)]
        assert taken == [plain is True, plain is not None]
