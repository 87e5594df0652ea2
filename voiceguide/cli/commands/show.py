"""`voiceguide show`"""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from typing import Any

import click

from voiceguide.cli import completion
from voiceguide.cli.progress import show_progress
from voiceguide.cli.tailoring import TailoringCommand, chosen, save, tailoring
from voiceguide.routine.model import Routine
from voiceguide.score.timeline import Timeline
from voiceguide.views import table

MAX_WIDTH = 110  # a line of text longer than that is hard to follow
MIN_WIDTH = 66  # below that there is no room for words beside the times


@click.command("show", cls=TailoringCommand, short_help="The timeline of a session, second by second.")
@click.argument("routine", shell_complete=completion.routines)
@tailoring
@click.option("--json", "as_json", is_flag=True, help="As JSON, on standard output.")
@click.option(
    "--svg", "picture", metavar="FILE", shell_complete=completion.files, help="Draw it as a picture, into this file."
)
@click.option("--no-cache", is_flag=True, help="Speak every text anew and keep nothing.")
def command(routine: str, wishes: dict[str, Any], as_json: bool, picture: str | None, no_cache: bool) -> None:
    """The timeline of ROUTINE as a table, exactly as `make` would render it.

    Holds stand there with the names that --hold takes.

    \b
    Examples:
      voiceguide show half-kneeling
      voiceguide show hip-reset --fit 15m --json
      voiceguide show psoas-release --svg psoas.svg
    """
    from voiceguide.workshop import Workshop, load

    script, choices = load(routine), chosen(wishes)
    with Workshop(cache=not no_cache) as workshop, show_progress(script.title) as progress:
        timeline = workshop.plan_session(script, choices, progress=progress)
    if as_json:
        # A console that knows less than Unicode still gets every letter, in JSON's own spelling.
        whole = (getattr(sys.stdout, "encoding", None) or "").casefold().replace("-", "") == "utf8"
        click.echo(json.dumps(timeline.as_json(), indent=1, ensure_ascii=not whole))
    elif picture is None:
        _print(script, timeline)
    if picture is not None:
        _draw(picture, timeline)
        # Beside --json the path is a remark: standard output is JSON then, and nothing else.
        click.echo(picture, err=as_json)
    for note in timeline.notes:
        click.echo(f"Note: {note}", err=True)
    save(wishes)


def _draw(picture: str, timeline: Timeline) -> None:
    from voiceguide.files import write_whole
    from voiceguide.views.svg.picture import svg

    drawn = svg(timeline).encode()
    with write_whole(picture) as file:
        file.write(drawn)


def _print(script: Routine, timeline: Timeline) -> None:
    width = max(MIN_WIDTH, min(shutil.get_terminal_size().columns, MAX_WIDTH))
    click.echo(click.style(timeline.title, bold=True) + f"  {table.clock(timeline.duration)}")
    for label, text in (
        ("", script.about),
        ("By: ", script.author),
        ("From: ", script.source),
        ("Notice: ", script.notice),
    ):
        if text:
            click.echo(textwrap.fill(f"{label}{text}", width))
    if script.all_options:
        click.echo("Options, to turn on --with or off --without:")
        for name, option in script.all_options.items():
            told = f"  {name} ({'on' if option.default else 'off'}): {option.about}"
            click.echo(textwrap.fill(told, width, subsequent_indent="    "))
    click.echo()
    lines = table.lines(timeline, width)
    # In one go: click flushes after each.
    click.echo("\n".join(click.style(line, bold=True) if heading else line for line, heading in lines))
