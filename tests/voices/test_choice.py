"""Which voice is meant, and what is said where none is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from voiceguide.errors import VoiceError
from voiceguide.voices import VoiceInfo, VoiceSettings, identity, list_voices, open_voice, resolve
from voiceguide.voices.catalogue import find_by_language, find_by_name
from voiceguide.voices.espeak.data import ENGLISH_VARIANT, EspeakCatalogue
from voiceguide.voices.espeak.place import check_folder, find_bundled
from voiceguide.voices.wire import Refusal


@pytest.fixture
def no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en-US", f"gmw/en-US+{ENGLISH_VARIANT}"),
        ("en", f"gmw/en-US+{ENGLISH_VARIANT}"),
        ("EN_us", f"gmw/en-US+{ENGLISH_VARIANT}"),
        ("en-GB", f"gmw/en+{ENGLISH_VARIANT}"),
        ("en-AU", f"gmw/en+{ENGLISH_VARIANT}"),
        ("de", "gmw/de"),
        ("de-CH", "gmw/de"),
        ("fr-FR", "roa/fr"),
        ("pt-BR", "roa/pt-BR"),
        ("es-MX", "roa/es-419"),
        ("zh-Hant-TW", "sit/cmn"),
        ("ja-JP", "jpx/ja"),
    ],
)
def test_a_language_picks_its_voice(language: str, voice: str) -> None:
    assert resolve(VoiceSettings(language=language), "espeak").id == voice


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("gmw/en-US", "gmw/en-US"),
        ("gmw/en-us+f3", "gmw/en-US+f3"),
        ("en-us+ANNIE", "gmw/en-US+Annie"),
        ("english (america)", "gmw/en-US"),
        ("English (America)+f2", "gmw/en-US+f2"),
        ("French (France)", "roa/fr"),
        ("fr", "roa/fr"),
        ("fr-fr", "roa/fr"),
    ],
)
def test_a_name_picks_its_voice(name: str, voice: str) -> None:
    # Whatever language the routine says: who names a voice means it.
    assert resolve(VoiceSettings(name=name, language="ja")).id == voice


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            VoiceSettings(name="frensh"),
            'there is no voice "frensh"; the nearest are "French (France)", "Finnish" and "Faroese"; '
            "`voiceguide voices` lists all voices",
        ),
        (
            VoiceSettings(name="qqqqqqqq"),
            'there is no voice "qqqqqqqq"; `voiceguide voices` lists all voices',
        ),
        (
            VoiceSettings(name="en-US+f33"),
            'the voice "English (America)" has no variant "f33"; the nearest is "f3"',
        ),
        (
            VoiceSettings(language="eng"),
            'no voice speaks the language "eng"; the nearest are "en", "en-gb" and "nog"; '
            "change `language`, or choose a voice (`voiceguide voices` lists all voices)",
        ),
        (VoiceSettings(rate=59), "the voice's rate is 59; expected 60 to 400 words a minute, such as 130"),
        (VoiceSettings(rate=401), "the voice's rate is 401; expected 60 to 400 words a minute, such as 130"),
        (VoiceSettings(pitch=101), "the voice's pitch is 101; expected 0 to 100, such as 50"),
        (VoiceSettings(volume=0.0), "the voice's volume is 0; expected a number above 0 and at most 1"),
        (VoiceSettings(volume=1.5), "the voice's volume is 1.5; expected a number above 0 and at most 1"),
    ],
)
def test_what_cannot_be_had_is_said_plainly(settings: VoiceSettings, message: str) -> None:
    for ask in (lambda: resolve(settings, "espeak"), lambda: identity(settings, "espeak")):
        with pytest.raises(VoiceError) as caught:
            ask()
        assert str(caught.value) == message
    with pytest.raises(VoiceError):
        open_voice(settings, engine="espeak")


def test_an_unknown_engine_names_those_that_are_here() -> None:
    with pytest.raises(VoiceError, match='no voice engine "festival" on this computer; expected "espeak"'):
        list_voices("festival")


def test_the_default_voice_is_listed_first() -> None:
    assert list_voices()[0] == resolve(VoiceSettings())


def test_matching_of_native_voices() -> None:
    voices = (
        VoiceInfo("nsss:com.apple.Thomas", "Thomas", ("fr-FR",), "male"),
        VoiceInfo("nsss:com.apple.Daniel", "Daniel", ("en-GB",), "male"),
        VoiceInfo("nsss:com.apple.Samantha", "Samantha", ("en-US",), "female"),
    )
    found = [find_by_language(voices, tag) for tag in ("en-us", "en-AU", "fr", "it")]
    assert [voice and voice.name for voice in found] == ["Samantha", "Daniel", "Thomas", None]
    assert find_by_name(voices, "SAMANTHA") == find_by_name(voices, "nsss:com.apple.samantha") == voices[2]


def test_another_release_of_the_data_is_another_voice(tmp_path: Path) -> None:
    library, data = find_bundled()
    copy = tmp_path / "data"
    for name in ("phontab", "phonindex", "phondata", "intonations", "en_dict", "lang/gmw/en-US", "voices/!v/f3"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(data / name, copy / name)
    same = EspeakCatalogue(copy, library).fingerprint("gmw/en-US+f3")
    assert same == EspeakCatalogue(data, library).fingerprint("gmw/en-US+f3")
    assert same != EspeakCatalogue(copy, "1.51").fingerprint("gmw/en-US+f3")
    assert same != EspeakCatalogue(copy, library).fingerprint("gmw/en-US")
    for name in ("en_dict", "voices/!v/f3"):
        with (copy / name).open("ab") as file:
            file.write(b"\n")
        changed = EspeakCatalogue(copy, library).fingerprint("gmw/en-US+f3")
        assert changed != same
        same = changed


def test_a_broken_or_unreachable_voice_is_refused_before_espeak_ends_the_process(tmp_path: Path) -> None:
    library, data = find_bundled()
    with pytest.raises(Refusal, match="is incomplete"):
        check_folder(tmp_path)
    deep = tmp_path / ("d" * 80) / ("e" * 80)
    (deep / "espeak-ng-data").mkdir(parents=True)
    shutil.copy(library, deep)
    shutil.copy(data / "phontab", deep / "espeak-ng-data")
    with pytest.raises(Refusal, match="160 or more characters"):
        check_folder(deep)


def test_the_computers_own_espeak_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEGUIDE_ESPEAK", "theirs")
    with pytest.raises(VoiceError, match='VOICEGUIDE_ESPEAK is "theirs"; expected "system" or "bundled"'):
        resolve(VoiceSettings())
