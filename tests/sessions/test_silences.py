"""Silence inside a text, heard in the finished track by decoders that are not ours."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutagen.id3 import ID3

import voiceguide
from tests.sessions import listening
from voiceguide.views.json import to_json

SCRIPT = """\
title: Silences
pronounce: {psoas: so az}
steps:
  - "Breathe in. Slowly. [2s] And out, from the psoas [1.5s], and rest. [250ms]"
  - hold: 20s
    start: Ready. [3s] Go.
    during:
      - {at: 4s, say: "[1s] Soften [2.345s] and stay."}
  - Well done. [5s]
"""
FRAME = 0.024  # the grid of the encoder
# A clip has 4 ms before its first sound and 10 ms after its last, and an MP3 rings or is a little soft at both.
EDGES = 0.030


@pytest.mark.parametrize("choices", [{}, {"stereo": True}, {"rate": "180"}], ids=["mono", "stereo", "fast"])
def test_each_silence_lasts_as_long_as_it_says(choices: dict[str, Any]) -> None:
    Path("silences.yaml").write_text(SCRIPT, encoding="utf-8")
    session = voiceguide.make("silences.yaml", **choices)
    timeline = to_json(session.timeline)
    texts = [event for event in timeline["events"] if event["kind"] == "say"]
    assert texts[0]["text"].endswith("[1.5s], and rest. [250ms]")
    for event in texts:
        pieces = event["pieces"]
        silences = [after["start"] - before["end"] for before, after in pairwise(pieces)]
        silences = [pieces[0]["start"] - event["start"], *silences, event["end"] - pieces[-1]["end"]]
        written = [float(each) for each in re.findall(r"\[([\d.]+)s\]", event["text"].replace("250ms", "0.25s"))]
        assert [each for each in np.round(silences, 3) if each] == written

    pieces = [{**piece, "kind": "say"} for event in texts for piece in event["pieces"]]
    others = [event for event in timeline["events"] if event["kind"] != "say"]
    placed = sorted((*pieces, *others), key=lambda event: event["start"])
    for track in (listening.heard(session.path), listening.heard_by_another(session.path)):
        assert len(track) == round(timeline["duration"] * listening.RATE)
        assert listening.late(track, placed) == []
        assert listening.noise_in_silence(track, {**timeline, "events": placed}) == []
        for first, length in ((0, 2.0), (1, 1.5), (3, 3.0), (5, 2.345)):
            heard = silence_between(track, pieces[first], pieces[first + 1])
            assert -FRAME <= heard - length <= FRAME + EDGES, (pieces[first]["text"], heard)


def silence_between(track: listening.Audible, before: dict[str, Any], after: dict[str, Any]) -> float:
    """Seconds from the last sound of one piece to the first of the next, as they are heard."""
    middle = round((before["end"] + after["start"]) / 2 * listening.RATE)
    last = int(np.flatnonzero(track[:middle])[-1])
    first = middle + int(np.flatnonzero(track[middle:])[0])
    return float(first - last) / listening.RATE


def test_the_lyrics_have_a_line_for_each_piece() -> None:
    Path("silences.yaml").write_text(SCRIPT, encoding="utf-8")
    session = voiceguide.make("silences.yaml")
    lines = re.findall(r"^\[\d+:\d\d\.\d\d\](.+)$", ID3(session.path).getall("USLT")[0].text, re.MULTILINE)
    assert lines == [
        "Breathe in.",
        "Slowly.",
        "And out, from the psoas,",
        "and rest.",
        "Ready.",
        "Go.",
        "Soften",
        "and stay.",
        "Well done.",
    ]
