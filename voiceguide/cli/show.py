"""`voiceguide show`"""

from __future__ import annotations

import json
import shutil
import textwrap
from typing import Any

import click

from voiceguide import times
from voiceguide.cli.tailoring import RoutineName, chosen, save, tailoring
from voiceguide.score.timeline import Event, Timeline, flat


@click.command("show", short_help="The timeline of a session, second by second.")
@click.argument("routine", type=RoutineName())
@tailoring
@click.option("--json", "as_json", is_flag=True, help="As JSON, on standard output.")
@click.option("--no-cache", is_flag=True, help="Speak every text anew and keep nothing.")
def command(routine: str, wishes: dict[str, Any], as_json: bool, no_cache: bool) -> None:
    """The timeline of ROUTINE as a table, exactly as `make` would render it.

    \b
    Examples:
      voiceguide show half-kneeling
      voiceguide show hip-reset --fit 12m --json
    """
    from voiceguide.session import load, plan_session

    script = load(routine)
    timeline = plan_session(script, chosen(wishes), cache=not no_cache)
    if as_json:
        click.echo(json.dumps(timeline.as_json(), indent=1, ensure_ascii=False))
    else:
        _print(script.about, script.source, script.notice, timeline)
    for note in timeline.notes:
        click.echo(f"Note: {note}", err=True)
    save(wishes)


def _print(about: str | None, source: str | None, notice: str | None, timeline: Timeline) -> None:
    click.echo(f"{click.style(timeline.title, bold=True)}  {_exact(timeline.duration)}")
    for line in filter(None, (about, source and f"From: {source}", notice)):
        click.echo(textwrap.fill(line, 90))
    columns = max(60, min(shutil.get_terminal_size().columns, 120))
    chapters = {chapter.start: [] for chapter in flat(timeline.chapters)}  # type: dict[int, list[str]]
    for chapter in flat(timeline.chapters):
        chapters[chapter.start].append(chapter.title)
    click.echo(f"\n{'start':>11}  {'length':>9}  {'what':<8}")
    inside = 0
    for event in timeline.events:
        for title in chapters.pop(event.start, []):
            click.echo(click.style(f"{'':11}  {'':9}  {title}", bold=True))
        indent = "  " if event.start < inside and event.kind in ("say", "count", "chime", "pause") else ""
        if event.kind in ("hold", "rest", "breathe", "switch"):
            inside = event.end
        lead = f"{_exact(event.start):>11}  {_length(event.end - event.start):>9}  {indent + event.kind:<9} "
        words = textwrap.wrap(_words(event), columns - len(lead)) or [""]
        click.echo(lead + f"\n{' ' * len(lead)}".join(words))
    click.echo(f"{_exact(timeline.duration):>11}  {'':9}  end")


def _words(event: Event) -> str:
    if event.text is not None:
        return event.text
    return f"{event.name or ''}{f' ({event.side})' if event.side and event.kind in ('hold', 'rest') else ''}"


def _exact(ms: int) -> str:
    return f"{times.clock(ms)}.{ms % 1000:03}"


def _length(ms: int) -> str:
    return f"{ms / 1000:.3f}"
