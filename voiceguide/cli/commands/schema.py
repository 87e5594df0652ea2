"""The command `voiceguide schema`."""

from __future__ import annotations

import click

from voiceguide.cli import console


@click.command("schema", short_help="Print the JSON Schema of the routine language.")
def command() -> None:
    """Print the JSON Schema of the routine language, for editors that complete and check YAML.

    \b
    Example:
      voiceguide schema > routine.schema.json
    """
    from voiceguide.language.schema import schema

    console.say_json(schema(), indent=2)
