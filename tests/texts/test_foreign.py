"""Marks of other tools are found, and what only looks like them is spoken."""

from __future__ import annotations

import pytest

from voiceguide.texts.foreign import find_foreign


@pytest.mark.parametrize(
    ("text", "found", "advice"),
    [
        ('In <break time="500ms"/>', '<break time="500ms"/>', "[500ms]"),
        ("In <break time='1.5s' />", "<break time='1.5s' />", "[1.5s]"),
        ("In <break/> out", "<break/>", "[2s]"),
        ("In (pause)", "(pause)", "[2s]"),
        ("In (Pause 1,5 Minuten)", "(Pause 1,5 Minuten)", "[1.5m]"),
        ("In [3 second pause]", "[3 second pause]", "[3s]"),
        ("In [PAUSE: 300 milliseconds]", "[PAUSE: 300 milliseconds]", "[300ms]"),
        ("In [[slnc 500]]", "[[slnc 500]]", "[500ms]"),
        ("<p>In</p>", "<p>", "plain words"),
        ("<!-- note --> In", "<!-- note -->", "plain words"),
        ("_In_", "_In_", 'write "In"'),
        ("`In`", "`In`", 'write "In"'),
        ("In\n## Out", "## O", "exercise: Title"),
        ("½ ♪", "♪", "eighth note"),
    ],
)
def test_a_mark_and_the_way_it_is_written_here(text: str, found: str, advice: str) -> None:
    problem = find_foreign(text)
    assert problem is not None
    (start, end), message = problem
    assert text[start:end] == found
    assert advice in message


@pytest.mark.parametrize(
    "text",
    [
        "Turn #2, of 3 \u00d7 10 at 90°, ±2 cm.",
        "Wait (a short break) here, and pause (for breath).",
        "If 1 < 2 > 0, 5 * 3 * 2.",
        "A snake_case_name, and C# minor.",
        "“Quoted” \u2013 and… so on; l'élève, straße, 日本語。",
        "Rest [[2s] and [if you like] again.",
        "Now [2s] out.",
    ],
)
def test_other_texts_are_spoken(text: str) -> None:
    assert find_foreign(text) is None


@pytest.mark.parametrize("piece", ["<", "<break ", "[", "(", "(1", "*", "_", "# ", "[a](", "[pause ", "`", "(short "])
def test_a_hostile_text_is_searched_to_its_end(piece: str) -> None:
    """A pattern whose time grows with the square of a text would not come back."""
    find_foreign((piece * 200_000)[:200_000])


@pytest.mark.parametrize(
    "text",
    [
        "In -> out.",
        "In => out.",
        "Out <- in.",
        "Up | down.",
        "Two^3.",
        "~~Not~~ this.",
        "&amp; on",
        "Go&nbsp;on.",
        "Step ①.",
    ],
)
def test_marks_of_the_keyboard_without_a_reading(text: str) -> None:
    found = find_foreign(text)
    assert found is not None
    assert "write the" in found[1]


@pytest.mark.parametrize("text", ["{linken|rechten} Arm", "½ turn", "3 > 2", "You & me; then rest.", "x²"])
def test_what_looks_like_them_is_read(text: str) -> None:
    assert find_foreign(text) is None
