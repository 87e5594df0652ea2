"""The options that `show` and `make` share: one for each of a listener's choices, and those for presets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar, cast

import click

from voiceguide.cli import completion, console
from voiceguide.routine import presets
from voiceguide.routine.choices import CHOICES, DEFAULT, Choice, Choices, is_nothing, read

F = TypeVar("F", bound=Callable[..., Any])

_PRESETS = "Presets"
_PRESET_OPTIONS: Mapping[str, str] = {
    "preset": f"Use saved choices. Options given here override them; the value `{DEFAULT}` resets one.",
    "save-preset": "Save these choices under a name.",
}


class Chosen(NamedTuple):
    """The choices of a command line and its preset: as given, as parsed values, and the name to save them under."""

    given: Mapping[str, Any]
    choices: Choices
    save_as: str | None

    def save(self) -> None:
        """Save the choices if the command line has --save-preset; called at the end of a successful command."""
        if self.save_as is not None:
            path = presets.save(self.save_as, self.given)
            console.note(f"Saved; use these choices again with --preset {self.save_as} ({path})")


class ChoosingCommand(click.Command):
    """A command whose help groups the options by section."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if isinstance(param, click.Option) and (row := param.get_help_record(ctx)):
                sections.setdefault(_SECTION_OF.get(param.name or "", "Output"), []).append(row)
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)


def choosing(command: F) -> F:
    """Add the options of all choices to a command, which gets them as one argument, `chosen`."""

    def collected(**arguments: Any) -> Any:
        preset, save_as = arguments.pop("preset"), arguments.pop("save_preset")
        given = {name: arguments.pop(_parameter(name)) for name in CHOICES}
        given = {name: value for name, value in given.items() if not is_nothing(value)}
        if save_as is not None:
            presets.check_name(save_as)  # before the session is made
        merged = presets.apply(preset, given, dashes="--")
        return command(chosen=Chosen(merged, read(merged, dashes="--"), save_as), **arguments)

    collected.__name__ = command.__name__
    collected.__doc__ = command.__doc__
    vars(collected)["__click_params__"] = getattr(command, "__click_params__", [])
    options = [*map(_option, CHOICES.values()), *(_preset_option(name) for name in _PRESET_OPTIONS)]
    for option in reversed(options):
        collected = option(collected)
    return cast("F", collected)


def _option(choice: Choice) -> Callable[[F], F]:
    if choice.is_flag:
        return click.option(f"--{choice.name}/--no-{choice.name}", default=None, help=choice.help)
    return click.option(
        f"--{choice.name}",
        multiple=choice.many,
        metavar=choice.metavar,
        help=choice.help,
        shell_complete=completion.of(choice),
    )


def _preset_option(name: str) -> Callable[[F], F]:
    return click.option(f"--{name}", metavar="NAME", help=_PRESET_OPTIONS[name], shell_complete=completion.presets)


def _parameter(name: str) -> str:
    """The parameter name that click uses for an option."""
    return name.replace("-", "_")


_SECTION_OF = {_parameter(name): choice.section for name, choice in CHOICES.items()}
_SECTION_OF |= dict.fromkeys(map(_parameter, _PRESET_OPTIONS), _PRESETS)
