"""The commands by name, each loaded from its own module when it is called; and how errors are printed."""

from __future__ import annotations

import importlib
import io

import click

from voiceguide.cli import console
from voiceguide.errors import ScriptError, VoiceguideError, among, suggestion

COMMANDS = {
    "list": "List the bundled routines and your own.",
    "show": "Show the timeline of a session, second by second.",
    "make": "Make the MP3 of one routine or several.",
    "check": "Find all errors in scripts.",
    "new": "Write a commented script to start from.",
    "voices": "List the voices.",
    "cache": "Show or clear the cache.",
    "schema": "Print the JSON Schema of the routine language.",
}


def _be_verbose(_context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        console.be_verbose()


# Before the command's name or after it.
_verbose = click.option(
    *("-v", "--verbose"),
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_be_verbose,
    help="Print debug messages, for a bug report.",
)


class _Commands(click.Group):
    """The commands with a line of help each; a command is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]  # not `list(...)`: in this package that name is a command

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"voiceguide.cli.commands.{cmd_name}")
        command: click.Command = module.command
        if not any(each.name == "verbose" for each in command.params):
            _verbose(command)
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
@_verbose
@click.version_option(package_name="voiceguide", message="voiceguide %(version)s")
def app() -> None:
    """Turn a stretching routine, written once in YAML, into an MP3 that talks you through it."""


def run() -> int:
    """Run the command of `sys.argv`, print expected errors, and return the exit code."""
    console.prepare()
    try:
        code = app.main(prog_name="voiceguide", standalone_mode=False)
    except click.ClickException as error:
        # The message contains the user's input, so `console` must escape it.
        shown = io.StringIO()
        error.show(shown)
        console.error(shown.getvalue().rstrip("\n"))
        return error.exit_code
    except ScriptError as error:
        # Without "Error:", as compilers print errors, so that editors can jump to the line.
        console.error(str(error))
        console.trace(error)
        return 1
    except VoiceguideError as error:
        console.error(f"Error: {error}")
        console.trace(error)
        return 1
    except click.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as ended:
        # From click: after completion, or if the reader of its help has exited.
        return 0 if isinstance(ended.__context__, BrokenPipeError) else int(ended.code or 0)
    return code if isinstance(code, int) else 0
