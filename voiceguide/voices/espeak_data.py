"""Which voices espeak-ng's data holds, and what their sound is made from; all by reading files.

The library itself is loaded in the child alone (`espeak`). What a session asks before anything is spoken (which voice
is meant, has this text been recorded before) is answered here in milliseconds, without starting a process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_GENDERS = {"male", "female"}


@dataclass(frozen=True)
class EspeakVoice:
    """One file of espeak's `lang` folder. `languages` is in lower case, each with its priority (lower is better)."""

    id: str
    name: str
    languages: tuple[tuple[str, int], ...]
    gender: str | None


@lru_cache(maxsize=4)
def voices(data: Path) -> tuple[EspeakVoice, ...]:
    """Every language voice in a data folder, by id."""
    lang = data / "lang"
    files = sorted(path for path in lang.glob("**/*") if path.is_file())
    return tuple(_read_voice(path, path.relative_to(lang).as_posix()) for path in files)


def voice(data: Path, voice_id: str) -> EspeakVoice | None:
    """The one voice with exactly this id, reading its file alone."""
    path = data / "lang" / voice_id
    return _read_voice(path, voice_id) if path.is_file() else None


@lru_cache(maxsize=4)
def variants(data: Path) -> tuple[str, ...]:
    """The names that may follow a voice's id after a `+`."""
    folder = data / "voices" / "!v"
    return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()


def variant_gender(data: Path, variant: str) -> str | None:
    """What a variant's file says of itself."""
    return _read_voice(data / "voices" / "!v" / variant, variant).gender


def fingerprint(library: Path | None, data: Path, voice_id: str) -> str:
    """A digest of every file this voice's sound is made from: another release of espeak is another voice."""
    base, _, variant = voice_id.partition("+")
    files = [data / name for name in ("phontab", "phonindex", "phondata", "intonations")]
    files += [data / "lang" / base, *([library] if library else [])]
    if variant:
        files.append(data / "voices" / "!v" / variant)
    dictionary = data / f"{_dictionary(data / 'lang' / base)}_dict"
    # A text in a foreign script borrows that script's voice; English is what nearly every other voice borrows from.
    files += [path for path in (dictionary, data / "en_dict") if path.is_file()]
    digest = hashlib.blake2b(digest_size=10)
    for path in files:
        digest.update(_digest(path, path.stat().st_mtime_ns))
    return digest.hexdigest()


@lru_cache(maxsize=64)
def _digest(path: Path, _changed: int) -> bytes:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()


def _dictionary(path: Path) -> str:
    """The name of the pronunciation dictionary a voice file uses: its `dictionary`, else its first language's."""
    lines = _lines(path)
    named = [words[1] for words in lines if words[0] == "dictionary" and len(words) > 1]
    spoken = [words[1].partition("-")[0] for words in lines if words[0] == "language" and len(words) > 1]
    return (named + spoken + ["en"])[0]


def _read_voice(path: Path, voice_id: str) -> EspeakVoice:
    name, gender = voice_id, None
    languages: list[tuple[str, int]] = []
    for words in _lines(path):
        if words[0] == "name" and len(words) > 1:
            name = " ".join(words[1:])
        elif words[0] == "language" and len(words) > 1:
            priority = words[2] if len(words) > 2 else ""
            languages.append((words[1].lower(), int(priority) if priority.isdigit() else 5))
        elif words[0] == "gender" and len(words) > 1 and words[1] in _GENDERS:
            gender = words[1]
    return EspeakVoice(voice_id, name.replace("_", " "), tuple(languages), gender)


def _lines(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    return [words for line in text.splitlines() if (words := line.partition("//")[0].split())]
