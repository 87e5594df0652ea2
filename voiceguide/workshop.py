"""The whole pipe, from a routine's name to a finished MP3. Read this first.

load     a script's text → Routine
compose  Routine + choices + how long its words take → Timeline (`show` prints it)
make     Timeline → passages → MP3 frames → one file with chapters and lyrics
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import library
from voiceguide.errors import Place, Problem, RequestError, ScriptError, SoundError, VoiceError, caret, nearest
from voiceguide.grid import session_grid
from voiceguide.jobs import Progress
from voiceguide.language import loader
from voiceguide.routine import choices as choice_words
from voiceguide.routine import presets
from voiceguide.routine.choices import Choices
from voiceguide.routine.fields import ChoiceFields
from voiceguide.routine.model import Routine, Say, Text, VoiceSpec
from voiceguide.routine.tailor import Tailored, tailor
from voiceguide.score.items import ChimeSound, Plan, Speech
from voiceguide.score.plan import plan
from voiceguide.score.settle import settle
from voiceguide.score.timeline import Lengths, Timeline, lay
from voiceguide.score.wording import soundings
from voiceguide.sound.narrator import Narrator
from voiceguide.store import Store, user_store
from voiceguide.voices.base import VoiceSettings

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Session(Struct, frozen=True):
    """A finished track: where it is, and what is in it. `duration` in seconds."""

    path: Path
    timeline: Timeline

    @property
    def duration(self) -> float:
        return self.timeline.duration / 1000


class Workshop:
    """The pipe with its store and its voices, kept for as many sessions as are made in it.

    `cache=False` keeps nothing on disk beyond the workshop's own life. Close it, or use it as a context.
    """

    def __init__(self, *, cache: bool = True) -> None:
        self._open = contextlib.ExitStack()
        self._store = self._open.enter_context(_store(cache))

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the voices' processes and bring the store back under its limit."""
        self._open.close()

    def make(
        self,
        routine: Routine | str | Path,
        *,
        out: str | Path | None = None,
        preset: str | None = None,
        progress: Progress | None = None,
        **choices: Unpack[ChoiceFields],
    ) -> Session:
        """Make the MP3 of a routine, tailored by `choices`, and say where it is.

        `out` is a file ending in .mp3, or a folder; None is the current folder. Raises VoiceguideError.
        """
        return self.make_session(_routine(routine), read_choices(choices, preset), out=out, progress=progress)

    def show(
        self,
        routine: Routine | str | Path,
        *,
        preset: str | None = None,
        progress: Progress | None = None,
        **choices: Unpack[ChoiceFields],
    ) -> Timeline:
        """The timeline of a routine, exactly as `make` with the same choices would render it."""
        return self.plan_session(_routine(routine), read_choices(choices, preset, caller="show"), progress=progress)

    def plan_session(self, routine: Routine, choices: Choices, *, progress: Progress | None = None) -> Timeline:
        """The timeline of a routine with choices that were read before."""
        tailored = tailor(routine, choices)
        with self._narrator(tailored.routine, stereo=choices.stereo) as narrator:
            return compose(tailored, choices, narrator, progress)

    def make_session(
        self,
        routine: Routine,
        choices: Choices,
        *,
        out: str | Path | None = None,
        progress: Progress | None = None,
        taken: frozenset[Path] = frozenset(),
    ) -> Session:
        """Render a routine with choices that were read before. `taken` are paths that must not be written again."""
        # Encoder and tags come in here, for to lay a session out needs neither.
        from voiceguide.render.spliced import write
        from voiceguide.track.target import target

        tailored = tailor(routine, choices)
        # Before anything is spoken: a folder that can't be written should not cost a minute first.
        path = target(out, tailored.routine.title, taken)
        with self._narrator(tailored.routine, stereo=choices.stereo) as narrator:
            timeline = compose(tailored, choices, narrator, progress)
            notes = write(tailored.routine, timeline, path, narrator, self._store, progress, stereo=choices.stereo)
        return Session(path, replace(timeline, notes=timeline.notes + notes))

    def check(self, routine: Routine) -> int:
        """Lay a routine out as it is, and with each option turned round; how long it is, in ms.

        All of that in its full words and in its brief ones, which are the script's own too. Not in the quiet guide: it
        says nothing inside a hold that the full one does not. Raises ScriptError with every collision found.
        """
        options = routine.all_options
        turned = [
            Choices(without=(name,)) if option.default else Choices(with_=(name,)) for name, option in options.items()
        ]
        durations: list[int] = []
        problems: dict[Problem, str] = {}
        with self._narrator(routine) as narrator:
            for full in (Choices(), *turned):
                for choices in (full, replace(full, guide="brief")):
                    told = "" if choices is full else " (with --guide brief)"
                    try:
                        tailored = replace(tailor(routine, choices), lenient=False)
                        durations.append(compose(tailored, choices, narrator).duration)
                    except ScriptError as error:
                        for problem in error.problems:
                            problems[problem] = told and problems.get(problem, told)
                    except RequestError:
                        # Other choices may leave nothing to play; as the script has it, that would be its error.
                        if choices == Choices():
                            raise
        if problems:
            raise ScriptError([Problem(each.place, each.message + told) for each, told in problems.items()])
        return durations[0]

    def _narrator(self, routine: Routine, *, stereo: bool = False) -> Narrator:
        grid = session_grid(stereo=stereo, bed=routine.bed is not None)
        return Narrator(voice_settings(routine), self._store, grid)


