"""The choices that a caller may pass as keywords, with their types; `choices` reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from os import PathLike
from typing import Literal, TypedDict

from voiceguide.routine.model import CueProfile, Guide, Side

Duration = str | int | float | timedelta
"""`"45s"`, a number of seconds, or a timedelta."""


class ChoiceFields(TypedDict, total=False):
    """What a listener may choose, as on the command line; words that Python keeps have an underscore behind them.

    hold and rest: a length for all of them, or `"NAME=LENGTH"`, or several of these. fit: the whole session's length.
    pace: a factor for pauses. bed: a generated bed's name, a music file, or "no"; bed_level: dB below the voice.
    """

    hold: Duration | Sequence[Duration]
    rest: Duration | Sequence[Duration]
    pace: str | float
    fit: Duration
    first: Side
    only: Side
    tight: Side
    with_: str | Sequence[str]
    without: str | Sequence[str]
    guide: Guide
    countdown: int | Literal["no"]
    pattern: str
    cues: CueProfile
    voice: str
    rate: int
    notice: bool
    stereo: bool
    bed: str | PathLike[str]
    bed_level: int
