"""Shell completion: names of routines, presets, voices and beds, and the values of choices that have only a few.

A shell runs it in a separate process, so everything is imported on use. If a list is not available, such as the voices
of a broken installation, nothing is completed, and no error is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from voiceguide.routine.choices import Choice

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def files(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files and folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def routines(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of routines, or files if no name matches."""
    from voiceguide import library

    return _matching((each.name for each in library.scripts()), incomplete) or files(ctx, param, incomplete)


def folders(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


def presets(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of presets."""
    from voiceguide.routine import presets

    return _matching(presets.names(), incomplete)


def beds(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of beds, or files if no name matches."""
    from voiceguide import library
    from voiceguide.routine.choices import NO_BED

    return _matching((*library.BEDS, NO_BED), incomplete) or files(ctx, param, incomplete)


def voices(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of voices, without their folder: `en-GB` for `gmw/en-GB`; with the folder if the text starts with it."""
    from voiceguide.errors import VoiceError
    from voiceguide.voices import list_voices

    try:
        ids = [voice.id for voice in list_voices()]
    except VoiceError:
        return []
    return _matching((each.rpartition("/")[2] for each in ids), incomplete) or _matching(ids, incomplete)


def of(choice: Choice) -> Complete | None:
    """The completion of a choice; None if it has none."""
    if choice.complete is not None:
        return _NAMES[choice.complete]
    return _words(choice.value.words) if choice.value.words else None


def _words(words: Iterable[str]) -> Complete:
    """The completion of an option with only a few values."""
    return lambda _ctx, _param, incomplete: _matching(words, incomplete)


_NAMES: Mapping[str, Complete] = {"voices": voices, "beds": beds, "folders": folders}


def _matching(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    wanted = incomplete.casefold()
    return [CompletionItem(name) for name in dict.fromkeys(names) if name.casefold().startswith(wanted)]