def load(routine: str | Path) -> Routine:
    """A routine by the name that `voiceguide list` shows, or by path.

    Raises RequestError where there is none, ScriptError with everything that is wrong in it.
    """
    return loader.load(routine if isinstance(routine, Path) else library.script(routine))


def sample(voice: str, text: str, out: Path | None) -> Path:
    """An MP3 in which a voice says a text. Raises VoiceError for an unknown voice."""
    place = Place("sample", 1, 1)
    said = Say(place=place, text=Text(text, text))
    routine = Routine(Path("sample"), f"{voice} sample", (said,), voice=VoiceSpec(name=voice))
    with Workshop() as workshop:
        return workshop.make_session(routine, Choices(), out=out).path


def read_choices(given: ChoiceFields, preset: str | None = None, *, caller: str = "make") -> Choices:
    """Choices from keywords, over those of a preset.

    Raises RequestError for one that can't be read, TypeError for a keyword that `caller` does not have.
    """
    for name in given:
        if name not in ChoiceFields.__annotations__:
            close = nearest(name, ChoiceFields.__annotations__)
            more = f"; did you mean {close!r}?" if close else ""
            raise TypeError(f"{caller}() got an unexpected keyword argument {name!r}{more}")
    # `with` is a word of Python's own, so it comes with an underscore.
    words = {name.rstrip("_").replace("_", "-"): value for name, value in given.items()}
    return choice_words.read(presets.merge(presets.load(preset), words) if preset else words)


def _routine(routine: Routine | str | Path) -> Routine:
    return routine if isinstance(routine, Routine) else load(routine)


@contextmanager
def _store(cache: bool) -> Iterator[Store]:
    """The user's store; or one for this session alone, since a long one's clips do not belong into memory."""
    store = user_store()
    if cache and store.usable():
        try:
            yield store
        finally:
            store.trim()  # what was spoken before something failed is kept as well
    else:
        import tempfile  # brings much along, and this is the rare case

        with tempfile.TemporaryDirectory(prefix="voiceguide-") as folder:
            yield Store(Path(folder), lasting=False)


def voice_settings(routine: Routine) -> VoiceSettings:
    """The voice that a tailored routine asks for."""
    wish = routine.voice
    return VoiceSettings(wish.name, routine.language, wish.rate, wish.pitch, wish.volume)


def compose(tailored: Tailored, choices: Choices, narrator: Narrator, progress: Progress | None = None) -> Timeline:
    """The timeline of a tailored routine, exactly as it would be rendered."""
    done = settle(plan(tailored), lambda plan: _lengths(plan, narrator, progress), choices.fit)
    return lay(done.plan, done.lengths)


def _lengths(plan: Plan, narrator: Narrator, progress: Progress | None) -> Lengths:
    from voiceguide.sound.lengths import length_ms

    speeches = {each.spoken: each for each in soundings(plan) if isinstance(each, Speech)}
    chimes = {each.sound.path: each for each in soundings(plan) if isinstance(each, ChimeSound)}
    sounds: dict[Path, int] = {}
    for path, chime in chimes.items():
        try:
            sounds[path] = length_ms(path)
        except SoundError as error:
            place = chime.where.place
            raise SoundError(f"{place}: {error}{caret(place)}") from None
    try:
        spoken = narrator.lengths(speeches, None if progress is None else lambda *count: progress("Speaking", *count))
    except VoiceError as error:
        if error.text not in speeches:
            raise
        place = speeches[error.text].where.place
        raise VoiceError(f"{place}: {error}{caret(place)}", text=error.text) from None
    return Lengths(spoken, sounds)
