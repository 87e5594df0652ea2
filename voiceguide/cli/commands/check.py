"""`voiceguide check`"""

from __future__ import annotations

import click

from voiceguide import times
from voiceguide.cli import completion, console
from voiceguide.errors import VoiceError, VoiceguideError


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
    from voiceguide.workshop import Workshop, load

    wrong = False
    with Workshop() as workshop:
        for file in files:
            try:
                routine = load(file)
                duration = workshop.check(routine)
            except VoiceguideError as error:
                # Those of a script and of requests say which file they mean; a voice that is not there can't know.
                unplaced = isinstance(error, VoiceError) and error.text is None
                console.error(f"{file}: {error}" if unplaced else str(error))
                wrong = True
            else:
                console.note(f"{file}: no errors; {times.clock(duration)} long")
    if wrong:
        raise click.exceptions.Exit(1)
