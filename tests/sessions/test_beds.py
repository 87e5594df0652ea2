"""Sessions over beds through the whole pipe: what is encoded, which notes appear, and what an error leaves behind."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soundfile

import voiceguide
from tests.sessions import samples
from tests.sound import meters
from tests.track.decoders import with_ffmpeg
from voiceguide import workshop
from voiceguide.errors import SoundError
from voiceguide.render import with_bed as underlay
from voiceguide.routine.fields import ChoiceFields
from voiceguide.score.timeline import SayEvent
from voiceguide.system.store import Store
from voiceguide.track.encoder import Stream, encode
from voiceguide.track.frames import Encoding

LONG = """\
title: Long
steps:
  - say: Lie down on the soft part of the floor.
  - hold: 40s
    name: first
    countdown: 3
  - say: Turn over to the other side, and settle.
  - hold: 40s
    name: second
    countdown: 3
  - say: And once more, for as long as you like.
  - hold: 40s
    name: last
    countdown: 3
  - say: Well done.
"""
PARTS = 4


@pytest.fixture
def long() -> Path:
    path = Path("long.yaml")
    path.write_text(LONG, encoding="utf-8")
    return path


@pytest.fixture
def encodings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Something for each encoding that is made."""
    found: list[int] = []

    def counted(blocks: Iterable[bytes], encoding: Encoding) -> Stream:
        found.append(encoding.channels)
        return encode(blocks, encoding)

    monkeypatch.setattr(underlay, "encode", counted)
    return found


