"""The command `voiceguide list`."""

from __future__ import annotations

import shutil
import textwrap
from typing import NamedTuple

import click

from voiceguide import library
from voiceguide.cli import console
from voiceguide.errors import VoiceguideError
from voiceguide.summary import Summaries
from voiceguide.system.store import user_store

MAX_WIDTH = 100


class _Row(NamedTuple):
    name: str
    length: str
    about: str
    more: str


@click.command("list", short_help="List the bundled routines and your own.")
def command() -> None:
    """List the routines that come with voiceguide, and your own, with their approximate length and what they need.

    Your own are the YAML files of the current folder and of your routine folder.

    \b
    Example:
      voiceguide list
    """
    found = library.scripts()
    summaries = Summaries(user_store())
    rows = {each.name: _row(each, summaries) for each in found}
    names, lengths = (max((len(cell) for cell in cells), default=0) for cells in _columns(rows))
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    for title, yours in (("Come with voiceguide", False), ("Yours", True)):
        group = [rows[each.name] for each in found if each.yours == yours]
        if group:
            console.say(f"{title}:", bold=True)
        for row in group:
            _print(row, names, lengths, width)
    console.note("")
    console.note(f"Make one with `voiceguide make NAME`. Your own can be in {library.own_scripts()},")
    console.note("in the current folder, or anywhere else: then give the path instead of the name.")


def _row(found: library.Found, summaries: Summaries) -> _Row:
    try:
        routine = summaries.of(found.path)
    except VoiceguideError:
        routine = None
    if routine is None:
        return _Row(found.name, "?", "It has errors.", f"See them with `voiceguide check {found.path}`.")
    more = [
        f"Needs: {', '.join(routine.needs)}." if routine.needs else "",
        f"[{', '.join(routine.tags)}]" if routine.tags else "",
    ]
    return _Row(found.name, routine.length, routine.about or routine.title, " ".join(filter(None, more)))


def _columns(rows: dict[str, _Row]) -> tuple[list[str], list[str]]:
    return [row.name for row in rows.values()], [row.length for row in rows.values()]


def _print(row: _Row, names: int, lengths: int, width: int) -> None:
    lead = f"  {row.name:<{names}}  {row.length:>{lengths}}  "
    room = max(30, width - len(lead))
    lines = textwrap.wrap(row.about, room) + textwrap.wrap(row.more, room)
    for number, line in enumerate(lines):
        console.say((lead if not number else " " * len(lead)) + line)
