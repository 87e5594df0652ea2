"""`voiceguide check`"""

from __future__ import annotations

import click

from voiceguide import times
from voiceguide.cli import completion
from voiceguide.errors import VoiceguideError


@click.command("check", short_help="Find all errors of scripts.")
@click.argument("files", nargs=-1, required=True, shell_complete=completion.routines, metavar="FILE...")
def command(files: tuple[str, ...]) -> None:
    """All errors of these scripts, each with its line; with every option as it is, and turned the other way, in the
    full words and the brief ones.

    Ends with 1 if there is any.

    \b
    Example:
      voiceguide check morning.yaml evening.yaml
    """
    from voiceguide.session import check, load

    wrong = False
    for file in files:
        try:
            routine = load(file)
            duration = check(routine)
        except VoiceguideError as error:
            click.echo(str(error), err=True)
            wrong = True
        else:
            click.echo(f"{file}: no errors; {times.clock(duration)} long", err=True)
    if wrong:
        raise click.exceptions.Exit(1)
