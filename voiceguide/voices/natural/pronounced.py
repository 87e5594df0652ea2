"""How the natural voice must say words that it reads wrongly: phonemes in the alphabet of its network."""

from __future__ import annotations

PRONOUNCED: dict[str, str] = {}
