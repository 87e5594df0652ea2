"""What `show` says and what is heard in the file are one and the same: with the real voice, mixer and encoder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import voiceguide
from tests.cli.running import cli
from tests.sessions import listening
from voiceguide import library
from voiceguide.views.json import to_json

BUNDLED = sorted(found.name for found in library.scripts() if not found.yours)

TAILORED = {
    "all holds": ("half-kneeling", "--hold", "45s"),
    "one hold": ("desk-break", "--hold", "half-kneeling=20s"),
    "one side": ("half-kneeling", "--hold", "half-kneeling/left=1m"),
    "a rest": ("psoas-release", "--rest", "20s", "--guide", "quiet", "--hold", "2m"),
    "pace": ("desk-break", "--pace", "0.73"),
    "fit": ("half-kneeling", "--fit", "4m7.013s"),
    "other side first": ("standing-hip-flexor", "--first", "right"),
    "one side only": ("half-kneeling", "--only", "right"),
    "the tighter side": ("psoas-release", "--tight", "left", "--guide", "quiet", "--hold", "2m"),
    "options": ("half-kneeling", "--with", "lean-in", "--without", "why", "--no-notice"),
    "brief": ("kneeling-alignment", "--guide", "brief"),
    "quiet": ("kneeling-alignment", "--guide", "quiet"),
    "fade": ("psoas-release", "--guide", "fade", "--hold", "2m"),
    "countdown": ("half-kneeling", "--countdown", "5"),
    "pattern": ("side-lying-quad", "--pattern", "4-2-6"),
    "rate": ("half-kneeling", "--guide", "brief", "--rate", "97"),
    "voice": ("half-kneeling", "--guide", "brief", "--voice", "en-GB+m3"),
    "spoken cues": ("half-kneeling", "--guide", "brief", "--cues", "voice"),
    "both cues": ("desk-break", "--guide", "brief", "--cues", "both"),
    "no cues": ("desk-break", "--guide", "brief", "--cues", "none"),
    "stereo": ("half-kneeling", "--guide", "brief", "--stereo"),
}


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_routines_sound_as_they_are_shown(name: str) -> None:
    agrees(name)


@pytest.mark.parametrize("wishes", TAILORED.values(), ids=TAILORED.keys())
def test_tailored_routines_sound_as_they_are_shown(wishes: tuple[str, ...]) -> None:
    agrees(*wishes)


NIDRA = """\
title: Nidra
steps:
  - {say: "Lie down, and let the floor carry you.", gap: 6s, max: 8s}
  - pause: 10s
  - repeat: 12
    steps:
      - {say: Feel your left hand., gap: 7s}
      - {say: Now your right hand., gap: 7s}
  - {say: "Breathe in, and out.", gap: 12s}
"""


@pytest.mark.parametrize(
    ("choices", "seconds"), [(("--fit", "10m"), 600.0), (("--fit", "3m0.001s"), 180.001), (("--pace", "2"), None)]
)
def test_a_session_of_words_and_silence_sounds_as_it_is_shown(choices: tuple[str, ...], seconds: float | None) -> None:
    Path("nidra.yaml").write_text(NIDRA, encoding="utf-8")
    agrees("nidra.yaml", *choices)
    found = json.loads(cli("show", "nidra.yaml", *choices, "--json").out)["duration"]
    once = json.loads(cli("show", "nidra.yaml", "--json").out)["duration"]
    # Twice as slow, but for the gap that lasts at most 8 seconds.
    assert found == (round(once + 2 + 10 + 24 * 7 + 12, 3) if seconds is None else seconds)


@pytest.mark.parametrize("name", ["half-kneeling", "desk-break"])
def test_another_decoder_hears_the_same(name: str) -> None:
    timeline = json.loads(cli("show", name, "--json").out)
    track = listening.heard_by_another(made(name))
    assert len(track) == round(timeline["duration"] * listening.RATE)
    assert listening.late(track, timeline["events"]) == []
    assert listening.noise_in_silence(track, timeline) == []


def test_what_is_shown_is_what_the_session_says_of_itself() -> None:
    session = voiceguide.make("desk-break", pace="1.1")
    assert json.loads(cli("show", "desk-break", "--pace", "1.1", "--json").out) == to_json(session.timeline)
    assert session.duration == session.timeline.duration_ms / 1000


def test_a_countdown_falls_on_the_whole_seconds_before_the_end() -> None:
    timeline = json.loads(cli("show", "half-kneeling", "--countdown", "5", "--json").out)
    holds = [event for event in timeline["events"] if event["kind"] == "hold"]
    counts = [event for event in timeline["events"] if event["kind"] == "count"]
    assert [event["text"] for event in counts] == ["five", "four", "three", "two", "one"] * len(holds)
    before = [round(holds[number // 5]["end"] - event["start"], 3) for number, event in enumerate(counts)]
    assert before == [5, 4, 3, 2, 1] * len(holds)


def agrees(*arguments: str) -> None:
    """Make it, hear it, and hold it against what `show` says."""
    shown = cli("show", *arguments, "--json")
    assert shown.code == 0, shown.err
    timeline = json.loads(shown.out)
    track = listening.heard(made(*arguments))
    # 50 ms are promised; a whole number of samples is what it is.
    assert len(track) == round(timeline["duration"] * listening.RATE)
    assert len(listening.sounding(timeline["events"])) > 3
    assert listening.late(track, timeline["events"]) == []
    assert listening.noise_in_silence(track, timeline) == []


def made(*arguments: str) -> Path:
    done = cli("make", *arguments)
    assert done.code == 0, done.err
    return Path(done.out.rstrip("\n"))
