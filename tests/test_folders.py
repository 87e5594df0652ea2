"""The user's folders are those that platformdirs tells, whatever the environment says."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
import pytest

from voiceguide.folders import user_folder

KINDS: tuple[Literal["cache", "data", "config"], ...] = ("cache", "data", "config")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "given", [None, "", "  ", "relative", "~/mine", "/tmp/with space", " /tmp/spaces ", "/", "//a/../b/"]
)
@pytest.mark.parametrize("home", ["/home/jo", "", None, "relative"])
def test_the_same_as_platformdirs(
    kind: Literal["cache", "data", "config"], given: str | None, home: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ((f"XDG_{kind.upper()}_HOME", given), ("HOME", home)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    told = {
        "cache": platformdirs.user_cache_dir,
        "data": platformdirs.user_data_dir,
        "config": platformdirs.user_config_dir,
    }[kind]("voiceguide", appauthor=False)
    assert user_folder(kind) == Path(told)
