"""Folders of a user's own for tests that run the whole pipe: nothing real is read or written."""

from __future__ import annotations

from pathlib import Path

import pytest

VARIABLES = ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


def settle(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, here: Path) -> Path:
    """Stand in `here`, as a user whose folders are empty, all but the cache: that one all these tests share.

    What they have in common is spoken and encoded once. Returns the cache's own folder.
    """
    own = tmp_path_factory.mktemp("user")
    for variable in VARIABLES:
        monkeypatch.setenv(variable, str(own))
    shared = tmp_path_factory.getbasetemp() / "shared-cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(here)
    return shared
