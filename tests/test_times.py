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


def test_the_session_is_told_to_the_nearest_half_minute() -> None:
    assert [times.round_total(ms) for ms in (0, 44_999, 45_000, 524_999)] == [30_000, 30_000, 60_000, 510_000]
    assert [times.round_total(ms) for ms in (599_999, 600_000, 629_999, 754_200)] == [
        600_000,
        600_000,
        600_000,
        780_000,
    ]


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1:02:03", 3_723_000),
        ("90:00", 5_400_000),
        ("0:00:00.5", 500),
        ("1:30.25", 90_250),
        ("0.0004", 0),
        ("0.0005", 1),
        ("1.4994s", 1_499),
        ("1.4995s", 1_500),
        ("0.29", 290),
        ("1h1m1s1ms", 3_661_001),
        ("2 HRS 5 min", 7_500_000),
        (".5m", 30_000),
        (" 7 ", 7_000),
        ("0" * 39 + "7", 7_000),
    ],
)
def test_durations(text: str, ms: int) -> None:
    assert times.duration(text) == ms


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-5", "1:60", "1:5", "1:60:00", "1:2:03", "1:02:03:04", ":30", "30s1m", "1s1s", "1m1m"),
        *("5 parsecs", "1e3", "٣", "1.", "1.5.5", "5s x", "0" * 40 + "7"),
    ],
)
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="a duration such as"):
        times.duration(text)


@given(MS)
def test_a_clock_is_read_back_to_the_second(ms: int) -> None:
    assert times.duration(times.clock(ms)) == ms // 1_000 * 1_000


@pytest.mark.parametrize(
    ("ms", "clock"), [(0, "0:00"), (59_999, "0:59"), (60_000, "1:00"), (3_599_999, "59:59"), (3_600_000, "1:00:00")]
)
def test_clocks(ms: int, clock: str) -> None:
    assert times.clock(ms) == clock


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "0s"), (1, "1ms"), (999, "999ms"), (1_000, "1s"), (1_001, "1.001s"), (60_000, "1m"), (60_500, "1m0.5s"),
        (3_600_000, "1h"), (3_601_000, "1h1s"), (7_260_000, "2h1m"), (Breaths(1), "1 breath"),
        (Breaths(2), "2 breaths"),
    ],
)  # fmt: skip
def test_short_lengths(length: times.Length, text: str) -> None:
    assert times.short(length) == text


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("half", 500), ("HALF", 500), ("25%", 250), ("0%", 0), ("100 %", 1_000), ("33.3%", 333), ("0.5s", 500),
        ("-0.25s", 750), ("-0", 1_000), ("1:00", 60_000),
    ],
)  # fmt: skip
def test_moments(text: str, at: int) -> None:
    assert times.moment(text).within(1_000) == at


@pytest.mark.parametrize("text", ["100.1%", "-5%", "%", "--5s", "-half", "5 breaths", "", "-"])
def test_no_moments(text: str) -> None:
    with pytest.raises(ValueError, match="a moment such as"):
        times.moment(text)


@pytest.mark.parametrize("text", ["1-1", "60-60", "1-60-60-60", "60-300-60-300", "1-0-1-0", "BOX", " 4 - 6 "])
def test_patterns(text: str) -> None:
    assert 2_000 <= times.pattern(text).ms <= 720_000


@pytest.mark.parametrize(
    ("text", "ms"),
    [("2-2", 4_000), ("2-0-4", 6_000), ("3-1-3", 7_000), (" .5 - .5 ", 1_000), ("60-300-60-300", 720_000)],
)
def test_tempos(text: str, ms: int) -> None:
    assert times.tempo(text).ms == ms


@pytest.mark.parametrize("text", ["0.4-2", "2-0.4", "61-2", "2-301-2", "2", "box", "2-2-2-2-2", "2s-2s", ""])
def test_no_tempos(text: str) -> None:
    with pytest.raises(ValueError, match=r"0\.5 to 60 seconds|going, pause, coming back and pause"):
        times.tempo(text)


@pytest.mark.parametrize("text", ["0.999-1", "1-0.999", "60.001-1", "1-300.001-1", "1-1-1-300.001", "0-0"])
def test_breaths_that_nobody_has(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"^1 to 60 seconds for each breath in and out, and pauses of at most 5 minutes$"
    ):
        times.pattern(text)


@pytest.mark.parametrize("text", ["4", "4-4-4-4-4", "4--4", "four-six", "4-6s", "", "-4-6", "1" * 38 + "-1"])
def test_no_patterns(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        times.pattern(text)


def test_phases_in_their_order() -> None:
    assert times.pattern("1-2") == Pattern(1_000, 0, 2_000, 0)
    assert times.pattern("1-2-3") == Pattern(1_000, 2_000, 3_000, 0)
    assert times.pattern("1-2-3-4") == Pattern(1_000, 2_000, 3_000, 4_000)
    assert [str(times.pattern(text)) for text in ("1-2", "1-0-2", "1-2-3", "1-0-3-4", "1-2-3-0")] == [
        *("1-2", "1-2", "1-2-3", "1-0-3-4", "1-2-3")
    ]
    assert times.pattern("1-2-3-4").lasting(2) == 16_000
    assert times.whole(Breaths(2), times.pattern("1-2-3-4")) == 16_000
    assert times.whole(16_001, times.pattern("1-2-3-4")) == 16_001
    assert [times.pattern("4-4").nearest(ms) for ms in (1, 11_999, 12_000, 19_999, 20_000)] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("text", ["0 breaths", "10001 breaths"])
def test_too_few_and_too_many_breaths(text: str) -> None:
    with pytest.raises(ValueError, match=r"^1 to 10,000 breaths$"):
        times.length(text)
    assert times.length("10000 breath") == Breaths(10_000)


@pytest.mark.parametrize("text", ["2.5 breaths", "breaths", "5 breathss", "5 breaths 1s", "0" * 33 + "5 breaths"])
def test_no_breaths(text: str) -> None:
    with pytest.raises(ValueError, match="or breaths such as"):
        times.length(text)


def test_the_longest_text_of_breaths() -> None:
    assert times.length("0" * 31 + "5 breaths") == Breaths(5)
