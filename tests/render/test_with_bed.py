"""A session over a bed in parts: the same to hear as in one go, each part encoded once, and nothing left behind."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from tests.track.decoders import Samples, decibels, with_ffmpeg, with_miniaudio
from voiceguide.grid import FRAME_SAMPLES, RATE
from voiceguide.render import with_bed as underlay
from voiceguide.render.with_bed import PART, Parts, split_blocks
from voiceguide.sound.beds.envelope import duck_envelope, fade_envelope
from voiceguide.sound.beds.generated import open_bed
from voiceguide.sound.beds.under import BLOCK, Mix
from voiceguide.sound.clips import Clips, Finish, Played
from voiceguide.sound.files.sounds import SoundFiles
from voiceguide.sound.mix import PlacedClip, find_passages
from voiceguide.sound.narrator import Narrator
from voiceguide.system.store import Store
from voiceguide.track.encoder import Splicer, Stream, encode
from voiceguide.track.frames import Encoding
from voiceguide.track.seam import find_splice_frame
from voiceguide.voices.base import VoiceSettings

DURATION = 110_000  # three parts
LAST = (100_000, 104_000)


def _nobody(_settings: VoiceSettings) -> object:
    raise AssertionError("nobody is to speak here")


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven seconds of strokes and a tone, in two channels that differ: it turns many times in a session."""
    path = tmp_path_factory.mktemp("music") / "strokes.wav"
    time = np.arange(7 * RATE) / RATE
    noise = np.random.default_rng(3).normal(0, 0.2, (len(time), 2)) * np.exp(-10 * (time % 0.5))[:, None]
    soundfile.write(path, noise + 0.2 * np.sin(2 * np.pi * 220 * time)[:, None], RATE)
    return path


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds that swell and stutter like a sentence."""
    path = tmp_path_factory.mktemp("word") / "word.wav"
    time = np.arange(4 * RATE) / RATE
    sound = 0.25 * np.sin(2 * np.pi * 300 * time) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * time)) * np.hanning(len(time))
    soundfile.write(path, sound, RATE)
    return path


class Made:
    """Sessions over beds in a store of their own, and how often something was encoded for them."""

    def __init__(self, store: Store, word: Path, narrator: Narrator, files: SoundFiles) -> None:
        self.store = store
        self.encodings = 0
        self._word = word
        self._narrator = narrator
        self._files = files

    @contextmanager
    def mix(self, bed: str | Path, channels: int, last: tuple[int, int] = LAST) -> Iterator[Mix]:
        """A session of words on every tenth second and on every border of parts, the last of them at `last`."""
        starts = [*range(1_000, 96_000, 10_000), *(1344 * PART * each - 1_500 for each in (1, 2))]
        word = Played(self._word)
        sounds = [PlacedClip(start, start + 4_000, word) for start in sorted(starts)] + [PlacedClip(*last, word)]
        envelopes = [duck_envelope([(each.start, each.end) for each in sounds], DURATION), fade_envelope(DURATION)]
        clips = Clips(self._narrator, self._files, self.store, Finish(stereo=channels == 2))
        with open_bed(bed, channels, self._files.decoder) as source:
            yield Mix(source, -34.0, envelopes, find_passages(sounds), clips, DURATION)

    def parts(self, bed: str | Path, channels: int, last: tuple[int, int] = LAST) -> list[tuple[int, Stream]]:
        """The pieces of such a session."""
        with self.mix(bed, channels, last) as mix:
            return list(Parts(mix, encoding(channels), self.store).join())


def encoding(channels: int) -> Encoding:
    return Encoding(channels=channels, bitrate=128, quality=underlay.QUALITY)


@pytest.fixture
def made(tmp_path: Path, word: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    store = Store(tmp_path / "store")
    with (
        Narrator(VoiceSettings(), store, open_voice=_nobody, identity="nobody") as narrator,
        SoundFiles(Store(tmp_path / "sounds")) as files,
    ):
        found = Made(store, word, narrator, files)

        def counted(blocks: Iterable[bytes], encoding: Encoding) -> Stream:
            found.encodings += 1
            return encode(blocks, encoding)

        monkeypatch.setattr(underlay, "encode", counted)
        yield found


def track(pieces: Iterable[tuple[int, Stream]], channels: int) -> bytes:
    file = io.BytesIO()
    splicer = Splicer(file, encoding(channels))
    for frame, piece in pieces:
        splicer.place(frame, piece)
    splicer.finish(DURATION)
    return file.getvalue()


# What is heard --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decode", [with_ffmpeg, with_miniaudio])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bed", ["brown", "waves", "music"])
def test_in_parts_it_is_heard_as_in_one_go(
    bed: str, channels: int, decode: Callable[[bytes], Samples], made: Made, music: Path
) -> None:
    with made.mix(music if bed == "music" else bed, channels) as mix:
        blocks = list(mix.blocks())
        pieces = list(Parts(mix, encoding(channels), made.store).join())
    original = np.frombuffer(b"".join(blocks), "<i2").reshape(-1, channels).T / np.float32(32768)
    whole = decode(track([(0, encode(blocks, encoding(channels)))], channels))
    cut = decode(track(pieces, channels))
    assert cut.shape == whole.shape == original.shape == (channels, DURATION * 48)
    assert len(pieces) == 3
    seams = [frame * FRAME_SAMPLES - 1105 for frame, _ in pieces[1:]]
    assert np.array_equal(cut[:, : seams[0]], whole[:, : seams[0]])
    assert not np.array_equal(cut, whole)
    for seam in seams:
        # Half a granule before it the windows begin to overlap; a click would stand out of these four milliseconds.
        for start in range(seam - 576, seam + 4 * FRAME_SAMPLES, 192):
            span = slice(start, start + 192)
            ours, theirs = (decibels(each[:, span] - original[:, span]) for each in (cut, whole))
            nearby = decibels((whole - original)[:, start - FRAME_SAMPLES : start + FRAME_SAMPLES])
            assert ours < max(theirs, nearby) + 4
        span = slice(seam - 576, seam + 4 * FRAME_SAMPLES)
        assert decibels((cut - original)[:, span]) < decibels((whole - original)[:, span]) + 1
    # Everywhere else it is as near to the original too.
    assert decibels(cut - original) < decibels(whole - original) + 0.1


@pytest.mark.parametrize("channels", [1, 2])
def test_without_a_seam_parts_are_encoded_as_one(
    channels: int, made: Made, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nowhere: then it is one encoding, to the byte. Only at the first border: then the rest is joined to it."""
    with made.mix(music, channels) as mix:
        one = encode(mix.blocks(), encoding(channels))
    monkeypatch.setattr(underlay, "find_splice_frame", lambda *_: None)
    pieces = made.parts(music, channels)
    assert pieces == [(0, one)]
    assert made.encodings == 3 + 2
    assert made.parts(music, channels) == pieces
    assert made.encodings == 5
    monkeypatch.undo()
    asked: list[int] = []

    def not_at_first(earlier: bytes, later: bytes, ahead: int, first: int, end: int, encoding: Encoding) -> int | None:
        asked.append(first)
        return None if len(asked) == 1 else find_splice_frame(earlier, later, ahead, first, end, encoding)

    monkeypatch.setattr(underlay, "find_splice_frame", not_at_first)
    pieces = made.parts(music, channels)
    assert len(pieces) == 2
    decoded = with_ffmpeg(track(pieces, channels))
    seam = pieces[1][0] * FRAME_SAMPLES - 1105
    whole = with_ffmpeg(track([(0, one)], channels))
    assert np.array_equal(decoded[:, :seam], whole[:, :seam])


