"""The language's reference: its example works, and every test that it leans on exists."""

from __future__ import annotations

import re
from pathlib import Path

from tests.score.fake import timeline

ROOT = Path(__file__).parent.parent.parent
REFERENCE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
BODY, _, PROOFS = REFERENCE.partition("## What proves each line\n")
LISTED = re.findall(r"^\| ([A-Z][0-9]+) \| (.+) \|$", PROOFS, re.MULTILINE)
ROWS = dict(LISTED)


def test_the_first_routine_works(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text(BODY.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert timeline(script).title == "Standing calf stretch"


def test_every_line_has_a_proof_and_every_proof_a_line() -> None:
    marks = re.findall(r"\[([A-Z][0-9]+)\]", BODY)
    assert set(marks) == set(ROWS)
    assert len(LISTED) == len(ROWS)


def test_every_named_test_exists() -> None:
    named = [each for tests in ROWS.values() for each in re.findall(r"`([^`]+)`", tests)]
    assert named
    for each in named:
        found = re.fullmatch(r"(tests/\S+\.py)::(test_\w+)(?:\[(\w+): (.+)\])?", each)
        assert found, each
        path, function, document, case = found.groups()
        assert f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"), each
        if case:
            cases = ((ROOT / path).parent / "golden" / f"{document}.md").read_text(encoding="utf-8")
            assert f"\n## {case}\n" in cases, each


def test_every_key_is_in_it() -> None:
    from voiceguide.language import grammar as table

    keys = {*table.TOP, *table.VERBS, *table.DEFAULTS, *table.CUE, *table.VOICE, *table.BED}
    keys |= {key for verb in table.VERBS.values() for key in verb.modifiers}
    for key in keys:
        assert re.search(rf"`[^`]*\b{key}\b[^`]*`", BODY), key
