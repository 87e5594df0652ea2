"""A session that would be too long is refused before a voice is asked for a word."""

from __future__ import annotations

from pathlib import Path

import pytest

import voiceguide
from voiceguide.errors import ScriptError
from voiceguide.sound.narrator import Narrator
from voiceguide.workshop import Workshop

STEPS = {
    "25 hours of holds": "[Hello, {hold: 11h}, {hold: 14h}]",
    "25 hours of rounds": "[Hello, {repeat: 1000, steps: [{pause: 90s}]}]",
    "25 hours of sides": "[{sides: [left, right], ratio: '3:2', steps: [Hello, {hold: 5h}]}]",
    "25 hours of included routines": "[Hello, {repeat: 5, steps: [include: inner]}]",
    "25 hours of words": f"[{{repeat: 1000, steps: [{'word ' * 250}]}}]",
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_a_session_of_25_hours_is_refused_before_a_word_is_spoken(
    steps: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speak(*_: object) -> None:
        raise AssertionError("a voice was asked")

    monkeypatch.setattr(Narrator, "lengths", speak)
    monkeypatch.chdir(tmp_path)
    Path("inner.yaml").write_text("title: I\nsteps: [rest: 5h]\n", encoding="utf-8")
    Path("long.yaml").write_text(f"title: Long\nsteps: {steps}\n", encoding="utf-8")
    routine = voiceguide.load("long.yaml")
    with Workshop(cache=False) as workshop:
        for attempt in (workshop.show, workshop.make, workshop.check):
            with pytest.raises(ScriptError, match=r"the session is longer than .* here; make it shorter"):
                attempt(routine)
    assert not list(Path().glob("*.mp3"))
