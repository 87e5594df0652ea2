"""A workshop: many sessions, one after another and at once, with a store and voices that stay, and nothing left."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import voiceguide
from tests.sessions import home
from voiceguide import workshop as pipe
from voiceguide.errors import OutputError, RequestError, VoiceError
from voiceguide.routine.fields import ChoiceFields
from voiceguide.system.store import Store
from voiceguide.voices import open_voice
from voiceguide.voices.base import Recording, VoiceSettings
from voiceguide.workshop import Workshop

SCRIPT = """\
title: Number {number}
steps:
  - say: Kneel on your left knee.
  - say: This is session number {number}.
  - hold: 4s
    name: kneel
    countdown: 2
  - say: Well done.
"""
HERTZ = 16_000

linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="counts what Linux shows of a process")


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """An empty home, and an empty folder to stand in."""
    home.settle(monkeypatch, tmp_path_factory, tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


class Band:
    """Stands in for the voices' processes: hums each text at once, and knows what it was asked."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.open: list[Hummer] = []
        self.fails: set[str] = set()
        self.before: Callable[[], object] = lambda: None

    def open_voice(self, settings: VoiceSettings) -> Hummer:
        self.open.append(Hummer(self, settings))
        return self.open[-1]


class Hummer:
    """One of them."""

    def __init__(self, band: Band, settings: VoiceSettings) -> None:
        self._band = band
        self.settings = settings

    def warm(self, texts: int) -> None:
        """Nothing to start."""

    def close(self) -> None:
        """It is open no more."""
        self._band.open.remove(self)

    def speak(self, text: str) -> Recording:
        """A hum as long as the text, and lower for a slower voice."""
        if text in self._band.fails:
            raise VoiceError("no voice today", text=text)
        self._band.before()
        self._band.said.append(text)
        time = np.arange(HERTZ * len(text) // 20) / HERTZ
        hum = 9000 * np.sin(time * 6.28 * (self.settings.rate + sum(map(ord, text)) % 97))
        return Recording(hum.astype("<i2").tobytes(), HERTZ)


@pytest.fixture
def band(monkeypatch: pytest.MonkeyPatch) -> Iterator[Band]:
    """In place of all voices, which no test here may leave open."""
    found = Band()
    monkeypatch.setattr("voiceguide.voices.open_voice", found.open_voice)
    yield found
    assert not found.open


def script(number: int) -> Path:
    path = Path(f"number-{number}.yaml")
    path.write_text(SCRIPT.format(number=number))
    return path


def made(workshop: Workshop, number: int, name: str, **choices: int) -> bytes:
    return workshop.make(script(number), out=f"{name}-{number}.mp3", rate=choices.get("rate", 130)).path.read_bytes()


def resident() -> int:
    """Bytes of this process in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def left() -> tuple[int, set[str], set[str]]:
    """How many descriptors this process has, its threads, and its children."""
    children = {each for path in Path("/proc/self/task").glob("*/children") for each in path.read_text().split()}
    return len([*Path("/proc/self/fd").iterdir()]), {each.name for each in threading.enumerate()}, children


@linux
def test_a_hundred_sessions_leave_nothing_behind(band: Band) -> None:
    with Workshop() as workshop:
        for number in range(20):
            made(workshop, number, "made")
        before, size = left(), resident()
        for number in range(20, 100):
            made(workshop, number, "made")
        assert resident() - size < 12_000_000
        assert left() == before
    assert len(band.said) == len(set(band.said)) > 100


@linux
@pytest.mark.long
def test_a_thousand_sessions_leave_nothing_behind(
    band: Band, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "long" not in str(request.config.getoption("markexpr")):
        pytest.skip("takes a minute: pytest -m long")
    monkeypatch.setattr(pipe, "TRIM_AFTER", 2_000_000)
    # Full after the first hundred sessions, so that what grows after them is not what is kept on purpose.
    monkeypatch.setattr(pipe, "HELD", 1_000_000)
    with Workshop(cache=False) as workshop:
        workshop._store.limit = 4_000_000
        for number in range(100):
            made(workshop, number, "made", rate=100 + number % 7)
        before, size = left(), resident()
        for number in range(100, 1_000):
            made(workshop, number, "made", rate=100 + number % 7)
        assert resident() - size < 12_000_000
        assert left() == before
        assert workshop._store.size()[1] < 7_000_000
        assert len(band.open) == 4


@linux
def test_voice_processes_are_kept_between_sessions_and_end_with_the_workshop() -> None:
    before = left()
    with Workshop() as workshop:
        first = made(workshop, 1, "first")
        warm = left()[2] - before[2]
        assert warm
        made(workshop, 2, "second")
        assert left()[2] - before[2] == warm
    assert left() == before
    with Workshop(cache=False) as workshop:
        assert made(workshop, 1, "alone") == first
    assert left() == before


def test_sessions_made_at_once_have_the_bytes_of_those_made_one_by_one(band: Band) -> None:
    with Workshop() as workshop:
        expected = [made(workshop, number, "one") for number in range(8)]
    spoken, band.said = sorted(band.said), []
    with Workshop(cache=False) as workshop, ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(lambda number: made(workshop, number, "many"), range(8)))
    assert at_once == expected
    assert sorted(band.said) == spoken


def test_a_text_that_two_sessions_need_is_spoken_once(band: Band) -> None:
    """The second waits for the first, which is held in the middle of it until the second has asked."""
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert go_on.wait(20)

    band.before = hold
    with Workshop() as workshop, ThreadPoolExecutor(2) as threads:
        first = threads.submit(workshop.show, script(1))
        assert begun.wait(20)
        second = threads.submit(workshop.show, script(1))
        assert not second.done()
        go_on.set()
        assert first.result() == second.result()
    assert len(band.said) == len(set(band.said))


def test_a_text_that_fails_fails_for_all_who_need_it_and_for_nobody_else(band: Band) -> None:
    band.fails = {"This is session number 1."}
    with Workshop() as workshop, ThreadPoolExecutor(3) as threads:
        shown = [threads.submit(workshop.show, script(number)) for number in (1, 1, 2)]
        errors = [each.exception() for each in shown]
        assert [str(each).splitlines()[0] for each in errors[:2]] == ["number-1.yaml:4:5: no voice today"] * 2
        assert errors[2] is None
        band.fails = set()
        assert workshop.show(script(1)).title == "Number 1"


@pytest.mark.usefixtures("band")
def test_the_same_after_an_error() -> None:
    with Workshop() as workshop:
        expected = made(workshop, 1, "before")
        wrong: list[ChoiceFields] = [{"hold": "soon"}, {"voice": "nobody"}, {"fit": "10h"}]
        for choices in wrong:
            with pytest.raises(voiceguide.VoiceguideError):
                workshop.make(script(1), out="wrong.mp3", **choices)
        with pytest.raises(voiceguide.ScriptError):
            workshop.show(Path("before-1.mp3"))
        assert made(workshop, 1, "after") == expected


def test_a_few_voices_stay_and_the_one_that_was_used_longest_ago_ends(band: Band) -> None:
    with Workshop() as workshop:
        for rate in (100, 110, 120, 130, 100, 140):
            workshop.show(script(rate), rate=rate)
            workshop.show(script(rate + 1), rate=rate)
        assert sorted(each.settings.rate for each in band.open) == [100, 120, 130, 140]


def test_a_voice_in_use_is_never_closed(band: Band) -> None:
    """Six sessions with six voices, all of them in the middle of a text at once."""
    together = threading.Barrier(6, timeout=20)
    with Workshop() as workshop, ThreadPoolExecutor(6) as threads:
        routine = Path("one.yaml")
        routine.write_text("title: One\nsteps: [say: This is the only text.]\n")
        band.before = together.wait
        list(threads.map(lambda rate: workshop.show(routine, rate=rate), range(100, 160, 10)))
        assert len(band.open) == 6
        band.before = lambda: None
        workshop.show(script(1), rate=100)
        assert len(band.open) == 4


@pytest.mark.usefixtures("band")
def test_a_closed_workshop_says_so_and_makes_nothing() -> None:
    workshop = Workshop()
    made(workshop, 1, "made")
    workshop.close()
    workshop.close()
    routine = voiceguide.load(script(2))
    for ask in (
        lambda: workshop.show(routine),
        lambda: workshop.make(routine, out="new/made.mp3"),
        lambda: workshop.check(routine),
    ):
        with pytest.raises(
            RequestError, match=r"^this workshop is closed; open a new one with voiceguide.Workshop\(\)"
        ):
            ask()
    assert not Path("new").exists()


def test_closing_under_a_session_ends_it_and_then_the_store(band: Band) -> None:
    workshop = Workshop(cache=False)
    folder = workshop._store.folder
    band.before = workshop.close
    with pytest.raises(VoiceError, match=r"voice (is|was) closed"):
        workshop.show(script(1))
    assert not folder.exists()


@pytest.mark.usefixtures("band")
def test_a_workshop_without_a_cache_is_bounded_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "TRIM_AFTER", 300_000)
    with Workshop(cache=False) as workshop:
        folder = workshop._store.folder
        workshop._store.limit = 600_000
        expected = made(workshop, 0, "first")
        for number in range(1, 12):
            made(workshop, number, "more")
            assert workshop._store.size()[1] < 1_000_000
        # Its clips have been thrown away meanwhile.
        assert made(workshop, 0, "again") == expected
    assert not folder.exists()
    assert not Path("cache").exists()


def test_without_a_temporary_folder_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", refuse)
    with pytest.raises(OutputError, match="no temporary folder can be created"):
        Workshop(cache=False)


def test_a_voice_speaks_without_a_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    with open_voice(VoiceSettings(), size=1) as voice:
        expected = voice.speak("Well done.")
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with open_voice(VoiceSettings(), size=1) as voice:
        assert voice.speak("Well done.") == expected


@pytest.mark.usefixtures("band")
def test_the_users_store_is_brought_under_its_limit_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Store(Path("small").absolute(), limit=100_000)
    monkeypatch.setattr(pipe, "user_store", lambda **_: small)
    with Workshop() as workshop:
        made(workshop, 1, "made")
        assert small.size()[1] > small.limit
    assert 0 < small.size()[1] <= small.limit
