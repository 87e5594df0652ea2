"""Which voices an engine has, and which of them is meant. Pure matching; the engines' own files bring the voices."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Protocol

from voiceguide.errors import VoiceError, quoted
from voiceguide.voices.base import VoiceInfo

LISTED = "`voiceguide voices` lists them all."


class Catalogue(Protocol):
    """What an engine offers before anything is spoken."""

    def voices(self) -> tuple[VoiceInfo, ...]:
        """All voices, the default one first where there is one."""
        ...

    def find(self, name: str) -> VoiceInfo | None:
        """The voice of this id or plain name, in any case."""
        ...

    def default(self, language: str) -> VoiceInfo | None:
        """The best voice for a BCP 47 tag."""
        ...

    def fingerprint(self, voice_id: str) -> str:
        """Changes whenever this voice would sound different: another engine, release or data."""
        ...


def find_by_name(voices: Iterable[VoiceInfo], name: str) -> VoiceInfo | None:
    """The voice with this id, else with this plain name, in any case."""
    wanted, known = name.strip().casefold(), tuple(voices)
    for voice in known:
        if voice.id.casefold() == wanted:
            return voice
    for voice in known:
        if voice.name.casefold() == wanted:
            return voice
    return None


def find_by_language(voices: Iterable[VoiceInfo], language: str) -> VoiceInfo | None:
    """The first voice for the tag, else for ever shorter beginnings of it, else for another region of its language."""
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
    """The error for a voice that no engine here has."""
    names: dict[str, str] = {}
    for voice in voices:
        code = voice.id.rpartition("/")[2]
        # "en-US" for "gmw/en-US" and "French" for "French (France)" are close enough to be meant.
        spellings = {voice.id: voice.id, code: code, voice.name: voice.name, voice.name.split(" (")[0]: voice.name}
        for spelling, offered in spellings.items():
            names.setdefault(spelling.casefold(), offered)
    close = _nearest(name, names)
    return VoiceError(f"There is no voice {quoted(name)}{_offer(close)}. {LISTED}")


def unknown_language(language: str, voices: Iterable[VoiceInfo]) -> VoiceError:
    """The error for a language that no voice here speaks."""
    tags = {tag.casefold(): tag for voice in voices for tag in voice.languages}
    close = _nearest(language, tags)
    return VoiceError(
        f'No voice here speaks the language "{language}"{_offer(close)}. Change `language`, or name a voice; {LISTED}'
    )


def unknown_variant(voice: str, variant: str, variants: Iterable[str]) -> VoiceError:
    """The error for what follows the `+` of a voice's name."""
    known = sorted(variants, key=str.casefold)
    close = _nearest(variant, {name.casefold(): name for name in known})
    # Those with numbers for names are the plain timbres of women and men; the others are characters.
    plain = [name for name in known if name[1:].isdigit()]
    offer = _offer(close) or f"; there are {', '.join(plain)}, and {len(known) - len(plain)} more"
    return VoiceError(f'The voice "{voice}" has no variant "{variant}"{offer}.')


def _nearest(word: str, names: dict[str, str]) -> list[str]:
    close = difflib.get_close_matches(word.strip().casefold(), names, n=3, cutoff=0.6)
    return list(dict.fromkeys(names[key] for key in close))


def _offer(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    if not quoted:
        return ""
    if len(quoted) == 1:
        return f"; the nearest is {quoted[0]}"
    return f"; the nearest are {', '.join(quoted[:-1])} and {quoted[-1]}"
