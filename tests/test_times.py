"""Durations: written and read back, spoken, and the breath's arithmetic."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide import times
from voiceguide.times import Breaths, Pattern

MS = st.integers(0, 12 * times.HOUR)
PHASE = st.integers(1_000, 60_000)
PATTERNS = st.builds(Pattern, PHASE, st.integers(0, 60_000), PHASE, st.integers(0, 60_000))


@given(MS)
def test_a_duration_written_is_read_back(ms: int) -> None:
    assert times.duration(times.short(ms)) == ms


@given(st.integers(1, times.MAX_BREATHS))
def test_breaths_written_are_read_back(count: int) -> None:
    assert times.length(times.short(Breaths(count))) == Breaths(count)


@given(st.integers(0, 60), st.integers(0, 59))
def test_a_clock_is_minutes_and_seconds(minutes: int, seconds: int) -> None:
    assert times.duration(f"{minutes}:{seconds:02}") == (60 * minutes + seconds) * 1_000


@given(MS)
def test_the_clock_that_an_error_names_is_read_back(ms: int) -> None:
    assert times.duration(times.clock(ms)) == ms // 1_000 * 1_000


@pytest.mark.parametrize("text", ["1:60:00", "1:2:03", ":02:03", "1:02:60", "1:1:1:1", "1:02:"])
def test_a_clock_of_three_has_two_digits_behind_the_hours(text: str) -> None:
    with pytest.raises(ValueError, match="such as"):
        times.duration(text)


@given(st.text("0123456789.:-+%_eE smhbreathsin\u0663\u00bd\u00b2", max_size=50))
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    for reader in (times.duration, times.length, times.moment, times.pattern):
        with contextlib.suppress(ValueError):
            reader(text)


def test_a_million_digits_are_refused_unread() -> None:
    for reader in (times.duration, times.length, times.moment, times.pattern):
        with pytest.raises(ValueError, match="such as"):
            reader("9" * 1_000_000)


@given(PATTERNS)
def test_a_pattern_written_is_read_back(pattern: Pattern) -> None:
    assert times.pattern(str(pattern)) == pattern


@given(PATTERNS, st.integers(1, times.HOUR))
def test_no_other_number_of_breaths_is_nearer(pattern: Pattern, ms: int) -> None:
    count = pattern.nearest(ms)
    for other in (max(1, count - 1), count + 1):
        assert abs(pattern.lasting(count) - ms) <= abs(pattern.lasting(other) - ms)


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (30_000, "thirty seconds"),
        (1_000, "one second"),
        (100, "one second"),
        (45_400, "forty-five seconds"),
        (60_000, "one minute"),
        (90_000, "one and a half minutes"),
        (75_000, "one minute and fifteen seconds"),
        (3_600_000, "one hour"),
        (5_400_000, "one and a half hours"),
        (4_350_000, "one hour, twelve minutes and thirty seconds"),
    ],
)
def test_a_length_is_spoken_as_a_person_would(ms: int, words: str) -> None:
    assert times.spoken(ms) == words


def test_the_session_is_told_to_the_nearest_half_minute() -> None:
    assert [times.to_half_minute(ms) for ms in (0, 44_999, 45_000, 754_200)] == [30_000, 30_000, 60_000, 750_000]
