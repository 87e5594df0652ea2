"""Scripts and the seconds they become, with a voice whose lengths are known: `golden/*.md`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import Case, cases
from tests.score.fake import timeline, told

GOLDEN = Path(__file__).parent / "golden"
CASES = [case for document in sorted(GOLDEN.glob("*.md")) for case in cases(document)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.document.stem}: {case.name}")
def test_timeline(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case.check(told(timeline(case.write(tmp_path), **case.choices)))
