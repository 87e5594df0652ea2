"""Texts that look the same sound the same, to the byte."""

from __future__ import annotations

from pathlib import Path

import voiceguide

SCRIPT = """\
title: {hold}
steps:
  - {hold} your{space}{back}, please.
  - {{hold: 10s, during: [{{at: 2s, say: "{hold}."}}]}}
"""


def test_what_is_not_seen_changes_no_byte() -> None:
    made = []
    for name, hold, space, back in (
        ("plain", "Hold", " ", "R\u00fccken"),
        ("pasted", "Ho\u200bld", "\u00a0", "Ru\u0308c\u00adken"),
    ):
        path = Path(f"{name}.yaml")
        path.write_text(SCRIPT.format(hold=hold, space=space, back=back), encoding="utf-8")
        made.append(voiceguide.make(path, out=f"{name}.mp3").path.read_bytes())
    assert made[0] == made[1]
