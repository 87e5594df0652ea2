"""Find a voice by name or language. Pure matching; the voices come from the engines' own modules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from voiceguide.errors import VoiceError, quoted
from voiceguide.voices.base import VoiceInfo

if TYPE_CHECKING:
    from voiceguide.voices.lexicon import Lexicon

LISTED = "`voiceguide voices` lists all voices"


class Catalogue(Protocol):
    """The voices of an engine, without speaking."""

    def voices(self) -> tuple[VoiceInfo, ...]:
        """All voices; the default one, if any, is first."""
        ...

    def find(self, name: str) -> VoiceInfo | None:
        """The voice with this id or name, in any case."""
        ...

    def default(self, language: str) -> VoiceInfo | None:
        """The best voice for a BCP 47 tag."""
        ...

    def fingerprint(self, voice_id: str) -> str:
        """A key that changes whenever this voice may sound different: with another engine, release or data."""
        ...

    def lexicon(self, voice_id: str) -> Lexicon | None:
        """How this voice must be given the words that it says wrongly; None if nothing is proven for it."""
        ...


def find_by_name(voices: Iterable[VoiceInfo], name: str) -> VoiceInfo | None:
    """The voice with this id, or else with this name, in any case."""
    wanted, known = name.strip().casefold(), tuple(voices)
    for voice in known:
        if voice.id.casefold() == wanted:
            return voice
    for voice in known:
        if voice.name.casefold() == wanted:
            return voice
    return None


def find_by_language(voices: Iterable[VoiceInfo], language: str) -> VoiceInfo | None:
    """The first voice for the tag, or else for a shorter prefix of it, or else for another region of its language."""
    known = tuple(voices)
    parts = language.replace("_", "-").casefold().split("-")
    for length in range(len(parts), 0, -1):
        tag = "-".join(parts[:length])
        for voice in known:
            if tag in (spoken.casefold() for spoken in voice.languages):
                return voice
    for voice in known:
        if any(spoken.casefold().split("-")[0] == parts[0] for spoken in voice.languages):
            return voice
    return None


def unknown_voice(name: str, voices: Iterable[VoiceInfo]) -> VoiceError:
    """The error for a voice that no engine has."""
    names: dict[str, str] = {}
    for voice in voices:
        code = voice.id.rpartition("/")[2]
        # "en-US" for "gmw/en-US" and "French" for "French (France)" are suggested too.
        spellings = {voice.id: voice.id, code: code, voice.name: voice.name, voice.name.split(" (")[0]: voice.name}
        for spelling, offered in spellings.items():
            names.setdefault(spelling.casefold(), offered)
    close = _nearest(name, names)
    return VoiceError(f"there is no voice {quoted(name)}{_offer(close)}; {LISTED}")


def unknown_language(language: str, voices: Iterable[VoiceInfo]) -> VoiceError:
    """The error for a language that no voice speaks."""
    tags = {tag.casefold(): tag for voice in voices for tag in voice.languages}
    close = _nearest(language, tags)
    return VoiceError(
        f'no voice speaks the language "{language}"{_offer(close)}; change `language`, or choose a voice ({LISTED})'
    )


def unknown_variant(voice: str, variant: str, variants: Iterable[str]) -> VoiceError:
    """The error for an unknown variant, which follows the `+` of a voice's name."""
    known = sorted(variants, key=str.casefold)
    close = _nearest(variant, {name.casefold(): name for name in known})
    # Variants with numbered names are ordinary female and male timbres; the others are special effects.
    plain = [name for name in known if name[1:].isdigit()]
    offer = _offer(close) or f"; expected one of {', '.join(plain)}, or {len(known) - len(plain)} more"
    return VoiceError(f'the voice "{voice}" has no variant "{variant}"{offer}')


def _nearest(word: str, names: dict[str, str]) -> list[str]:
    import difflib  # only when a name is misspelled

    close = difflib.get_close_matches(word.strip().casefold(), names, n=3, cutoff=0.6)
    return list(dict.fromkeys(names[key] for key in close))


def _offer(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    if not quoted:
        return ""
    if len(quoted) == 1:
        return f"; the nearest is {quoted[0]}"
    return f"; the nearest are {', '.join(quoted[:-1])} and {quoted[-1]}"
