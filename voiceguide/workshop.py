"""The whole pipeline, from a routine's name to a finished MP3. Read this first.

load     a script's text → Routine
compose  Routine + choices + the lengths of its clips → Timeline (`show` prints it)
make     Timeline → passages → MP3 frames → one file with chapters and lyrics
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import library, voices
from voiceguide.errors import Place, Problem, RequestError, ScriptError, SoundError, VoiceError, caret, nearest
from voiceguide.grid import session_grid
from voiceguide.language import loader
from voiceguide.language.checks import refuse_language
from voiceguide.routine import presets
from voiceguide.routine.choices import CHOICES, Choices, read
from voiceguide.routine.fields import ChoiceFields
from voiceguide.routine.inputs import input_files
from voiceguide.routine.model import Routine, Say, Text, VoiceSpec
from voiceguide.routine.tailor import Tailored, tailor
from voiceguide.score.items import ChimeSound, Plan, Speech, list_soundings
from voiceguide.score.layout import Lengths, lay_out
from voiceguide.score.plan import write_plan
from voiceguide.score.settle import settle
from voiceguide.score.timeline import Timeline
from voiceguide.sound.files.sounds import SoundFiles
from voiceguide.sound.narrator import Narrator
from voiceguide.system.files import check_room, collect_temporary_folders, temporary_folder
from voiceguide.system.jobs import Progress
from voiceguide.system.store import Store, user_store
from voiceguide.voices.base import VoiceSettings

if TYPE_CHECKING:
    from typing_extensions import Unpack

MIN_BYTES_PER_MS = 8
"""The smallest size of a session on disk: 64 kbit/s, in mono without a bed."""


class Session(Struct, frozen=True):
    """A finished track: its path and its timeline. `duration` is in seconds."""

    path: Path
    timeline: Timeline

    @property
    def duration(self) -> float:
        return self.timeline.duration_ms / 1000


MAX_VOICES = 4
"""The number of idle voices, each with its settings, whose processes a workshop keeps running."""

HELD = 24_000_000
"""Bytes of recently used clips and passages that a workshop keeps in memory: an hour of distinct speech, encoded."""

TRIM_AFTER = 50_000_000
"""Bytes that sessions write before a workshop trims its store to its limit; closing it trims the store too."""


class Workshop:
    """The pipeline with its store and its voices, which stay ready for further sessions, in any thread.

    Sessions made concurrently have the same bytes as those made one by one, and a text that several of them need is
    spoken once. With `cache=False` nothing is left on disk after it closes. Close it, or use it as a context manager.
    """

    def __init__(self, *, cache: bool = True) -> None:
        self._open = contextlib.ExitStack()
        self._store = self._open.enter_context(_store(cache))
        self._lock = threading.Lock()
        # The keys cover everything that the sound depends on; the most recently used is at the end.
        self._voices: dict[tuple[str, int], Narrator] = {}
        self._users: Counter[Narrator] = Counter()
        self._closed = False

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the voices' processes and trim the store. May be called more than once.

        A session of another thread that still needs a voice fails; the store is closed after the last session ends.
        """
        with self._lock:
            self._closed = True
            narrators, idle = list(self._voices.values()), not self._users
        for narrator in narrators:
            narrator.close()
        if idle:
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
        """Make the MP3 of a routine with these choices. The session that is returned has its path.

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
        """The timeline of a routine, exactly as `make` renders it with the same choices."""
        return self.plan_session(_routine(routine), read_choices(choices, preset, caller="show"), progress=progress)

    def plan_session(self, routine: Routine, choices: Choices, *, progress: Progress | None = None) -> Timeline:
        """The timeline of a routine with parsed choices."""
        tailored = tailor(routine, choices)
        with self._narrator(tailored.routine, stereo=choices.stereo) as narrator, SoundFiles(self._store) as files:
            return compose(tailored, choices, narrator, files, progress)

    def make_session(
        self,
        routine: Routine,
        choices: Choices,
        *,
        out: str | Path | None = None,
        progress: Progress | None = None,
        taken: Collection[Path] = (),
        inputs: Collection[Path] = (),
    ) -> Session:
        """Render a routine with parsed choices.

        `taken` are files that must not be overwritten because they were just written; `inputs` are files that other
        sessions are made from. The routine's own input files are never overwritten.
        """
        # Imported here because `show` and `check` need neither the encoder nor the tags.
        from voiceguide.render.spliced import write
        from voiceguide.track.target import choose_target

        self._require_open()
        tailored = tailor(routine, choices)
        # Before anything is spoken, so that a folder that can't be written fails at once.
        inputs = {*inputs, *input_files(routine, tailored.routine)}
        path, renamed = choose_target(out, tailored.routine.title, taken=taken, inputs=inputs)
        with self._narrator(tailored.routine, stereo=choices.stereo) as narrator, SoundFiles(self._store) as files:
            timeline = compose(tailored, choices, narrator, files, progress)
            check_room(path, timeline.duration_ms * MIN_BYTES_PER_MS)
            write(tailored.routine, timeline, path, narrator, files, self._store, progress, stereo=choices.stereo)
        return Session(path, replace(timeline, notes=(*renamed, *timeline.notes)))

    def check(self, routine: Routine) -> int:
        """Lay a routine out as it is, and with each option toggled. Returns its length as it is, in ms.

        Each variant is laid out with the full and with the brief guide. The quiet guide is not tried: inside a hold it
        says nothing that the full one does not. Raises ScriptError with every collision found; a message names the
        choices that cause the problem, if any. A language in which voiceguide has no words is an error here alone.
        """
        durations: list[int] = []
        refuse_language(routine)
        problems: dict[Problem, str] = {}
        with self._narrator(routine) as narrator, SoundFiles(self._store) as files:
            for flags, choices in _variants(routine):
                try:
                    tailored = replace(tailor(routine, choices), lenient=False)
                    durations.append(compose(tailored, choices, narrator, files).duration_ms)
                except ScriptError as error:
                    for problem in error.problems:
                        problems.setdefault(problem, flags)
                except RequestError:
                    # A toggled option may leave nothing to play; only the script as it is must not.
                    if choices == Choices():
                        raise
        if problems:
            raise ScriptError([Problem(each.place, each.message + flags) for each, flags in problems.items()])
        return durations[0]

    @contextmanager
    def _narrator(self, routine: Routine, *, stereo: bool = False) -> Iterator[Narrator]:
        """The narrator of a tailored routine, for one session; a narrator with the same voice is reused."""
        settings = voice_settings(routine)
        # Looked up each time, because the voice may have been updated since.
        identity = voices.identity(settings)
        grid = session_grid(stereo=stereo, bed=routine.bed is not None)
        key = (identity, grid.rate)
        with self._lock:
            self._require_open()
            narrator = self._voices.pop(key, None) or Narrator(settings, self._store, grid, identity=identity)
            self._voices[key] = narrator
            self._users[narrator] += 1
            idle = [each for each, one in self._voices.items() if one not in self._users]
            surplus = [self._voices.pop(each) for each in idle[: max(0, len(self._voices) - MAX_VOICES)]]
        try:
            for each in surplus:
                each.close()
            yield narrator
        finally:
            with self._lock:
                self._users[narrator] -= 1
                self._users = +self._users  # removes counts of zero
                last = self._closed and not self._users
            if last:
                self._open.close()
            else:
                self._store.trim(after=TRIM_AFTER)

    def _require_open(self) -> None:
        if self._closed:
            raise RequestError("this workshop is closed; open a new one with voiceguide.Workshop()")


def _variants(routine: Routine) -> Iterator[tuple[str, Choices]]:
    """The choices that `check` tries, the simplest first, and the flags that its messages add."""
    yield "", Choices()
    yield " (with --guide brief)", Choices(guide="brief")
    for name, option in routine.all_options.items():
        turned = Choices(without=(name,)) if option.default else Choices(with_=(name,))
        flag = f"--{'without' if option.default else 'with'} {name}"
        if not option.default and (excluded := _list_excluded(routine, name)):
            turned = Choices(with_=(name,), without=excluded)
            flag = " ".join([flag, *(f"--without {each}" for each in excluded)])
        yield f" (with {flag})", turned
        yield f" (with {flag}, --guide brief)", replace(turned, guide="brief")


def _list_excluded(routine: Routine, name: str) -> tuple[str, ...]:
    """The options that are on by default and have to be off where this one is on."""
    every = routine.all_options
    return tuple(
        other
        for other, option in every.items()
        if option.default and (other in every[name].excludes or name in option.excludes)
    )


def load(routine: str | Path) -> Routine:
    """Load a routine by the name that `voiceguide list` shows, or by path.

    Raises RequestError if there is none, ScriptError with all errors in it.
    """
    return loader.load(routine if isinstance(routine, Path) else library.script(routine))


def sample(voice: str, text: str, out: Path | None) -> Path:
    """Make an MP3 in which a voice says a text. Raises VoiceError for an unknown voice."""
    place = Place("sample", 1, 1)
    step = Say(place=place, text=Text(text))
    routine = Routine(Path("sample"), f"{voice} sample", (step,), voice=VoiceSpec(name=voice))
    with Workshop() as workshop:
        return workshop.make_session(routine, Choices(), out=out).path


def read_choices(given: ChoiceFields, preset: str | None = None, *, caller: str = "make") -> Choices:
    """Parse choices from keywords; they override those of a preset.

    Raises RequestError for an invalid value, TypeError for a keyword that `caller` does not have.
    """
    keywords: Mapping[str, object] = given
    for name in keywords:
        if name not in ChoiceFields.__annotations__:
            close = nearest(name, ChoiceFields.__annotations__)
            more = f"; did you mean {close!r}?" if close else ""
            raise TypeError(f"{caller}() got an unexpected keyword argument {name!r}{more}")
    words = {choice.name: keywords[choice.keyword] for choice in CHOICES.values() if choice.keyword in keywords}
    return read(presets.apply(preset, words))


def _routine(routine: Routine | str | Path) -> Routine:
    return routine if isinstance(routine, Routine) else load(routine)


@contextmanager
def _store(cache: bool) -> Iterator[Store]:
    """The user's store, or a temporary one on disk, because the clips of a long session need too much memory."""
    collect_temporary_folders()
    store = user_store(memory=HELD)
    if cache and store.usable():
        try:
            yield store
        finally:
            store.trim()  # clips stored before a failure stay stored
    else:
        with temporary_folder() as folder:
            yield Store(folder, lasting=False, memory=HELD)


