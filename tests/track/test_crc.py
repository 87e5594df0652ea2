"""CRC-16 against bit by bit."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.track.decoders import naive_crc16
from voiceguide.track.crc import crc16, extend_crc, join_crcs


def test_the_known_value() -> None:
    assert crc16(b"123456789") == 0xBB3D


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300))
def test_short_strings(data: bytes) -> None:
    assert crc16(data) == naive_crc16(data)


@settings(deadline=None, max_examples=8)
@given(size=st.integers(4090, 9000), seed=st.integers(0, 1000))
def test_long_strings(size: int, seed: int) -> None:
    data = random.Random(seed).randbytes(size)
    assert crc16(data) == naive_crc16(data)


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_joined(first: bytes, second: bytes) -> None:
    assert join_crcs(crc16(first), crc16(second), len(second)) == naive_crc16(first + second)


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=30), st.binary(max_size=30), st.integers(0, 50))
def test_extended(first: bytes, data: bytes, times: int) -> None:
    assert extend_crc(crc16(first), crc16(data), len(data), times) == naive_crc16(first + data * times)


def test_extended_for_hours() -> None:
    frame = random.Random(1).randbytes(192)
    assert extend_crc(crc16(b"x"), crc16(frame), 192, 40_000) == crc16(b"x" + frame * 40_000)
