"""What the tab key completes: names of routines, presets, voices and beds, and the words of options that take a few.

A shell asks for it in a process of its own, so everything is imported only then; and what can't be had, such as the
voices of a broken installation, is not completed and not complained about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

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

    return _begun((*library.BEDS, "no"), incomplete) or files(ctx, param, incomplete)


def voices(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of voices, without their folder: `en-GB` for `gmw/en-GB`; with it where someone has begun so."""
    from voiceguide.errors import VoiceError
    from voiceguide.voices import list_voices

    try:
        ids = [voice.id for voice in list_voices()]
    except VoiceError:
        return []
    return _begun((each.rpartition("/")[2] for each in ids), incomplete) or _begun(ids, incomplete)


def patterns(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Breath patterns that have names."""
    from voiceguide import times

    return _begun(times.NAMED_PATTERNS, incomplete)


def words(choice: str) -> Complete:
    """The words of an option that takes one of a few."""

    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from voiceguide.routine import choices

        return _begun(choices.WORDS[choice], incomplete)

    return complete


OPTIONS: Mapping[str, Complete] = {
    **{f"--{choice}": words(choice) for choice in ("first", "only", "tight", "guide", "cues")},
    "--pattern": patterns,
    "--voice": voices,
    "--bed": beds,
    "--preset": presets,
    "--save-preset": presets,
}
"""How each tailoring option is completed, where it can be."""


def _begun(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    wanted = incomplete.casefold()
    return [CompletionItem(name) for name in dict.fromkeys(names) if name.casefold().startswith(wanted)]
