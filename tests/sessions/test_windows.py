"""Windows as they are heard: sessions decoded by decoders that are not ours, and measured against their timelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import miniaudio
import numpy as np
import numpy.typing as npt
import pytest

import voiceguide
from tests.sessions import listening
from tests.sessions.listening import RATE
from voiceguide.views.json import to_json

TABATA = """\
title: Tabata
steps:
  - repeat: 8
    steps: [{hold: 20s, cue: within}, {rest: 10s, countdown: 3}]
"""

EMOM = """\
title: EMOM
defaults: {cue: within}
steps:
  - repeat: 10
    steps: [{hold: 40s, start: Go.}, {rest: 20s, start: Rest., end: {chime: soft}}]
"""


def made(script: str, **choices: Any) -> voiceguide.Session:
    path = Path("script.yaml")
    path.write_text(script, encoding="utf-8")
    return voiceguide.make(path, **choices)


def check_heard(session: voiceguide.Session) -> None:
    """Every sound begins where the timeline says, and the track is exactly as long, by two decoders."""
    events = to_json(session.timeline)["events"]
    for track in (listening.heard(session.path), listening.heard_by_another(session.path)):
        assert len(track) == session.timeline.duration_ms * RATE // 1_000
        assert listening.late(track, events) == []


@pytest.mark.parametrize(("script", "ms"), [(TABATA, 240_000), (EMOM, 600_000)])
def test_sounds_within_make_intervals_exact(script: str, ms: int) -> None:
    session = made(script)
    assert session.timeline.duration_ms == ms
    check_heard(session)
    # Nothing is heard of a chime after the window that it lies in: every interval begins with its own first sound.
    starts = [event.start_ms for event in session.timeline.events if event.kind == "hold"]
    assert starts == list(range(0, ms, ms // len(starts)))


SITTING = """\
title: Sitting
steps:
  - hold: 6m
    during: [{every: 1m, chime: bell}, {every: 45s, say: ["Still {remaining}.", Breathe.], until: -1m}]
"""


def test_bells_come_back() -> None:
    session = made(SITTING)
    start = next(event.start_ms for event in session.timeline.events if event.kind == "hold")
    bells = [event.start_ms - start for event in session.timeline.events if getattr(event, "name", "") == "bell"]
    said = [event.text for event in session.timeline.events if event.kind == "say"]
    assert bells == [60_000, 120_000, 180_000, 240_000, 300_000]
    assert said == [
        "Still five minutes and fifteen seconds.",
        "Breathe.",
        "Still three minutes and forty-five seconds.",
        "Breathe.",
        "Still one and a half minutes.",
    ]
    check_heard(session)


REPS = """\
title: Bridge
steps:
  - {reps: 10, tempo: 2-0-4, cue: none}
  - {reps: 4, tempo: 3-3, words: [Up., Down.], cue: within}
"""


def test_repetitions_are_heard_at_their_tempo() -> None:
    session = made(REPS, countdown=5)
    assert session.timeline.duration_ms == 84_000
    check_heard(session)
    spoken = [(event.start_ms, event.text) for event in session.timeline.events if event.kind in ("say", "count")]
    assert [start for start, _ in spoken[:10]] == list(range(0, 60_000, 6_000))
    assert spoken[10:14] == [(60_000, "One, up."), (63_000, "Down."), (66_000, "Two, up."), (69_000, "Down.")]


COUNTED = """\
title: Breath
steps:
  - {breathe: 6 breaths, pattern: 2-2, cue: tone, count: up}
"""


def test_breaths_are_counted_over_tones() -> None:
    session = made(COUNTED)
    assert session.timeline.duration_ms == 24_000
    numbers = [event for event in session.timeline.events if event.kind == "count"]
    assert [event.start_ms for event in numbers] == list(range(0, 24_000, 4_000))
    with_numbers = level(session)
    without = level(made(COUNTED.replace("count: up", "count: no")))
    for event in numbers:
        # A number is much louder than the tone that begins beneath it.
        at = slice(event.start_ms * 48, event.end_ms * 48)
        assert np.square(with_numbers[at]).mean() > 10 * np.square(without[at]).mean()


def level(session: voiceguide.Session) -> npt.NDArray[np.float32]:
    """The samples of a session, by miniaudio."""
    sound = miniaudio.mp3_read_file_f32(str(session.path))
    return np.repeat(np.array(sound.samples, np.float32)[:: sound.nchannels], RATE // sound.sample_rate)
