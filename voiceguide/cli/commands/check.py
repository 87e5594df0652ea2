"""The command `voiceguide check`."""

from __future__ import annotations

import click

from voiceguide import times
from voiceguide.cli import completion, console
from voiceguide.errors import VoiceError, VoiceguideError


@click.command("check", short_help="Find all errors in scripts.")
@click.argument("files", nargs=-1, required=True, shell_complete=completion.routines, metavar="FILE...")
def command(files: tuple[str, ...]) -> None:
    """Find all errors in these scripts, each with its line. Each script is tried with its options as they are and with
    each option toggled, in the full and in the brief guide.

    The exit code is 1 if there are errors.

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
                # Errors of scripts and requests name the file; the error for an unknown voice does not.
                unplaced = isinstance(error, VoiceError) and error.text is None
                console.error(f"{file}: {error}" if unplaced else str(error))
                wrong = True
            else:
                console.note(f"{file}: no errors; {times.clock(duration)} long")
    if wrong:
        raise click.exceptions.Exit(1)
