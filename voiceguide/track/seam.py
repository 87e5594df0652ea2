"""Two encodings of the same sound → one stream that changes from the first to the second. Bytes in, bytes out.

A session that never falls silent is encoded in parts, side by side, and the later part begins some frames early, so
that both hold the frames around their border. Frame n is where the later one takes over. Three things decide where:

- **Bits.** A frame's main data begin up to 511 bytes before the frame, in room that earlier frames left over; how many
  bytes, its side information says. The later part's frame n finds them in its own stream; they must be put into the
  earlier one's frames. There the earlier part's own frame n began, whose data nobody needs any more: the room is there
  wherever the later part borrows no more than the earlier one did.
- **Windows.** The second half of each granule overlaps the first half of the next, and their aliases cancel only where
  both halves belong to one kind of window. So both parts must have windowed the last granule before n alike.
- **Ends.** The first frames of a part know nothing of the sound before it, and its last ones nothing of what follows;
  the caller says which frames are free of that.

Nothing else reaches from frame to frame in MPEG-1 Layer III: what is decoded before n is what the earlier part gives
alone, and what is decoded from the frame after n on is what the later one does. MPEG-2 has other side information, but
what never falls silent is 48 kHz.
"""

from __future__ import annotations

from voiceguide.track.frames import Encoding

_HEADER = 4  # bytes; a CRC would follow, but our frames have none
# Where the first granule begins, in bits of the side information: after main_data_begin, private bits, and scfsi.
_GRANULES = {1: 9 + 5 + 4, 2: 9 + 3 + 8}
_GRANULE = 59  # bits of one granule in one channel
_WINDOW = 12 + 9 + 8 + 4  # bits before window_switching_flag, which block_type and mixed_block_flag follow


def find_splice_frame(earlier: bytes, later: bytes, ahead: int, first: int, end: int, encoding: Encoding) -> int | None:
    """The first frame from `first` to before `end` at which `later` may take over, or None where there is none.

    Frames are counted in `earlier`, `ahead` of them before `later` begins: its first one is frame `ahead`.
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
    """`earlier` up to frame `n`, with what `later` needs there so that its frames from `n` on can follow."""
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
    """Bytes of main data in one frame."""
    return encoding.frame_bytes - _HEADER - encoding.side_bytes


def _borrowed(side: bytes) -> int:
    """main_data_begin: how many bytes before the frame its main data begin."""
    return side[0] << 1 | side[1] >> 7


def _windows(side: bytes, encoding: Encoding) -> list[int]:
    """The kind of window of the second granule, in each channel: 0 for the usual one."""
    bits = int.from_bytes(side, "big")
    found = []
    for channel in range(encoding.channels):
        at = _GRANULES[encoding.channels] + (encoding.channels + channel) * _GRANULE + _WINDOW
        kind = bits >> (8 * len(side) - at - 4) & 0b1111
        found.append(kind if kind & 0b1000 else 0)
    return found
