"""The Python face: a few names, the choices of the command line as keywords, and errors of one family."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import voiceguide
from tests.cli.running import SHORT
from tests.sessions import samples
from voiceguide import times
from voiceguide.routine import presets
from voiceguide.routine.choices import Choices, LengthChoice
from voiceguide.views.captions import list_lines
from voiceguide.workshop import read_choices

RATE = 48_000


@pytest.fixture(autouse=True)
def short() -> Path:
    """A short routine in the current folder."""
    Path("short.yaml").write_text(SHORT)
    return Path("short.yaml")


def test_the_example_of_the_documentation() -> None:
    routine = voiceguide.load("half-kneeling")
    session = voiceguide.make(routine, hold="45s", fit="4m", out="hips.mp3")
    assert session.duration == 240.0
    assert session.timeline.duration_ms == 240_000
    assert session.path == Path("hips.mp3")
    assert session.path.stat().st_size > 240 * 8_000


def test_a_routine_by_name_and_by_path(short: Path) -> None:
    by_name, by_path = voiceguide.load("short"), voiceguide.load(short)
    assert by_name.title == by_path.title == "A short one"
    assert isinstance(by_name, voiceguide.Routine)
    assert voiceguide.show(short) == voiceguide.show(by_path)


def test_show_is_what_make_renders(short: Path) -> None:
    timeline = voiceguide.show(short, hold="7s")
    assert isinstance(timeline, voiceguide.Timeline)
    assert timeline == voiceguide.make(short, hold="7s").timeline


def test_a_loaded_routine_is_never_changed(short: Path) -> None:
    routine = voiceguide.load(short)
    voiceguide.show(routine, hold="9s", with_="deeper", only="left", notice=False)
    assert routine == voiceguide.load(short)


def test_a_routine_without_a_word() -> None:
    Path("still.yaml").write_text("title: Still\nsteps: [{hold: 3s, name: still}]\n")
    session = voiceguide.make("still.yaml")
    assert [event.kind for event in session.timeline.events] == ["chime", "hold", "chime"]
    assert session.path.is_file()


def lengths(**choices: Any) -> list[int]:
    timeline = voiceguide.show("short.yaml", **choices)
    return [event.length_ms for event in timeline.events if event.kind == "hold"]


def test_a_sound_that_was_changed_is_heard_as_it_is_now() -> None:
    Path("chimes.yaml").write_text("title: Chimes\nsteps:\n  - chime: ding.wav\n")
    at = np.arange(RATE) / RATE
    for hertz in (440, 880):
        soundfile.write("ding.wav", 0.3 * np.sin(2 * np.pi * hertz * at), RATE)
        heard = samples.of(voiceguide.make("chimes", out="chimes.mp3").path)[:, 0]
        strengths = np.abs(np.fft.rfft(heard[:RATE]))
        assert int(strengths.argmax()) == hertz


def test_choices() -> None:
    assert lengths() == [5_000, 5_000]
    assert lengths(hold="7s") == [7_000, 7_000]
    assert lengths(hold=7) == [7_000, 7_000]
    assert lengths(hold=timedelta(seconds=7)) == lengths(hold=[7.0]) == [7_000, 7_000]
    assert lengths(hold=["7s", "lean-reach/right=9s"]) == [7_000, 9_000]
    assert lengths(only="left") == [5_000]
    assert voiceguide.show("short.yaml", fit="30s").duration_ms == 30_000
    assert voiceguide.show("short.yaml", fit=timedelta(seconds=30)).duration_ms == 30_000
    assert "A little further." in said(with_="deeper")
    assert "A little further." in said(with_=["deeper"])
    assert "A little further." not in said(with_="deeper", guide="quiet")
    assert said(notice=False)[0] == "Hello."
    assert said()[0] == "Stop if anything hurts."


def said(**choices: Any) -> list[str]:
    return [text for _, text in list_lines(voiceguide.show("short.yaml", **choices))]


def test_progress_is_told_until_all_is_done(short: Path) -> None:
    told: list[tuple[str, int, int]] = []
    voiceguide.make(short, cache=False, progress=lambda *each: told.append(each))
    assert {what for what, _, _ in told} == {"Speaking", "Encoding"}
    for what in ("Speaking", "Encoding"):
        counts = [(done, total) for which, done, total in told if which == what]
        assert counts[-1][0] == counts[-1][1]


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (voiceguide.RequestError, lambda: voiceguide.load("no-such-routine")),
        (voiceguide.RequestError, lambda: voiceguide.show("short.yaml", hold="lean-reach=1h")),
        (voiceguide.RequestError, lambda: voiceguide.show("short.yaml", preset="none")),
        (voiceguide.ScriptError, lambda: voiceguide.load("wrong.yaml")),
        (voiceguide.VoiceError, lambda: voiceguide.show("short.yaml", voice="nobody")),
        (voiceguide.OutputError, lambda: voiceguide.make("short.yaml", out="short.yaml/x.mp3")),
        (voiceguide.SoundError, lambda: voiceguide.make("sound.yaml")),
        (voiceguide.OutputError, lambda: voiceguide.make("short.yaml", out="x\0")),
        (voiceguide.OutputError, lambda: voiceguide.make("short.yaml", out="x\0.mp3")),
        (voiceguide.OutputError, lambda: voiceguide.make("short.yaml", out="\ud800.mp3")),
        (voiceguide.OutputError, lambda: voiceguide.make("short.yaml", out=Path("\ud800/"))),
        (voiceguide.RequestError, lambda: voiceguide.load("short.yaml\0")),
        (voiceguide.RequestError, lambda: voiceguide.load("\ud800.yaml")),
        (voiceguide.RequestError, lambda: voiceguide.show("short.yaml", bed="\ud800.wav")),
        (voiceguide.VoiceError, lambda: voiceguide.show("short.yaml", voice="\0")),
    ],
)
def test_every_error_is_one_of_ours(kind: type[voiceguide.VoiceguideError], call: Callable[[], object]) -> None:
    Path("wrong.yaml").write_text("title: Wrong\n")
    Path("gong.wav").write_bytes(b"not a sound")
    Path("sound.yaml").write_text("title: Sound\nsteps: [{chime: gong.wav}]\n")
    with pytest.raises(kind) as raised:
        call()
    assert isinstance(raised.value, voiceguide.VoiceguideError)
    assert str(raised.value)


def test_all_names_are_there() -> None:
    assert set(voiceguide.__all__) <= set(dir(voiceguide))
    for name in voiceguide.__all__:
        # Progress is a type's short name, which has no text of its own.
        assert getattr(voiceguide, name).__doc__ or name == "Progress"
    with pytest.raises(AttributeError, match=r"^module 'voiceguide' has no attribute 'mkae'$"):
        getattr(voiceguide, "mkae")  # noqa: B009 - so that a type checker, which knows better, lets it pass


def test_an_unknown_keyword_is_the_callers_mistake() -> None:
    slip: Any = {"holds": "5s"}  # not known to a type checker, which would refuse it: see tests/typing
    with pytest.raises(TypeError, match=r"show\(\) got an unexpected keyword argument 'holds'; did you mean 'hold'\?"):
        voiceguide.show("short.yaml", **slip)


def test_the_keywords_of_choices_over_those_of_a_preset() -> None:
    presets.save("evening", {"hold": ["7s"], "fit": "30s", "stereo": True, "with": ["deeper"]})
    assert read_choices({}, "evening") == Choices((LengthChoice(7_000),), fit=30_000, stereo=True, with_=("deeper",))
    given: voiceguide.ChoiceFields = {"hold": ["default", 6], "fit": "default", "stereo": False, "without": "deeper"}
    assert read_choices(given, "evening") == Choices((LengthChoice(6_000),), without=("deeper",))
    assert read_choices(given) == read_choices({**given, "bed_level": "default", "first": "default"})


def test_music_by_its_path() -> None:
    assert read_choices({"bed": Path("music") / "rain.wav"}).bed == str(Path("music") / "rain.wav")


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"fit": object()}, f"fit: expected {times.DURATION}, found a Python object"),
        ({"fit": -5}, f'fit: expected {times.DURATION}, found "-5"'),
        ({"fit": 0}, f'fit: expected {times.DURATION}, longer than zero, found "0"'),
        ({"fit": timedelta(seconds=-5)}, f'fit: expected {times.DURATION}, found "-5000ms"'),
        ({"fit": float("nan")}, f'fit: expected {times.DURATION}, found "nan"'),
        ({"fit": 10**5_000}, f"fit: expected {times.DURATION}, found a number of more than 40 digits"),
        ({"hold": {"lean-reach": 5}}, f"hold: expected {times.LENGTH}, found keys and values"),
        ({"hold": ["5s", None]}, f"hold: expected {times.LENGTH}, found nothing"),
        ({"stereo": "perhaps"}, 'stereo: expected yes or no, found "perhaps"'),
        ({"stereo": 2}, 'stereo: expected yes or no, found "2"'),
        ({"rate": None}, "rate: expected words a minute, a whole number from 60 to 400, found nothing"),
        ({"rate": 120.0}, 'rate: expected words a minute, a whole number from 60 to 400, found "120.0"'),
        ({"voice": b"en-GB"}, "voice: expected a name, found a Python bytes"),
        ({"with_": 3}, '"A short one" has no option "3"; expected deeper'),
        ({"first": "middle"}, 'first: expected left or right, found "middle"'),
        ({"with_": ["deeper"], "without": "deeper"}, '"deeper" is in both with and without; choose one'),
    ],
)
def test_a_wrong_value_is_a_sentence(choices: dict[str, Any], sentence: str) -> None:
    with pytest.raises(voiceguide.RequestError) as told:
        voiceguide.show("short.yaml", **choices)
    assert str(told.value) == sentence


def test_numbers_of_numpy_are_numbers() -> None:
    """One of them compares with an empty list as an array does, which is neither true nor false."""
    choices: Any = {"rate": np.int32(120), "hold": np.float64(4), "countdown": np.int64(2)}
    done = voiceguide.show("short.yaml", **choices)
    assert done == voiceguide.show("short.yaml", rate=120, hold=4.0, countdown=2)


def test_check_tells_all_that_is_wrong() -> None:
    assert voiceguide.check("short") == []
    assert voiceguide.check(voiceguide.load("short.yaml")) == []
    Path("wrong.yaml").write_text("title: Wrong\nsteps:\n  - hold: soon\n  - pause: long\n")
    problems = voiceguide.check("wrong.yaml", cache=False)
    assert all(isinstance(each, voiceguide.Problem) for each in problems)
    assert [(each.place.line, each.message.partition(":")[0]) for each in problems] == [(3, "hold"), (4, "pause")]
    with pytest.raises(voiceguide.RequestError, match=r"^there is no file nowhere\.yaml"):
        voiceguide.check("nowhere.yaml")


def test_routines_and_voices_are_listed() -> None:
    Path("wrong.yaml").write_text("title: Wrong\nsteps: []\n")
    found = {each.name: each for each in voiceguide.list_routines()}
    assert found["short"] == voiceguide.RoutineInfo("short", "A short one", Path("short.yaml"), yours=True)
    assert found["wrong"].title is None
    bundled = found["half-kneeling"]
    assert not bundled.yours
    assert voiceguide.load(bundled.path).title == bundled.title
    voices = voiceguide.list_voices()
    assert len(voices) > 100
    assert all(isinstance(each, voiceguide.VoiceInfo) for each in voices)
