"""The Info header against the one that LAME itself writes, through libsndfile."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from tests.track.decoders import naive_crc16
from voiceguide.grid import FULL, Grid
from voiceguide.track.frames import BITRATES, Encoding
from voiceguide.track.header import write_info_frame

# libsndfile's choices, where they are not LAME's defaults: the quality field is told from them.
_QUALITY = 3


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("grid", "bitrate"), [(grid, bitrate) for grid in BITRATES for bitrate in BITRATES[grid]])
def test_it_is_lames_own_byte_for_byte(grid: Grid, bitrate: int, channels: int) -> None:
    sound = np.random.default_rng(bitrate).normal(0, 0.1, (15_000, channels))
    file = io.BytesIO()
    level = (320 - bitrate) / (320 - 32) if grid == FULL else (160 - bitrate) / (160 - 8)
    soundfile.write(file, sound, grid.rate, format="MP3", bitrate_mode="CONSTANT", compression_level=level)
    encoding = Encoding(channels=channels, bitrate=bitrate, quality=_QUALITY, grid=grid)
    size = encoding.frame_bytes
    header, audio = file.getvalue()[:size], file.getvalue()[size:]

    tag = header.index(b"LAME3.100")
    padding = int.from_bytes(header[tag + 21 : tag + 24], "big") & 0xFFF
    last = audio[-size:]
    ours = write_info_frame(encoding, last[:4] + b"LAME3.100", len(audio) // size, padding, naive_crc16(audio))
    # libsndfile also asks for a quality of variable bit rates, which counts into this byte and so into the CRC.
    theirs = bytearray(header)
    theirs[tag - 1] = 100 - 40 - _QUALITY
    theirs[tag + 34 : tag + 36] = naive_crc16(bytes(theirs[: tag + 34])).to_bytes(2, "big")
    assert ours == bytes(theirs)
    if grid == FULL and bitrate == 192:
        assert ours == header


def test_a_long_track_has_an_even_seek_table() -> None:
    header = write_info_frame(Encoding(), b"\xff\xfb\x54\xc4", 450_001, 600, 0)
    points = header[37:137]
    assert points[0] == 0
    assert all(abs(point - 2.56 * percent) <= 1 for percent, point in enumerate(points))


def test_more_bytes_than_the_header_can_count_are_refused() -> None:
    with pytest.raises(ValueError, match="more than its header can count"):
        write_info_frame(Encoding(bitrate=320), b"\xff\xfb\xe4\xc4", 4_500_000, 600, 0)
