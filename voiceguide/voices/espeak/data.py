"""The voices in espeak-ng's data, and the files that their sound depends on; found by reading files only.

The library itself is only loaded in the child. So a session can find its voice, and the recordings in the store, in
milliseconds and without starting a process.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.voices.base import VoiceInfo
from voiceguide.voices.catalogue import find_by_name, unknown_variant

if TYPE_CHECKING:
    from voiceguide.voices.lexicon import Lexicon

ENGLISH = "gmw/en-US"
ENGLISH_VARIANT = "f2"
"""The default voice; docs/voice.md says how it was chosen."""

_WHOLE_ENGLISH = {"en", "en-us"}
_DRIVER = "1"  # increase it when `espeak.Driver` makes other bytes for the same text
_DEFAULT_PRIORITY = 5  # espeak's own priority for a language without one


class EspeakCatalogue:
    """The voices of one data folder. An id is a file below `lang`, such as `gmw/en-US`, optionally with `+variant`.

    release: what the sound depends on besides the data: the library's path, or its version.
    """

    def __init__(self, data: Path, release: Path | str) -> None:
        self._data = data
        self._release = release

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The voices of all languages, the default English one first. Each can have any variant."""
        return (self._varied(self._read(ENGLISH), ENGLISH_VARIANT), *self._all)

    def find(self, name: str) -> VoiceInfo | None:
        """Find a voice by id (`gmw/en-US`), its last part (`en-US`), name or language; with or without a variant."""
        base, _, variant = name.strip().partition("+")
        voice = self._find_base(base.strip())
        return self._varied(voice, variant.strip()) if voice and variant.strip() else voice

    def default(self, language: str) -> VoiceInfo | None:
        """The voice for a tag: espeak's first choice; for English, with the default variant."""
        tag = language.replace("_", "-").casefold()
        if tag in _WHOLE_ENGLISH:
            return self._varied(self._read(ENGLISH), ENGLISH_VARIANT)
        # Nearly all files are named after their language; reading these first avoids reading a hundred others.
        primary = tag.partition("-")[0]
        likely = [each for each in self._ids if each.rpartition("/")[2].casefold().split("-")[0] == primary]
        voice = self._speaking(tag, likely) or self._speaking(tag, self._ids)
        return self._varied(voice, ENGLISH_VARIANT) if voice and primary == "en" else voice

    def fingerprint(self, voice_id: str) -> str:
        """A digest of every file that this voice's sound depends on."""
        base, _, variant = voice_id.partition("+")
        lang = self._data / "lang" / base
        files = [self._data / name for name in ("phontab", "phonindex", "phondata", "intonations")]
        files.append(lang)
        if variant:
            files.append(self._variants / variant)
        # A text in a foreign script uses another voice's dictionary, in most cases the English one.
        dictionaries = {f"{_dictionary(lang)}_dict", "en_dict"}
        files += [path for name in sorted(dictionaries) if (path := self._data / name).is_file()]
        if isinstance(self._release, Path):
            files.append(self._release)
            release = ""
        else:
            release = self._release
        digest = blake2b(f"{_DRIVER} {release}".encode(), digest_size=10)
        for path in files:
            digest.update(_digest(path, path.stat().st_mtime_ns))
        return digest.hexdigest()

    def lexicon(self, voice_id: str) -> Lexicon | None:
        """That of English, for the voices with espeak's English dictionary; proven for the espeak of the wheel only."""
        lang = self._data / "lang" / voice_id.partition("+")[0]
        if not isinstance(self._release, Path) or _dictionary(lang) != "en":
            return None
        from voiceguide.voices.espeak.english import ENGLISH as LEXICON

        return LEXICON

    @property
    def _variants(self) -> Path:
        return self._data / "voices" / "!v"

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        lang = self._data / "lang"
        return tuple(sorted(path.relative_to(lang).as_posix() for path in lang.glob("**/*") if path.is_file()))

    @cached_property
    def _all(self) -> tuple[VoiceInfo, ...]:
        return tuple(self._read(each) for each in self._ids)

    def _find_base(self, name: str) -> VoiceInfo | None:
        wanted = name.replace("_", "-").casefold()
        for each in self._ids:
            if wanted in (each.casefold(), each.rpartition("/")[2].casefold()):
                return self._read(each)
        if voice := find_by_name(self._all, name):
            return voice
        # As in espeak itself, a language such as "fr-fr" is also a name.
        tagged = [each for each in self._ids if wanted in self._tags(each)]
        return self._speaking(wanted, tagged)

    def _speaking(self, tag: str, ids: Iterable[str]) -> VoiceInfo | None:
        """The voice that espeak prefers for a tag, or for a shorter prefix, or for another region of its language."""
        known = {each: self._tags(each) for each in ids}
        parts = tag.split("-")
        for length in range(len(parts), 0, -1):
            prefix = "-".join(parts[:length])
            if matches := [(tags[prefix], each) for each, tags in known.items() if prefix in tags]:
                return self._read(min(matches)[1])
        near = [
            (priority, each)
            for each, tags in known.items()
            for spoken, priority in tags.items()
            if spoken.split("-")[0] == parts[0]
        ]
        return self._read(min(near)[1]) if near else None

    def _tags(self, voice_id: str) -> dict[str, int]:
        """The languages of a voice, each with its priority; lower is better."""
        return {
            words[1].lower(): int(words[2]) if len(words) > 2 and words[2].isdigit() else _DEFAULT_PRIORITY
            for words in _lines(self._data / "lang" / voice_id)
            if words[0] == "language" and len(words) > 1
        }

    def _read(self, voice_id: str) -> VoiceInfo:
        lines = _lines(self._data / "lang" / voice_id)
        names = [" ".join(words[1:]).replace("_", " ") for words in lines if words[0] == "name"]
        languages = [words[1].lower() for words in lines if words[0] == "language" and len(words) > 1]
        return VoiceInfo(voice_id, (names or [voice_id])[0], tuple(languages), _gender(lines))

    def _varied(self, voice: VoiceInfo, variant: str) -> VoiceInfo:
        """A voice with a variant. Raises VoiceError for an unknown variant."""
        known = {path.name.casefold(): path for path in self._variants.iterdir()}
        path = known.get(variant.casefold())
        if path is None:
            raise unknown_variant(voice.name, variant, (each.name for each in known.values()))
        gender = _gender(_lines(path)) or voice.gender
        return VoiceInfo(f"{voice.id}+{path.name}", f"{voice.name}+{path.name}", voice.languages, gender)


@lru_cache(maxsize=64)
def _digest(path: Path, _changed: int) -> bytes:
    return blake2b(path.read_bytes(), digest_size=16).digest()


@lru_cache(maxsize=512)
def _lines(path: Path) -> tuple[list[str], ...]:
    """A voice file's lines as words, without comments and empty lines."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return tuple(words for line in text.splitlines() if (words := line.partition("//")[0].split()))


def _dictionary(path: Path) -> str:
    """The pronunciation dictionary of a voice: the one it names, or else its first language's."""
    lines = _lines(path)
    named = [words[1] for words in lines if words[0] == "dictionary" and len(words) > 1]
    spoken = [words[1].partition("-")[0] for words in lines if words[0] == "language" and len(words) > 1]
    return (named + spoken + ["en"])[0]


def _gender(lines: tuple[list[str], ...]) -> str | None:
    stated = [words[1] for words in lines if words[0] == "gender" and len(words) > 1]
    return stated[0] if stated and stated[0] in {"male", "female"} else None
