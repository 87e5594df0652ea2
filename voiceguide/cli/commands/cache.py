"""The command `voiceguide cache`."""

from __future__ import annotations

import click

from voiceguide.cli import console
from voiceguide.errors import VoiceguideError
from voiceguide.system.store import user_store


@click.command("cache", short_help="Show or clear the cache.")
@click.option("--clear", is_flag=True, help="Delete all entries.")
def command(clear: bool) -> None:
    """Show the folder and the size of the cache: speech and frames of earlier sessions, which make the next faster.

    \b
    Examples:
      voiceguide cache
      voiceguide cache --clear
    """
    store = user_store()
    if clear:
        count, size, left = store.clear()
        console.note(f"Cleared {count:,} entries, {size / 1e6:.1f} MB, from {store.folder}")
        if left:
            entries = "1 entry" if left == 1 else f"{left:,} entries"
            raise VoiceguideError(f"{entries} in {store.folder} can't be deleted; check the folder's permissions")
        return
    count, size = store.size()
    console.say_path(store.folder)
    console.note(f"{count:,} entries, {size / 1e6:.1f} of at most {store.limit / 1e6:.0f} MB")
