"""What a list tells of a routine follows its files, those that it includes too."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceguide.language import loader
from voiceguide.summary import Summaries, Summary
from voiceguide.system.store import Store


def script(path: Path, title: str, steps: str) -> Path:
    path.write_text(f"title: {title}\nsteps:\n{steps}", encoding="utf-8")
    return path


def summary(path: Path, store: Store) -> Summary:
    found = Summaries(store).of(path)
    assert found is not None
    return found


def test_a_summary_is_stored_and_follows_every_file(tmp_path: Path) -> None:
    inner = script(tmp_path / "inner.yaml", "Inner", "  - rest: 2m\n")
    outer = script(tmp_path / "outer.yaml", "Outer", "  - include: inner\n")
    store = Store(tmp_path / "cache")
    first = summary(outer, store)
    assert first.title == "Outer"
    assert summary(outer, store) == first
    script(inner, "Inner", "  - rest: 20m\n")
    longer = summary(outer, store)
    assert longer.title == "Outer"
    assert longer.length != first.length
    script(outer, "Renamed", "  - include: inner\n")
    assert summary(outer, store).title == "Renamed"


def test_what_a_routine_needs_is_a_key_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("title: A\ntags: [hips, mat]\nneeds: [Gymnastikball, mat]\nsteps: [pause: 5s]\n", encoding="utf-8")
    store = Store(tmp_path / "cache")
    for _ in range(2):
        found = summary(path, store)
        assert (found.tags, found.needs) == (("hips", "mat"), ("Gymnastikball", "mat"))


def readings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The scripts that are read from now on, for real."""
    real, seen = loader.read, list[Path]()

    def read(path: Path) -> loader.Reading:
        seen.append(path)
        return real(path)

    monkeypatch.setattr(loader, "read", read)
    return seen


@pytest.mark.parametrize(
    "steps",
    [
        "  - hold: soon\n",
        "  - include: inner\n",  # whose own hold is wrong
        "  - hold: 7h\n  - hold: 6h\n",  # too long only once it is planned
        "  - say: {a: b\n",
    ],
)
def test_a_script_with_errors_is_read_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: str
) -> None:
    inner = script(tmp_path / "inner.yaml", "Inner", "  - hold: soon\n")
    outer = script(tmp_path / "outer.yaml", "Outer", steps)
    store, seen = Store(tmp_path / "cache"), readings(monkeypatch)
    assert [Summaries(store).of(outer) for _ in range(3)] == [None] * 3
    assert seen == [outer]
    script(outer, "Outer", "  - hold: 1m\n" if "include" not in steps else steps)
    script(inner, "Inner", "  - hold: 1m\n")
    assert summary(outer, store).title == "Outer"


def test_a_script_whose_sound_is_missing_is_right_once_it_is_there(tmp_path: Path) -> None:
    path = script(tmp_path / "a.yaml", "A", "  - chime: gong\n")
    store = Store(tmp_path / "cache")
    assert Summaries(store).of(path) is None
    (tmp_path / "gong.wav").write_bytes(b"")
    assert summary(path, store).title == "A"


def test_a_name_that_is_not_utf_8_has_a_summary(tmp_path: Path) -> None:
    path = tmp_path / "\udce4.yaml"
    try:
        script(path, "A", "  - pause: 5s\n")
    except OSError:
        pytest.skip("this file system takes no such names")
    store = Store(tmp_path / "cache")
    assert summary(path, store) == summary(path, store)
