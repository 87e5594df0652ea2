"""The CRC-16 of the LAME header, at a cost that doesn't grow with the silence in a session.

It is CRC-16/ARC: polynomial x^16 + x^15 + x^2 + 1, bits reflected, initial value 0. With initial value 0 it is linear,
so the CRC of two concatenated strings can be computed from theirs, and that of a frame repeated a million times from
the frame's. A CRC here is a polynomial over GF(2) with the highest bit as x^0; appending n bytes multiplies it by
x^(8n).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_POLYNOMIAL = 0xA001
_ONE = 0x8000
_X_TO_8 = 0x0080
_PERIOD = (1 << 15) - 1
_LANE = 256
_WORTH_VECTORS = 4096
_AT_ONCE = 1 << 18  # bytes: the table look-ups for them need several times as much memory


def crc16(data: bytes) -> int:
    """The CRC-16 of these bytes."""
    if len(data) < _WORTH_VECTORS:
        return _crc_bytewise(data)
    crc = 0
    for start in range(0, len(data), _AT_ONCE):
        piece = data[start : start + _AT_ONCE]
        crc = join_crcs(crc, _crc_vectorised(piece), len(piece))
    return crc


def join_crcs(first: int, second: int, second_size: int) -> int:
    """The CRC of two concatenated strings, from their CRCs and the second one's size in bytes."""
    return _multiply(first, _power(second_size)) ^ second


def extend_crc(first: int, crc: int, size: int, times: int) -> int:
    """The CRC of a string followed by one of `size` bytes `times` times, from the CRCs of both."""
    power, total = _repeat(crc, size, times)
    return _multiply(first, power) ^ total


@functools.lru_cache(maxsize=1024)
def _repeat(crc: int, size: int, times: int) -> tuple[int, int]:
    """For repetitions of a string: the factor for a CRC before them, and their own CRC. The gaps in a session recur."""
    power, total, bit = _ONE, 0, 0
    while times >> bit:
        if times >> bit & 1:
            factor, part = _double(crc, size, bit)
            power, total = _multiply(power, factor), _multiply(total, factor) ^ part
        bit += 1
    return power, total


@functools.lru_cache(maxsize=1024)
def _double(crc: int, size: int, bit: int) -> tuple[int, int]:
    """For 2^bit repetitions of a string: the factor for a CRC before them, and their own CRC."""
    if bit == 0:
        return _power(size), crc
    power, total = _double(crc, size, bit - 1)
    return _multiply(power, power), _multiply(total, power) ^ total


def _multiply(a: int, b: int) -> int:
    # The step to the next power is inlined, because a long session calls this thousands of times.
    product = 0
    while a:
        if a & _ONE:
            product ^= b
        a = a << 1 & 0xFFFF
        b = b >> 1 ^ (_POLYNOMIAL if b & 1 else 0)
    return product


@functools.lru_cache(maxsize=1024)
def _power(count: int) -> int:
    """x^(8 count)."""
    power, bit = _ONE, 0
    # The polynomial is x + 1 times a primitive one of degree 15, so the powers of x repeat after 2^15 - 1.
    count %= _PERIOD
    while count:
        if count & 1:
            power = _multiply(power, _power_of_two(bit))
        bit += 1
        count >>= 1
    return power


@functools.cache
def _power_of_two(bit: int) -> int:
    """x^(8 · 2^bit)."""
    if bit == 0:
        return _X_TO_8
    root = _power_of_two(bit - 1)
    return _multiply(root, root)


@functools.cache
def _table() -> tuple[int, ...]:
    return tuple(_multiply(byte, _X_TO_8) for byte in range(256))


def _crc_bytewise(data: bytes) -> int:
    table, crc = _table(), 0
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


def _crc_vectorised(data: bytes) -> int:
    # Importing numpy takes longer than splicing a session of stored passages, which never needs this function.
    import numpy as np

    # Leading zeros don't change a CRC with initial value 0; they fill up the first lane.
    lanes = np.frombuffer(bytes(-len(data) % _LANE) + data, np.uint8).reshape(-1, _LANE)
    # The contribution of each byte to its lane's CRC depends only on its value and position.
    crcs = np.bitwise_xor.reduce(_lane_table()[np.arange(_LANE), lanes], axis=1)
    high, low = _lane_shift()
    crc = 0
    for lane in crcs.tolist():
        crc = high[crc >> 8] ^ low[crc & 0xFF] ^ lane
    return crc


@functools.cache
def _lane_table() -> npt.NDArray[np.uint16]:
    """(position in a lane, byte) -> its contribution to the lane's CRC."""
    import numpy as np

    last = np.array(_table(), np.uint16)
    places = [last]
    for _ in range(_LANE - 1):
        places.append(places[-1] >> 8 ^ last[places[-1] & 0xFF])
    return np.stack(places[::-1])


@functools.cache
def _lane_shift() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The CRC after appending a lane of zeros: one table for its high byte, one for its low byte."""
    low = tuple(_multiply(byte, _power(_LANE)) for byte in range(256))
    return tuple(_multiply(byte << 8, _power(_LANE)) for byte in range(256)), low
