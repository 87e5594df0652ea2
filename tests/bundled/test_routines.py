"""Every bundled routine, in every guide, on one side and both, with each option turned, shorter and longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import mean

import pytest

import voiceguide
from tests.bundled.judge import ENGLISH, Language, judge, spoken_before_holds, works
from tests.bundled.languages import GERMAN, SPANISH
from voiceguide.routine.fields import ChoiceFields
from voiceguide.routine.model import Guide, Routine
from voiceguide.score.timeline import Timeline

SCRIPTS = Path(__file__).parents[2] / "scripts"
NAMES = sorted(path.stem for path in SCRIPTS.glob("*.yaml"))
LANGUAGES: dict[str, Language] = {"en-US": ENGLISH, "de": GERMAN, "es": SPANISH}


@pytest.fixture(scope="module")
def workshop() -> Iterator[voiceguide.Workshop]:
    """What the tailorings have in common is spoken once."""
    with voiceguide.Workshop() as opened:
        yield opened


def tailorings(routine: Routine, lengths: tuple[int, int, int]) -> Iterator[ChoiceFields]:
    """A listener's choices: `lengths` are the session's in ms with the shortest holds, as it is, and the longest."""
    shortest, usual, longest = lengths
    yield {}
    yield {"only": "left"}
    yield {"only": "right"}
    yield {"tight": "left"}
    yield {"first": "right"}
    yield {"cues": "voice"}
    yield {"countdown": 5}
    yield {"hold": "1s"}
    yield {"hold": "1h"}
    yield {"fit": mean((shortest, usual)) / 1000}
    yield {"fit": mean((usual, longest)) / 1000}
    options = routine.all_options
    for name, option in options.items():
        if option.default:
            yield {"without": name}
        else:
            others = {other for other in options if other in option.excludes or name in options[other].excludes}
            yield {"with_": name, "without": sorted(others)}


def describe(choices: ChoiceFields) -> str:
    """Choices as the heading of what was found in them."""
    return ", ".join(f"{name}={value}" for name, value in choices.items()) or "as it is"


@pytest.mark.parametrize("guide", ["full", "brief", "fade", "quiet"])
@pytest.mark.parametrize("name", NAMES)
def test_a_routine_is_good_to_follow(name: str, guide: Guide, workshop: voiceguide.Workshop) -> None:
    routine = voiceguide.load(SCRIPTS / f"{name}.yaml")
    language = LANGUAGES[routine.language]
    lengths = [workshop.show(routine, guide=guide, hold=hold).duration_ms for hold in ("1s", (), "1h")]
    found: list[str] = []
    for choices in tailorings(routine, (lengths[0], lengths[1], lengths[2])):
        choices["guide"] = guide
        timeline = workshop.show(routine, **choices)
        found += [f"{describe(choices)}: {each}" for each in judge(timeline, language, quiet=guide == "quiet")]
    assert found == []


@pytest.mark.parametrize("guide", ["full", "fade"])
@pytest.mark.parametrize("name", NAMES)
def test_the_second_side_is_shorter_than_the_first(name: str, guide: Guide, workshop: voiceguide.Workshop) -> None:
    spoken: dict[str, list[int]] = {}
    for work in works(workshop.show(SCRIPTS / f"{name}.yaml", guide=guide)):
        spoken.setdefault(work.exercise, []).append(spoken_before_holds(work))
    assert spoken
    for exercise, lengths in spoken.items():
        assert lengths == sorted(lengths, reverse=True), exercise
        assert len(lengths) == len(set(lengths)), exercise


@pytest.mark.parametrize("guide", ["full", "brief", "fade", "quiet"])
def test_a_desk_break_is_three_minutes(guide: Guide, workshop: voiceguide.Workshop) -> None:
    timeline: Timeline = workshop.show(SCRIPTS / "desk-break.yaml", guide=guide, fit="3m")
    assert timeline.duration_ms == 180_000
