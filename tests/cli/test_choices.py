"""Choices on the command line: what a preset chose can be changed, added to and taken back, and saved again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.cli.running import SHORT, cli
from voiceguide.cli.choices import Chosen
from voiceguide.routine import presets
from voiceguide.routine.choices import Choices, LengthChoice

EVENING = {"hold": ["7s"], "fit": "30s", "with": ["deeper"], "notice": False, "stereo": True, "bed": "waves"}


@pytest.fixture(autouse=True)
def short() -> None:
    Path("short.yaml").write_text(SHORT)


@pytest.mark.parametrize(
    ("arguments", "choices"),
    [
        ([], {}),
        (["--fit", "default"], {"fit": None}),
        (["--fit", "29s"], {"fit": 29_000}),
        (["--no-stereo"], {"stereo": False}),
        (["--stereo", "--no-stereo"], {"stereo": False}),
        (["--notice"], {"notice": True}),
        (["--bed", "no"], {"bed": "no"}),
        (["--bed", "default"], {"bed": None}),
        (["--without", "deeper"], {"with_": (), "without": ("deeper",)}),
        (
            ["--fit", "default", "--hold", "lean-reach=8s"],
            {"fit": None, "holds": (LengthChoice(7_000), LengthChoice(8_000, "lean-reach"))},
        ),
        (["--hold", "default", "--hold", "8s"], {"holds": (LengthChoice(8_000),)}),
        (["--hold", "8s", "--hold", "default"], {"holds": ()}),
        (["--countdown", "no", "--cues", "no"], {"countdown": 0, "cues": "none"}),
    ],
)
def test_what_stands_beside_a_preset(
    arguments: list[str], choices: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    presets.save("evening", EVENING)
    seen: list[Chosen] = []

    def spy(self: Chosen) -> None:
        seen.append(self)

    monkeypatch.setattr(Chosen, "save", spy)
    assert cli("show", "short", "--json", "--preset", "evening", *arguments).err.count("Error") == 0
    saved = Choices(holds=(LengthChoice(7_000),), fit=30_000, with_=("deeper",), bed="waves", notice=False, stereo=True)
    assert [each.choices for each in seen] == [replace(saved, **choices)]


def test_what_was_taken_back_is_not_saved() -> None:
    presets.save("evening", EVENING)
    taken_back = ("--fit", "default", "--bed", "default", "--no-stereo", "--without", "deeper", "--rest", "default")
    done = cli("show", "short", "--preset", "evening", *taken_back, "--save-preset", "quiet")
    assert done.code == 0
    path = presets.folder() / "quiet.json"
    assert json.loads(path.read_text()) == {"hold": ["7s"], "without": ["deeper"], "notice": False, "stereo": False}


def test_an_error_of_the_command_line_names_its_option_and_not_the_preset() -> None:
    presets.save("evening", EVENING)
    done = cli("show", "short", "--preset", "evening", "--rate", "calm")
    assert done.err == 'Error: --rate: expected words a minute, a whole number from 60 to 400, found "calm"\n'