def test_it_is_the_same_on_any_number_of_cores(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for number, cores in enumerate((1, 2, 5, None)):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        made.store = Store(made.store.folder / str(number))
        found.append(made.parts("brown", 1))
    assert all(each == found[0] for each in found)
    assert made.encodings == 4 * 3


@given(some.integers(0, 10 * PART))
def test_parts_are_whole_and_none_is_small(count: int) -> None:
    parts = split_blocks(count)
    assert [first for first, _ in parts] == list(range(0, PART * len(parts), PART))
    assert [end for _, end in parts] == [first for first, _ in parts[1:]] + [count]
    assert all(PART / 2 <= end - first < 1.5 * PART for first, end in parts) or count < PART / 2


# What is kept ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bed", ["drone", "music"])
def test_what_was_encoded_is_not_encoded_again(bed: str, made: Made, music: Path) -> None:
    bed_of = music if bed == "music" else bed
    first = made.parts(bed_of, 2)
    assert made.encodings == 3
    assert made.parts(bed_of, 2) == first
    assert made.encodings == 3
    # Another last word, and the part that it is in is another one.
    changed = made.parts(bed_of, 2, last=(101_000, 105_000))
    assert made.encodings == 4
    assert changed != first
    assert changed[0] == first[0]
    # As if nothing had been kept.
    made.store.clear()
    assert made.parts(bed_of, 2, last=(101_000, 105_000)) == changed
    assert made.encodings == 7


def test_a_damaged_part_is_made_again(made: Made) -> None:
    first = made.parts("brown", 1)
    largest = max(made.store.folder.glob("*/*"), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[-1000] ^= 1
    largest.write_bytes(data)
    assert made.parts("brown", 1) == first
    assert made.encodings == 4
    assert made.parts("brown", 1) == first
    assert made.encodings == 4


def test_a_part_s_key_is_all_that_it_depends_on(made: Made, music: Path, tmp_path: Path) -> None:
    def keys(mix: Mix) -> list[str]:
        return [mix.key(first, end) for first, end in split_blocks(mix.count)]

    other = tmp_path / "other.wav"
    soundfile.write(other, soundfile.read(music)[0] * 0.99, RATE)
    copy = tmp_path / "copy.wav"
    copy.write_bytes(music.read_bytes())
    found: dict[str, list[str]] = {}
    for bed in ("brown", "waves", music, other, copy):
        for channels in (1, 2):
            with made.mix(bed, channels) as mix:
                found[f"{bed} {channels}"] = keys(mix)
                found[f"{bed} {channels} louder"] = keys(replace(mix, level=-33.9))
                found[f"{bed} {channels} gain"] = keys(replace(mix, clips=mix.clips.with_gain(0.1)))
                found[f"{bed} {channels} even"] = keys(replace(mix, envelopes=[]))
                found[f"{bed} {channels} alone"] = keys(replace(mix, passages=[]))
                found[f"{bed} {channels} short"] = keys(replace(mix, duration=DURATION - 1))[-1:]
    for name in [name for name in found if name.startswith(str(copy))]:
        assert found.pop(name) == found[name.replace(str(copy), str(music))]
    every = [key for keys_of in found.values() for key in keys_of]
    assert len(set(every)) == len(every)


def test_a_part_depends_on_the_place_of_its_bed(made: Made) -> None:
    """Where nothing else tells two parts from each other, only a bed that has come round makes them one."""

    def keys(mix: Mix) -> list[str]:
        return [
            mix.key(*part) for part in split_blocks(mix.count)[1:-1]
        ]  # the first and the last have an end of their own

    with made.mix("brown", 1) as mix:
        bare = replace(mix, envelopes=[], passages=[], duration=200_000)
        assert len(set(keys(bare))) == len(keys(bare)) == 4
        round_and_round = replace(bare.bed, period=BLOCK * PART)
        assert len(set(keys(replace(bare, bed=round_and_round)))) == 1


def test_a_part_depends_on_what_is_near_it_alone(made: Made) -> None:
    with made.mix("brown", 1) as mix:
        first, second, third = ((first, end) for first, end in split_blocks(mix.count))
        longer = replace(
            mix, duration=DURATION + 40_000, envelopes=[mix.envelopes[0], fade_envelope(DURATION + 40_000)]
        )
        assert longer.key(*first) == mix.key(*first)
        assert longer.key(*second) == mix.key(*second)
        assert longer.key(*third) != mix.key(*third)
        # The limiter looks half a second back and a hundredth ahead; whole blocks are safe, and more is not needed.
        for part in (first, second, third):
            begin, end = (block * 1344 for block in part)
            for frame, matters in (
                ((begin - 1344 - 4_024) // 24, False),
                ((begin - 1344 - 3_976) // 24, part != first),
                ((begin + 10_000) // 24, True),
                ((end + 1344) // 24 - 1, True),
                ((end + 1344) // 24 + 1, False),
            ):
                some_word = replace(mix.passages[0], frame=frame)
                alone, with_it = replace(mix, passages=[]), replace(mix, passages=[some_word])
                if 0 <= frame * 24 < DURATION:
                    assert (alone.key(*part) != with_it.key(*part)) == matters


def test_a_temporary_store_gets_no_parts(made: Made) -> None:
    made.store = Store(made.store.folder, lasting=False)
    first = made.parts("brown", 1)
    assert made.store.size()[0] == 0
    assert made.parts("brown", 1) == first
    assert made.encodings == 6


def test_one_session_takes_no_more_than_its_share(made: Made) -> None:
    frames = len(made.parts("brown", 1)[0][1].frames)
    made.store.clear()
    made.store = Store(made.store.folder, limit=3 * frames)
    first = made.parts("brown", 1)
    assert made.store.size()[0] == 1
    before = made.encodings
    assert made.parts("brown", 1) == first
    assert made.encodings == before + 2


# What goes wrong ------------------------------------------------------------------------------------------------------


def _working() -> int:
    """The threads that mix or encode; the one that watches the decoder ends with it."""
    return sum(thread.name != "voiceguide watchdog" for thread in threading.enumerate())


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_early_end_ends_the_threads(error: type[BaseException], after: int, made: Made) -> None:
    def progress(_what: str, done: int, _of: int) -> None:
        if done > after:
            raise error

    threads = _working()
    with made.mix("brown", 1) as mix:
        joined = Parts(mix, encoding(1), made.store).join(progress)
        with pytest.raises(error):
            list(joined)
    assert _working() == threads


def test_closing_the_generator_ends_the_threads(made: Made) -> None:
    threads = _working()
    with made.mix("brown", 1) as mix:
        joined = Parts(mix, encoding(1), made.store).join()
        next(joined)
        joined.close()
    assert _working() == threads


def test_an_error_in_a_thread_is_raised_here(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Stream:
        raise ValueError("no encoder")

    threads = _working()
    monkeypatch.setattr(underlay, "encode", broken)
    with pytest.raises(ValueError, match="no encoder"):
        made.parts("brown", 1)
    assert _working() == threads


def test_progress_is_reported(made: Made) -> None:
    told: list[tuple[str, int, int]] = []

    def progress(what: str, done: int, of: int) -> None:
        told.append((what, done, of))

    for _ in range(2):  # and just so where all of it is there already
        told.clear()
        with made.mix("brown", 1) as mix:
            list(Parts(mix, encoding(1), made.store).join(progress))
        assert told == [("Encoding", number, 3) for number in (1, 2, 3)]


def test_it_is_mixed_once(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """What two parts have in common too; and of what is there already, nothing."""
    counts: list[int] = []
    real = Mix.blocks

    def blocks(self: Mix, first: int = 0) -> Iterator[bytes]:
        for number, block in enumerate(real(self, first), first):
            counts.append(number)
            yield block

    monkeypatch.setattr(Mix, "blocks", blocks)
    made.parts("brown", 1)
    assert counts == list(range(len(counts)))
    assert len(counts) == -(-DURATION // 1344)
    counts.clear()
    made.parts("brown", 1, last=(101_000, 105_000))
    assert counts == list(range(2 * PART - 1, -(-DURATION // 1344)))
