"""What espeak says wrongly, proven by its own phonemes: wrong without the lexicon, right with it, in every accent."""

from __future__ import annotations

import sys

import pytest

from tests.voices.phonemes import phonemes
from voiceguide.voices import VoiceSettings, find_lexicon
from voiceguide.voices.espeak import place
from voiceguide.voices.espeak.data import EspeakCatalogue
from voiceguide.voices.espeak.english import ENGLISH

VOICE = "gmw/en-US"

# A term, and its phonemes with the default voice.
TERMS = {
    "EMOM": "'i: m'0m",
    "HIIT": "h'It",
    "iliopsoas": "'IlI2;,oU s'oU@s",
    "lacrosse": "l@_| kr'O2s",
    "namaste": "n'Vm@ st'eI",
    "patella": "pat'El@",
    "pranayama": "pr'A:n@ j'A:m@",
    "psoas": "s'oU@s",
    "quadriceps": "kw'0dri s'Eps",
    "sacroiliac": "s'akroU 'Ili;,ak",
    "thera band": "T'e@r@ b'and",
    "thera bands": "T'e@r@ b'andz",
    "Theraband": "T'e@r@ b'and",
    "Therabands": "T'e@r@ b'andz",
    "Thera Cane": "T'e@r@ k'eIn",
    "theracane": "T'e@r@ k'eIn",
    "trochanter": "tr'oU k'aant3",
}
# What espeak says rightly by itself, and must go on to.
KNOWN = {
    "glute": "gl'u:t",
    "glutes": "gl'u:ts",
    "gluteus": "gl'u:t#I2;@s",
    "iliacus": "'IlI2;,ak@s",
    "piriformis": "p'IrI2f,o@mIs",
    "sacrum": "s'eIkr@m",
    "TFL": "t,i:;,Ef'El",
    "QL": "kj,u:'El",
    "IT band": ",aIt'i: b'and",
    "PNF": "p,i:;,En'Ef",
}
SPELLED = {
    "ASIS": ",eI,Es,aI'Es",
    "PSIS": "p,i:;,Es,aI'Es",
    "SI joint": ",Es'aI dZ'OInt",
    "ACL": ",eIs,i:;'El",
    "ROM": ",A@r,oU'Em",
}


def english() -> list[str]:
    """Every voice of the wheel's espeak that has this lexicon."""
    library, data = place.find_bundled()
    known = EspeakCatalogue(data, library)
    return sorted({each.id.partition("+")[0] for each in known.voices() if known.lexicon(each.id) is ENGLISH})


def test_every_term_is_proven() -> None:
    assert {term.casefold() for term in TERMS} == set(ENGLISH.terms)


def test_terms_are_said_rightly_and_were_not() -> None:
    every = {**TERMS, **SPELLED}
    before = phonemes([(VOICE, term) for term in every])
    after = phonemes([(VOICE, ENGLISH.put(term)) for term in every])
    assert dict(zip(every, after, strict=True)) == every
    assert [term for term, was, is_ in zip(every, before, after, strict=True) if was == is_] == []


def test_what_espeak_knows_is_left_to_it() -> None:
    assert [ENGLISH.put(term) for term in KNOWN] == list(KNOWN)
    assert phonemes([(VOICE, term) for term in KNOWN]) == list(KNOWN.values())


def test_a_verb_at_the_head_of_a_sentence_is_a_verb_in_every_accent() -> None:
    voices = english()
    assert VOICE in voices
    assert len(voices) >= 8
    asked = [(voice, verb) for voice in voices for verb in ENGLISH.verbs]
    # After "to", espeak knows by itself that a verb follows.
    infinitives = phonemes([(voice, f"to {verb} your hips") for voice, verb in asked])
    imperatives = phonemes([(voice, ENGLISH.put(f"{verb.capitalize()} your hips.")) for voice, verb in asked])
    wrong = [
        (voice, verb, said, meant.partition(" ")[2])
        for (voice, verb), said, meant in zip(asked, imperatives, infinitives, strict=True)
        if said.split()[0] != meant.split()[1]
    ]
    assert wrong == []
    # Without the lexicon, each is said as the noun or the adjective.
    plain = phonemes([(VOICE, f"{verb.capitalize()} your hips.") for verb in ENGLISH.verbs])
    given = phonemes([(VOICE, ENGLISH.put(f"{verb.capitalize()} your hips.")) for verb in ENGLISH.verbs])
    assert [verb for verb, was, said in zip(ENGLISH.verbs, plain, given, strict=True) if was == said] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Close your eyes.", "kl'oUz jU@r- 'aIz"),
        ("Use your breath.", "j'u:z jU@ br'ET"),
        ("Contract the glute.", "k@ntr'akt D@2 gl'u:t"),
        ("Separate your feet.", "s'Ep3r,eIt jU@ f'i:t"),
        ("Alternate.", "'O:lt3n,eIt"),
        ("Increase the stretch.", "INkr'i:s D@2 str'EtS"),
        ("Insert a pause.", "Ins'3:t a# p'O:z"),
        ("Close to the wall.", "kl'oUs t@ D@2 w'O:l"),
        ("Bow pose.", "b'oU p'oUz"),
    ],
)
def test_imperatives(text: str, said: str) -> None:
    assert phonemes([(VOICE, ENGLISH.put(text))]) == [said]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Kneel, and close your eyes.", "Kneel, and cloze your eyes."),
        ("Sit. “Use it.” (Use the wall.)", "Sit. “yuze it.” (yuze the wall.)"),
        ("Slowly contract the glute; increase it.", "Slowly contractt the glute; inkreece it."),
        ("Stay close, use a block.", "Stay close, yuze a block."),
        ("The use of it, and a close friend.", "The use of it, and a close friend."),
        ("Close together, close by, close to you.", "Close together, close by, close to you."),
        ("Contract-relax, an insert, a separate one.", "Contract-relax, an insert, a separate one."),
        ("Warrior II, do NOT lean, STOP, LEFT and RIGHT.", "Warrior II, do NOT lean, STOP, LEFT and RIGHT."),
        ("BREATHE OUT AND ASIS", "BREATHE OUT AND ASIS"),
        ("PSOAS, Psoas' p\u017foas", "sowus, sowus' sowus"),
    ],
)
def test_what_is_put_and_what_is_not(text: str, given: str) -> None:
    assert ENGLISH.put(text) == given


def test_a_hostile_text_is_read_to_its_end() -> None:
    for piece in (". ", "close ", "and close ", '"' * 9, "A.", "AB ", "psoas "):
        ENGLISH.put((piece * 100_000)[:100_000] + " use psoas ASIS")


def test_only_espeak_s_english_has_it() -> None:
    for name in ("en-US", "en-US+m3", "gmw/en-GB-x-rp"):
        assert find_lexicon(VoiceSettings(name=name), "espeak") is ENGLISH
    for name in ("de", "fr", "ja"):
        assert find_lexicon(VoiceSettings(name=name), "espeak") is None
    library, data = place.find_bundled()
    assert EspeakCatalogue(data, "1.51").lexicon(VOICE) is None
    assert sys.platform == "win32" or library.is_file()
