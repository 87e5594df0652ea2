"""The command `voiceguide show`."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import click

from voiceguide.cli import completion, console
from voiceguide.cli.choices import ChoosingCommand, Chosen, choosing
from voiceguide.cli.progress import show_progress
from voiceguide.routine.choices import Choices
from voiceguide.routine.model import Routine
from voiceguide.score.timeline import Timeline
from voiceguide.views import table

MAX_WIDTH = 110  # longer lines of text are hard to read
MIN_WIDTH = 66  # below this there is no space for text beside the times


@click.command("show", cls=ChoosingCommand, short_help="Show the timeline of a session, second by second.")
@click.argument("routine", shell_complete=completion.routines)
@choosing
@click.option("--json", "as_json", is_flag=True, help="Print the timeline as JSON.")
@click.option("--spoken", is_flag=True, help="Print each text as the voice is given it, not as it is written.")
@click.option(
    "--svg",
    "picture",
    metavar="FILE",
    shell_complete=completion.files,
    help="Write the timeline as an SVG picture to this file.",
)
@click.option("--no-cache", is_flag=True, help="Speak every text again, and store nothing.")
def command(routine: str, chosen: Chosen, as_json: bool, spoken: bool, picture: str | None, no_cache: bool) -> None:
    """Show the timeline of ROUTINE as a table, exactly as `make` renders it.

    Holds are listed with the names that --hold takes.

    \b
    Examples:
      voiceguide show half-kneeling
      voiceguide show hip-reset --fit 15m --json
      voiceguide show psoas-release --svg psoas.svg
    """
    from voiceguide.workshop import Workshop, load

    script = load(routine)
    if picture is not None:
        _check(picture, script, chosen.choices)  # before anything is spoken
    with Workshop(cache=not no_cache) as workshop, show_progress(script.title) as progress:
        timeline = workshop.plan_session(script, chosen.choices, progress=progress)
    if as_json:
        from voiceguide.views.json import to_json

        console.say_json(to_json(timeline, spoken=spoken))
    elif picture is None:
        _print(script, timeline, _list_options(script, chosen.choices), spoken=spoken)
    if picture is not None:
        _draw(picture, timeline)
        # With --json the path goes to standard error, because standard output must only be JSON.
        (console.note if as_json else console.say_path)(picture)
    for note in timeline.notes:
        console.note(f"Note: {note}")
    chosen.save()


def _check(picture: str, script: Routine, choices: Choices) -> None:
    from voiceguide.routine.inputs import input_files
    from voiceguide.routine.tailor import tailor
    from voiceguide.system.files import check_writable
    from voiceguide.track.target import refuse_inputs

    refuse_inputs(Path(picture), input_files(script, tailor(script, choices).routine))
    check_writable(picture)


def _draw(picture: str, timeline: Timeline) -> None:
    from voiceguide.system.files import write_text_whole
    from voiceguide.views.svg.picture import draw_svg

    write_text_whole(picture, draw_svg(timeline))


def _list_options(script: Routine, choices: Choices) -> list[str]:
    """A line for each option: whether it is on in this session, by a choice, an include or default."""
    known = script.all_options
    if not known:
        return []
    from voiceguide.routine.model import included
    from voiceguide.routine.tailor import tailor

    # Without includes nothing but the choices turns an option.
    turned = {name: {True} for name in choices.with_} | {name: {False} for name in choices.without}
    on = tailor(script, choices).options if any(included(script)) else turned
    states = {(True,): "on", (False,): "off", (False, True): "on in a part"}
    found = {name: tuple(sorted(on.get(name, {option.default}))) for name, option in known.items()}
    return [f"  {name} ({states[found[name]]}): {option.about}" for name, option in known.items()]


def _print(script: Routine, timeline: Timeline, options: list[str], *, spoken: bool) -> None:
    width = max(MIN_WIDTH, min(shutil.get_terminal_size().columns, MAX_WIDTH))
    console.say(timeline.title, f"  {table.format_clock(timeline.duration_ms)}", bold=True)
    for label, text in (
        ("", script.about),
        ("By: ", script.author),
        ("From: ", script.source),
        ("Needs: ", ", ".join(script.needs)),
        ("Notice: ", script.notice),
    ):
        if text:
            console.say(textwrap.fill(f"{label}{text}", width))
    if options:
        console.say("Options, to turn on with --with or off with --without:")
    for line in options:
        console.say(textwrap.fill(line, width, subsequent_indent="    "))
    console.say()
    console.say_lines(table.list_lines(timeline, width, spoken=spoken))
