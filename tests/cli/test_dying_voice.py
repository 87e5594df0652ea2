"""A voice process that is killed while it speaks: once is made good, twice is an error that says where."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.cli import fragile
from tests.cli.running import cli
from voiceguide.voices.engines import ENGINES

SCRIPT = """\
title: Fragile
steps:
  - say: This goes well.
  - say: This is fragile.
  - say: And so does this.
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture(autouse=True)
def dying(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file that says how often the voice dies."""
    Path("fragile.yaml").write_text(SCRIPT)
    deaths = tmp_path / "deaths"
    deaths.write_text("")
    monkeypatch.setenv(fragile.LIVES, str(deaths))
    monkeypatch.setitem(ENGINES, "espeak", replace(ENGINES["espeak"], speaker=fragile.__name__))
    return deaths


def test_once_is_made_good(dying: Path) -> None:
    assert cli("make", "fragile", "--no-cache", "-o", "well.mp3").code == 0
    dying.write_text("once\n")
    done = cli("make", "fragile", "--no-cache", "-o", "once.mp3")
    assert (done.code, done.err) == (0, "Fragile: 0:05\n")
    assert dying.read_text() == ""
    assert Path("once.mp3").read_bytes() == Path("well.mp3").read_bytes()


def test_twice_is_an_error_that_names_text_and_line(dying: Path) -> None:
    dying.write_text("once\ntwice\n")
    done = cli("make", "fragile", "--no-cache", "-o", "out")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        'Error: fragile.yaml:4:5: the voice could not say "This is fragile.": it was ended by SIGKILL, twice; '
        "change these words, or choose another voice (`voiceguide voices` lists all voices)\n"
        "  4 |   - say: This is fragile.\n"
        "    |     ^\n"
    )
    assert list(Path("out").iterdir()) == []
