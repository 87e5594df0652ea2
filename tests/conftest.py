"""What all tests share: a user's own folders, empty whoever runs them, and how random examples are drawn."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import natural
from voiceguide import library
from voiceguide.routine import presets

# The same examples on every run, and none of them too slow for a busy machine. HYPOTHESIS_PROFILE=random draws others
# each time, and says how to repeat one that failed.
_CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fixed", _CALM, derandomize=True, print_blob=False)
settings.register_profile("random", _CALM, derandomize=False, print_blob=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

natural.hide()


def pytest_configure(config: pytest.Config) -> None:
    """Marks that tests may carry."""
    config.addinivalue_line("markers", "long: takes a minute or more")


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for the user's own: `routines` and `presets` are looked up in it."""
    own = tmp_path_factory.mktemp("own")
    monkeypatch.setattr(library, "own_scripts", lambda: own / "routines")
    monkeypatch.setattr(presets, "folder", lambda: own / "presets")
    return own
