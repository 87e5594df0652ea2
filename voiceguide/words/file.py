"""A file of words: YAML that is part of the program, in which every scalar is a text."""

from __future__ import annotations

from typing import Any

import yaml

# libyaml where the wheel has it. Nothing is interpreted: `no` is a word, as in a script.
_Plain: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse(data: bytes) -> dict[str, object]:
    """Parse the keys and texts of a file. For trusted files only."""
    found: dict[str, object] = yaml.load(data, Loader=_Plain)
    return found
