"""The first frame of the file: LAME's Info header, as written by LAME's VbrTag.c.

Players read the length and the seek table from it; gapless players also read how many samples to drop at both ends.
Other players decode it as one frame of silence. The layout is an empty frame followed, after its side information, by
`Info`, flags, frames, bytes, 100 seek points and quality; then LAME's 36 bytes, ending with the CRC of everything
before it.
"""

from __future__ import annotations

import re
import struct

from voiceguide.grid import FULL, VOICE
from voiceguide.track.crc import crc16
from voiceguide.track.frames import ENCODER_DELAY, Encoding

_ALL_FIELDS = 0b1111
_CONSTANT_BITRATE = 1
_ATH_TYPE_4_NSPSYTUNE = 0x14
_SAFE_JOINT = 0x20
_SOURCES = {FULL: 2, VOICE: 0}  # code of the source's rate; 0 means 32 kHz or less
_UNWISE = {FULL: 0, VOICE: 0x20}  # LAME's "unwise settings" flag, set at 32 kHz or less
# By the mode in the frames' own headers: stereo, joint stereo, two channels, mono.
_STEREO_MODES = (1, 3, 2, 0)
_JOINT_STEREO = 1
# LAME's low-pass for two channels, in hundreds of Hz; for one channel it is 1.5 times as high, up to the last value.
_LOWPASS = {
    64: 110, 80: 135, 96: 151, 112: 156, 128: 170, 160: 175, 192: 186, 224: 194, 256: 197, 320: 205,
}  # fmt: skip
# LAME's -V, which is included in the quality field although a constant bit rate doesn't use it.
_DEFAULT_VBR_QUALITY = 4


def write_info_frame(encoding: Encoding, silence: bytes, frames: int, padding: int, music_crc: int) -> bytes:
    """The header for a track of `frames` audio frames (not counting this one).

    silence: a frame of silence; its first four bytes are common to all frames, and it contains LAME's version.
    padding: samples after the end, at most 4095. music_crc: the CRC-16 of all audio frames. By LAME's conventions
    the byte counts include this frame; the frame count and the music CRC don't.
    Raises ValueError if the track is too long for the header's 32-bit counts.
    """
    size = (frames + 1) * encoding.frame_bytes
    if size >= 1 << 32:
        raise ValueError(f"{size} bytes of MP3 are more than its header can count")
    points = bytes([0] + [min(255, 256 * (point * frames // 100 + 1) // frames) for point in range(1, 100)])
    tag = struct.pack(
        ">4sIII100sI9sBBIHHBBIBHI",
        b"Info",
        _ALL_FIELDS,
        frames,
        size,
        points,
        100 - 10 * _DEFAULT_VBR_QUALITY - encoding.quality,
        _lame(silence),
        _CONSTANT_BITRATE,
        _lowpass(encoding),
        0,  # the peak, not measured
        0,  # the track's replay gain, not measured
        0,  # the album's
        _flags(encoding, silence),
        min(encoding.bitrate, 255),
        # 12 bits of delay, 12 bits of padding, and a byte of encoder settings.
        ENCODER_DELAY << 20 | padding << 8 | _misc(encoding, silence),
        0,  # gain applied afterwards
        encoding.bitrate,  # LAME's number of the preset
        size,
    )
    start = silence[:4] + bytes(encoding.side_bytes)
    checked = start + tag + struct.pack(">H", music_crc)
    frame = checked + struct.pack(">H", crc16(checked))
    return frame.ljust(encoding.frame_bytes, b"\0")


def _lame(silence: bytes) -> bytes:
    # LAME fills the unused end of a silent frame with its name; some players require a header that starts with it.
    found = re.search(rb"LAME\d\.\d+", silence)
    name = found.group() if found else b"LAME3.100"
    return (name + b" ")[:9].ljust(9, b"\0")


def _lowpass(encoding: Encoding) -> int:
    lowpass = _LOWPASS[encoding.bitrate]
    if encoding.channels == 1:
        lowpass = min(_LOWPASS[320], (lowpass * 3 + 1) // 2)
    return min(lowpass, encoding.grid.rate // 200)


def _flags(encoding: Encoding, silence: bytes) -> int:
    # LAME sets the "safe joint stereo" flag at higher bit rates.
    careful = silence[3] >> 6 == _JOINT_STEREO and encoding.bitrate >= 160
    return _ATH_TYPE_4_NSPSYTUNE | (_SAFE_JOINT if careful else 0)


def _misc(encoding: Encoding, silence: bytes) -> int:
    # LAME omits noise shaping from quality 7 on, and uses more of it at low bit rates.
    noise_shaping = 0 if encoding.quality >= 7 else 2 if encoding.bitrate <= 160 else 1
    return _SOURCES[encoding.grid] << 6 | _UNWISE[encoding.grid] | _STEREO_MODES[silence[3] >> 6] << 2 | noise_shaping
