"""Where one encoding of a sound goes over into another: with made-up bit reservoirs, and LAME's through decoders."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.track.decoders import decibels, with_ffmpeg, with_miniaudio
from voiceguide.grid import FRAME_SAMPLES
from voiceguide.track.encoder import encode, make_stream, splice
from voiceguide.track.frames import Encoding
from voiceguide.track.seam import find_splice_frame, splice_at

MONO = Encoding(bitrate=128, quality=7)
STEREO = Encoding(channels=2, bitrate=128, quality=7)
SIDES = {1: 17, 2: 32}
MOST = 511  # what the nine bits of main_data_begin hold


# Made-up streams ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MadeUp:
    """A stream of which every byte is known: each frame's main data are its number, xored with the stream's mark."""

    frames: bytes
    lengths: tuple[int, ...]


def room(encoding: Encoding) -> int:
    return encoding.frame_bytes - 4 - SIDES[encoding.channels]


def made_up(lengths: list[int], kinds: list[int], mark: int, encoding: Encoding) -> MadeUp:
    """Frames whose main data have about these lengths, in windows of these kinds, as an encoder would lay them out."""
    slots = bytearray(room(encoding) * len(lengths))
    sides, taken, free = [], [], 0
    for number, (length, kind) in enumerate(zip(lengths, kinds, strict=True)):
        begin = min(MOST, free)
        length = min(length, begin + room(encoding))
        start = number * room(encoding) - begin
        slots[start : start + length] = bytes([(number ^ mark) & 0xFF]) * length
        free = begin + room(encoding) - length
        taken.append(length)
        bits = begin << (8 * SIDES[encoding.channels] - 9)
        for channel in range(encoding.channels):
            first = (18 if encoding.channels == 1 else 20) + (encoding.channels + channel) * 59 + 33
            bits |= kind << (8 * SIDES[encoding.channels] - first - 4)
        sides.append(bits.to_bytes(SIDES[encoding.channels], "big"))
    size = room(encoding)
    frames = b"".join(b"\xff\xfb\x94\xc4" + side + slots[at * size : (at + 1) * size] for at, side in enumerate(sides))
    return MadeUp(frames, tuple(taken))


def main_data(frames: bytes, number: int, length: int, encoding: Encoding) -> bytes:
    """What a decoder takes for a frame's main data."""
    size, slots = encoding.frame_bytes, bytearray()
    for at in range(0, len(frames), size):
        slots += frames[at + 4 + SIDES[encoding.channels] : at + size]
    begin = frames[number * size + 4] << 1 | frames[number * size + 5] >> 7
    start = number * room(encoding) - begin
    assert start >= 0
    return bytes(slots[start : start + length])


_COUNT = 24
_lengths = some.lists(some.integers(0, 900), min_size=_COUNT, max_size=_COUNT)
# Mostly the usual windows; 0b1010 is a short block, 0b0101 what other bits stand there in a usual one.
_kinds = some.lists(some.sampled_from([0, 0, 0, 0b0101, 0b1010, 0b1110]), min_size=_COUNT, max_size=_COUNT)


@given(_lengths, _kinds, _lengths, _kinds, some.integers(0, 8), some.sampled_from([MONO, STEREO, Encoding()]))
def test_every_frame_finds_its_own_bits(
    lengths: list[int], kinds: list[int], others: list[int], other_kinds: list[int], ahead: int, encoding: Encoding
) -> None:
    earlier = made_up(lengths, kinds, 0, encoding)
    later = made_up(others, other_kinds, 0x80, encoding)
    n = find_splice_frame(earlier.frames, later.frames, ahead, ahead, _COUNT, encoding)
    if n is None:
        return
    assert ahead < n < _COUNT
    size = encoding.frame_bytes
    joined = splice_at(earlier.frames, later.frames, ahead, n, encoding)
    assert len(joined) == n * size
    joined += later.frames[(n - ahead) * size :]
    for number in range(n):
        length = earlier.lengths[number]
        assert main_data(joined, number, length, encoding) == bytes([number]) * length
    for number in range(n, _COUNT + ahead):
        length = later.lengths[number - ahead]
        assert main_data(joined, number, length, encoding) == bytes([(number - ahead) ^ 0x80]) * length
    usual = {0, 0b0101}
    one, other = kinds[n - 1], other_kinds[n - 1 - ahead]
    assert one == other or {one, other} <= usual
    # The room that was written to was nobody's: headers and side information stay as they were.
    for number in range(n):
        head = slice(number * size, number * size + 4 + SIDES[encoding.channels])
        assert joined[head] == earlier.frames[head]