@pytest.mark.parametrize("stereo", [False, True])
def test_the_same_again_is_encoded_no_more(
    stereo: bool, long: Path, encodings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another place among the meter's blocks may change the voice by hundredths of a decibel, which may be one step.
    found = iter([-19.01, -19.01, -19.04, -19.04, -19.06])
    monkeypatch.setattr(underlay, "measure_session", lambda *_: (next(found), -30.0))
    first = voiceguide.make(long, bed="drone", stereo=stereo).path.read_bytes()
    assert len(encodings) == PARTS
    assert voiceguide.make(long, bed="drone", stereo=stereo).path.read_bytes() == first
    assert len(encodings) == PARTS
    # The last hold ends in the last part, and only there anything has moved.
    changed = voiceguide.make(long, bed="drone", stereo=stereo, hold="last=43s")
    assert len(encodings) == PARTS + 1
    sound = with_ffmpeg(changed.path.read_bytes())
    assert sound.shape == (2 if stereo else 1, round(changed.duration * samples.RATE))
    # And what was never there is what it would have been.
    other = voiceguide.make(long, bed="drone", stereo=stereo, hold="last=43s", cache=False, out="other.mp3")
    assert len(encodings) == 2 * PARTS + 1
    assert other.path.read_bytes() == changed.path.read_bytes()
    voiceguide.make(long, bed="drone", stereo=stereo, hold="last=43s")
    assert len(encodings) == 3 * PARTS + 1


def test_without_a_cache_nothing_is_kept(long: Path, encodings: list[int], shared_cache: Path) -> None:
    def kept() -> set[Path]:
        return set(shared_cache.rglob("*"))

    before = kept()
    for _ in range(2):
        voiceguide.make(long, bed="waves", cache=False)
    assert len(encodings) == 2 * PARTS
    assert kept() == before


def test_progress_is_reported(long: Path) -> None:
    told: list[tuple[str, int, int]] = []
    voiceguide.make(long, bed="brown", progress=lambda what, done, of: told.append((what, done, of)))
    assert [each for each in told if each[0] == "Encoding"] == [("Encoding", at + 1, PARTS) for at in range(PARTS)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_breaks_off_leaves_the_older_file(long: Path, error: type[BaseException]) -> None:
    def progress(what: str, done: int, _of: int) -> None:
        if what == "Encoding" and done > 1:
            raise error

    Path("Long.mp3").write_bytes(b"older")
    with pytest.raises(error):
        voiceguide.make(long, bed="waves", progress=progress)
    assert Path("Long.mp3").read_bytes() == b"older"
    assert sorted(path.name for path in Path().iterdir()) == ["Long.mp3", "long.yaml"]


SITTING = """\
title: Sitting
steps:
  - chime: bell
  - hold: 10m
    cue: none
  - chime: bell
"""
SPARSE = """\
title: Sparse
steps:
  - say: Close your eyes, and sit tall. Nothing else has to be done for a while.
  - hold: 5m
    cue: none
  - say: Open your eyes, and come back. Move your fingers and toes, and stretch.
"""


@pytest.mark.parametrize(("below", "stereo"), [(22, False), (6, True)])
@pytest.mark.parametrize("script", [SITTING, SPARSE], ids=["bells", "a few words"])
@pytest.mark.parametrize("bed", ["waves", "brown"])
def test_a_bed_lies_where_it_was_asked_to_be_however_little_is_said(
    bed: str, script: str, below: int, stereo: bool
) -> None:
    Path("quiet.yaml").write_text(script, encoding="utf-8")
    session = voiceguide.make("quiet.yaml", bed=bed, bed_level=below, stereo=stereo)
    sound = samples.of(session.path)
    target = -16 if stereo else -19
    # Whole turns of the bed, where nothing else sounds.
    silent = samples.between(sound, 60, 60 + 4 * 48)
    assert meters.pyloudnorm_lufs(silent) == pytest.approx(target - below, abs=0.2)
    spoken = [event for event in session.timeline.events if isinstance(event, SayEvent)]
    heard = [samples.between(sound, each.start_ms / 1000, each.end_ms / 1000) for each in spoken]
    if heard:
        assert meters.pyloudnorm_lufs(np.concatenate(heard)) == pytest.approx(target, abs=0.5)
    whole, peak = meters.ebur128(sound)
    assert whole <= target
    assert peak < -1
    assert session.timeline.notes == ()


def test_a_bed_as_long_as_a_breath(encodings: list[int]) -> None:
    path = Path("short.yaml")
    for pause in ("1ms", "23ms", "24ms", "1s"):
        path.write_text(f"title: Short\nsteps:\n  - pause: {pause}\n", encoding="utf-8")
        session = voiceguide.make(path, bed="brown", cache=False)
        assert len(encodings) == 1
        encodings.clear()
        assert len(samples.of(session.path)) == round(session.duration * samples.RATE)


def test_music_in_a_session_with_parts(long: Path, encodings: list[int]) -> None:
    """Its name counts for nothing and its bytes for everything."""
    drone = voiceguide.make(long, bed="drone", out="drone.mp3")
    sound = samples.of(drone.path)
    encodings.clear()
    soundfile.write("one.flac", sound[: 20 * samples.RATE] * 8, samples.RATE)
    Path("two.flac").write_bytes(Path("one.flac").read_bytes())
    one = voiceguide.make(long, bed="one.flac").path.read_bytes()
    assert len(encodings) == PARTS
    assert voiceguide.make(long, bed="two.flac").path.read_bytes() == one
    assert len(encodings) == PARTS


SHORT = """\
title: Short
steps:
  - chime: {chime}
  - hold: 10s
    cue: none
"""


def _tone(path: str, hertz: float, seconds: float) -> None:
    time = np.arange(round(seconds * samples.RATE)) / samples.RATE
    soundfile.write(path, 0.3 * np.hanning(len(time)) * np.sin(2 * np.pi * hertz * time), samples.RATE)


@pytest.mark.parametrize("bed", [None, "bed.wav"], ids=["a chime", "a bed"])
def test_a_file_that_is_replaced_meanwhile_is_heard_as_it_was(bed: str | None) -> None:
    """Nor does the store take the one for the other afterwards, though both are equally long."""
    name = bed or "gong.wav"
    seconds = 8.0 if bed else 1.0
    Path("short.yaml").write_text(SHORT.format(chime="bell" if bed else name), encoding="utf-8")
    _tone(name, 440, seconds)
    original = Path(name).read_bytes()
    choices: ChoiceFields = {"bed": bed} if bed else {}
    first = voiceguide.make("short.yaml", cache=False, **choices).path.read_bytes()

    class Replacing(Store):
        """A store that replaces the file as soon as anything is asked of it, and after everything that is kept."""

        def get(self, key: str) -> bytes | None:
            _tone(name, 660, seconds)
            return super().get(key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "user_store", lambda **_: Replacing(Path("store")))
        Path(name).write_bytes(original)
        replaced = voiceguide.make("short.yaml", **choices).path.read_bytes()
        assert Path(name).read_bytes() != original
        patch.setattr(workshop, "user_store", lambda **_: Store(Path("store")))
        other = voiceguide.make("short.yaml", **choices).path.read_bytes()
        Path(name).write_bytes(original)
        again = voiceguide.make("short.yaml", **choices).path.read_bytes()
    assert again == first
    assert other != first
    # Whichever of the two it was that the session began with, it is that one from its beginning to its end.
    assert replaced in (first, other)


def test_an_unusable_music_file_leaves_nothing_behind() -> None:
    Path("short.yaml").write_text(SHORT.format(chime="bell"), encoding="utf-8")
    Path("bed.wav").write_bytes(b"RIFF" + bytes(1_000))
    with pytest.raises(SoundError) as told:
        voiceguide.make("short.yaml", bed="bed.wav")
    assert str(told.value) == "bed.wav: can't be read as music; use a WAV, FLAC, OGG or MP3 file that plays elsewhere"
    assert sorted(path.name for path in Path().iterdir()) == ["bed.wav", "short.yaml"]