def voice_settings(routine: Routine) -> VoiceSettings:
    """The voice settings of a tailored routine."""
    spec = routine.voice
    return VoiceSettings(spec.name, routine.language, spec.rate, spec.pitch, spec.volume)


def compose(
    tailored: Tailored, choices: Choices, narrator: Narrator, files: SoundFiles, progress: Progress | None = None
) -> Timeline:
    """The timeline of a tailored routine, exactly as it is rendered."""
    plan = replace(write_plan(tailored), lexicon=narrator.lexicon)
    done = settle(plan, lambda plan: _lengths(plan, choices, narrator, files, progress), choices.fit)
    return lay_out(done.plan, done.lengths)


def _lengths(plan: Plan, choices: Choices, narrator: Narrator, files: SoundFiles, progress: Progress | None) -> Lengths:
    heard = list(list_soundings(plan.items))
    speeches = {spoken: each for each in heard if isinstance(each, Speech) for spoken in each.list_spoken()}
    chimes = {each.sound.path: each for each in heard if isinstance(each, ChimeSound)}
    sounds: dict[Path, int] = {}
    for path, chime in chimes.items():
        try:
            sounds[path] = files.length_ms(path)
        except SoundError as error:
            if choices.sounds and path.parent == Path(choices.sounds):
                raise SoundError(f"sounds: {error}") from None  # no line of the script names it
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
