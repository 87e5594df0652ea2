"""`voiceguide new`"""

from __future__ import annotations

from pathlib import Path

import click

from voiceguide.cli import console
from voiceguide.errors import OutputError, RequestError
from voiceguide.routine.templates import slug

TEMPLATE = """\
# A voiceguide routine. Lines that begin with # are remarks.
# See every second of it:   voiceguide show {path}
# Make the MP3:             voiceguide make {path}

title: {title}
about: One line that says what it is.
# source: Where the exercise comes from.
# Spoken first; a listener can leave it out with --no-notice.
notice: For education only; it does not replace the advice of a physician. Stop if anything hurts.

# Words that the voice gets wrong, and how to say them.
pronounce: {{psoas: so az}}

# What a listener may turn on (--with deeper) or off (--without deeper).
options:
  deeper: {{about: A little further into the stretch, default: no}}

steps:
  - say: Welcome. Find a soft spot for your knees.
    brief: Welcome.

  - exercise: Half-kneeling stretch
    steps:
      # Everything in here happens once a side; {{side}} and {{other}} are put in for you.
      - sides: [left, right]
        steps:
          - say: Kneel on your {{side}} knee, with your {{other}} foot in front.
          - pause: 6s
          # {{hold}} is the next hold in words, whatever length the listener chooses.
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
    """Write NAME.yaml, a small commented routine to start from, into this folder.

    \b
    Example:
      voiceguide new morning-hips
    """
    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if not slug(path.stem) or path.stem.startswith("."):
        raise RequestError(f'"{name}" is no name for a script; expected letters, such as morning-hips')
    title = path.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE.format(title=title, path=path))
    except FileExistsError:
        raise OutputError(f"{path} is there already; choose another name, or move it away") from None
    except (FileNotFoundError, NotADirectoryError):
        raise OutputError(f"{path} can't be written: there is no folder {path.parent}; create it first") from None
    except OSError as error:
        raise OutputError(f"{path} can't be written: {(error.strerror or 'unknown').lower()}") from None
    console.say_path(path)
