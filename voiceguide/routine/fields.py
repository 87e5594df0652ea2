"""The choices that a caller may pass as keywords, with their types; `choices` parses them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from os import PathLike
from typing import Literal, TypedDict

from voiceguide.routine.model import CueProfile, Guide, Side

Duration = str | int | float | timedelta
"""`"45s"`, a number of seconds, or a timedelta."""

Default = Literal["default"]
"""In place of a value: resets the choice, so a preset's value is not used."""


class ChoiceFields(TypedDict, total=False):
    """The listener's choices, as on the command line; `with` is a reserved word in Python, so it is `with_`.

    hold and rest: a length for all of them, or `"NAME=LENGTH"`, or several of these; reps: the same with
    numbers. tempo: the seconds of each way and pause of a repetition. fit: the whole session's length.
    pace: a factor for pauses and gaps. rate: words a minute. countdown: how many last seconds of each hold are counted.
    bed: a generated bed's name, a music file, or "no"; bed_level: dB below the voice.
    sounds: a folder with sounds of one's own, such as start.wav.
    """

    hold: Duration | Sequence[Duration]
    rest: Duration | Sequence[Duration]
    reps: str | int | Sequence[str | int]
    tempo: str
    pace: str | float
    fit: Duration
    first: Side | Default
    only: Side | Default
    tight: Side | Default
    with_: str | Sequence[str]
    without: str | Sequence[str]
    guide: Guide | Default
    countdown: int | Literal["no"] | Default
    pattern: str
    cues: CueProfile | Default
    voice: str
    rate: int | Default
    notice: bool
    stereo: bool
    bed: str | PathLike[str]
    bed_level: int | Default
    sounds: str | PathLike[str]
