"""What the store has of a voice is believed only where it can be the text, and is bounded in memory."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pytest

from voiceguide.errors import VoiceError
from voiceguide.sound import narrator as narrating
from voiceguide.sound.narrator import Narrator, Times
from voiceguide.system.store import Store
from voiceguide.voices.base import Recording, VoiceSettings

TEXT = "Kneel on your left knee, with your right foot in front."


class Hummer:
    """Hums every text at once, 60 ms a character, and counts."""

    def __init__(self, ms: int = 60) -> None:
        self.said: list[str] = []
        self.ms = ms
        self.closed = 0

    def warm(self, texts: int) -> None:
        """Nothing to start."""

    def close(self) -> None:
        """Counted."""
        self.closed += 1

    def speak(self, text: str) -> Recording:
        """A hum."""
        self.said.append(text)
        hum = 9000 * np.sin(np.arange(16 * self.ms * len(text)) / 9)
        return Recording(hum.astype("<i2").tobytes(), 16_000)


def narrator(store: Store, hummer: Hummer) -> Narrator:
    return Narrator(VoiceSettings(), store, open_voice=lambda _settings: hummer, identity="hum")


@pytest.mark.parametrize("ms", [0, 1, 100, 900])
def test_a_fragment_in_the_store_is_not_believed(ms: int, tmp_path: Path) -> None:
    store = Store(tmp_path)
    with narrator(store, Hummer()) as told:
        expected, key = told.lengths([TEXT])[TEXT], told.key(TEXT)
        clip = told.clip(TEXT).raw_data
    store.put(f"times\0{key}", msgspec.json.encode(Times(ms, (), ())))
    store.put(key, bytes(96 * ms))
    with narrator(store, hummer := Hummer()) as again:
        assert again.clip(TEXT).raw_data == clip
        assert again.lengths([TEXT]) == {TEXT: expected}
    assert hummer.said == [TEXT]


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"ms": "long", "side_words": []}', b'{"ms": 1e99}'])
def test_times_that_can_not_be_read_are_made_again(damaged: bytes, tmp_path: Path) -> None:
    store = Store(tmp_path)
    with narrator(store, hummer := Hummer()) as told:
        store.put(f"times\0{told.key(TEXT)}", damaged)
        assert told.lengths([TEXT])[TEXT] > 3000
    assert hummer.said == [TEXT]


def test_a_fragment_is_an_error_and_is_not_stored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with narrator(store, Hummer(ms=4)) as told:
        for _ in range(2):
            with pytest.raises(VoiceError, match=r"returned only 2\d\d ms of sound") as caught:
                told.lengths([TEXT])
            assert caught.value.text == TEXT
    assert store.size() == (0, 0)


def test_memory_is_bounded_and_what_does_not_fit_is_in_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrating, "MAX_TIMES", 5)
    texts = [f"Hold for {number} seconds." for number in range(20)]
    with narrator(Store(tmp_path), hummer := Hummer()) as told:
        lengths = told.lengths(texts)
        assert list(lengths) == texts
        assert len(told._times) == 5
        assert told.lengths(texts) == lengths
        assert len(hummer.said) == 20


def test_a_store_that_keeps_nothing_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrating, "MAX_TIMES", 5)
    (tmp_path / "file").write_text("no folder")
    texts = [f"Hold for {number} seconds." for number in range(20)]
    with narrator(Store(tmp_path / "file"), Hummer()) as told, narrator(Store(tmp_path / "good"), Hummer()) as good:
        assert told.lengths(texts) == good.lengths(texts)
        assert told.clip(texts[0]).raw_data == good.clip(texts[0]).raw_data


def test_clips_that_several_threads_miss_are_spoken_once_by_one_voice(tmp_path: Path) -> None:
    """Lengths known, clips thrown away, several threads encoding: one voice is opened, and one is closed."""
    store = Store(tmp_path)
    texts = [f"Hold for {number} seconds." for number in range(6)]
    with narrator(store, Hummer()) as told:
        told.lengths(texts)
        keys = [told.key(text) for text in texts]
    for key in keys:
        store._path(key).unlink()
    opened: list[Hummer] = []
    ready = threading.Barrier(8, timeout=20)

    def open_voice(_settings: VoiceSettings) -> Hummer:
        opened.append(Hummer())
        return opened[-1]

    def hear(number: int) -> bytes:
        ready.wait()
        return bytes(told.clip(texts[number % 6]).raw_data)

    with (
        Narrator(VoiceSettings(), store, open_voice=open_voice, identity="hum") as told,
        ThreadPoolExecutor(8) as threads,
    ):
        told.lengths(texts)
        assert not opened
        heard = list(threads.map(hear, range(8)))
    told.close()
    assert len(opened) == 1
    assert sorted(opened[0].said) == texts
    assert opened[0].closed == 1
    assert heard[:2] == heard[6:]
    with pytest.raises(VoiceError, match="closed"):
        told.lengths(["Something new."])


def test_an_interrupt_does_not_wait_for_a_voice_that_hangs(tmp_path: Path) -> None:
    """And the next session has a voice again."""
    closed = threading.Event()
    opened: list[Hummer] = []

    class Stuck(Hummer):
        def speak(self, text: str) -> Recording:
            if text != TEXT and not closed.is_set():
                assert closed.wait(20), "it was waited for"
                raise VoiceError("the voice is closed", text=text)
            return super().speak(text)

        def close(self) -> None:
            super().close()
            closed.set()

    def open_voice(_settings: VoiceSettings) -> Hummer:
        opened.append(Stuck())
        return opened[-1]

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with Narrator(VoiceSettings(), Store(tmp_path), open_voice=open_voice, identity="hum") as told:
        with pytest.raises(KeyboardInterrupt):
            told.lengths([TEXT, "Something new.", "Something else."], interrupt)
        assert [each.closed for each in opened] == [1]
        assert told.lengths(["Something new."])["Something new."] > 500
    assert [each.closed for each in opened] == [1, 1]
