"""Two encodings of the same sound → one stream that switches from the first to the second. Bytes in, bytes out.

A session with a bed has no silence to splice in. It is encoded in parts, in parallel, and the later part begins some
frames early, so that both contain the frames around their border. The later part takes over at frame n. Three
conditions determine n:

- **Bits.** A frame's main data begin up to 511 bytes before the frame, in space that earlier frames left unused; the
  side information says how many bytes. The later part's frame n has them in its own stream, so they must be copied into
  the earlier part's frames. There they overwrite the data of the earlier part's own frame n, which are not needed any
  more: there is enough space if the later part borrows no more than the earlier one.
- **Windows.** The second half of each granule overlaps the first half of the next, and their aliases cancel only if
  both halves have the same type of window. So both parts must have the same window type in the last granule before n.
- **Ends.** The first frames of a part were encoded without the sound before it, and its last frames without the sound
  after it; the caller says which frames are unaffected.

Frames don't depend on each other in any other way in MPEG-1 Layer III: the samples decoded before n equal the earlier
part's, and those decoded from the frame after n on equal the later part's. MPEG-2 has different side information, but
sessions with a bed are always 48 kHz.
"""

from __future__ import annotations

from voiceguide.track.frames import Encoding

_HEADER = 4  # bytes; a CRC could follow, but our frames have none
# Offset of the first granule in bits of the side information: after main_data_begin, private bits, and scfsi.
_GRANULES = {1: 9 + 5 + 4, 2: 9 + 3 + 8}
_GRANULE = 59  # bits of one granule in one channel
_WINDOW = 12 + 9 + 8 + 4  # bits before window_switching_flag, which block_type and mixed_block_flag follow


def find_splice_frame(earlier: bytes, later: bytes, ahead: int, first: int, end: int, encoding: Encoding) -> int | None:
    """The first frame from `first` to before `end` at which `later` can take over, or None.

    Frames are counted in `earlier`; the first frame of `later` is frame `ahead`.
    """
    for n in range(max(first, ahead + 1), end):
        mine, theirs = _side(earlier, n, encoding), _side(later, n - ahead, encoding)
        borrows = _borrowed(theirs)
        if borrows > _borrowed(mine) or borrows > (n - ahead) * _room(encoding):
            continue
        if _windows(_side(earlier, n - 1, encoding), encoding) == _windows(
            _side(later, n - 1 - ahead, encoding), encoding
        ):
            return n
    return None


def splice_at(earlier: bytes, later: bytes, ahead: int, n: int, encoding: Encoding) -> bytes:
    """`earlier` up to frame `n`, with the main data that the frames of `later` from `n` on borrow."""
    size = encoding.frame_bytes
    found = bytearray(earlier[: n * size])
    wanted = _borrowed(_side(later, n - ahead, encoding))
    room = _room(encoding)
    frame = n
    while wanted:
        frame -= 1
        count = min(wanted, room)
        end, source = (frame + 1) * size, (frame + 1 - ahead) * size
        found[end - count : end] = later[source - count : source]
        wanted -= count
    return bytes(found)


def _side(frames: bytes, n: int, encoding: Encoding) -> bytes:
    start = n * encoding.frame_bytes + _HEADER
    return frames[start : start + encoding.side_bytes]


def _room(encoding: Encoding) -> int:
    """Bytes available for main data in one frame."""
    return encoding.frame_bytes - _HEADER - encoding.side_bytes


def _borrowed(side: bytes) -> int:
    """main_data_begin: how many bytes before the frame its main data begin."""
    return side[0] << 1 | side[1] >> 7


def _windows(side: bytes, encoding: Encoding) -> list[int]:
    """The window type of the second granule, in each channel: 0 for a normal window."""
    bits = int.from_bytes(side, "big")
    found = []
    for channel in range(encoding.channels):
        at = _GRANULES[encoding.channels] + (encoding.channels + channel) * _GRANULE + _WINDOW
        kind = bits >> (8 * len(side) - at - 4) & 0b1111
        found.append(kind if kind & 0b1000 else 0)
    return found
