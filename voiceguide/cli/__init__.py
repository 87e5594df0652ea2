"""The command line: the only place that prints or exits. One file a command, each loaded only when it is called.

Progress, notes and errors go to standard error; standard output is for what a script would read: paths and JSON.
"""

from __future__ import annotations

import gc
import importlib
import io
import sys

import click

from voiceguide.errors import ScriptError, VoiceguideError, among, suggestion

COMMANDS = {
    "list": "Routines that come with it, and yours.",
    "show": "The timeline of a session, second by second.",
    "make": "Make the MP3 of one routine or several.",
    "check": "Find all errors of scripts.",
    "new": "Write a commented script to start from.",
    "voices": "Voices to choose from.",
    "cache": "What is kept to make the next session faster.",
    "schema": "JSON Schema of the routine language.",
}


class _Commands(click.Group):
    """Knows the commands' names and one line of each; imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]  # not `list`: in this package that becomes the command of that name

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"voiceguide.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = suggestion(args[0], COMMANDS) or f"; expected {among(COMMANDS)}"
            raise click.UsageError(f'there is no command "{args[0]}"{close}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with:  voiceguide make half-kneeling    Each command has its own --help.",
)
@click.version_option(package_name="voiceguide", message="voiceguide %(version)s")
def app() -> None:
    """Turn a stretching routine, written once in YAML, into an MP3 that talks you through it."""


def main() -> None:
    """The `voiceguide` command. Exit codes: 0 done, 1 script or request wrong, 2 usage, 130 interrupted."""
    # A command makes many objects that stay and few that would be garbage: looking for it took a tenth of its time.
    gc.set_threshold(100_000)
    _never_stumble()
    try:
        code = app.main(prog_name="voiceguide", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except ScriptError as error:
        # As compilers print theirs, for editors that jump to the line.
        click.echo(str(error), err=True)
        code = 1
    except VoiceguideError as error:
        click.echo(f"Error: {error}", err=True)
        code = 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; no unfinished file is left behind.", err=True)
        code = 130
    # The interpreter looks once more while it ends; what is frozen it leaves alone.
    gc.freeze()
    sys.exit(code if isinstance(code, int) else 0)


def _never_stumble() -> None:
    """A console that lacks a letter of a routine shows a question mark for it, and the command goes on."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
