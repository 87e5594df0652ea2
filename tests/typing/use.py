"""The Python face as an editor should like it: mypy takes all of this. `test_typing` runs it by; nothing calls it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import voiceguide


def durations(script: Path) -> list[voiceguide.Timeline]:
    return [
        voiceguide.show(script, hold="45s", rest=20, fit=timedelta(minutes=15)),
        voiceguide.show(script, hold=["45s", "half-kneeling=1m"], rest=[timedelta(seconds=20), 7.5]),
        voiceguide.show("half-kneeling", fit=900.0, pace=1.25, countdown=5),
        voiceguide.show("half-kneeling", fit="default", pace="0.8", countdown="no", rate="default"),
    ]


def everything(routine: voiceguide.Routine, progress: voiceguide.Progress) -> voiceguide.Session:
    return voiceguide.make(
        routine,
        out=Path("hips.mp3"),
        preset="evening",
        cache=False,
        progress=progress,
        first="left",
        only="right",
        tight="default",
        with_="deeper",
        without=["why", "props"],
        guide="brief",
        pattern="4-2-6",
        cues="both",
        voice="en-GB+f2",
        rate=120,
        notice=False,
        stereo=True,
        bed=Path("rain.wav"),
        bed_level=26,
    )


def kept(choices: voiceguide.ChoiceFields) -> tuple[float, str]:
    with voiceguide.Workshop(cache=False) as workshop:
        session = workshop.make("desk-break", **choices)
        timeline = workshop.show(voiceguide.load("desk-break"), **choices)
    event: voiceguide.Event = timeline.events[0]
    chapter: voiceguide.Chapter = timeline.chapters[0]
    return session.duration, f"{chapter.title}: {event.kind}"


def lists() -> list[str]:
    problems: list[voiceguide.Problem] = voiceguide.check("morning.yaml")
    place: voiceguide.Place = problems[0].place
    voices: list[voiceguide.VoiceInfo] = voiceguide.list_voices()
    routines: list[voiceguide.RoutineInfo] = voiceguide.list_routines()
    return [str(place), voices[0].id, *(each.title or each.name for each in routines if each.yours)]
