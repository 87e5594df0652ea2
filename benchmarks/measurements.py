"""The measurements: a session's speed compared with other ways, growth of cost with length, and start-up time."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import voiceguide
from benchmarks import tables
from benchmarks.contest import Contestant, Results, Start, run_contest
from benchmarks.routine import HOLD_SECONDS, Session

BASELINES = Path(__file__).parent / "baselines"
CHIMES = Path(voiceguide.__file__).parent.parent / "audio"
COMMAND = Path(sys.executable).with_name("voiceguide")

USUAL = "(a) the usual way: pyttsx3, `segment += …` for everything, export through ffmpeg"
LEAN = "(a') the usual way at its leanest: `segment += …` once an instruction"
PROGRAMS = "(b) separate programs: espeak-ng, ffmpeg"
FLOOR = "(c) the floor: each text spoken once and encoded, no session"
COLD = "voiceguide, nothing cached"
ONE_ENCODER = "one encoder for all of it, the mixing beside it"
WARM = "voiceguide, made before"
CHANGED = "voiceguide, one hold changed"
CHANGED_SPOKEN = "voiceguide, one hold changed whose length is spoken"
LAST_CHANGED = "voiceguide, last hold changed"
OVER_A_BED = ("--bed", "brown")
NEEDED = {USUAL: ("ffmpeg",), LEAN: ("ffmpeg",), PROGRAMS: ("ffmpeg", "espeak-ng")}

MINUTES = (10, 30, 60, 180)
WORDS_IN_TEN_MINUTES = 20


def measure_speed(folder: Path, rounds: int) -> str:
    """Measure a 30-minute session of 60 distinct instructions with counted holds, made in every way."""
    session = Session(words=60)
    script = session.write_yaml(folder / "session.yaml")
    spoken = Session(words=60, speaks_lengths=True).write_yaml(folder / "session-spoken.yaml")
    parts = session.write_parts(folder / "parts.json", CHIMES)
    texts = session.write_texts(folder / "texts.json")
    warm = folder / "warm"
    made = {name: folder / f"made-{number}.mp3" for number, name in enumerate((USUAL, LEAN, PROGRAMS, COLD))}
    contestants = [
        Contestant(USUAL, _script("usual_way", parts, made[USUAL])),
        Contestant(LEAN, _script("lean_way", parts, made[LEAN])),
        Contestant(PROGRAMS, _script("programs", parts, made[PROGRAMS])),
        Contestant(FLOOR, _script("floor", texts)),
        Contestant(COLD, _make(script, out=made[COLD])),
        Contestant(WARM, _make(script), warm),
        Contestant(CHANGED, _make_changed(script), warm),
        Contestant(CHANGED_SPOKEN, _make_changed(spoken), warm),
    ]
    able = [each for each in contestants if all(map(shutil.which, NEEDED.get(each.name, ())))]
    results = run_contest(able, rounds)
    head = ["", "wall time", "processor time", "largest process", "than (a)", "than (a')"]
    head += ["wall of (c)", "processor of (c)"]
    text = tables.table(head, (_speed_row(results, each.name) for each in able))
    left_out = [each.name for each in contestants if each not in able]
    if left_out:
        text += f"\n\nSkipped, because their programs are not installed: {'; '.join(left_out)}."
    lengths = [f"{name.partition(':')[0]} {_minutes(path)}" for name, path in made.items() if path.exists()]
    return text + f"\n\nMedians of {rounds} rounds in turns. The sessions' lengths: {'; '.join(lengths)}."


def _speed_row(results: Results, name: str) -> list[str]:
    use = results.median(name)
    return [
        name,
        tables.seconds(use.wall),
        tables.seconds(use.cpu),
        tables.megabytes(use.peak),
        *(_faster(results, name, other) for other in (USUAL, LEAN)),
        tables.factor(1 / results.times_as_fast(name, FLOOR)),
        tables.factor(1 / results.times_the_cpu(name, FLOOR)),
    ]


def _faster(results: Results, name: str, other: str) -> str:
    if name == other or other not in results.rounds:
        return ""
    return tables.faster(results.times_as_fast(name, other))


def measure_growth(folder: Path, rounds: int) -> str:
    """Measure sessions of 10 to 180 minutes: repeating the words of the first ten, and with new words throughout."""
    contestants = []
    for minutes in MINUTES:
        times = minutes // MINUTES[0]
        same = Session(WORDS_IN_TEN_MINUTES, times).write_yaml(folder / f"same-{minutes}.yaml")
        new = Session(WORDS_IN_TEN_MINUTES * times).write_yaml(folder / f"new-{minutes}.yaml")
        contestants += [
            Contestant(f"same cold {minutes}", _make(same)),
            Contestant(f"same warm {minutes}", _make(same), folder / f"warm-{minutes}"),
            Contestant(f"new cold {minutes}", _make(new)),
        ]
    results = run_contest(contestants, rounds)
    head = ["minutes", "same words, cold", "of 10 min", "memory", "same words, made before", "memory"]
    head += ["words in proportion, cold", "of 10 min", "memory"]
    rows = []
    for minutes in MINUTES:
        cold, again, fresh = (results.median(f"{kind} {minutes}") for kind in ("same cold", "same warm", "new cold"))
        of_ten = [1 / results.times_as_fast(f"{kind} {minutes}", f"{kind} 10") for kind in ("same cold", "new cold")]
        rows.append(
            [
                str(minutes),
                *(tables.seconds(cold.wall), tables.factor(of_ten[0]), tables.megabytes(cold.peak)),
                *(tables.seconds(again.wall), tables.megabytes(again.peak)),
                *(tables.seconds(fresh.wall), tables.factor(of_ten[1]), tables.megabytes(fresh.peak)),
            ]
        )
    return tables.table(head, rows) + f"\n\nMedians of {rounds} rounds in turns; memory of the largest process."


def measure_bed(folder: Path, rounds: int) -> str:
    """Measure the 30-minute session with a bed, which is never silent: encoded in parts, and by one encoder."""
    session = Session(words=60)
    script = session.write_yaml(folder / "session.yaml")
    warm = folder / "warm"
    contestants = [
        Contestant(ONE_ENCODER, lambda own: _script("one_encoder", script, own / "session.mp3")(own)),
        Contestant(COLD, _make(script, words=OVER_A_BED)),
        Contestant(WARM, _make(script, words=OVER_A_BED), warm),
        Contestant(LAST_CHANGED, _make_changed(script, hold=f"hold-{session.words}", words=OVER_A_BED), warm),
    ]
    results = run_contest(contestants, rounds)
    rows = []
    for each in contestants:
        use = results.median(each.name)
        faster = "" if each.name == ONE_ENCODER else tables.faster(results.times_as_fast(each.name, ONE_ENCODER))
        cpu = "" if each.name == ONE_ENCODER else tables.factor(1 / results.times_the_cpu(each.name, ONE_ENCODER))
        row = [each.name, tables.seconds(use.wall), tables.seconds(use.cpu), tables.megabytes(use.peak)]
        rows.append([*row, faster, cpu])
    head = ["", "wall time", "processor time", "largest process", "than one encoder", "its processor time"]
    return tables.table(head, rows) + f"\n\nMedians of {rounds} rounds in turns."


def measure_start_up(folder: Path, rounds: int) -> str:
    """Measure commands that make nothing, for a routine that was made before."""
    script = Session(words=60).write_yaml(folder / "shown.yaml")
    cache = folder / "start-up"
    plain = "`python -c pass`"
    commands: dict[str, Sequence[str | Path]] = {
        plain: (sys.executable, "-c", "pass"),
        "`--help`": (COMMAND, "--help"),
        "`list`": (COMMAND, "list"),
        "`check` of a bundled routine": (COMMAND, "check", "hip-reset"),
        "`show` of a bundled routine": (COMMAND, "show", "hip-reset"),
        "`check` of the session above": (COMMAND, "check", script),
        "`show` of the session above": (COMMAND, "show", script),
    }
    results = run_contest([Contestant(name, _fixed(command), cache) for name, command in commands.items()], rounds)
    rows = []
    for name in commands:
        use, least = results.median(name), results.median(plain)
        above = "" if name == plain else tables.milliseconds(use.wall - least.wall)
        row = [name, tables.milliseconds(use.wall), above, tables.milliseconds(use.cpu), tables.megabytes(use.peak)]
        rows.append(row)
    head = ["", "wall time", "above the interpreter's own", "processor time", "memory"]
    return tables.table(head, rows) + f"\n\nMedians of {rounds} rounds in turns."


def measure_against(folder: Path, rounds: int, other: Path) -> str:
    """Compare this voiceguide with another installation: sessions made, shown and checked, each with its own cache.

    other: the other installation's command.
    """
    session = Session(words=60)
    script = session.write_yaml(folder / "session.yaml")
    spoken = Session(words=60, speaks_lengths=True).write_yaml(folder / "session-spoken.yaml")
    last = f"hold-{session.words}"
    cases: dict[str, tuple[Callable[[Path], Start], bool]] = {
        "nothing cached": (partial(_make, script), False),
        "made before": (partial(_make, script), True),
        "one hold changed": (partial(_make_changed, script), True),
        "one hold changed whose length is spoken": (partial(_make_changed, spoken), True),
        "`show`, made before": (lambda command: _fixed([command, "show", script]), True),
        "`check`, made before": (lambda command: _fixed([command, "check", script]), True),
        "over a bed, nothing cached": (partial(_make, script, words=OVER_A_BED), False),
        "over a bed, made before": (partial(_make, script, words=OVER_A_BED), True),
        "over a bed, last hold changed": (partial(_make_changed, script, hold=last, words=OVER_A_BED), True),
    }
    rows = []
    for name, (start, kept) in cases.items():
        pair = [
            Contestant(side, start(command), folder / f"cache-{side}" if kept else None)
            for side, command in (("this", COMMAND), ("other", other))
        ]
        results = run_contest(pair, rounds)
        ours, theirs = results.median("this"), results.median("other")
        ratios = (1 / results.times_as_fast("this", "other"), 1 / results.times_the_cpu("this", "other"))
        row = [name, tables.seconds(ours.wall), tables.seconds(theirs.wall), *map(tables.factor, ratios)]
        rows.append([*row, tables.megabytes(ours.peak), tables.megabytes(theirs.peak)])
    head = ["", "this", "the other", "wall time", "processor time", "memory of this", "of the other"]
    note = f"\n\nMedians of {rounds} rounds in turns; ratios are this to the other, medians of those within the rounds."
    return tables.table(head, rows) + note


def _script(name: str, *words: Path) -> Start:
    return _fixed([sys.executable, BASELINES / f"{name}.py", *words])


def _fixed(command: Sequence[str | Path]) -> Start:
    return lambda _folder: command


def _make(script: Path, command: Path = COMMAND, *, out: Path | None = None, words: Sequence[str] = ()) -> Start:
    return lambda folder: [command, "make", script, "-o", out or folder / "session.mp3", *words]


def _make_changed(script: Path, command: Path = COMMAND, *, hold: str = "hold-7", words: Sequence[str] = ()) -> Start:
    lengths = itertools.count(HOLD_SECONDS + 1)  # a new length each time, so that the session wasn't made before

    def start(folder: Path) -> Sequence[str | Path]:
        return [command, "make", script, "-o", folder / "session.mp3", "--hold", f"{hold}={next(lengths)}s", *words]

    return start


def _minutes(path: Path) -> str:
    from mutagen.mp3 import MP3

    whole = round(MP3(path).info.length)
    return f"{whole // 60}:{whole % 60:02}"
