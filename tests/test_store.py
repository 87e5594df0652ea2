"""The store: what is kept comes back whole or not at all, and never more of it than was allowed."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceguide.system import files
from voiceguide.system.store import Store


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@settings(max_examples=30)
@given(st.dictionaries(st.text(max_size=40), st.binary(max_size=200), max_size=8))
def test_what_is_put_in_comes_out(kept: dict[str, bytes]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for key, data in kept.items():
            store.put(key, data)
        assert {key: store.get(key) for key in kept} == kept
        assert store.get("a key that nobody put anything under, however long") is None


def test_a_damaged_entry_is_thrown_away(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("key", b"sound")
    (path,) = entries(tmp_path)
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole + b"x", whole[:10], b"", bytes([whole[-1] ^ 1]) + whole[1:]):
        path.write_bytes(damaged)
        assert store.get("key") is None
        assert not path.exists()
        path.write_bytes(whole)
    assert store.get("key") == b"sound"


def test_recent_entries_are_kept_in_memory(tmp_path: Path) -> None:
    store = Store(tmp_path, memory=4000)
    for number in range(8):
        store.put(str(number), bytes([number]) * 1000)
    store.put("large", bytes(1001))
    assert store.get("5") == bytes([5]) * 1000
    store.put("8", b"x")  # "4" was used longest ago
    for path in entries(tmp_path):
        path.unlink()
    assert [each for each in [*map(str, range(9)), "large"] if store.get(each) is not None] == ["5", "6", "7", "8"]
    store.put("5", b"another")
    assert store.get("5") == b"another"


def test_memory_shared_by_threads_holds_what_was_put(tmp_path: Path) -> None:
    store = Store(tmp_path, memory=3000)

    def use(number: int) -> bool:
        key = str(number % 7)
        store.put(key, key.encode() * 700)
        return store.get(key) == key.encode() * 700

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(400)))


def test_an_entry_under_another_name_is_thrown_away(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("one", b"sound of one")
    (one,) = entries(tmp_path)
    store.put("other", b"sound of the other")
    (other,) = set(entries(tmp_path)) - {one}
    one.replace(other)
    assert store.get("other") is None


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=10_000)
    for number in range(20):
        store.put(str(number), bytes(1_000))
        for path in entries(tmp_path):
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 7200))
    assert store.get("0") is not None  # used again: now it is the latest
    store.trim()
    count, size = store.size()
    assert size <= 10_000
    assert count == 8
    assert [store.get(str(number)) is not None for number in range(20)] == [True] + [False] * 12 + [True] * 7


def test_half_written_entries_of_the_killed_go_and_those_of_the_living_stay(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("key", b"sound")
    parts = tmp_path / "parts"
    with files.replacing(tmp_path / "ab" / "cd", durable=False, beside=parts):
        (living,) = parts.iterdir()
        dead, foreign = parts / f".voiceguide-{'0' * 12}.part", parts / "notes.part"
        for path in (dead, foreign):
            path.write_bytes(b"half")
        store.trim()
        assert sorted(parts.iterdir()) == sorted([living, foreign])
        (tmp_path / "ab").mkdir(exist_ok=True)
    assert store.size()[0] == 2
    assert store.get("key") == b"sound"


@pytest.mark.parametrize("key", ["\udce9.wav", "\ud800", "\0", "", "\x1b[31m" * 1000, "\u202e"])
def test_any_text_is_a_key(tmp_path: Path, key: str) -> None:
    store = Store(tmp_path)
    assert store.get(key) is None
    store.put(key, b"sound")
    assert store.get(key) == b"sound"
    assert store.get(key + "\udce9") is None


def test_a_store_that_vanishes_is_begun_anew(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    store.put("key", b"sound")
    shutil.rmtree(store.folder)
    assert store.get("key") is None
    assert store.size() == (0, 0)
    assert store.clear() == (0, 0, 0)
    store.trim()
    store.put("key", b"sound")
    assert store.get("key") == b"sound"


def test_trimming_and_clearing_beside_those_who_write(tmp_path: Path) -> None:
    """Whatever others do meanwhile, an entry is whole or not there."""

    def use(number: int) -> None:
        store = Store(tmp_path, limit=20_000)
        for key in map(str, range(60)):
            store.put(key, key.encode() * 1000)
            assert store.get(key) in (None, key.encode() * 1000)
            if number == 0:
                store.trim()
        if number == 1:
            store.clear()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, range(4)))
    assert not list((tmp_path / "parts").iterdir())


def test_many_may_write_the_same_entry(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        stores = [Store(tmp_path) for _ in range(8)]
        list(threads.map(lambda store: [store.put("key", b"sound" * 10_000) for _ in range(20)], stores))
    assert stores[0].get("key") == b"sound" * 10_000
    assert len(entries(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = Store(tmp_path / "file" / "cache")
    assert not store.usable()
    store.put("key", b"sound")
    assert store.get("key") is None
    assert store.size() == (0, 0)


def test_clearing_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("key", b"sound")
    size = store.size()
    assert size[0] == 1
    assert store.clear() == (*size, 0)
    assert store.size() == (0, 0)


def test_what_could_not_be_cleared_is_not_counted_as_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.put("key", b"sound")

    def refused(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        assert store.clear() == (0, 0, 1)
    assert store.get("key") == b"sound"


def test_what_is_no_file_is_no_entry(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("key", b"sound")
    (path,) = entries(tmp_path)
    path.unlink()
    path.mkdir()
    assert store.get("key") is None
    store.put("key", b"sound")
    assert store.size() == (0, 0)
    assert [*path.parent.iterdir()] == [path]
