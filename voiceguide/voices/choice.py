"""Choose the voice for a listener's settings, and compute what its sound depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voiceguide.errors import VoiceError
from voiceguide.voices.base import VoiceInfo, VoiceSettings
from voiceguide.voices.catalogue import unknown_language, unknown_voice
from voiceguide.voices.engines import Engine, catalogue, engines_here

if TYPE_CHECKING:
    from voiceguide.voices.lexicon import Lexicon


def list_voices(engine: str | None = None) -> list[VoiceInfo]:
    """The voices of this computer, or of one engine; the default voice first."""
    return [voice for each in engines_here(engine) for voice in catalogue(each).voices()]


def resolve(settings: VoiceSettings, engine: str | None = None) -> VoiceInfo:
    """The voice for `settings`. Raises VoiceError for an unknown one and for numbers out of range."""
    return choose(settings, engine)[1]


def identity(settings: VoiceSettings, engine: str | None = None) -> str:
    """Everything that the sound of a text depends on, except the text. The same string means the same bytes."""
    chosen, voice = choose(settings, engine)
    release = catalogue(chosen).fingerprint(voice.id)
    return f"{chosen.name} {release} {voice.id} {settings.rate} {settings.pitch} {settings.volume:g}"


def find_lexicon(settings: VoiceSettings, engine: str | None = None) -> Lexicon | None:
    """How the voice must be given the words that it says wrongly; None if nothing is proven for it."""
    chosen, voice = choose(settings, engine)
    return catalogue(chosen).lexicon(voice.id)


def choose(settings: VoiceSettings, engine: str | None = None) -> tuple[Engine, VoiceInfo]:
    """The engine and the voice for `settings`. Raises VoiceError as `resolve` does."""
    _check_numbers(settings)
    engines = engines_here(engine)
    # One at a time, because listing the voices of a native engine starts a process.
    for each in engines:
        known = catalogue(each)
        voice = known.default(settings.language) if settings.name is None else known.find(settings.name)
        if voice:
            return each, voice
    all_voices = [voice for each in engines for voice in catalogue(each).voices()]
    if settings.name is None:
        raise unknown_language(settings.language, all_voices)
    raise unknown_voice(settings.name, all_voices)


def _check_numbers(settings: VoiceSettings) -> None:
    from voiceguide.values import (  # a voice's child process imports this module, but does not need these
        MAX_PITCH,
        MAX_RATE,
        MIN_RATE,
    )

    if not MIN_RATE <= settings.rate <= MAX_RATE:
        raise VoiceError(
            f"the voice's rate is {settings.rate}; expected {MIN_RATE} to {MAX_RATE} words a minute, such as 130"
        )
    if not 0 <= settings.pitch <= MAX_PITCH:
        raise VoiceError(f"the voice's pitch is {settings.pitch}; expected 0 to {MAX_PITCH}, such as 50")
    if not 0 < settings.volume <= 1:
        raise VoiceError(f"the voice's volume is {settings.volume:g}; expected a number above 0 and at most 1")
