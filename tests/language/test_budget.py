"""What a script may become: each limit is met exactly, wherever the amount comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from voiceguide.budget import LIMITS, What
from voiceguide.errors import Place, Problem, ScriptError
from voiceguide.language import document
from voiceguide.language.document import Fields, Items, Scalar
from voiceguide.language.loader import load
from voiceguide.routine.choices import Choices
from voiceguide.routine.tailor import tailor
from voiceguide.score.bounds import refuse_oversize
from voiceguide.score.plan import write_plan
from voiceguide.score.settle import fill_words


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def outcome(text: str) -> str:
    """What is said of a script on its whole way to the words; "" where nothing is."""
    Path("script.yaml").write_text(text, encoding="utf-8")
    try:
        fill_words(write_plan(tailor(load(Path("script.yaml")), Choices())), 600_000)
    except ScriptError as error:
        return str(error)
    return ""


T = "title: T\n"
INNER = f"{T}pronounce: {{c: d, e: f}}\noptions: {{c: {{about: C}}, d: {{about: D}}}}\nsteps: [Hello, Hello]\n"
AND_INNER = "steps: [include: inner]\n"
NAMED = "title: Named\nsteps: ["
SAID = f"{T}pronounce: {{a: bbbbb}}\nsteps: ["


def rounds(count: int, step: str) -> str:
    return f"{T}steps: [{{repeat: {count}, steps: [{step}]}}]\n"


@pytest.mark.parametrize(
    ("what", "most", "inside", "over"),
    [
        ("values", 11, f"{T}tags: &a [b]\nneeds: *a\nsteps: []\n", f"{T}tags: &a [b]\nneeds: *a\nsteps: [c]\n"),
        ("characters", 32, f"{T}about: &a {'x' * 8}\nsteps: [*a]\n", f"{T}about: &a {'x' * 9}\nsteps: [*a]\n"),
        (
            "pronunciations",
            3,
            f"{T}pronounce: {{a: b}}\n{AND_INNER}",
            f"{T}pronounce: {{a: b, b: c}}\n{AND_INNER}",
        ),
        (
            "options",
            3,
            f"{T}options: {{a: {{about: A}}}}\n{AND_INNER}",
            f"{T}options: {{a: {{about: A}}, b: {{about: B}}}}\n{AND_INNER}",
        ),
        ("steps", 4, f"{T}steps: [Hi, include: inner]\n", f"{T}steps: [Hi, include: inner, include: inner]\n"),
        ("text", 20, f"{SAID}a a a]\n", f"{SAID}a a a a]\n"),
        ("text", 20, f"{NAMED}'{{title}} {{title}}']\n", f"{NAMED}'{{title}} {{title}} {{title}} {{title}}']\n"),
        ("spoken", 20, rounds(2, "Tenletters"), rounds(3, "Tenletters")),
        ("events", 12, rounds(4, "hold: 5s"), rounds(5, "hold: 5s")),
        ("visits", 8, rounds(7, "{say: Hi, on: first}"), rounds(8, "{say: Hi, on: first}")),
        ("duration", 20_000, rounds(4, "hold: 5s"), rounds(5, "hold: 5s")),
    ],
)  # fmt: skip
def test_a_limit(what: What, most: int, inside: str, over: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("inner.yaml").write_text(INNER, encoding="utf-8")
    monkeypatch.setitem(LIMITS, what, most)
    told = "20s" if what == "duration" else f"{most:,}"
    assert f" than {told}" not in outcome(inside)
    assert f" than {told}" in outcome(over)


def test_the_bound_names_the_step_that_the_plan_would_name(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("script.yaml").write_text(
        f"{T}steps:\n- repeat: 10\n  steps:\n  - pause: 1s\n  - sides: [left, right]\n    steps:\n"
        "    - repeat: 3\n      steps: [{hold: 5s}]\n      between: [{pause: 2s}]\n  between: [{rest: 3s}]\n",
        encoding="utf-8",
    )
    routine = tailor(load(Path("script.yaml")), Choices()).routine
    for limit in range(1_000, 400_000, 7_000):
        monkeypatch.setitem(LIMITS, "duration", limit)
        with pytest.raises(ScriptError) as caught:
            refuse_oversize(routine)
        assert caught.value.problems[0].place.line in (5, 6, 9, 10, 11)
    monkeypatch.setitem(LIMITS, "duration", 500_000)
    refuse_oversize(routine)


def test_an_alias_is_the_node_itself() -> None:
    text = "x: &a [one, two]\ny: *a\nz: {w: *a}\n"
    root = document.compose(text.encode(), "script.yaml")
    assert isinstance(root, Fields)
    (_, first), (_, second), (_, third) = root.pairs
    assert isinstance(third, Fields)
    assert second is first
    assert third.pairs[0][1] is first


@pytest.mark.parametrize("fast", [True, False], ids=["libyaml", "pure"])
def test_a_text_keeps_no_copy_of_its_lines(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_Fast", document._Fast if fast else yaml.SafeLoader)
    root = document.compose(b"- |\n  one\n  two {x}\n- 'three {x}\n  four'\n", "script.yaml")
    assert isinstance(root, Items)
    block, quoted_text = root.items[0], root.items[1]
    assert isinstance(block, Scalar)
    assert isinstance(quoted_text, Scalar)
    assert block.lines is quoted_text.lines
    at = block.text.index("{x}")
    assert block.place_of(at, at + 3) == Place("script.yaml", 3, 7, "  two {x}")
    at = quoted_text.text.index("{x}")
    assert quoted_text.place_of(at, at + 3) == Place("script.yaml", 4, 10, "- 'three {x}")


def test_two_problems_at_one_place_have_one_order() -> None:
    place = Place("a.yaml", 1, 1)
    problems = [Problem(place, "b"), Problem(place, "a"), Problem(place, "c")]
    assert [each.message for each in ScriptError(problems).problems] == ["a", "b", "c"]
    assert str(ScriptError(problems[::-1])) == str(ScriptError(problems))


def test_an_error_tells_no_more_than_anybody_reads() -> None:
    problems = [Problem(Place("a.yaml", line, 1), "x") for line in range(1, 2_001)]
    error = ScriptError(problems)
    assert len(error.problems) == 2_000
    assert str(error).endswith("\na.yaml:150:1: x\nand 1,850 more; correct these first, then check again")
