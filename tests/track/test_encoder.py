"""The spliced track, heard through decoders that are not LAME."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import av
import mutagen.mp3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.track.decoders import Samples, naive_crc16, noise, place_of, tone, with_ffmpeg, with_miniaudio
from voiceguide.errors import SoundError
from voiceguide.grid import FULL, VOICE, Grid
from voiceguide.track import encoder as mp3
from voiceguide.track.encoder import Stream, encode, splice
from voiceguide.track.frames import Encoding

Decoder = Callable[[bytes], Samples]

MONO = Encoding()
VOICE_MONO = Encoding(grid=VOICE)
STEREO = Encoding(channels=2, bitrate=128)
DROPPED = 576 + 529


def track(placed: list[tuple[int, Stream]], duration_ms: int, encoding: Encoding = MONO, id3: bytes = b"") -> bytes:
    file = io.BytesIO()
    splice(placed, duration_ms, encoding, file, id3=id3)
    return file.getvalue()


@pytest.mark.parametrize("decode", [with_ffmpeg, with_miniaudio])
@pytest.mark.parametrize("duration_ms", [3000, 3013])
@pytest.mark.parametrize("encoding", [MONO, VOICE_MONO])
def test_bursts_are_heard_at_their_samples_and_the_length_is_exact(
    decode: Decoder, duration_ms: int, encoding: Encoding
) -> None:
    frame = encoding.grid.frame_samples
    bursts = {0: tone(4800, 500), 11: tone(4801, 900), 60: tone(9000, 1500), 100: tone(frame * 20, 2500)}
    data = track([(index, encode([burst], encoding)) for index, burst in bursts.items()], duration_ms, encoding)
    decoded = decode(data)
    assert decoded.shape == (1, duration_ms * encoding.grid.samples_per_ms)
    assert {place_of(burst, decoded): burst for burst in bursts.values()} == {
        index * frame: burst for index, burst in bursts.items()
    }


ENCODINGS = (
    *(MONO, STEREO, Encoding(channels=2, bitrate=192), Encoding(quality=7)),
    *(VOICE_MONO, Encoding(channels=2, bitrate=128, grid=VOICE), Encoding(bitrate=160, grid=VOICE)),
)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_spliced_passages_decode_to_what_each_decodes_to_alone(encoding: Encoding) -> None:
    frame = encoding.grid.frame_samples
    lengths = {2: 1, 6: 4 * frame + 300, 20: frame * 6, 40: frame * 6 + 1}
    streams = {index: encode([noise(length, index, encoding.channels)], encoding) for index, length in lengths.items()}
    decoded = with_ffmpeg(track(list(streams.items()), 1500, encoding))
    alone = np.zeros_like(decoded)
    for index, stream in streams.items():
        # What the filters still ring belongs to a passage: two frames of silence let it out.
        sound = with_ffmpeg(stream.frames + 2 * mp3.encode_silence(encoding))
        start = index * frame - DROPPED
        alone[:, start : start + sound.shape[1]] += sound
    assert np.abs(alone).max() > 0.1
    assert np.abs(decoded - alone).max() == 0.0


@pytest.mark.parametrize("encoding", [MONO, VOICE_MONO])
def test_passages_may_touch(encoding: Encoding) -> None:
    frame = encoding.grid.frame_samples
    first, second = tone(frame * 4 - 300, 700), tone(4000, 1700)
    index = 2 + encoding.grid.frames_needed(frame * 4 - 300)
    decoded = with_ffmpeg(track([(2, encode([first], encoding)), (index, encode([second], encoding))], 600, encoding))
    assert place_of(first, decoded) == 2 * frame
    assert place_of(second, decoded) == index * frame


def test_every_stream_begins_with_a_frame_that_needs_none_before_it() -> None:
    more = (Encoding(bitrate=320), Encoding(quality=0), Encoding(channels=2, bitrate=64))
    for encoding in (*ENCODINGS, *more):
        for stream in (encode([noise(7000, 1, encoding.channels)], encoding).frames, mp3.encode_silence(encoding)):
            main_data_begin = stream[4] << 1 | stream[5] >> 7 if encoding.grid == FULL else stream[4]
            assert main_data_begin == 0
            assert len(stream) % encoding.frame_bytes == 0


def test_the_whole_header_against_the_whole_file() -> None:
    data = track([(3, encode([noise(9999, 1)], MONO)), (50, encode([tone(3000)], MONO))], 2345)
    audio = data[MONO.frame_bytes :]
    assert data[21:25] == b"Info"
    assert int.from_bytes(data[29:33], "big") == len(audio) // MONO.frame_bytes
    assert int.from_bytes(data[33:37], "big") == len(data)
    tag = data[141:177]
    delay, padding = int.from_bytes(tag[21:24], "big") >> 12, int.from_bytes(tag[21:24], "big") & 0xFFF
    assert (delay, padding) == (576, len(audio) // MONO.frame_bytes * 1152 - 576 - 2345 * 48)
    assert padding >= 529
    assert int.from_bytes(tag[28:32], "big") == len(data)
    assert int.from_bytes(tag[32:34], "big") == naive_crc16(audio)
    assert int.from_bytes(tag[34:36], "big") == naive_crc16(data[:175])


@pytest.mark.parametrize("encoding", [STEREO, VOICE_MONO])
def test_mutagen_reads_the_header(encoding: Encoding) -> None:
    info = mutagen.mp3.MP3(io.BytesIO(track([(0, encode([tone(9000)], encoding))], 65_432, encoding))).info
    assert info.length == pytest.approx(65.432, abs=1e-9)
    assert info.bitrate_mode == mutagen.mp3.BitrateMode.CBR
    assert (info.bitrate, info.channels) == (1000 * encoding.bitrate, encoding.channels)
    assert (info.sample_rate, info.sketchy) == (encoding.grid.rate, False)
    assert info.encoder_info.startswith("LAME ")
    assert info.encoder_settings == f"-b {encoding.bitrate}"


def test_the_strict_decoder_would_notice_damage() -> None:
    whole = encode([noise(20_000, 1)], MONO).frames
    damaged = bytearray(whole)
    # The side information, which follows a frame's four bytes.
    damaged[1924:1941] = bytes(byte ^ 0x5A for byte in whole[1924:1941])
    for wrong in (bytes(damaged), whole[:1920] + b"not a frame" + whole[1920:]):
        with pytest.raises((av.error.InvalidDataError, AssertionError)):
            with_ffmpeg(wrong)


def test_a_tag_before_the_header_changes_nothing_heard() -> None:
    id3 = b"ID3\x03\x00\x00\x00\x00\x00\x00"
    stream = encode([tone(5000)], MONO)
    plain, tagged = track([(4, stream)], 500), track([(4, stream)], 500, id3=id3)
    assert tagged == id3 + plain
    assert np.array_equal(with_ffmpeg(plain), with_ffmpeg(tagged))


def test_encoding_in_threads_gives_the_same_frames() -> None:
    sounds = [noise(30_000, seed) for seed in range(6)]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda sound: encode([sound], MONO), sounds))
    assert together == [encode([sound], MONO) for sound in sounds]


class Tally(io.BytesIO):
    """Forgets what is written past the header, and remembers how much that was."""

    size = 0
    largest = 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self.largest = max(self.largest, len(data))
        self.size += len(data)
        return len(data)


def test_hours_of_silence_take_no_memory() -> None:
    file = Tally()
    splice([(100_000, encode([tone(2000)], MONO))], 180 * 60_000, MONO, file)
    assert file.size == (450_001 + 1) * 192 + 192
    assert file.largest <= 1 << 18


@settings(max_examples=30, deadline=None)
@given(
    grid=st.sampled_from([FULL, VOICE]), samples=st.integers(0, 9000), duration_ms=st.integers(0, 500), data=st.data()
)
def test_the_arithmetic_of_any_track(grid: Grid, samples: int, duration_ms: int, data: st.DataObject) -> None:
    encoding = Encoding(grid=grid)
    stream = encode([bytes(2 * samples)], encoding)
    count = len(stream.frames) // encoding.frame_bytes
    assert count == grid.frames_needed(samples)
    latest = duration_ms * grid.samples_per_ms // grid.frame_samples - count
    placed = [(data.draw(st.integers(0, latest)), stream)] if latest >= 0 else []
    written = track(placed, duration_ms, encoding)
    frames = len(written) // 192 - 1
    tag = written.index(b"LAME")
    padding = int.from_bytes(written[tag + 22 : tag + 24], "big") & 0xFFF
    assert frames * grid.frame_samples == 576 + duration_ms * grid.samples_per_ms + padding
    assert 529 <= padding <= 529 + grid.frame_samples - 1
    assert int.from_bytes(written[tag + 32 : tag + 34], "big") == naive_crc16(written[192:])


@pytest.mark.parametrize("decode", [with_ffmpeg, with_miniaudio])
def test_a_sound_may_end_with_the_track(decode: Decoder) -> None:
    sound = tone(48 * 100)
    assert decode(track([(0, encode([sound], MONO))], 100)).shape == (1, 4800)
    # 24 ms and one more sample: the flush needs a frame that the length alone would not.
    assert decode(track([(1, encode([tone(1153)], MONO))], 49)).shape == (1, 49 * 48)


def test_the_header_alone_needs_no_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    streams = [(0, encode([tone(48_000)], MONO)), (90, encode([tone(700)], MONO))]
    with_numpy = track(streams, 100_000)
    mp3.encode_silence.cache_clear()
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert track(streams, 100_000) == with_numpy


@pytest.mark.parametrize(
    ("placed", "words"),
    [
        ([3, 3], "frame 3 is occupied: the passage before it ends at frame 9"),
        ([8, 3], "frame 3 is occupied"),
        ([60], "do not fit into 1000 ms"),
    ],
)
def test_misplaced_passages_are_refused(placed: list[int], words: str) -> None:
    stream = encode([tone(5000)], MONO)
    with pytest.raises(ValueError, match=words):
        track([(index, stream) for index in placed], 1000)


def test_passages_of_another_encoding_are_refused() -> None:
    for other in (Encoding(bitrate=80), Encoding(channels=2, bitrate=64), VOICE_MONO):
        with pytest.raises(ValueError, match="another encoding"):
            track([(0, encode([], other))], 1000)


@pytest.mark.parametrize("wrong", [{"channels": 3}, {"bitrate": 48}, {"bitrate": 65}, {"quality": 10}])
def test_encodings_that_do_not_exist_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Encoding(**wrong)


def test_a_rate_of_no_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="44100 Hz"):
        Encoding(grid=Grid(44_100, flush_frames=1))
    with pytest.raises(ValueError, match="bitrate"):
        Encoding(bitrate=320, grid=VOICE)


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="whole samples"):
        encode([bytes(6)], STEREO)


def test_the_key_tells_encodings_apart() -> None:
    kinds = [MONO, STEREO, Encoding(bitrate=80), Encoding(quality=7), VOICE_MONO]
    assert len({kind.key for kind in kinds}) == len(kinds)
    assert Encoding().key == MONO.key


class Surprising:
    """An encoder that some other version of lameenc might be."""

    def __init__(self, frames: bytes) -> None:
        self._frames = frames

    def encode(self, _block: bytes) -> bytes:
        return b""

    def flush(self) -> bytes:
        return self._frames


@pytest.mark.parametrize(
    "frames",
    [
        b"",
        mp3.encode_silence(MONO) + mp3.encode_silence(MONO)[:100],
        mp3.encode_silence(MONO) + mp3.encode_silence(Encoding(bitrate=80)) + mp3.encode_silence(MONO)[:144],
        mp3.encode_silence(MONO)[:4] + b"\x20" + mp3.encode_silence(MONO)[5:],
    ],
    ids=["nothing", "cut short", "another size", "needs earlier bits"],
)
def test_frames_that_can_not_be_spliced_are_an_error(frames: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp3, "_make_encoder", lambda _encoding: Surprising(frames))
    with pytest.raises(SoundError, match="The MP3 encoder made frames that"):
        encode([], MONO)
