"""`voiceguide voices`"""

from __future__ import annotations

from pathlib import Path

import click

from voiceguide.errors import RequestError

SAMPLE = "Welcome. Kneel on your left knee, with your right foot in front. Breathe in, and breathe out. Three, two, one."


@click.command("voices", short_help="Voices to choose from.")
@click.option("--language", metavar="TAG", help="Only voices of this language, such as en or en-GB.")
@click.option("--sample", metavar="NAME", help="Write an MP3 in which this voice speaks.")
@click.option("-o", "--out", metavar="FILE", help="Where the sample goes. [default: NAME.mp3 here]")
def command(language: str | None, sample: str | None, out: str | None) -> None:
    """Voices to choose from with --voice: each one's id, its plain name, its languages.

    \b
    Examples:
      voiceguide voices --language en
      voiceguide voices --sample english-us
    """
    from voiceguide.voices import list_voices

    if sample is not None:
        from voiceguide.session import sample as write_sample

        click.echo(str(write_sample(sample, SAMPLE, Path(out) if out else None)))
        return
    wanted = (language or "").casefold()
    voices = [each for each in list_voices() if any(tag.casefold().startswith(wanted) for tag in each.languages)]
    if not voices:
        raise RequestError(f'no voice speaks "{language}"; see `voiceguide voices` for all of them')
    width = max(len(voice.id) for voice in voices)
    named = max(len(voice.name) for voice in voices)
    for voice in voices:
        more = f"  {voice.gender.lower()}" if voice.gender else ""
        click.echo(f"{voice.id:<{width}}  {voice.name:<{named}}  {', '.join(voice.languages)}{more}")
