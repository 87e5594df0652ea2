"""Sessions in other languages than English: everything that the program says by itself is in that language."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import ID3

from tests.score.fake import routine_of, timeline
from voiceguide import library, times, voices, words
from voiceguide.errors import RequestError, ScriptError
from voiceguide.language.loader import load
from voiceguide.routine.choices import Choices, read
from voiceguide.score.timeline import SpeechEvent, SwitchEvent, Timeline, flatten
from voiceguide.times import Breaths
from voiceguide.views.chapters import tile_chapters
from voiceguide.voices.base import VoiceSettings
from voiceguide.words import find_side, list_tags, load_words
from voiceguide.workshop import Workshop

OTHERS = [tag for tag in list_tags() if tag != "en"]

# Words that two languages share.
SHARED = {
    "de": {"minute"},
    "es": {"a"},
    "fr": {"introduction", "minute", "minutes", "six"},
    "it": {"a"},
    "nl": {"in", "begin"},
}


def test_the_languages_are_there() -> None:
    assert {"de", "en", "es", "fr", "it", "ja", "nl", "pt-BR"} <= set(list_tags())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", {1: "eine Sekunde", 90: "anderthalb Minuten", 3_723: "eine Stunde, zwei Minuten und drei Sekunden"}),
        ("es", {60: "un minuto", 1_260: "veintiún minutos", 150: "dos minutos y medio", 61: "un minuto y un segundo"}),
        ("fr", {60: "une minute", 1_260: "vingt et une minutes", 30: "trente secondes", 5_400: "une heure et demie"}),
        ("it", {60: "un minuto", 1_260: "ventuno minuti", 3_600: "un'ora", 90: "un minuto e mezzo"}),
        ("nl", {1: "één seconde", 90: "anderhalve minuut", 7_200: "twee uur", 61: "één minuut en één seconde"}),
        ("pt-BR", {60: "um minuto", 7_200: "duas horas", 330: "cinco minutos e meio", 45: "quarenta e cinco segundos"}),
        ("ja", {60: "いっぷん", 600: "じゅっぷん", 90: "いっぷん さんじゅうびょう", 14_400: "よじかん"}),
    ],
)  # fmt: skip
def test_lengths_of_other_languages(language: str, said: dict[int, str]) -> None:
    found = load_words(language)
    assert {seconds: found.spell_length(seconds * times.SECOND) for seconds in said} == said


@pytest.mark.parametrize("language", list_tags())
def test_every_length_is_in_words(language: str) -> None:
    """CLDR lacks some of its own units, which Babel replaces by their names in the data: "2 duration-hour"."""
    found = load_words(language)
    spelled = [found.spell_length(number * unit) for unit in (1_000, 60_000, 3_600_000) for number in range(1, 60)]
    spelled += [found.spell_length(Breaths(number)) for number in range(1, 60)]
    assert not [text for text in spelled if re.search(r"[\d{}]|duration|\s\s", text) or text != text.strip()]
    assert len(set(spelled)) == len(spelled)


def write_script(language: str, **more: Any) -> dict[str, Any]:
    """A script in which the program says all that it can; its own texts are only placeholders and digits."""
    left, right = (load_words(language).sides[side].name for side in ("left", "right"))
    hold = {"hold": "60s", "countdown": 3, "cue": "voice", "name": "1"}
    guided = {"hold": "90s", "countdown": 2, "cue": "both", "pattern": "4-2-4-2", "name": "2"}
    inner = ["{side} {other} {hold}", hold, "{hold}", guided, {"hold": "3 breaths", "name": "3"}]
    steps = [
        "{length}",
        {"exercise": "1", "steps": [{"sides": [left, right], "ratio": "2:1", "steps": inner}]},
        {"sides": [right, left], "steps": inner},
        {"breathe": "3 breaths", "pattern": "4-2-4-2", "cue": "voice"},
        {"breathe": "2 breaths", "pattern": "1-1-1-1", "cue": "voice"},
    ]
    return {"title": "1", "language": language, "steps": steps, **more}


def find_words(texts: list[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold())}


def list_texts(laid: Timeline) -> list[str]:
    """Everything that a session says and shows."""
    said = [event.text for event in laid.events if isinstance(event, SpeechEvent)]
    spoken = [event.spoken for event in laid.events if isinstance(event, SpeechEvent)]
    moves = [event.name for event in laid.events if isinstance(event, SwitchEvent)]
    chapters = [*flatten(laid.chapters), *flatten(tile_chapters(laid))]
    return said + spoken + moves + [text for each in chapters for text in (each.title, each.label)]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("choices", [{}, {"guide": "quiet"}, {"guide": "brief", "countdown": 10}, {"only": "right"}])
def test_no_english_word_is_left(language: str, choices: dict[str, Any]) -> None:
    english = find_words(list_texts(timeline(routine_of(write_script("en")), **choices)))
    assert {"right", "side"} <= english
    found = list_texts(timeline(routine_of(write_script(language)), **choices))
    assert not find_words(found) & english - SHARED.get(language, set()), found


def test_a_german_session_is_german_in_its_file(tmp_path: Path) -> None:
    """Speech, lyrics and chapters, with the real voice, read from the MP3."""
    steps = [{"sides": ["links", "rechts"], "steps": [{"hold": "10s", "countdown": 3, "cue": "voice"}]}]
    routine = routine_of({"title": "Hüfte", "language": "de", "steps": steps})
    with Workshop(cache=False) as made:
        session = made.make_session(routine, Choices(), out=tmp_path)
    tags = ID3(session.path)
    (lyrics,) = tags.getall("USLT")
    side = ["Jetzt beginnen.", "drei", "zwei", "eins", "Und lösen."]
    assert [event.text for event in session.timeline.events if isinstance(event, SpeechEvent)] == [
        *side,
        "Seite wechseln. Jetzt die rechte Seite.",
        *side,
    ]
    assert lyrics.lang == "deu"
    lines = {line.partition("]")[2] for line in lyrics.text.splitlines()}
    assert lines == {"", *side, "Seite wechseln.", "Jetzt die rechte Seite."}
    titles = {text for chapter in tags.getall("CHAP") for text in chapter.sub_frames["TIT2"].text}
    assert titles == {"Linke Seite", "Rechte Seite"}
    assert not session.timeline.notes


@pytest.mark.parametrize("language", OTHERS)
def test_the_default_voice_speaks_the_language(language: str) -> None:
    spoken = voices.resolve(VoiceSettings(None, language), "espeak").languages
    assert any(tag.split("-")[0] == language.split("-")[0] for tag in spoken)


def test_japanese_is_in_kana_because_a_voice_spells_kanji() -> None:
    text = (words.FOLDER / "ja.yaml").read_text(encoding="utf-8")
    said = re.sub(r"(?m)^\s*#.*$|also: .*$", "", text)
    assert not re.search(r"[\u3400-\u9fff]", said)
    assert re.search(r"[\u3040-\u309f]", said)


def test_a_language_without_words_is_an_error_of_check_and_a_note_of_the_rest() -> None:
    routine = routine_of({"title": "T", "language": "sv", "steps": [{"sides": ["left", "right"], "steps": ["Hej."]}]})
    have = ", ".join(list_tags())
    with Workshop(cache=False) as made:
        with pytest.raises(ScriptError) as wrong:
            made.check(routine)
        (problem,) = wrong.value.problems
        assert problem.place == routine.language_place
        assert problem.message == (
            f'language: voiceguide has no words of its own in the language "sv"; expected one of {have}'
        )
        laid = made.plan_session(routine, Choices())
    assert laid.notes == (
        "the program's own words, such as those for the change of sides, are English; "
        f'it has none in "sv", only in {have}',
    )
    assert "Change sides. Now your right side." in list_texts(laid)


def test_english_sessions_never_load_babel() -> None:
    code = (
        "import sys; from voiceguide.words import load_words; from voiceguide.times import Breaths; en = load_words();"
        "[en.spell_length(ms) for ms in (1_000, 90_000, 3_723_000, Breaths(2))]; sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_session_that_says_no_length_never_loads_babel() -> None:
    steps = [{"sides": ["links", "rechts"], "steps": ["Hallo.", {"hold": "30s", "countdown": 3}]}]
    script = {"title": "T", "language": "de", "steps": steps}
    code = (
        f"import sys; from tests.score.fake import *; timeline(routine_of({script})); sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_two_languages_disagree_about_the_name_of_a_side() -> None:
    meant: dict[str, set[str]] = {}
    for tag in list_tags():
        for name, side in load_words(tag).side_names.items():
            meant.setdefault(name, set()).add(side)
    assert not {name: sides for name, sides in meant.items() if len(sides) > 1}
    assert [find_side(name) for name in ("left", " Rechts", "DERECHA", "左", "tighter", "up", "")] == [
        *("left", "right", "right", "left", "tighter", None, None)
    ]


def test_sides_are_named_in_the_language_of_the_script() -> None:
    german = {
        "title": "T",
        "language": "de",
        "options": {"links": {"about": "Bleibt ein Name."}},
        "steps": [
            {
                "sides": ["Rechts", "links"],
                "steps": [
                    {"say": "links", "on": "rechts", "when": "links"},
                    {"say": "{side}", "on": ["rechte", "left"]},
                    {"hold": {"links": "45s", "rechts": "60s"}, "name": "links"},
                ],
            },
            {"sides": "linke", "steps": [{"say": "{side} {other}"}]},
        ],
    }
    laid = timeline(routine_of(german), with_="links")
    assert [(event.side, event.length_ms) for event in laid.events if event.kind == "hold"] == [
        ("right", 60_000),
        ("left", 45_000),
    ]
    assert [event.text for event in laid.events if isinstance(event, SpeechEvent)] == [
        *("links", "rechts", "Seite wechseln. Jetzt die linke Seite.", "links", "links rechts")
    ]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ({"sides": ["lnks", "rechts"]}, 'sides: expected links or rechts, or left or right, found "lnks"'),
        ({"sides": ["links", "left"]}, "sides: expected each side once; `ratio: 2:1` repeats the tighter one"),
        ({"sides": ["izquierda", "derecha"]}, 'sides: expected links or rechts, or left or right, found "izquierda"'),
    ],
)
def test_a_side_that_the_language_does_not_have(step: dict[str, Any], problem: str) -> None:
    script = {"title": "T", "language": "de", "steps": [{**step, "steps": ["Hallo."]}]}
    with pytest.raises(ScriptError) as wrong:
        routine_of(script)
    assert wrong.value.problems[0].message == problem


def test_english_scripts_have_english_sides() -> None:
    with pytest.raises(ScriptError, match='expected left or right, found "links"'):
        routine_of({"title": "T", "steps": [{"sides": ["links", "rechts"], "steps": ["Hello."]}]})


@pytest.mark.parametrize("name", ["first", "only", "tight"])
def test_a_listener_names_sides_in_any_language(name: str) -> None:
    assert read({name: "rechts"}) == read({name: "Derecha"}) == read({name: "みぎ"}) == read({name: "right"})
    assert read({"hold": "h/links=60s"}) == read({"hold": "h/left=60s"})
    assert read({"hold": "h/auf der festeren Seite=60s"}) == read({"hold": "h/tighter=60s"})
    with pytest.raises(RequestError, match=f'{name}: expected left or right, found "lft"; did you mean "left"?'):
        read({name: "lft"})
    with pytest.raises(RequestError, match=f"{name}: expected left or right"):
        read({name: "fester"})


@pytest.mark.parametrize("name", ["half-kneeling", "standing-hip-flexor"])
def test_a_translated_routine_is_the_same_exercise(name: str) -> None:
    german, spanish = (load(library.script(f"{name}-{tag}")) for tag in ("de", "es"))
    assert (german.language, spanish.language) == ("de", "es")
    assert list_kinds(timeline(german)) == list_kinds(timeline(spanish))
    assert list_holds(timeline(german)) == list_holds(timeline(spanish)) == list_holds(timeline(library.script(name)))
    for guide in ("brief", "quiet", "fade"):
        texts = find_words(list_texts(timeline(german, guide=guide)))
        assert not texts & {"the", "your", "foot", "knee", "hold", "and", "left", "right", "release"}


def list_kinds(laid: Timeline) -> list[tuple[str, str | None]]:
    return [(event.kind, event.side) for event in laid.events]


def list_holds(laid: Timeline) -> list[tuple[str | None, int]]:
    return [(event.side, event.length_ms) for event in laid.events if event.kind == "hold"]


BREATH = {"de": r"\b(atme|atemzug|ausatmen)", "es": r"\b(respira|exhala|inhala)"}
LEFT_AND_RIGHT = {"de": r"\b(links|rechts|linke|rechte)", "es": r"\b(izquierd|derech)"}


@pytest.mark.parametrize("guide", ["full", "brief", "fade"])
@pytest.mark.parametrize("more", [{}, {"hold": "2m"}, {"only": "right"}], ids=["as it is", "long", "one side"])
@pytest.mark.parametrize("name", ["half-kneeling", "standing-hip-flexor"])
@pytest.mark.parametrize("language", ["de", "es"])
def test_a_translated_routine_can_be_followed_with_closed_eyes(
    language: str, name: str, more: dict[str, Any], guide: str
) -> None:
    laid = timeline(load(library.script(f"{name}-{language}")), guide=guide, **more)
    spoken = [event for event in laid.events if isinstance(event, SpeechEvent)]
    sentences = [sentence for event in spoken for sentence in re.split(r"(?<=[.!?])\s+", event.text)]
    assert not [sentence for sentence in sentences if len(sentence.split()) > 20]
    holds = [event for event in laid.events if event.kind == "hold"]
    for number, hold in enumerate(holds):
        since = holds[number - 1].end_ms if number else 0
        before = " ".join(event.text for event in spoken if since <= event.start_ms < hold.end_ms).casefold()
        assert re.search(BREATH[language], before), "a stretch without a word about the breath"
        assert re.search(LEFT_AND_RIGHT[language], before), "work begins on a side that is not named"
        inside = [event for event in spoken if hold.start_ms <= event.start_ms < hold.end_ms]
        marks = [hold.start_ms, *(ms for event in inside for ms in (event.start_ms, event.end_ms)), hold.end_ms]
        assert max(after - before for before, after in pairwise(marks)) <= 75_000
