"""Windows as they are heard: sessions decoded by decoders that are not ours, and measured against their timelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import miniaudio
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

import voiceguide
from tests.sessions import listening
from tests.sessions.listening import RATE
from voiceguide.routine import presets
from voiceguide.score.timeline import ChimeEvent
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


OWN = """\
title: Own
sounds: {start: low.wav, end: soft}
steps:
  - sides: [left, right]
    steps: [{hold: 4s}]
"""


def tone(path: Path, pitch: float, seconds: float) -> None:
    wave = 0.3 * np.sin(2 * np.pi * pitch * np.arange(int(44_100 * seconds)) / 44_100)
    soundfile.write(path, wave, 44_100)


def pitches(session: voiceguide.Session) -> dict[str, float]:
    """The loudest pitch of each chime as it is heard, by its name; of the last one of that name."""
    track = level(session)
    found: dict[str, float] = {}
    for event in session.timeline.events:
        if isinstance(event, ChimeEvent):
            part = track[event.start_ms * 48 : event.end_ms * 48]
            spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
            found[event.name] = float(np.argmax(spectrum)) * RATE / len(part)
    return found


def test_sounds_of_one_s_own() -> None:
    folder = Path("mine")
    folder.mkdir()
    tone(Path("low.wav"), 500, 0.7)
    tone(folder / "end.flac", 1_500, 1.25)
    tone(folder / "switch.ogg", 2_500, 0.5)
    # The script's own first, then those of a listener's folder, and where that has none the script's again.
    session = made(OWN)
    assert pitches(session)["start"] == pytest.approx(500, abs=5)
    check_heard(session)
    session = made(OWN, sounds=folder)
    assert pitches(session) == {
        "start": pytest.approx(500, abs=5),
        "end": pytest.approx(1_500, abs=5),
        "switch": pytest.approx(2_500, abs=5),
    }
    lengths = {event.name: event.length_ms for event in session.timeline.events if isinstance(event, ChimeEvent)}
    assert lengths == {"start": 700, "end": 1_250, "switch": 500}
    check_heard(session)
    # What counts is what is in the files, not what they are called.
    tone(folder / "end.flac", 800, 1.25)
    assert pitches(made(OWN, sounds=folder))["end"] == pytest.approx(800, abs=5)


def test_sounds_that_can_t_be_used() -> None:
    folder = Path("mine")
    folder.mkdir()
    with pytest.raises(voiceguide.VoiceguideError, match="has no sounds named start, halfway, end or switch; expected"):
        made(TABATA, sounds=folder)
    (folder / "start.wav").write_bytes(b"RIFF, or so it says")
    with pytest.raises(voiceguide.VoiceguideError, match=r"^sounds: .*start\.wav"):
        made(TABATA, sounds=folder)
    tone(folder / "start.wav", 500, 61)
    with pytest.raises(voiceguide.VoiceguideError, match=r"^sounds: .*start\.wav"):
        made(TABATA, sounds=folder)


@pytest.mark.usefixtures("own_folders")
def test_a_preset_remembers_where_the_sounds_are() -> None:
    presets.save("gongs", {"sounds": "mine"})
    assert presets.load("gongs") == {"sounds": str(Path("mine").absolute())}
