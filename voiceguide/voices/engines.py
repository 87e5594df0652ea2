"""The table of engines. To add one, write its module and add a row here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from voiceguide.errors import VoiceError
from voiceguide.voices.catalogue import Catalogue
from voiceguide.voices.wire import Refusal

if TYPE_CHECKING:
    from voiceguide.voices.answers import Described


class Engine(Struct, frozen=True):
    """An engine, described without loading it.

    speaker: the module that the child imports; its `open_speaker(engine)` returns a `Speaker`.
    catalogue: creates the catalogue of its voices; called at most once.
    platform: its `sys.platform`; None for all platforms.
    installed: whether what it needs is installed; None if it always is.
    """

    name: str
    speaker: str
    catalogue: Callable[[], Catalogue]
    platform: str | None = None
    installed: Callable[[], bool] | None = None


def _natural() -> Catalogue:
    from voiceguide.voices.natural import place as natural_place
    from voiceguide.voices.natural.catalogue import NaturalCatalogue

    folder = natural_place.find_voice()
    if folder is None:
        raise VoiceError("the natural voice was removed while it was in use")
    return NaturalCatalogue(folder)


def _has_natural() -> bool:
    from voiceguide.voices.natural.place import find_voice

    return find_voice() is not None


def _espeak() -> Catalogue:
    from voiceguide.voices.espeak import data as espeak_data
    from voiceguide.voices.espeak import place as espeak_place

    try:
        if not espeak_place.wants_system():
            library, data = espeak_place.find_bundled()
            return espeak_data.EspeakCatalogue(data, library)
    except Refusal as why:
        raise VoiceError(str(why)) from None
    described = _describe("espeak")
    if described.data is None:
        raise VoiceError("this computer's own espeak-ng does not report its data folder; unset VOICEGUIDE_ESPEAK")
    return espeak_data.EspeakCatalogue(Path(described.data), described.version)


def _native(engine: str) -> Callable[[], Catalogue]:
    def described() -> Catalogue:
        from voiceguide.voices.native import NativeCatalogue

        return NativeCatalogue(engine, _describe(engine))

    return described


_NATIVE = "voiceguide.voices.native"

ENGINES = {
    engine.name: engine
    for engine in (
        Engine("natural", "voiceguide.voices.natural.driver", _natural, installed=_has_natural),
        Engine("espeak", "voiceguide.voices.espeak.driver", _espeak),
        Engine("nsss", _NATIVE, _native("nsss"), "darwin"),
        Engine("sapi5", _NATIVE, _native("sapi5"), "win32"),
    )
}
"""The engines by name."""


def engines_here(name: str | None = None) -> list[Engine]:
    """The engines of this computer, or the one with this name. Raises VoiceError for an unknown name.

    The natural voice comes first: who installed it wants to hear it. Then the system's own voices, if any, because they
    are the ones that the user knows and has configured.
    """
    here = [
        engine
        for engine in ENGINES.values()
        if engine.platform in (None, sys.platform) and (engine.installed is None or engine.installed())
    ]
    here.sort(key=lambda engine: (engine.installed is None, engine.platform is None))
    if name is None:
        return here
    chosen = [engine for engine in here if engine.name == name]
    if not chosen:
        known = ", ".join(f'"{engine.name}"' for engine in here)
        raise VoiceError(f'there is no voice engine "{name}" on this computer; expected {known}')
    return chosen


def catalogue(engine: Engine) -> Catalogue:
    """The catalogue of an engine's voices, cached while the environment variable for espeak is the same."""
    from voiceguide.voices.espeak.place import SYSTEM_VARIABLE

    return _catalogue(engine.name, os.environ.get(SYSTEM_VARIABLE, ""))


@lru_cache(maxsize=8)
def _catalogue(name: str, _which_espeak: str) -> Catalogue:
    return ENGINES[name].catalogue()


def _describe(name: str) -> Described:
    from voiceguide.voices.process import ChildVoice, child_command

    with ChildVoice(child_command(ENGINES[name].speaker, name), {}) as child:
        return child.describe()
