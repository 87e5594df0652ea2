"""Wrong scripts and wrong requests, each with the whole of its message: `golden/*.md`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import Case, cases
from tests.score.fake import timeline
from voiceguide.errors import VoiceguideError

GOLDEN = Path(__file__).parent / "golden"
CASES = [case for document in sorted(GOLDEN.glob("*.md")) for case in cases(document)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.document.stem}: {case.name}")
def test_message(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = case.write(tmp_path)
    with pytest.raises(VoiceguideError) as caught:
        timeline(script, **case.choices)
    case.check(str(caught.value))
