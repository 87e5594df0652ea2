"""LRC."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from voiceguide.errors import Place
from voiceguide.score.timeline import SayEvent, SpokenPiece, Timeline
from voiceguide.views.captions import format_lrc, list_lines

_CHARACTERS = st.sampled_from("ab0:.[]<> \t\n\r\x0b\x0c\x1c\x85\u2028\u2029é日")


def test_a_whole_text() -> None:
    lines = [(0, "Welcome."), (61_234, "Kneel on your left knee,\n  with your right foot in front."), (6_005_996, "")]
    assert format_lrc(lines, title="Hip [flexor]", length_ms=6_010_499) == (
        "[ti:Hip (flexor)]\n"
        "[length:100:10]\n"
        "[00:00.00]Welcome.\n"
        "[01:01.23]Kneel on your left knee, with your right foot in front.\n"
        "[100:06.00]\n"
    )


def test_a_text_is_never_taken_for_a_time() -> None:
    assert format_lrc([(1000, "[00:59.00] slowly")]) == "[00:01.00](00:59.00) slowly\n"


def test_nothing() -> None:
    assert format_lrc([]) == ""


def test_a_line_for_each_sentence() -> None:
    text = "Kneel on your knee. Grow tall. Dr. Thomas says so."
    event = SayEvent(start_ms=1_000, end_ms=6_000, place=Place("a.yaml", 1, 1), text=text, spoken="Neel. Grow. So.")
    laid = Timeline("A title", 10_000, (event,))
    assert list_lines(laid, {"Neel. Grow. So.": (0, 2_020, 2_990)}.__getitem__) == [
        (1_000, "Kneel on your knee."),
        (3_020, "Grow tall."),
        (3_990, "Dr. Thomas says so."),
    ]
    # A voice that tells no times, or a text that is spoken in another number of sentences.
    assert [at for at, _ in list_lines(laid)] == [1_000, 3_000, 4_100]
    assert list_lines(laid) == list_lines(laid, lambda _: (0, 2_020))


def test_a_line_for_each_piece_between_silences() -> None:
    pieces = (SpokenPiece(1_000, 2_000, "In. And up", "In. And up"), SpokenPiece(4_000, 5_000, "and out.", "and out."))
    text = "In. And up [2s] and out."
    event = SayEvent(start_ms=1_000, end_ms=6_000, place=Place("a.yaml", 1, 1), text=text, spoken=text, pieces=pieces)
    laid = Timeline("A title", 10_000, (event,))
    assert list_lines(laid, lambda spoken: (0, 300) if "." in spoken[:-1] else ()) == [
        (1_000, "In."),
        (1_300, "And up"),
        (4_000, "and out."),
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50_000_000), st.text(_CHARACTERS))))
def test_every_line_is_one_line_with_its_time(lines: list[tuple[int, str]]) -> None:
    written = format_lrc(lines).splitlines()
    assert len(written) == len(lines)
    for (at_ms, _), line in zip(lines, written, strict=True):
        found = re.fullmatch(r"\[(\d{2,}):([0-5]\d)\.(\d\d)\]([^\[\]]*)", line)
        assert found
        minutes, seconds, hundredths = (int(found[group]) for group in (1, 2, 3))
        assert abs((minutes * 60 + seconds) * 1000 + hundredths * 10 - at_ms) <= 5
