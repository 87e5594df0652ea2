"""The command `voiceguide make`."""

from __future__ import annotations

from pathlib import Path

import click

from voiceguide import times
from voiceguide.cli import completion, console
from voiceguide.cli.choices import ChoosingCommand, Chosen, choosing
from voiceguide.cli.progress import show_progress


@click.command("make", cls=ChoosingCommand, short_help="Make the MP3 of one routine or several.")
@click.argument("routines", nargs=-1, required=True, shell_complete=completion.routines, metavar="ROUTINE...")
@choosing
@click.option(
    "-o",
    "--out",
    metavar="FILE|FOLDER",
    shell_complete=completion.files,
    help="A file ending in .mp3, or a folder. [default: this folder]",
)
@click.option("--no-cache", is_flag=True, help="Speak and encode everything again, and store nothing.")
@click.option("--quiet", is_flag=True, help="Print only notes, errors and the path.")
def command(routines: tuple[str, ...], chosen: Chosen, out: str | None, no_cache: bool, quiet: bool) -> None:
    """Make the MP3 of each ROUTINE, a name from `voiceguide list` or a path, and print the path of the MP3.

    \b
    Examples:
      voiceguide make half-kneeling
      voiceguide make hip-reset --hold 45s --voice en-US+m3 -o hips.mp3
      voiceguide make desk-break evening-release -o phone/
    """
    from voiceguide.errors import RequestError
    from voiceguide.routine.inputs import input_files
    from voiceguide.workshop import Workshop, load

    if out is not None and len(routines) > 1 and out.casefold().endswith(".mp3"):
        raise RequestError(f"-o {out} is one file for {len(routines)} routines; expected a folder")
    # All are read before any is made, so that errors in any of them are found at once.
    scripts = [load(routine) for routine in routines]
    inputs = input_files(*scripts)
    taken: set[Path] = set()
    with Workshop(cache=not no_cache) as workshop:
        for script in scripts:
            with show_progress(script.title, quiet=quiet) as progress:
                session = workshop.make_session(
                    script, chosen.choices, out=out, progress=progress, taken=taken, inputs=inputs
                )
            taken.add(session.path)
            for note in session.timeline.notes:
                console.note(f"Note: {note}")
            if not quiet:
                console.note(f"{session.timeline.title}: {times.clock(session.timeline.duration_ms)}")
            console.say_path(session.path)
    chosen.save()
