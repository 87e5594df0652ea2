"""Scripts made to exhaust a machine are read or refused under hard limits, in a process that dies of too much."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.language.hostile import HOSTILE

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells how much memory a process has")
def test_no_script_exhausts_the_machine() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.language.hostile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(HOSTILE)
