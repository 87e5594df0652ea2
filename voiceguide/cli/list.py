"""`voiceguide list`"""

from __future__ import annotations

import textwrap

import click

from voiceguide import library, times
from voiceguide.errors import VoiceguideError


@click.command("list", short_help="Routines that come with it, and yours.")
def command() -> None:
    """Routines that come with voiceguide, and yours, with about how long they take and what they need.

    Yours are the YAML files of the current folder and of your own routine folder.

    \b
    Example:
      voiceguide list
    """
    from voiceguide.score.estimate import about_ms
    from voiceguide.session import load

    rows: list[tuple[str, str, str, str]] = []
    for found in library.scripts():
        try:
            routine = load(found.path)
            about = f"about {times.spoken_minutes(about_ms(routine))}"
            needs = f"needs {', '.join(routine.tags)}" if routine.tags else ""
            rows.append((found.name, about, routine.about or routine.title, needs))
        except VoiceguideError:
            rows.append((found.name, "has errors", f"see `voiceguide check {found.path}`", ""))
    width = max(len(row[0]) for row in rows)
    wide = click.get_terminal_size()[0] if hasattr(click, "get_terminal_size") else _columns()
    for name, length, about, needs in rows:
        lead = f"{name:<{width}}  "
        room = max(30, wide - len(lead))
        lines = textwrap.wrap(f"{about} ({length}{'; ' + needs if needs else ''})", room)
        click.echo(f"{click.style(name, bold=True)}{' ' * (width - len(name))}  " + f"\n{' ' * len(lead)}".join(lines))
    click.echo(f"\nYours are kept in {library.own_scripts()}, or anywhere by path.", err=True)


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size().columns
