"""The options that `show` and `make` share, and how they become a listener's choices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from voiceguide.cli import completion, console
from voiceguide.routine import presets
from voiceguide.routine.choices import Choices, read

F = TypeVar("F", bound=Callable[..., Any])


def _option(name: str, **more: Any) -> Callable[[F], F]:
    return click.option(name, shell_complete=completion.OPTIONS.get(name), **more)


_OPTIONS = [
    _option("--hold", multiple=True, metavar="[NAME[/SIDE]=]TIME", help="Length of all holds, or of one."),
    _option("--rest", multiple=True, metavar="[NAME=]TIME", help="Length of all rests, or of one."),
    _option("--pace", metavar="FACTOR", help="Longer (1.25) or shorter (0.8) pauses."),
    _option("--fit", metavar="TIME", help="Stretch or shrink holds and rests to this total, exactly."),
    _option("--first", metavar="SIDE", help="Which side comes first: left or right."),
    _option("--only", metavar="SIDE", help="One side only."),
    _option("--tight", metavar="SIDE", help="Your tighter side, for routines that work it twice."),
    _option("--with", multiple=True, metavar="OPTION", help="Turn an option of the routine on."),
    _option("--without", multiple=True, metavar="OPTION", help="Turn an option of the routine off."),
    _option("--guide", metavar="HOW", help="How much is said: full, brief or quiet."),
    _option("--countdown", metavar="N", help="Count the last N seconds of each hold; or no."),
    _option("--pattern", metavar="BREATH", help="Breath as in-hold-out-hold, such as 4-2-6; or box."),
    _option("--cues", metavar="HOW", help="Start and end of holds: chimes, voice, both or none."),
    _option("--voice", metavar="NAME", help="A voice of `voiceguide voices`."),
    _option("--rate", metavar="WORDS", help="Words a minute; 130 where the script says nothing."),
    _option("--stereo", is_flag=True, default=None, help="Two channels: each side is heard on its own ear."),
    _option("--bed", metavar="NAME|FILE", help="Under the voice: brown, waves, drone, breath, a music file; or no."),
    _option("--bed-level", metavar="DB", help="How far the bed lies below the voice: 6 to 40."),
    _option("--no-notice", is_flag=True, help="Leave out the spoken safety notice."),
    _option("--preset", metavar="NAME", help="Choices saved under a name."),
    _option("--save-preset", metavar="NAME", help="Save these choices under a name."),
]

WISHES = ("hold", "rest", "pace", "fit", "first", "only", "tight", "with", "without", "guide", "countdown", "pattern",
          "cues", "voice", "rate", "stereo", "bed", "bed-level")  # fmt: skip


SECTIONS = {
    "Lengths": ("hold", "rest", "pace", "fit"),
    "Sides": ("first", "only", "tight"),
    "What is said and heard": (
        *("with", "without", "guide", "no_notice", "countdown", "pattern", "cues"),
        *("voice", "rate", "stereo", "bed", "bed_level"),
    ),
    "Choices to use again": ("preset", "save_preset"),
}


class TailoringCommand(click.Command):
    """A command whose help sorts the many options by what they change."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = {option.name: row for option in options if (row := option.get_help_record(ctx))}
        for title, names in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([rows.pop(name) for name in names])
        with formatter.section("Output"):
            formatter.write_dl(list(rows.values()))


def tailoring(command: F) -> F:
    """Add the tailoring options to a command; it receives them as one argument, `wishes`."""

    def collected(**given: Any) -> Any:
        wishes: dict[str, Any] = {name: given.pop(name.replace("-", "_")) for name in WISHES}
        wishes["notice"] = False if given.pop("no_notice") else None
        preset, save = given.pop("preset"), given.pop("save_preset")
        if save is not None:
            presets.check_name(save)  # now, not after a minute's work
        if preset is not None:
            wishes = presets.merge(presets.load(preset), wishes)
        return command(wishes={**wishes, "_save": save}, **given)

    collected.__name__ = command.__name__
    collected.__doc__ = command.__doc__
    collected.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected  # type: ignore[return-value]


def chosen(wishes: dict[str, Any]) -> Choices:
    """The choices of a command line. Raises RequestError for one that can't be read."""
    return read({name: value for name, value in wishes.items() if name != "_save"}, dashes="--")


def save(wishes: dict[str, Any]) -> None:
    """Keep the choices under a name, if the command line asked for it; after all else has gone well."""
    if (name := wishes["_save"]) is not None:
        kept = {key: value for key, value in wishes.items() if key != "_save"}
        path = presets.save(name, kept)
        console.note(f"Saved; use these choices again with --preset {name} ({path})")