@pytest.mark.parametrize("encoding", [MONO, STEREO])
def test_borrowed_bits_may_lie_in_several_frames(encoding: Encoding) -> None:
    thrifty = [0, 10, 10, 10, 10, 10]
    earlier, later = (made_up(thrifty, [0] * 6, mark, encoding) for mark in (0, 0x80))
    n = find_splice_frame(earlier.frames, later.frames, 0, 4, 6, encoding)
    assert n == 4
    joined = splice_at(earlier.frames, later.frames, 0, n, encoding)
    assert room(encoding) < MOST
    changed = [at // encoding.frame_bytes for at in range(len(joined)) if joined[at] != earlier.frames[at]]
    assert set(changed) <= {2, 3}
    whole = joined + later.frames[n * encoding.frame_bytes :]
    assert main_data(whole, 4, 10, encoding) == bytes([4 ^ 0x80]) * 10


def test_there_is_none_where_the_later_one_always_borrows_more() -> None:
    lavish, thrifty = made_up([10_000] * 9, [0] * 9, 0, MONO), made_up([10] * 9, [0] * 9, 0, MONO)
    assert find_splice_frame(lavish.frames, thrifty.frames, 0, 2, 9, MONO) is None
    assert find_splice_frame(thrifty.frames, lavish.frames, 0, 2, 9, MONO) == 2


def test_there_is_none_where_windows_differ() -> None:
    usual, short = made_up([300] * 9, [0] * 9, 0, STEREO), made_up([300] * 9, [0b1010] * 9, 0, STEREO)
    assert find_splice_frame(usual.frames, short.frames, 0, 2, 9, STEREO) is None
    # Where no window is switched, the same bits say something else.
    spelled_otherwise = made_up([300] * 9, [0b0101] * 9, 0, STEREO)
    assert find_splice_frame(usual.frames, spelled_otherwise.frames, 0, 2, 9, STEREO) == 2
    changed = made_up([300] * 9, [0b1010] * 5 + [0] * 4, 0, STEREO)
    assert find_splice_frame(usual.frames, changed.frames, 0, 2, 9, STEREO) == 6


# LAME's own -----------------------------------------------------------------------------------------------------------


def sound(seconds: int, channels: int) -> bytes:
    """Noise with strokes, which switch windows, and tones: reservoirs that fill and empty."""
    random = np.random.default_rng(7)
    time = np.arange(seconds * 48_000) / 48_000
    found = 1500 * random.normal(size=(len(time), channels)) * np.exp(-12 * (time % 0.37))[:, None]
    found += 3000 * np.sin(2 * np.pi * 220 * time)[:, None] + 300 * random.normal(size=(len(time), channels))
    return bytes(found.clip(-32768, 32767).astype("<i2").tobytes())


def track(frames: bytes, encoding: Encoding, seconds: int) -> bytes:
    file = io.BytesIO()
    splice([(0, make_stream(frames))], seconds * 1000, encoding, file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", [MONO, STEREO, Encoding(), Encoding(channels=2, bitrate=128)])
def test_a_stream_in_two_is_heard_as_one(encoding: Encoding) -> None:
    seconds, ahead, early = 8, 100, 28
    pcm = sound(seconds, encoding.channels)
    size, frame = encoding.frame_bytes, 2 * FRAME_SAMPLES * encoding.channels
    earlier = encode([pcm[: (ahead + 120) * frame]], encoding).frames
    later = encode([pcm[ahead * frame :]], encoding).frames
    n = find_splice_frame(earlier, later, ahead, ahead + early, ahead + 116, encoding)
    assert n is not None
    joined = splice_at(earlier, later, ahead, n, encoding) + later[(n - ahead) * size :]
    one = encode([pcm], encoding).frames
    assert len(joined) == len(one)
    original = np.frombuffer(pcm, "<i2").reshape(-1, encoding.channels).T / np.float32(32768)
    for decode in (with_ffmpeg, with_miniaudio):
        cut, whole = (decode(track(frames, encoding, seconds)) for frames in (joined, one))
        assert cut.shape == whole.shape == original.shape
        seam = n * FRAME_SAMPLES - 1105
        assert np.array_equal(cut[:, :seam], whole[:, :seam])
        # At the seam and after it, what differs from the sound itself is what differs in any encoding of it.
        for start in range(seam - 576, seam + 20 * FRAME_SAMPLES, FRAME_SAMPLES):
            span = slice(start, start + 2 * FRAME_SAMPLES)
            ours, theirs = (decibels(each[:, span] - original[:, span]) for each in (cut, whole))
            assert ours < theirs + 1.5
        worst = np.abs(cut - original)[:, seam - 576 : seam + FRAME_SAMPLES].max()
        assert worst <= 1.2 * np.abs(whole - original).max()


def test_without_the_borrowed_bits_it_is_heard() -> None:
    """The test above would notice: the later part's frames alone begin with bits that are not there."""
    pcm = sound(8, 1)
    frame = 2 * FRAME_SAMPLES
    earlier, later = (encode([part], MONO).frames for part in (pcm[: 220 * frame], pcm[100 * frame :]))
    # So early, the two don't do the same yet.
    n = find_splice_frame(earlier, later, 100, 108, 216, MONO)
    assert n is not None
    assert later[(n - 100) * 384 + 4] << 1 | later[(n - 100) * 384 + 5] >> 7 > 50
    wrong = earlier[: n * 384] + later[(n - 100) * 384 :]
    right = splice_at(earlier, later, 100, n, MONO) + later[(n - 100) * 384 :]
    span = slice(n * FRAME_SAMPLES - 1105, (n + 2) * FRAME_SAMPLES)
    heard = with_miniaudio(track(wrong, MONO, 8))[:, span] - with_miniaudio(track(right, MONO, 8))[:, span]
    assert np.abs(heard).max() > 0.01
