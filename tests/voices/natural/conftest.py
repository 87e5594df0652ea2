"""What all tests of the natural voice share: they are skipped without the extra, and see the voice with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import natural
from voiceguide.voices import VoiceSettings, open_voice
from voiceguide.voices.pool import VoicePool


@pytest.fixture(autouse=True, scope="session")
def installed() -> None:
    """Skip the tests if the extra isn't installed."""
    if not natural.is_installed():
        pytest.skip("the extra `natural` is not installed")


@pytest.fixture
def shown() -> Iterator[None]:
    """Let voiceguide find the natural voice."""
    with natural.shown():
        yield


@pytest.fixture(scope="module")
def voice() -> Iterator[VoicePool]:
    """The natural voice in one process."""
    with natural.shown():
        pool = open_voice(VoiceSettings(), size=1)
    with pool:
        yield pool
