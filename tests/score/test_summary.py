"""What a list tells of a routine follows its files, those that it includes too."""

from __future__ import annotations

from pathlib import Path

from voiceguide.score.summary import Summaries
from voiceguide.store import Store


def script(path: Path, title: str, steps: str) -> Path:
    path.write_text(f"title: {title}\nsteps:\n{steps}", encoding="utf-8")
    return path


def test_a_summary_is_kept_and_follows_every_file(tmp_path: Path) -> None:
    inner = script(tmp_path / "inner.yaml", "Inner", "  - rest: 2m\n")
    outer = script(tmp_path / "outer.yaml", "Outer", "  - include: inner\n")
    store = Store(tmp_path / "cache")
    first = Summaries(store).of(outer)
    assert first.title == "Outer"
    assert Summaries(store).of(outer) == first
    script(inner, "Inner", "  - rest: 20m\n")
    longer = Summaries(store).of(outer)
    assert longer.title == "Outer"
    assert longer.length != first.length
    script(outer, "Renamed", "  - include: inner\n")
    assert Summaries(store).of(outer).title == "Renamed"
