"""The program's own words: the English ones, and that a language is one file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.score.fake import routine_of, timeline
from voiceguide import times, words
from voiceguide.score.timeline import SpeechEvent, SwitchEvent
from voiceguide.times import Breaths
from voiceguide.words import Words, find_file, load_words
from voiceguide.words.plurals import meets_rule

FILES = sorted(words.FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_of_words_is_whole(file: Path) -> None:
    found = load_words(file.stem)
    assert found.sides.keys() == {"left", "right", "tighter"}
    assert found.breath.keys() == {"in", "hold", "out", "wait"}
    for phase, texts in found.breath.items():
        # From the fullest to the shortest.
        assert texts, phase
        assert list(texts) == sorted(texts, key=len, reverse=True)
    lengths = found.lengths
    categories = {"zero", "one", "two", "few", "many"} if found.plurals is None else found.plurals.keys()
    for forms in (lengths.second, lengths.minute, lengths.hour, lengths.breath, lengths.half_minute, lengths.half_hour):
        named = {form for form in forms if not form.startswith("=")}
        assert "{n}" in forms.get("other", "{n}")
        assert named <= {"other", *categories}
        assert all(form[1:].isdecimal() for form in forms.keys() - named)
        assert "other" in forms or not named
    # CLDR has neither breaths nor halves; a language may have no halves at all.
    assert "other" in lengths.breath
    assert all("other" in forms or not forms for forms in (lengths.half_minute, lengths.half_hour))
    assert "{n}" in lengths.about
    assert found.tag == file.stem
    assert not find_unsaid(found)


def find_unsaid(found: Words) -> list[str]:
    """Texts with nothing in them."""
    sides = [text for side in found.sides.values() for text in (side.name, side.chapter, side.part, side.announce)]
    return [
        text
        for text in [*sides, found.other_side, found.introduction, found.cues.start, found.cues.end, found.cues.rest]
        if not text.strip()
    ]


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0, "one second"),
        (100, "one second"),
        (1_000, "one second"),
        (1_499, "one second"),
        (1_500, "two seconds"),
        (30_000, "thirty seconds"),
        (45_499, "forty-five seconds"),
        (45_500, "forty-six seconds"),
        (59_499, "fifty-nine seconds"),
        (59_500, "one minute"),
        (60_000, "one minute"),
        (61_000, "one minute and one second"),
        (75_000, "one minute and fifteen seconds"),
        (89_499, "one minute and twenty-nine seconds"),
        (89_500, "one and a half minutes"),
        (90_000, "one and a half minutes"),
        (90_500, "one minute and thirty-one seconds"),
        (120_000, "two minutes"),
        (150_000, "two and a half minutes"),
        (1_800_000, "thirty minutes"),
        (3_570_000, "fifty-nine and a half minutes"),
        (3_599_500, "one hour"),
        (3_600_000, "one hour"),
        (3_601_000, "one hour and one second"),
        (3_690_000, "one hour, one minute and thirty seconds"),
        (4_350_000, "one hour, twelve minutes and thirty seconds"),
        (5_400_000, "one and a half hours"),
        (7_200_000, "two hours"),
        (9_000_000, "two and a half hours"),
        (360_000_000, "100 hours"),
    ],
)
def test_a_length_is_spoken_as_a_person_would(ms: int, said: str) -> None:
    assert load_words().spell_length(ms) == said


@pytest.mark.parametrize(("count", "said"), [(1, "one breath"), (2, "two breaths"), (100, "100 breaths")])
def test_breaths_are_counted(count: int, said: str) -> None:
    assert load_words().spell_length(Breaths(count)) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "zero"), (1, "one"), (12, "twelve"), (19, "nineteen"), (20, "twenty"), (21, "twenty-one"), (40, "forty"),
     (90, "ninety"), (99, "ninety-nine"), (100, "100"), (101, "101")],
)  # fmt: skip
def test_a_number_is_said_in_words_as_far_as_they_go(number: int, said: str) -> None:
    assert load_words().spell_number(number) == said


@given(st.integers(0, 99))
def test_the_english_numbers_are_all_there(number: int) -> None:
    tens, ones = divmod(number, 10)
    said = load_words().spell_number
    if number > 20:
        assert said(number) == said(tens * 10) + (f"-{said(ones)}" if ones else "")


@pytest.mark.parametrize(
    ("ms", "said"), [(0, "1 min"), (89_999, "1 min"), (90_000, "2 min"), (149_999, "2 min"), (150_000, "3 min")]
)
def test_about_how_long(ms: int, said: str) -> None:
    assert load_words().estimate_minutes(ms) == said


def test_the_other_side() -> None:
    assert [load_words().name_other(side) for side in ("left", "right", "tighter")] == ["right", "left", "other"]


@pytest.mark.parametrize(
    ("language", "stem"),
    [
        *[("en", "en"), ("en-US", "en"), ("EN_gb", "en"), ("de-AT", "de"), ("pt", "pt-BR"), ("pt-PT", "pt-BR")],
        *[("ja-JP", "ja"), ("es-419", "es"), ("xx", None), ("xx-YY", None), ("", None), ("e", None)],
    ],
)
def test_the_nearest_file(language: str, stem: str | None) -> None:
    found = find_file(language)
    assert (found and found.stem) == stem
    assert load_words(language).tag == (stem or "en")


def test_a_region_comes_before_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("en", "pt", "pt-BR", "zh-Hant", "zh-Hans"):
        (tmp_path / f"{name}.yaml").touch()
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    found = [path and path.stem for path in map(find_file, ("pt-BR", "pt_br", "pt-PT", "pt", "zh", "de"))]
    assert found == ["pt-BR", "pt-BR", "pt", "pt", "zh-Hans", None]


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        ("n = 1", {1}),
        ("n = 0,1", {0, 1}),
        ("n = 0..1", {0, 1}),
        ("n != 1", set(range(130)) - {1}),
        ("n % 10 = 1 and n % 100 != 11", {1, 21, 31, 41, 51, 61, 71, 81, 91, 101, 121}),
        ("n = 3..4 or n % 100 = 0", {0, 3, 4, 100}),
        ("n % 50 = 2..4 and n % 100 != 53..54 and n != 2", {3, 4, 52, 102, 103, 104}),
        ("n % 50 = 0,7..8", {0, 7, 8, 50, 57, 58, 100, 107, 108}),
    ],
)  # fmt: skip
def test_plural_rules_are_cldr_s(rule: str, numbers: set[int]) -> None:
    assert {number for number in range(130) if meets_rule(rule, number)} == numbers


@pytest.mark.parametrize("rule", ["", "n", "i = 1", "n = 1 and", "n = 1.5", "n within 1..2", "v = 0"])
def test_a_rule_that_is_none_is_an_error(rule: str) -> None:
    with pytest.raises(ValueError, match="not a plural rule"):
        meets_rule(rule, 5)


def test_a_number_takes_the_form_of_its_category() -> None:
    english = load_words()
    forms = {"one": "{n} rok", "few": "{n} roky", "other": "{n} let"}
    czech = replace(
        english,
        plurals={"one": "n = 1", "few": "n = 2..4"},
        numbers="",
        lengths=replace(english.lengths, hour=forms),
    )
    lengths = [czech.spell_length(hours * times.HOUR) for hours in (1, 2, 4, 5)]
    assert lengths == ["1 rok", "2 roky", "4 roky", "5 let"]


def test_a_new_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the program says by itself comes from the file: with every text changed, nothing English is left."""
    english = (words.FOLDER / "en.yaml").read_text(encoding="utf-8")
    (tmp_path / "en.yaml").write_text(english, encoding="utf-8")
    changed = english.replace("Begin.", "Los.").replace("Halfway.", "Halb.").replace("And release.", "Lockern.")
    changed = changed.replace("Change sides. Now your right side.", "Nun die rechte Seite.")
    changed = changed.replace("To the right side", "Nach rechts").replace(": right side", ": rechte Seite")
    changed = changed.replace("name: right", "name: rechts").replace("name: left", "name: links")
    changed = changed.replace("zero, one, two, three,", "null, eins, zwei, drei,").replace(
        "{n} seconds", "{n} Sekunden"
    )
    changed = changed.replace("Breathe in., In.", "Atme ein., Ein.").replace("And breathe out.", "Atme aus.")
    (tmp_path / "de.yaml").write_text(changed, encoding="utf-8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    hold = {"hold": "70s", "cue": "voice", "countdown": 2, "name": "h"}
    sides = {"sides": ["left", "right"], "steps": [{"say": "Nun {side}, dann {other}."}, hold]}
    steps = [
        {"exercise": "A", "steps": [sides]},
        {"breathe": "1 breaths", "pattern": "4-6", "cue": "voice"},
        {"say": "Noch {hold}."},
        {"hold": "30s", "cue": "none"},
    ]
    laid = timeline(routine_of({"title": "T", "language": "de-AT", "steps": steps}))
    said = [event.text for event in laid.events if isinstance(event, SpeechEvent)]
    half = ["Los.", "Halb.", "zwei", "eins", "Lockern."]
    assert said == [
        *["Nun links, dann rechts.", *half, "Nun die rechte Seite.", "Nun rechts, dann links.", *half],
        *["Atme ein.", "Atme aus.", "Noch thirty Sekunden."],
    ]
    assert [part.title for part in laid.chapters[0].parts] == ["A: left side", "A: rechte Seite"]
    assert [event.name for event in laid.events if isinstance(event, SwitchEvent)] == ["Nach rechts"]


def test_a_new_session_reads_the_words_once() -> None:
    assert load_words("en-US") is load_words("en-US")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0, "one second"),
        (1_499, "one second"),
        (1_500, "two seconds"),
        (59_499, "fifty-nine seconds"),
        (59_500, "one minute"),
        (61_000, "one minute and one second"),
        (89_499, "one minute and twenty-nine seconds"),
        (3_599_500, "one hour"),
        (3_599_499, "fifty-nine minutes and fifty-nine seconds"),
        (3_660_000, "one hour and one minute"),
        (3_601_000, "one hour and one second"),
        (360_000_000, "100 hours"),
        (356_400_000, "ninety-nine hours"),
        (Breaths(1), "one breath"),
        (Breaths(20), "twenty breaths"),
        (Breaths(100), "100 breaths"),
    ],
)
def test_spoken_lengths(length: times.Length, said: str) -> None:
    assert load_words().spell_length(length) == said


@pytest.mark.parametrize(("ms", "told"), [(0, "1 min"), (89_999, "1 min"), (90_000, "2 min"), (3_600_000, "60 min")])
def test_minutes_of_a_list(ms: int, told: str) -> None:
    assert load_words().estimate_minutes(ms) == told


def test_every_language_is_in_the_reference() -> None:
    reference = (words.FOLDER.parent.parent / "docs" / "language.md").read_text(encoding="utf-8")
    assert all(f"\n| `{tag}` | " in reference for tag in words.list_tags())
