"""The last words, and totals that name themselves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.score.fake import timeline
from tests.score.parts import lengths, plan, say, window
from voiceguide import times
from voiceguide.errors import RequestError, ScriptError
from voiceguide.routine.pronunciations import Pronunciations
from voiceguide.score.items import Plan, Speech, Window, list_soundings
from voiceguide.score.layout import Lengths
from voiceguide.score.settle import MAX_ROUNDS, fill_words, settle
from voiceguide.score.timeline import SayEvent
from voiceguide.score.window import fill_window
from voiceguide.times import Pattern
from voiceguide.words import load_words


def words(template: str, pronunciations: Mapping[str, str] | None = None) -> Speech:
    return Speech(template, say("x 1").where, pronunciations=Pronunciations(pronunciations or {}))


def texts(of: Plan) -> list[str]:
    return [each.text for each in list_soundings(of.items) if isinstance(each, Speech)]


def measure(of: Plan) -> Lengths:
    """Ten ms a character."""
    every = [each for each in list_soundings(of.items) if isinstance(each, Speech)]
    return Lengths({each.spoken: 10 * len(each.spoken) for each in every}, {})


def test_the_next_hold_is_named_and_a_hold_names_itself() -> None:
    of = plan(
        words("{hold} 1"),
        window(30_000, start=(words("{hold} 2"),), end=(words("{hold} 3"),), countdown=(words("{hold} 4"),)),
        words("{hold} 5"),
        window(7_000, kind="rest"),
        window(40_000, (1_000, words("{hold} 6")), unit=Pattern(4_000, 0, 6_000, 0)),
    )
    found = texts(fill_words(of, 60_000))
    assert found == ["thirty seconds 1", "thirty seconds 2", "thirty seconds 4", "thirty seconds 3",
                     "four breaths 5", "four breaths 6"]  # fmt: skip


def test_a_length_that_never_comes_is_said_once() -> None:
    of = plan(window(5_000), words("{hold} 1"), words("{hold} 1"))
    with pytest.raises(ScriptError) as caught:
        fill_words(of, 1_000)
    assert str(caught.value).count("no hold follows") == 1


@pytest.mark.parametrize(
    ("total", "said"),
    [(44_999, "thirty seconds"), (45_000, "one minute"), (74_999, "one minute"), (75_000, "one and a half minutes")],
)
def test_the_whole_is_named_to_half_a_minute(total: int, said: str) -> None:
    assert texts(fill_words(plan(words("{length}")), total)) == [said]


def test_words_are_spoken_as_they_are_pronounced() -> None:
    (item,) = fill_words(plan(words("Psoas, {{psoas}}.", {"psoas": "soh-as"})), 1_000).items
    assert isinstance(item, Speech)
    assert (item.text, item.spoken) == ("Psoas, {psoas}.", "soh-as, {soh-as}.")


def test_what_names_nothing_is_measured_once() -> None:
    asked: list[int] = []

    def count(of: Plan) -> Lengths:
        asked.append(1)
        return lengths(of)

    done = settle(plan(say("a 500"), window(5_000)), count)
    assert (len(asked), done.total) == (1, 5_500)


def test_what_names_the_whole_is_measured_until_it_stays() -> None:
    asked: list[int] = []

    def count(of: Plan) -> Lengths:
        asked.append(1)
        return measure(of)

    done = settle(plan(words("{length}"), window(60_000)), count)
    assert texts(done.plan) == ["one minute"]
    assert (len(asked), done.total) == (2, 60_100)


def test_words_that_go_back_and_forth_end_with_exact_times() -> None:
    asked: list[int] = []

    def count(of: Plan) -> Lengths:
        asked.append(1)
        # Named a minute, it takes longer than that and is a minute and a half; named so, it is a minute.
        return Lengths({each: 40_000 if each == "one minute" else 30_000 for each in texts(of)}, {})

    done = settle(plan(words("{length}"), window(40_000)), count)
    assert len(asked) == MAX_ROUNDS
    assert done.total == 40_000 + done.lengths.speech[texts(done.plan)[0]]


def test_a_total_is_met_with_the_words_that_name_it() -> None:
    done = settle(plan(words("{length}, {hold}"), window(60_000)), measure, 90_000)
    (said,) = texts(done.plan)
    assert said == "one and a half minutes, one minute and thirty seconds" or said.startswith(
        "one and a half minutes, "
    )
    assert done.total == 90_000


def test_totals_in_an_error_are_seconds_inside_what_can_be_reached() -> None:
    with pytest.raises(RequestError) as caught:
        settle(plan(say("a 300"), window(10_000)), lengths, 1_000)
    assert str(caught.value) == "fit: 1s is out of reach; the shortest it can be is 6s, the longest 30s"
    for total in (6_000, 30_000):
        assert settle(plan(say("a 300"), window(10_000)), lengths, total).total == total


def test_totals_less_than_two_seconds_apart_are_named_to_the_millisecond() -> None:
    base = plan(say("a 300"), window(10_000, low=9_500, high=11_499))
    with pytest.raises(RequestError) as caught:
        settle(base, lengths, 1_000)
    assert str(caught.value) == "fit: 1s is out of reach; the shortest it can be is 9.8s, the longest 11.799s"
    base = plan(say("a 300"), window(10_000, low=9_500, high=11_500))
    with pytest.raises(RequestError) as caught:
        settle(base, lengths, 1_000)
    assert str(caught.value) == "fit: 1s is out of reach; the shortest it can be is 10s, the longest 11s"


def test_a_fitted_hold_leaves_out_what_no_longer_fits() -> None:
    done = settle(plan(window(10_000, (9_000, say("a 500")))), lengths, 6_000)
    (item,) = done.plan.items
    assert isinstance(item, Window)
    assert fill_window(item, lengths(done.plan).of).notes == ('h: "a 500" does not fit into 6s and is left out',)


@pytest.mark.parametrize("wishes", [{}, {"fit": "25m"}, {"pace": "3"}, {"hold": "70s"}])
def test_an_included_part_tells_its_own_length(wishes: dict[str, str], tmp_path: Path) -> None:
    """Measured on the clock: from the first event of each visit to the first of the next, rounded as people tell it."""
    (tmp_path / "part.yaml").write_text(
        "title: Part\ndefaults: {gap: 0}\nsteps:\n  - It takes {length}.\n  - {hold: 3m, cue: none}\n", encoding="utf-8"
    )
    visits = "".join(f"  - {{include: part, hold: {hold}}}\n  - {{chime: bell}}\n" for hold in ("1m", "190s", "11m"))
    (tmp_path / "script.yaml").write_text(f"title: T\nsteps:\n{visits}", encoding="utf-8")
    laid = timeline(tmp_path / "script.yaml", **wishes)
    starts = [event.start_ms for event in laid.events if event.kind == "say"]
    ends = [event.start_ms for event in laid.events if event.kind == "chime"]
    said = [event.text for event in laid.events if isinstance(event, SayEvent)]
    spell = load_words("en").spell_length
    told = [times.round_total(end - start) for start, end in zip(starts, ends, strict=True)]
    assert said == [f"It takes {spell(ms)}." for ms in told]
    assert len(said) == 3
