"""What all tests share: a user's own folders that are empty, whoever runs the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceguide import library, presets


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for the user's own: `routines` and `presets` are looked up in it."""
    own = tmp_path_factory.mktemp("own")
    monkeypatch.setattr(library, "own_scripts", lambda: own / "routines")
    monkeypatch.setattr(presets, "folder", lambda: own / "presets")
    return own
