"""These tests run the whole pipe up to the timeline, with folders of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sessions import home


@pytest.fixture(autouse=True)
def shared_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """The cache that all tests of the whole pipe share; each stands in an empty folder."""
    return home.settle(monkeypatch, tmp_path_factory, tmp_path)
