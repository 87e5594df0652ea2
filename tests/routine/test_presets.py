"""Choices as a Python call gives them, and presets: kept, merged with a command line, and refused when damaged."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from voiceguide.errors import OutputError, RequestError
from voiceguide.routine import presets
from voiceguide.routine.choices import Choices, LengthChoice, read
from voiceguide.times import Breaths

EVENING = {
    "hold": ["45s", "half-kneeling/left=1m"],
    "rest": [],
    "fit": "15m",
    "with": ["deeper"],
    "without": ["why"],
    "pace": None,
    "notice": False,
}


def test_choices_of_a_call_are_words_numbers_and_lists() -> None:
    assert read({"hold": 45, "pace": 1.25, "fit": "15m", "with": "a, b", "rate": 120, "notice": True}) == Choices(
        holds=(LengthChoice(45_000),), pace=Fraction(5, 4), fit=900_000, with_=("a", "b"), rate=120
    )
    assert read({"hold": ["5 breaths", "x/left=1:00"], "countdown": "no", "rest": None}) == Choices(
        holds=(LengthChoice(Breaths(5)), LengthChoice(60_000, "x", "left")), countdown=0
    )
    assert read({}) == Choices()


@pytest.mark.parametrize("value", [object(), {"a": 1}, [[1]], "", True])
def test_a_call_with_anything_else_is_refused_with_a_sentence(value: Any) -> None:
    with pytest.raises(RequestError, match=r"^fit: expected a duration"):
        read({"fit": value})


def test_on_a_command_line_an_error_names_the_option() -> None:
    with pytest.raises(RequestError, match=r"^--only: expected left or right"):
        read({"only": "both"}, dashes="--")


def test_a_preset_is_kept_and_read_back() -> None:
    path = presets.save("evening", EVENING)
    assert path.name == "evening.json"
    kept = presets.load("evening")
    assert kept == {key: value for key, value in EVENING.items() if value not in (None, [])}
    assert read(kept).notice is False
    assert presets.names() == ["evening"]
    presets.save("evening", {"fit": "10m"})
    assert presets.load("evening") == {"fit": "10m"}


@pytest.mark.parametrize(
    ("bed", "kept"),
    [
        ("waves", "waves"),
        ("no", "no"),
        ("None", "None"),
        ("music/rain.wav", "HERE/music/rain.wav"),
        ("/x.wav", "/x.wav"),
    ],
)
def test_a_bed_means_the_same_from_any_folder(bed: str, kept: str) -> None:
    presets.save("rainy", {"bed": bed})
    assert presets.load("rainy") == {"bed": kept.replace("HERE", str(Path.cwd()))}


def test_a_command_line_wins_over_a_preset() -> None:
    presets.save("evening", EVENING)
    given = {"hold": ("30s",), "fit": None, "with": ("why",), "without": (), "notice": None, "rest": ()}
    merge = presets.merge(presets.load("evening"), given)
    assert merge == {
        "hold": ["45s", "half-kneeling/left=1m", "30s"],
        "fit": "15m",
        "with": ["deeper", "why"],
        "without": [],
        "notice": False,
    }
    assert read(merge).with_ == ("deeper", "why")
    assert presets.merge({"with": ["deep", "deeper"]}, {"without": "deeper"}) == {
        "with": ["deep"],
        "without": "deeper",
    }
    both = presets.merge({"with": ["a"], "without": ["b"]}, {"with": ("b",), "without": ("a",)})
    assert read(both) == Choices(with_=("b",), without=("a",))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("evning", 'there is no preset "evning"; did you mean "evening"?'),
        ("zzz", 'there is no preset "zzz"; expected evening'),
        ("../x", '"../x" is no name for a preset; expected letters, digits and hyphens, such as evening'),
        ("", '"" is no name for a preset; expected letters, digits and hyphens, such as evening'),
    ],
)
def test_a_preset_that_is_not_there(name: str, message: str) -> None:
    presets.save("evening", EVENING)
    with pytest.raises(RequestError) as caught:
        presets.load(name)
    assert str(caught.value) == message


def test_the_first_preset_is_still_to_be_saved() -> None:
    with pytest.raises(RequestError, match=r'^there is no preset "x"; save one with --save-preset$'):
        presets.load("x")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the preset PATH is no longer JSON, at line 1, column 1: expecting value"),
        (b'{\n "fit": }', "the preset PATH is no longer JSON, at line 2, column 9: expecting value"),
        (b"[]", 'the preset PATH has no choices in it; expected {"guide": "brief"} or the like'),
        (b"\xff\xfe", "the preset PATH is no longer a preset's text"),
        (b"[" * 100_000, "the preset PATH is no longer a preset's text"),
        (b'{"fit": "soon"}', 'in the preset PATH: fit: expected a duration such as "45s" or "1m30s", found "soon"'),
        (b'{"noice": 1}', 'in the preset PATH: there is no choice "noice"; did you mean "notice"?'),
        (b'{"rate": {"a": 1}}', "in the preset PATH: rate: expected words a minute from 60 to 400, found \"{'a': 1}\""),
    ],
)
def test_a_damaged_preset(data: bytes, why: str) -> None:
    path = presets.save("evening", EVENING)
    path.write_bytes(data)
    with pytest.raises(RequestError) as caught:
        presets.load("evening")
    mend = "; mend it there, or save it again with --save-preset evening"
    assert str(caught.value) == why.replace("PATH", str(path)) + mend


def test_a_preset_that_can_not_be_read() -> None:
    path = presets.save("evening", EVENING)
    path.unlink()
    path.mkdir()
    with pytest.raises(RequestError) as caught:
        presets.load("evening")
    assert str(caught.value) == f"the preset {path} can't be read: is a directory"


def test_a_preset_that_can_not_be_saved(own_folders: Path) -> None:
    (own_folders / "presets").write_text("a file in the way")
    with pytest.raises(OutputError, match=r"^the preset evening can't be saved in "):
        presets.save("evening", EVENING)
