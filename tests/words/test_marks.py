"""What people write in short is read as they mean it, in each language, and everything else stays as it is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.score.fake import routine_of, timeline
from tests.voices.phonemes import phonemes
from voiceguide import library, words
from voiceguide.score.timeline import SpeechEvent
from voiceguide.words import load_words
from voiceguide.words.marks import UNITS

FILES = sorted(file.stem for file in words.FOLDER.glob("*.yaml"))

ENGLISH = {
    "Hold for 30 s, 2-3 inches, 1/2 turn, 90°, 3\u00d710, ~10 cm, #2 & e.g. the SI joint (ASIS)": (
        "Hold for 30 seconds, 2 to 3 inches, half turn, 90 degrees, 3 times 10, about 10 centimeters, number 2 and "
        "for example the SI joint (ASIS)"
    ),
    # Units, with the full stop of a sentence or without that of an abbreviation.
    "30s. Then 1 min. and 5 min.": "30 seconds. Then 1 minute and 5 minutes.",
    "1.5 min, 2 hrs, 1,000 m": "1.5 minutes, 2 hours, 1,000 meters",
    "10 mm, 5 kg, 10 lbs, 1 ft, 6 ft": "10 millimeters, 5 kilograms, 10 pounds, 1 foot, 6 feet",
    "A 30-s hold, a 5-min rest": "A 30-second hold, a 5-minute rest",
    "20°C, 37\u2103, 1°, 70°F, 50%, 1 %": (
        "20 degrees Celsius, 37 degrees Celsius, 1 degree, 70 degrees Fahrenheit, 50 percent, 1 percent"
    ),
    "In your 30s, since the 1990s; hold 30s": "In your 30s, since the 1990s; hold 30 seconds",
    "In the mid-30s, 30s": "In the mid-30s, 30 seconds",
    # Ranges, and what only looks like one.
    "10 s-15 s, 10s\u201315s, 2 cm - 3 cm, 2 cm-3 min": (
        "10 to 15 seconds, 10 to 15 seconds, 2 to 3 centimeters, 2 centimeters-3 minutes"
    ),
    "10-15s, 2\u20133 cm, 5-10%": "10 to 15 seconds, 2 to 3 centimeters, 5 to 10 percent",
    "3 - 5 times, 10\u2013 15 s, 4 - 7 - 8, 2 - 0 - 4": "3 to 5 times, 10 to 15 seconds, 4 - 7 - 8, 2 - 0 - 4",
    "4-7-8, 2-0-4, 3-2-1, 4-4, L4-L5, L4-5, 10-5": "4-7-8, 2-0-4, 3-2-1, 4-4, L4-L5, L4-5, 10-5",
    # Fractions.
    "1 1/2 min, 1-1/2 turns, 2½ turns, 1/4 turn, the 3/4 mark": (
        "1 and a half minutes, 1 and a half turns, 2 and a half turns, a quarter turn, the three quarters mark"
    ),
    "a 1/2 turn, a ¼ turn, another 1/8 turn, 1/2 min, 11/2": (
        "a half turn, a quarter turn, another eighth turn, half minute, 11 2"
    ),
    "Pain 3/10, the 90/90, three 90/90 holds": "Pain 3 out of 10, the 90 90, three 90 90 holds",
    # Times.
    "3x10, 3 x 30 s, 10x, 1x, 2-3x, 3 \u00d7 (10x), x2": (
        "3 times 10, 3 times 30 seconds, 10 times, once, 2 to 3 times, 3 times (10 times), times 2"
    ),
    "30 s/side, 10x/leg, 8 reps/side, 10/arm, 10 m/s": (
        "30 seconds per side, 10 times per leg, 8 reps per side, 10 per arm, 10 meters per second"
    ),
    # Signs and abbreviations.
    "Q&A & #10, ~ 5": "Q and A and number 10, about 5",
    "E.g. this, i.e. that, etc. And so on, etc., w/ it, w/o it": (
        "For example this, that is that, et cetera. And so on, et cetera, with it, without it"
    ),
    "Sit/stand and/or lie, a C/D": "Sit or stand and or lie, a C/D",
}
UNCHANGED = [
    "Breathe in, and out; hold for 5 breaths.",
    "In 5 m's, 10 sx, 3rd, 2nd, x 10 C#, #a, ~a, 0.5.1",
    "A 30S, 10 CM, a4-5",
    "https://example.org/hips",
    "5/2026/1",
]

OTHERS = {
    "de": (
        "30 Sek. halten, 1 min, 2-3 cm, 1 cm, 90°, 50 %, 3\u00d710, 10x, 1x, ~5 & #2, z. B. so, usw. Dann 1,5 min",
        "30 Sekunden halten, eine Minute, 2 bis 3 Zentimeter, ein Zentimeter, 90 Grad, 50 Prozent, 3 mal 10, 10-mal, "
        "einmal, etwa 5 und Nummer 2, zum Beispiel so, und so weiter. Dann 1,5 Minuten",
    ),
    "es": (
        "30 s, 21 s, 1 min, 10 cm, 90°, 50 %, 3x10, 10x, ~5 & #2, 2-3 cm",
        "30 segundos, veintiún segundos, un minuto, 10 centímetros, 90 grados, 50 por ciento, 3 por 10, 10 veces, "
        "aproximadamente 5 y número 2, 2 a 3 centímetros",
    ),
    "fr": (
        "30 s, 1 min, 10 cm, 90°, 50 %, 3x10, 10x, ~5 & #2, 2-3 cm",
        "30 secondes, une minute, 10 centimètres, 90 degrés, 50 pour cent, 3 fois 10, 10 fois, environ 5 et numéro 2, "
        "2 à 3 centimètres",
    ),
    "it": (
        "30 s, 1 min, 1 h, 10 cm, 90°, 50 %, 3x10, 10x, ~5 & #2, 2-3 cm",
        "30 secondi, un minuto, un'ora, 10 centimetri, 90 gradi, 50 percento, 3 per 10, 10 volte, circa 5 e numero 2, "
        "2-3 centimetri",
    ),
    "nl": (
        "30 s, 1 min, 2 h, 10 cm, 90°, 50 %, 3x10, 10x, ~5 & #2, 2-3 cm",
        "30 seconden, één minuut, 2 uur, 10 centimeter, 90 graden, 50 procent, 3 keer 10, 10 keer, ongeveer 5 en "
        "nummer 2, 2 tot 3 centimeter",
    ),
    "pt-BR": (
        "30 s, 1 min, 2 h, 10 cm, 90°, 50 %, 3x10, 2x, ~5 & #2, 2-3 cm",
        "30 segundos, um minuto, duas horas, 10 centímetros, 90 graus, 50 por cento, 3 vezes 10, duas vezes, cerca de "
        "5 e número 2, 2 a 3 centímetros",
    ),
    "ja": (
        "に30sと1min、10cm、90°、50%、3\u00d710、10x、~5 & 2-3",
        "に30びょうといっぷん、10 センチメートル、90ど、50 パーセント、3 かける 10、10かい、やく 5 と 2から3",
    ),
}


@pytest.mark.parametrize(("written", "read"), ENGLISH.items())
def test_english(written: str, read: str) -> None:
    assert load_words().read(written) == read


@pytest.mark.parametrize("text", UNCHANGED)
def test_what_is_not_meant_stays(text: str) -> None:
    assert load_words().read(text) == text


@pytest.mark.parametrize("tag", OTHERS)
def test_another_language(tag: str) -> None:
    written, read = OTHERS[tag]
    assert load_words(tag).read(written) == read


@pytest.mark.parametrize("tag", FILES)
def test_every_unit_has_words(tag: str) -> None:
    found = load_words(tag)
    signs = {**UNITS, **found.marks.names}
    for sign, unit in signs.items():
        for number in ("1", "2", "5", "1.5"):
            said = found.read(f"{number} {sign}")
            assert unit not in said
            assert sign.isalpha() or sign not in said
            assert said != f"{number} {sign}"


@pytest.mark.parametrize("tag", FILES)
@given(st.text("0123456789 .,/-x\u00d7~#&%°½s min", max_size=40))
def test_any_text_is_read(tag: str, text: str) -> None:
    load_words(tag).read(text)


@given(st.text("abc \n.,;:!?()'-e.g", max_size=60))
def test_a_text_without_marks_stays(text: str) -> None:
    if "/" not in text and "e.g." not in text:
        assert load_words().read(text) == text


def test_the_bundled_routines_are_written_in_words() -> None:
    """So their bytes are those they always had."""
    for script in library.scripts():
        for event in timeline(script.path).events:
            if isinstance(event, SpeechEvent):
                assert event.spoken == event.text or "pronounce:" in script.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "piece", ["1", "1-", "1/", "1 1/2", "½", "1 s", "e.g.", "a/", "ab/", "x", "1x", "~", "# ", "&", "an "]
)
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    """A pattern whose time grows with the square of a text would not come back."""
    load_words().read((piece * 100_000)[:100_000])


def test_what_pronounce_has_comes_first_and_what_is_shown_stays() -> None:
    script = {"title": "T", "pronounce": {"10 cm": "a hand"}, "steps": ["Move 10 cm. [1 s] Hold for 30 s."]}
    (said,) = timeline(routine_of(script)).events
    assert isinstance(said, SpeechEvent)
    assert said.text == "Move 10 cm. [1 s] Hold for 30 s."
    assert said.spoken == "Move a hand. [1s] Hold for 30 seconds."


def test_a_language_without_words_is_left_to_its_voice() -> None:
    (said,) = timeline(routine_of({"title": "T", "language": "sv", "steps": ["30 s & 10x"]})).events
    assert isinstance(said, SpeechEvent)
    assert said.spoken == "30 s & 10x"


def test_english_needs_no_babel() -> None:
    signs = " ".join(f"1 {sign}, 2 {sign}, 1.5 {sign}." for sign in UNITS)
    read = f"from voiceguide.words import load_words; load_words().read({signs!r})"
    code = f"import sys; {read}; sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_espeak_says_what_is_meant() -> None:
    """By its own phonemes: otherwise than the short form, and as the words alone."""
    voice = "gmw/en-US"
    short = ["30 s", "10 cm", "2-3 inches", "1/2 turn", "10x", "~30", "#2", "e.g. the"]
    meant = ["thirty seconds", "ten centimeters", "two to three inches", "half turn", "ten times", "about thirty"]
    meant += ["number two", "for example the"]
    given_short = phonemes([(voice, text) for text in short])
    given_read = phonemes([(voice, load_words().read(text)) for text in short])
    assert given_read == phonemes([(voice, text) for text in meant])
    assert all(before != after for before, after in zip(given_short, given_read, strict=True))
