"""The Python face: a few names, the wishes of the command line as keywords, and errors of one family."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import voiceguide
from tests.cli.running import SHORT
from tests.sessions import samples
from voiceguide.views.captions import list_lines

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


def lengths(**wishes: Any) -> list[int]:
    timeline = voiceguide.show("short.yaml", **wishes)
    return [event.length_ms for event in timeline.events if event.kind == "hold"]


def test_a_sound_that_was_changed_is_heard_as_it_is_now() -> None:
    Path("chimes.yaml").write_text("title: Chimes\nsteps:\n  - chime: ding.wav\n")
    at = np.arange(RATE) / RATE
    for hertz in (440, 880):
        soundfile.write("ding.wav", 0.3 * np.sin(2 * np.pi * hertz * at), RATE)
        heard = samples.of(voiceguide.make("chimes", out="chimes.mp3").path)[:, 0]
        strengths = np.abs(np.fft.rfft(heard[:RATE]))
        assert int(strengths.argmax()) == hertz


def test_wishes() -> None:
    assert lengths() == [5_000, 5_000]
    assert lengths(hold="7s") == [7_000, 7_000]
    assert lengths(hold=7) == [7_000, 7_000]
    assert lengths(hold=["7s", "lean-reach/right=9s"]) == [7_000, 9_000]
    assert lengths(only="left") == [5_000]
    assert voiceguide.show("short.yaml", fit="30s").duration_ms == 30_000
    assert "A little further." in said(with_="deeper")
    assert "A little further." in said(with_=["deeper"])
    assert "A little further." not in said(with_="deeper", guide="quiet")
    assert said(notice=False)[0] == "Hello."
    assert said()[0] == "Stop if anything hurts."


def said(**wishes: Any) -> list[str]:
    return [text for _, text in list_lines(voiceguide.show("short.yaml", **wishes))]


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
        assert getattr(voiceguide, name).__doc__


def test_an_unknown_keyword_is_the_callers_mistake() -> None:
    with pytest.raises(TypeError, match=r"show\(\) got an unexpected keyword argument 'holds'; did you mean 'hold'\?"):
        voiceguide.show("short.yaml", holds="5s")  # type: ignore[call-arg]
