"""The JSON Schema says what the reader says, as far as a schema can, whichever way an editor reads YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from voiceguide.errors import ScriptError
from voiceguide.language import grammar as table
from voiceguide.language.loader import load
from voiceguide.language.schema import schema

SCHEMA = schema()
SCRIPTS = sorted((Path(__file__).parent.parent.parent / "scripts").glob("*.yaml"))
# Old and new ways of reading: 1:30 is ninety to one, a text to the other. In C where there is one, for its speed.
LOADERS: list[Any] = [getattr(yaml, f"C{name}", getattr(yaml, name)) for name in ("BaseLoader", "SafeLoader")]
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

STEPS = "[Hello]"
# A script around one key: where `%` stands, the value is put in.
AROUND = {
    "top": "title: T\nsteps: [Hello]\noptions: {a: {about: A}, b: {about: B}}\n{KEY}: %\n",
    "sounds": "title: T\nsteps: [Hello]\nsounds: {{KEY}: %}\n",
    "voice": "title: T\nsteps: [Hello]\nvoice: {{KEY}: %}\n",
    "defaults": "title: T\nsteps: [Hello]\ndefaults: {{KEY}: %}\n",
    "option": "title: T\nsteps: [Hello]\noptions: {a: {MORE{KEY}: %}, b: {about: B}}\n",
    "bed": "title: T\nsteps: [Hello]\nbed: {MORE{KEY}: %}\n",
    "recurring": "title: T\noptions: {a: {about: A}, b: {about: B}}\nsteps: [{hold: 1m, during: [{MORE{KEY}: %}]}]\n",
    "cue": "title: T\noptions: {a: {about: A}, b: {about: B}}\nsteps: [{hold: 1m, during: [{MORE{KEY}: %}]}]\n",
    "step": "title: T\noptions: {a: {about: A}, b: {about: B}}\nsteps: [{VERB{KEY}: %}]\n",
}
# What is around a step or a cue, for the keys that need it.
LOOPS = {f"{place} on": "sides: [left, right]" for place in ("cue", "recurring", "step")}
LOOPS |= {f"{verb} {verb}": "repeat: 2" for verb in ("pause", "hold", "rest", "breathe", "reps")}
SIDED = "title: T\nsteps: [{sides: [left, right], steps: [{hold: %}]}]\n"

# key: (good values, bad values, values that are bad and that no schema can tell)
VALUES: dict[str, tuple[list[str], list[str], list[str]]] = {
    "text": (["Hello.", "5", "No", "2:1"], ["", "[a]", "{a: b}"], ['"..."', '"{sid}"', "Hi 🎉"]),
    "words": (["Hello", "2024", "yes"], ["", "[a]", "{a: b}"], ['"  "']),
    "duration": (
        ["45s", "1m30s", "1.5m", "2 min", "1:30", "0:05", "1:02:03", "500ms", "7", "0.5", "0", "1H"],
        ["soon", "", "[5s]", "-5", "1:75", "1:99:00", "5 parsecs", "5 breaths", "{a: 5s}"],
        ["30s1m"],
    ),
    "length": (["45s", "5 breaths", "1 breath", "1:30", "12"], ["0", "soon", "2.5 breaths", ""], ["0ms", "0 breaths"]),
    "pattern": (
        ["4-6", "4-2-6", "4-4-4-4", "box", "coherent", "4-7-8"],
        ["5", "", "[4, 6]", "4-2-4-2-4", "boxed"],
        ["0-0", "300-300"],
    ),
    "countdown": (["3", "10", "0", "no", "No", "off", '"no"'], ["yes", "soon", "[3]"], ["11"]),
    "cue": (["chimes", "Voice", "both", "none", "yes", "no", "off"], ["loud", "5", ""], []),
    "breath cue": (["voice", "tone", "BOTH"], ["chimes", "no", ""], []),
    "names": (["a", "[a, b]", "[a]"], ["[]", "{a: b}", ""], ["c", "a b"]),
    "yes or no": (["yes", "no", "on", "off", "true", "False", "No"], ["perhaps", "1", ""], []),
    "steps": (["[Hello]", "[{pause: 5s}]"], ["[]", "Hello", "", "[[Hello]]", "[{pause: 5s, hold: 5s}]", "[{}]"], []),
    "moment": (["10s", "-10s", "-10", "half", "Half", "25%", "1:30", "0"], ["middle", "", "[half]"], ["120%", "-x"]),
    "sound": (["bell", "start"], ["", "[bell]"], ["gong"]),
}
KEYS: dict[str, str] = {
    "top title": "words", "top about": "words", "top author": "words", "top source": "words", "top notice": "text",
    "top steps": "steps", "voice name": "words", "defaults gap": "duration", "defaults switch": "duration",
    "defaults countdown": "countdown", "defaults pattern": "pattern", "defaults cue": "cue", "option about": "words",
    "option excludes": "excludes",
    "option default": "yes or no", "recurring every": "every", "recurring say": "texts",
    "recurring chime": "sound", "recurring from": "moment", "recurring until": "moment", "recurring needs": "needs",
    "recurring brief": "brief", "recurring again": "brief", "recurring when": "names", "recurring unless": "names",
    "recurring on": "passes", "cue needs": "needs", "cue at": "moment", "cue say": "text",
    "cue chime": "sound", "cue brief": "brief",
    "cue when": "names", "cue unless": "names", "step when": "names", "step unless": "names", "say say": "text",
    "cue on": "passes", "step on": "passes", "cue again": "brief", "say again": "brief",
    "say gap": "duration", "say brief": "brief", "pause pause": "pauses", "say min": "gap min",
    "say max": "gap max", "pause min": "pause min", "pause max": "pause max",
    "hold hold": "lengths", "hold name": "words",
    "hold min": "min", "hold max": "max", "hold during": "during", "hold countdown": "countdown",
    "hold pattern": "pattern", "hold cue": "cue", "hold start": "edge", "hold end": "edge", "rest start": "edge",
    "rest end": "edge", "rest countdown": "countdown", "rest rest": "lengths", "rest name": "words", "rest min": "min",
    "rest max": "max", "rest during": "during", "breathe breathe": "lengths", "breathe pattern": "pattern",
    "breathe cue": "breath cue", "breathe count": "counting",
    "reps reps": "reps", "reps name": "words", "reps min": "fewest", "reps max": "most", "reps during": "during",
    "reps start": "edge", "reps end": "edge", "reps cue": "cue", "reps tempo": "tempo", "reps count": "counting",
    "reps words": "moves", "chime chime": "sound", "exercise exercise": "words", "exercise steps": "steps",
    "exercise about": "words", "sides sides": "sides", "sides steps": "steps", "sides ratio": "ratio",
    "sides switch": "steps", "sides rest": "sides rest", "repeat repeat": "rounds", "repeat steps": "steps",
    "repeat between": "steps", "repeat as": "as", "include include": "include", "include hold": "length",
    "include pattern": "pattern", "include gap": "duration", "include pace": "pace",
    "include guide": "part guide",
    "include with": "deeper",
    "include without": "deeper", "bed sound": "bed sound", "bed level": "level", "top tags": "tags",
    "top needs": "tags",
    "top language": "language", "top voice": "voice", "top pronounce": "pronounce", "top defaults": "defaults",
    "top options": "options", "top bed": "bed", "top sounds": "sounds",
    "sounds start": "sound", "sounds end": "sound", "sounds halfway": "sound", "sounds switch": "sound",
    "voice rate": "rate", "voice pitch": "pitch", "voice volume": "volume",
}  # fmt: skip
VALUES |= {
    "passes": (
        ["first", "Last", "again", "2", "[1, 2]", "[first, right]", "left"],
        ["", "often", "{a: b}", "[]", "1.5", "[first, often]"],
        ["0", "1001", "3", "tighter", "links"],
    ),
    "excludes": (["b", "[b]"], ["[]", ""], ["a", "c"]),
    "pauses": (["5s", "[5s, 1m]", "[0, 1:30]"], ["soon", "[]", "[5s, soon]", "{a: 5s}"], ["[5s]", "[1s, 2s, 3s]"]),
    "lengths": (["5s", "[5s, 2 breaths]"], ["0", "[]", "[5s, soon]", "[5s, 0]"], ["[5s]", "0ms", "[1s, 2s, 3s]"]),
    "as": (["set", "rung-2", "Satz"], ["", "[set]", "{a: b}"], ["two words", "round", "side", "2nd"]),
    "reps": (
        ["10", "1000", "[8, 10]"],
        ["many", "", "[]", "2.5", "{left: 8}", "[8, many]"],
        ["0", "1001", "{left: 8, right: 10}", "[8]"],
    ),
    "fewest": (["5", "1"], ["few", "", "2.5"], ["0", "12"]),
    "most": (["12", "1000"], ["all", "", "2.5"], ["1001", "5"]),
    "tempo": (["2-2", "2-0-4", "3-1-3-1", "0.5-0.5"], ["2", "", "box", "2-2-2-2-2", "[2, 2]"], ["0.4-2", "2-301-2"]),
    "counting": (["up", "Down", "no", "yes"], ["sideways", "", "5"], []),
    "moves": (["Up.", "[Up., Down.]"], ["", "[]", "{a: b}"], ["[Up., And., Down.]", "[...]"]),
    "sounds": (["{}", "{start: bell, end: soft}"], ["bell", "{begin: bell}", "[bell]"], ["{start: gong}"]),
    "every": (["45s", "1:30", "5m", "5"], ["often", "", "5 breaths", "0"], ["4.9s"]),
    "texts": (["Hi.", "[Hi., Ho.]", "[5]"], ["", "[]", "{a: b}", "[[Hi]]"], ["[Hi., ...]"]),
    "needs": (["25s", "1:30"], ["0", "soon", "5 breaths", ""], []),
    "edge": (
        ["chime", "Voice", "both", "none", "no", "yes", "Ease out.", "{chime: soft}", '"5"'],
        ["[chime]", "{}", "{say: Hi}", "{chime: soft, say: Hi}"],
        ['""', '"..."', "{chime: gong}", '"{sid}"'],
    ),
    "part guide": (["brief", "Fade", "full"], ["quiet", "", "[brief]", "short"], []),
    "pace": (["0.5", "1.25", "10"], ["quick", "", "[1]"], ["0", "11"]),
    "brief": (["Hi.", "no", "off", "False"], ["", "[a]"], ['"..."']),
    "min": (["5s", "1 breath"], ["0", "soon", ""], ["2m"]),
    "max": (["2m", "90 breaths"], ["0", "soon", ""], ["5s"]),
    "gap min": (["0", "600ms"], ["soon", "", "5 breaths"], ["2s"]),
    "gap max": (["600ms", "5m"], ["soon", "", "5 breaths"], ["0"]),
    "pause min": (["0", "5s"], ["soon", "", "5 breaths"], ["6s"]),
    "pause max": (["5s", "1:00"], ["soon", "", "5 breaths"], ["0"]),
    "during": (
        ["[]", "[{at: half, say: Hi}]", "[{at: 5s, chime: bell}]"],
        ["Hi", "[Hi]", "[{at: 5s}]", "[{say: Hi}]", "[{at: 5s, say: Hi, chime: bell}]", "[{at: 5s, sya: Hi}]"],
        [],
    ),
    "sides": (
        ["left", "[left, right]", "[right]"],
        ["[left, left]", "[up]", "[]", "both", ""],
        ["[links, rechts]", "derecha"],
    ),
    "sides rest": (["10s", "1:00"], ["0", "soon", "", "5 breaths"], []),
    "ratio": (["2:1", "3:2", "1:1", '"2:1"'], ["2", "two to one", "", "[2, 1]"], ["1:2", "6:1"]),
    "rounds": (["1", "1000"], ["2.5", "many", "", "-1"], ["0", "1001"]),
    "include": (["half-kneeling"], ["", "[a]"], ["no-such-routine"]),
    "deeper": (["deeper", "[deeper]"], ["[]", ""], ["deper"]),
    "bed sound": (["brown", "waves"], ["", "[brown]"], ["brawn"]),
    "level": (["6", "40"], ["low", "", "6.5"], ["5", "41"]),
    "tags": (["[hips, floor]", "hips", "[2024]"], ["[]", "{a: b}", ""], []),
    "language": (["en-US", "de", "no"], ["[en]", "{en: US}"], ["English please"]),
    "voice": (["{}", "{name: Anna, rate: 120}"], ["Anna", "{nam: Anna}", "[Anna]"], []),
    "pronounce": (["{psoas: so az, L5: L five}", "{}"], ["psoas", "[a]", "{a: [b]}"], ["{ab: b, Ab: c}"]),
    "defaults": (["{}", "{gap: 1s}"], ["1s", "{gop: 1s}"], []),
    "options": (["{}", "{a: {about: A}}"], ["a", "{a: yes}", "{a: {default: no}}"], ["{a b: {about: A}}"]),
    "bed": (["brown", "{sound: waves}", "{sound: drone, level: 20}"], ["[brown]", "{level: 20}", ""], ["brawn"]),
    "rate": (["60", "400"], ["quick", "", "60.5"], ["59", "401"]),
    "pitch": (["0", "100"], ["high", "", "-1"], ["101"]),
    "volume": (["0.5", "1", ".25", "1.0"], ["loud", "", "2"], ["0"]),
}
NEEDED = {
    "hold": "hold: 1m", "rest": "rest: 1m", "say": "say: Hello", "pause": "pause: 5s", "breathe": "breathe: 1m",
    "reps": "reps: 10",
    "exercise": "exercise: E, steps: [Hello]", "sides": "sides: [left, right], steps: [Hello]",
    "repeat": "repeat: 2, steps: [Hello]", "include": "include: inner", "step": "say: Hello", "cue": "at: 5s, say: Hi",
    "recurring": "every: 5s, say: Hi",
    "option": "about: A", "bed": "sound: brown",
}  # fmt: skip


def every_key() -> set[str]:
    tables = {"top": table.TOP, "voice": table.VOICE, "defaults": table.DEFAULTS, "option": table.OPTION,
              "bed": table.BED, "cue": {**table.CUE, **table.CONDITIONS}, "step": table.CONDITIONS}  # fmt: skip
    tables["sounds"] = table.SOUNDS
    tables["recurring"] = {**table.RECURRING, **table.CONDITIONS}
    tables |= {name: {name: table.Field(verb.value, ""), **verb.modifiers} for name, verb in table.VERBS.items()}
    return {f"{place} {key}" for place, fields in tables.items() for key in fields}


def script(place: str, key: str, value: str) -> str:
    """A whole script in which one key has this value."""
    around = AROUND[place if place in AROUND else "step"].replace("{KEY}", key)
    keys = NEEDED.get(place, "").split(", ") if place != "include" or key != "include" else []
    keys = [each for each in keys if each and each.split(":")[0] != key and not (key == "chime" and "say" in each)]
    if place == "sides":
        keys = [each for each in ("sides: left", "steps: [Hello]") if each.split(":")[0] != key]
    lead = ", ".join(keys) + (", " if keys else "")
    text = around.replace("{VERB", "{" + lead).replace("{MORE", "{" + lead)
    if loop := LOOPS.get(f"{place} {key}"):
        text = text.replace("steps: [", f"steps: [{{{loop}, steps: [", 1).rstrip("\n") + "}]\n"
    if place == "top":
        kept = [line for line in text.splitlines() if not line.startswith(f"{key}:") or line.endswith("%")]
        text = "\n".join(kept) + "\n"
    return text.replace("%", value, 1)


def read(text: str, folder: Path) -> bool:
    """Whether the reader takes a script."""
    (folder / "inner.yaml").write_text("title: I\noptions: {deeper: {about: D}}\nsteps: [{hold: 1m}]\n")
    (folder / "script.yaml").write_text(text, encoding="utf-8")
    try:
        load(folder / "script.yaml")
    except ScriptError:
        return False
    return True


def allowed(text: str) -> list[bool]:
    """Whether the schema allows a script, for each way of reading YAML."""
    return [VALIDATOR.is_valid(with_names(yaml.load(text, Loader=loader))) for loader in LOADERS]


def with_names(value: Any) -> Any:
    """The same with every key a name, as JSON has them: YAML 1.1 reads the key `on` as yes."""
    if isinstance(value, dict):
        return {"on" if key is True else key: with_names(each) for key, each in value.items()}
    return [with_names(each) for each in value] if isinstance(value, list) else value


def test_it_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_of_the_language_is_tried() -> None:
    assert set(KEYS) == every_key()
    assert set(KEYS.values()) <= set(VALUES)


@pytest.mark.parametrize("key", KEYS)
def test_reader_and_schema_agree(key: str, tmp_path: Path) -> None:
    place, _, name = key.partition(" ")
    good, bad, blind = VALUES[KEYS[key]]
    for value in good:
        text = script(place, name, value)
        assert read(text, tmp_path), text
        assert allowed(text) == [True, True], text
    for value in bad:
        text = script(place, name, value)
        assert not read(text, tmp_path), text
        assert allowed(text) == [False, False], text
    for value in blind:
        assert not read(script(place, name, value), tmp_path), value


@pytest.mark.parametrize(
    ("value", "good"),
    [("{left: 45s, right: 5 breaths}", True), ("{left: 45s}", False), ("{left: 45s, right: 0}", False)],
)
def test_a_length_for_each_side(value: str, good: bool, tmp_path: Path) -> None:
    text = SIDED.replace("%", value)
    assert read(text, tmp_path) is good
    assert allowed(text) == [good, good]


def test_an_unknown_key_anywhere(tmp_path: Path) -> None:
    for place in ("top", "voice", "defaults", "option", "bed", "cue", "recurring", "step", *table.VERBS):
        if place in NEEDED or place in AROUND:
            text = script(place, "nonsense", "5")
            assert not read(text, tmp_path), text
            assert allowed(text) == [False, False], text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("loader", LOADERS, ids=lambda loader: loader.__name__)
def test_the_routines_that_come_with_it(path: Path, loader: Any) -> None:
    VALIDATOR.validate(with_names(yaml.load(path.read_text(encoding="utf-8"), Loader=loader)))
