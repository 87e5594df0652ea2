"""Nothing accumulates: late in a long session everything is as exact as at its start, and memory does not grow."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import voiceguide
from tests.sessions import listening
from voiceguide.views.json import to_json

FRAME = 0.024  # seconds

HALF_AN_HOUR = """\
title: A long one
defaults: {gap: 333ms}
steps:
  - repeat: 25
    steps:
      - say: Round {round}.
      - hold: 61.007s
        during: [{at: 33.333s, say: Stay.}]
      - pause: 1.234s
  - say: Done.
"""

# A thousand events on three hours: few of them new words, as in a session of that length.
THREE_HOURS = """\
title: A very long one
steps:
  - repeat: 30
    steps:
      - say: Round {round}.
      - repeat: 6
        steps:
          - hold: 59s
            countdown: 3
"""

# In a fresh process, because a high-water mark never falls; and not rusage's, which begins with that of the parent.
MEASURED = """\
import pathlib, sys, voiceguide
session = voiceguide.make(sys.argv[1], out="long.mp3", cache=False)
mark = [line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(session.duration, session.timeline.duration_ms, int(mark[0].split()[1]) // 1024)
"""


def test_the_last_event_is_as_exact_as_the_first() -> None:
    Path("long.yaml").write_text(HALF_AN_HOUR)
    session = voiceguide.make("long.yaml", out="long.mp3")
    timeline = to_json(session.timeline)
    sounds = listening.sounding(timeline["events"])
    assert session.duration > 1_600
    assert len(sounds) > 100
    track = listening.heard(session.path)
    assert len(track) == round(session.duration * listening.RATE)
    assert listening.late(track, timeline["events"]) == []
    assert listening.noise_in_silence(track, timeline) == []
    # Each is rounded onto the grid of whole frames by itself. So the same sound is heard equally late after its own
    # frame, the last time as the first: what little differs would add up if anything did.
    stays = [event["start"] for event in sounds if event["text"] == "Stay."]
    after = [(start + (listening.onset(track, start) or 0)) % FRAME for start in stays]
    assert len(after) == 25
    assert max(after) - min(after) < 0.0001


@pytest.mark.skipif(sys.platform != "linux", reason="the high-water mark is read from /proc")
def test_three_hours_do_not_fill_the_memory() -> None:
    from tests.cli.running import python

    Path("long.yaml").write_text(THREE_HOURS)
    done = python(MEASURED, "long.yaml")
    assert done.code == 0, done.err
    duration, ms, megabytes = done.out.split()
    assert float(duration) > 3 * 3600
    assert int(megabytes) < 200
    # At a constant bitrate the file's size tells its length: 64,000 bits a second, and tags of a few hundred kB.
    assert 0 < Path("long.mp3").stat().st_size - int(ms) * 8 < 500_000
