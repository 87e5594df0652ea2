"""The side that a sound leans to; apart from the rest because it is needed without numpy."""

from __future__ import annotations

from typing import Literal

Pan = Literal["left", "right"]
