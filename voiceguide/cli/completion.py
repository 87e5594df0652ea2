"""What the tab key completes: names of routines, presets, voices and beds, and the words of choices that take a few.

A shell asks for it in a process of its own, so everything is imported only then; and what can't be had, such as the
voices of a broken installation, is not completed and not complained about.
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
    """Names of routines; where none begins so, files."""
    from voiceguide import library

    return _begun((each.name for each in library.scripts()), incomplete) or files(ctx, param, incomplete)


def presets(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of presets."""
    from voiceguide.routine import presets

    return _begun(presets.names(), incomplete)


def beds(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of beds; where none begins so, files."""
    from voiceguide import library
    from voiceguide.routine.choices import NO_BED

    return _begun((*library.BEDS, NO_BED), incomplete) or files(ctx, param, incomplete)


def voices(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of voices, without their folder: `en-GB` for `gmw/en-GB`; with it where someone has begun so."""
    from voiceguide.errors import VoiceError
    from voiceguide.voices import list_voices

    try:
        ids = [voice.id for voice in list_voices()]
    except VoiceError:
        return []
    return _begun((each.rpartition("/")[2] for each in ids), incomplete) or _begun(ids, incomplete)


def of(choice: Choice) -> Complete | None:
    """How a listener's choice is completed; None where it can't be."""
    if choice.complete is not None:
        return _NAMES[choice.complete]
    return _words(choice.value.words) if choice.value.words else None


def _words(words: Iterable[str]) -> Complete:
    """The words of an option that takes one of a few."""
    return lambda _ctx, _param, incomplete: _begun(words, incomplete)


_NAMES: Mapping[str, Complete] = {"voices": voices, "beds": beds}


def _begun(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    wanted = incomplete.casefold()
    return [CompletionItem(name) for name in dict.fromkeys(names) if name.casefold().startswith(wanted)]
