"""The command `voiceguide new`."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from voiceguide.cli import console
from voiceguide.cli.titles import title_of, yaml_of
from voiceguide.errors import OutputError, RequestError, quoted
from voiceguide.library import SCRIPT_ENDINGS
from voiceguide.system.files import safe_name, write_whole
from voiceguide.system.names import plain_name, system_name

TEMPLATE = """\
# A voiceguide routine. Lines that start with # are comments.
# Show the timeline:   voiceguide show {path}
# Make the MP3:        voiceguide make {path}

title: {title}
about: One line about the routine.
# source: Where the exercise comes from.
# Spoken first; a listener can turn it off with --no-notice.
notice: For education only; it does not replace the advice of a physician. Stop if anything hurts.

# Words that the voice mispronounces, and how to say them.
pronounce: {{psoas: so az}}

# Parts that a listener can turn on (--with deeper) or off (--without deeper).
options:
  deeper: {{about: A little further into the stretch, default: no}}

steps:
  - say: Welcome. Find a soft spot for your knees.
    brief: Welcome.

  - exercise: Half-kneeling stretch
    steps:
      # These steps are repeated for each side; {{side}} and {{other}} are replaced by the names of the sides.
      - sides: [left, right]
        steps:
          - say: Kneel on your {{side}} knee, with your {{other}} foot in front.
          - pause: 6s
          # {{hold}} is replaced by the length of the next hold, which a listener can change.
          - say: Hold for {{hold}}.
            brief: no
          - hold: 30s
            min: 15s
            max: 2m
            during:
              - {{at: 4s, say: Stay tall.}}
              - {{at: half, say: Halfway there.}}
              - {{at: 20s, say: Lean in just a little., when: deeper}}
            countdown: 3
          - say: And release.
            brief: no

  - breathe: 3 breaths
    pattern: 4-6
  - say: Well done.
"""


@click.command("new", short_help="Write a commented script to start from.")
@click.argument("name")
def command(name: str) -> None:
    """Write NAME.yaml, a small commented routine to start from, to this folder. NAME is also its title.

    \b
    Examples:
      voiceguide new morning-hips
      voiceguide new "Week 1: hips"
    """
    given = Path(name)
    stem = plain_name(given.stem if given.suffix in SCRIPT_ENDINGS else given.name)
    title = title_of(stem)
    if not title or stem.startswith("."):
        raise RequestError(f"{quoted(name)} is not a valid name for a script; expected letters, such as morning-hips")
    # Characters that some drives or systems don't allow are only in the title, not in the file's name.
    ending = given.suffix if given.suffix in SCRIPT_ENDINGS else SCRIPT_ENDINGS[0]
    path = given.with_name(system_name(f"{safe_name(stem)}{ending}"))
    if os.path.lexists(path):
        raise OutputError(f"{path} already exists; choose another name, or move the file")
    with write_whole(path) as file:
        file.write(TEMPLATE.format(title=yaml_of(title), path=_typed(path)).encode())
    console.say_path(path)


def _typed(path: Path) -> str:
    """A path quoted for a shell, on one line."""
    return shlex.quote("".join(char if char.isprintable() else "?" for char in str(path)))
