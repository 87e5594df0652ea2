"""The one table of engines: to add one, write its file and give it a row here."""

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
    """What voiceguide knows of an engine without loading it.

    speaker: the module that the child imports; its `open_speaker(engine)` speaks.
    catalogue: builds what is known of its voices; called at most once.
    platform: the `sys.platform` it is for; None for every one.
    """

    name: str
    speaker: str
    catalogue: Callable[[], Catalogue]
    platform: str | None = None


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
        raise VoiceError("This computer's own espeak-ng does not say where its data is; unset VOICEGUIDE_ESPEAK.")
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
        Engine("espeak", "voiceguide.voices.espeak.driver", _espeak),
        Engine("nsss", _NATIVE, _native("nsss"), "darwin"),
        Engine("sapi5", _NATIVE, _native("sapi5"), "win32"),
    )
}
"""By name."""


def engines_here(name: str | None = None) -> list[Engine]:
    """The engines of this computer, or the one of that name. Raises VoiceError for a name that is not one.

    The computer's own voices come first, where it has any: they are the ones that its owner knows and has chosen.
    """
    here = [engine for engine in ENGINES.values() if engine.platform in (None, sys.platform)]
    here.sort(key=lambda engine: engine.platform is None)
    if name is None:
        return here
    chosen = [engine for engine in here if engine.name == name]
    if not chosen:
        known = ", ".join(f'"{engine.name}"' for engine in here)
        raise VoiceError(f'There is no voice engine "{name}" on this computer; it has {known}.')
    return chosen


def catalogue(engine: Engine) -> Catalogue:
    """What is known of an engine's voices; kept while its surroundings stay the same."""
    from voiceguide.voices.espeak.place import SYSTEM_VARIABLE

    return _catalogue(engine.name, os.environ.get(SYSTEM_VARIABLE, ""))


@lru_cache(maxsize=8)
def _catalogue(name: str, _which_espeak: str) -> Catalogue:
    return ENGINES[name].catalogue()


def _describe(name: str) -> Described:
    from voiceguide.voices.process import ChildVoice, child_command

    with ChildVoice(child_command(ENGINES[name].speaker, name), {}) as child:
        return child.describe()
