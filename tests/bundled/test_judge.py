"""Each rule of the judge finds the fault that it is there for, and nothing in a session that has none."""

from __future__ import annotations

from pathlib import Path

import pytest

import voiceguide
from tests.bundled.judge import judge

GOOD = """\
title: Calf stretch
steps:
  - exercise: Calf stretch
    steps:
      - say: Stand up.
      - pause: 10s
      - sides: [left, right]
        steps:
          - say: Step back with your left foot. Feel the calf, and don't bounce. Too much? Step in.
            again: And your right foot.
          - hold: {hold}
            during:
              - {{at: 2s, say: "Breathe into your {{side}} calf."}}
              {cues}
          - say: "{after}"
            again: Done.
          {more}
"""


def found(tmp_path: Path, *, hold: str = "30s", cues: str = "", after: str = "Come back.", more: str = "") -> list[str]:
    script = tmp_path / "calf.yaml"
    script.write_text(GOOD.format(hold=hold, cues=cues, after=after, more=more))
    return judge(voiceguide.show(script))


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"hold": "2m"}, "s of silence in calf-stretch"),
        ({"more": "- Sit down.\n          - Now a breath."}, "after 'Sit down.', which needs 10 s"),
        ({"more": "- Lie down on your back.\n          - pause: 9s\n          - Rest now."}, "which needs 10 s"),
        ({"more": "- Once more of this.\n"}, "'Once more of this.' was said at "),
        ({"after": "And release.", "more": "- say: Stay there on your {side} side."}, "'Stay there"),
        ({"more": "- say: Stay there on your {side} side."}, "after the end chime"),
        ({"more": "- say: " + "and your {side} " * 11}, "33 words in"),
    ],
)
def test_a_fault_is_found(change: dict[str, str], fault: str, tmp_path: Path) -> None:
    if "after the end chime" in fault:
        change = {"after": "Stay there."}
    assert any(fault in each for each in found(tmp_path, **change)), found(tmp_path, **change)


@pytest.mark.parametrize(
    ("text", "other", "fault"),
    [
        ("Breathe into your {side} calf", "Lean on your {side} heel", "no word of the breath"),
        ("with your left foot", "with one foot", "begins without its side"),
        ("Feel the calf", "Lean in", "nothing of where it is felt"),
        ("don't bounce", "lean in", "nothing of what to avoid"),
        ("Too much? Step in.", "And lean.", "nothing of how to make it easier"),
    ],
)
def test_what_is_missing_is_found(text: str, other: str, fault: str, tmp_path: Path) -> None:
    script = tmp_path / "calf.yaml"
    whole = GOOD.format(hold="30s", cues="", after="Come back.", more="")
    assert text in whole
    script.write_text(whole.replace(text, other))
    assert any(fault in each for each in judge(voiceguide.show(script)))


def test_words_that_release_twice_are_found(tmp_path: Path) -> None:
    script = tmp_path / "calf.yaml"
    script.write_text(GOOD.format(hold="30s", cues="", after="And release your {side} foot.", more=""))
    assert any("released twice" in each for each in judge(voiceguide.show(script, cues="voice")))
