"""Choices as a Python call gives them, and presets: kept, merged with a command line, and refused when damaged."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from voiceguide import times
from voiceguide.errors import OutputError, RequestError
from voiceguide.routine import presets
from voiceguide.routine.choices import Choices, LengthChoice, merge, read
from voiceguide.times import Breaths

RATE = "in the preset PATH: rate: expected words a minute, a whole number from 60 to 400"
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
    assert read({"hold": ["5 breaths", "x/left=1:00"], "countdown": "no", "rest": []}) == Choices(
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
    given = {"hold": ("30s",), "with": ("why",), "without": (), "rest": ()}
    merged = presets.apply("evening", given)
    assert merged == {
        "hold": ["45s", "half-kneeling/left=1m", "30s"],
        "fit": "15m",
        "with": ["deeper", "why"],
        "notice": False,
    }
    assert read(merged).with_ == ("deeper", "why")
    assert merge({"with": ["deep", "deeper"]}, {"without": "deeper"}) == {"with": ["deep"], "without": ["deeper"]}
    both = merge({"with": ["a"], "without": ["b"]}, {"with": ("b",), "without": ("a",)})
    assert read(both) == Choices(with_=("b",), without=("a",))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("evning", 'there is no preset "evning"; did you mean "evening"?'),
        ("zzz", 'there is no preset "zzz"; expected evening'),
        ("../x", '"../x" is not a valid preset name; expected letters, digits and hyphens, such as evening'),
        ("", '"" is not a valid preset name; expected letters, digits and hyphens, such as evening'),
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
        (b"", "the preset PATH is not JSON, at line 1, column 1: expecting value"),
        (b'{\n "fit": }', "the preset PATH is not JSON, at line 2, column 9: expecting value"),
        (b"[]", 'the preset PATH has no choices; expected JSON such as {"guide": "brief"}'),
        (b"\xff\xfe", "the preset PATH is not valid JSON"),
        (b"[" * 60_000, "the preset PATH is not valid JSON"),
        (b'{"rate": ' + b"9" * 5_000 + b"}", "the preset PATH is not valid JSON"),
        (b'{"rate": 1' + b"0" * 40 + b"}", f"{RATE}, found a number of more than 40 digits"),
        (b'{"rate": 1' + b"0" * 39 + b"}", f'{RATE}, found "1{"0" * 39}"'),
        (b'{"rate": NaN}', f'{RATE}, found "nan"'),
        (b'{"rate": 1e400}', f'{RATE}, found "inf"'),
        (b'{"rate": null}', f"{RATE}, found nothing"),
        (b'{"rate": [120]}', f"{RATE}, found a list"),
        (b'{"voice": "", "rate": 20}', "in the preset PATH: voice: expected a name, found nothing"),
        (
            b'{"hold": [["45s"]]}',
            f"in the preset PATH: hold: expected {times.LENGTH}, found a list",
        ),
        (b'{"hold": [' + b"1," * 100 + b"1]}", "in the preset PATH: hold: expected at most 100 values, found 101"),
        (b'{"fit": "soon"}', 'in the preset PATH: fit: expected a duration such as "45s" or "1m30s", found "soon"'),
        (b'{"noice": 1}', 'in the preset PATH: there is no choice "noice"; did you mean "notice"?'),
        (
            b'{"rate": {"a": 1}}',
            "in the preset PATH: rate: expected words a minute, a whole number from 60 to 400, found keys and values",
        ),
    ],
)
def test_a_damaged_preset(data: bytes, why: str) -> None:
    path = presets.save("evening", EVENING)
    path.write_bytes(data)
    with pytest.raises(RequestError) as caught:
        presets.load("evening")
    remedy = "; correct it there, or save it again with --save-preset evening"
    assert str(caught.value) == why.replace("PATH", str(path)) + remedy


def test_a_preset_that_can_not_be_saved(own_folders: Path) -> None:
    (own_folders / "presets").write_text("a file in the way")
    with pytest.raises(OutputError, match=r"^the preset evening can't be saved in "):
        presets.save("evening", EVENING)


def test_the_words_that_a_preset_stands_for() -> None:
    path = presets.save("evening", EVENING)
    path.write_bytes(
        b'\xef\xbb\xbf{"countdown": false, "cues": true, "fit": 900, "pace": 0.5, "rate": 120, "notice": "off", '
        b'"with": "a, b", "hold": 45.5, "rest": [30, "floor=1m"], "stereo": true, "guide": "QUIET"}'
    )
    assert read(presets.load("evening")) == Choices(
        holds=(LengthChoice(45_500),),
        rests=(LengthChoice(30_000), LengthChoice(60_000, "floor")),
        countdown=0,
        cues="chimes",
        fit=900_000,
        pace=Fraction(1, 2),
        rate=120,
        notice=False,
        with_=("a", "b"),
        stereo=True,
        guide="quiet",
    )


def test_as_many_as_may_be_given() -> None:
    path = presets.save("evening", EVENING)
    path.write_text('{"hold": [' + "1," * 99 + "1]}")
    assert len(read(presets.load("evening")).holds) == 100
    start = '{"fit": "15m"'
    path.write_text(start + " " * (presets.MAX_BYTES - len(start) - 1) + "}")
    assert presets.load("evening") == {"fit": "15m"}
    path.write_text(start + " " * (presets.MAX_BYTES - len(start)) + "}")
    with pytest.raises(RequestError) as caught:
        presets.load("evening")
    larger = f"the preset {path} is larger than 64 KB"
    assert str(caught.value) == f"{larger}; save it again with --save-preset evening"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and devices that have names")
@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_not_read(make: Callable[[Path], object]) -> None:
    path = presets.save("evening", EVENING)
    path.unlink()
    make(path)
    with pytest.raises(RequestError) as caught:
        presets.load("evening")
    assert str(caught.value) == f"the preset {path} is not a regular file; remove it, or choose another name"
    with pytest.raises(OutputError, match="expected the name of a file to write"):
        presets.save("evening", EVENING)


def test_the_order_of_a_presets_file_is_the_tables() -> None:
    given = {"bed": "waves", "stereo": True, "fit": "15m", "hold": ["45s"], "with": ["deeper"]}
    saved = presets.save("a", given).read_bytes()
    assert saved == presets.save("b", dict(reversed(given.items()))).read_bytes()
    assert list(json.loads(saved)) == ["hold", "fit", "with", "stereo", "bed"]
    assert saved.endswith(b"}\n")


def test_a_bed_whose_name_is_no_text_is_found_again() -> None:
    music = os.fsdecode(b"r\xe9gen.wav")
    presets.save("rainy", {"bed": music})
    assert presets.load("rainy")["bed"] == str(Path.cwd() / music)


def test_names_that_no_preset_can_have_are_not_offered() -> None:
    folder = presets.save("evening", EVENING).parent
    for name in ("\x1b[31mred", "a b", ".hidden", "\u202eabc", "x" * 62):
        (folder / f"{name}.json").write_text("{}")
    assert presets.names() == ["evening"]
    with pytest.raises(RequestError, match=r'^there is no preset "xyz"; expected evening$'):
        presets.load("xyz")
    assert presets.save("x" * 61, EVENING).is_file()


def test_nothing_is_left_of_a_preset_that_can_not_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = presets.save("evening", {"fit": "15m"}).parent

    def full(path: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path), None, str(target))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="no space left"):
        presets.save("evening", EVENING)
    assert [path.name for path in folder.iterdir()] == ["evening.json"]
    assert presets.load("evening") == {"fit": "15m"}
