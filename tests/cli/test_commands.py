"""Every command but `make`: what it prints where, how it ends, and what it has to import for that."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import click
import jsonschema
import pytest

import voiceguide
from tests.cli.running import SCRIPT, SHORT, Ran, cli, process, python
from voiceguide import library
from voiceguide.cli import completion
from voiceguide.cli.group import COMMANDS
from voiceguide.errors import VoiceError
from voiceguide.routine import presets
from voiceguide.score.estimate import about_ms
from voiceguide.system.store import user_store

HEAVY = ("numpy", "pydub", "soundfile", "soxr", "lameenc", "rich", "pyttsx3", "mutagen")


@pytest.fixture(autouse=True)
def short() -> None:
    """A short routine in the current folder."""
    Path("short.yaml").write_text(SHORT)


def test_version() -> None:
    assert cli("--version") == Ran(0, f"voiceguide {voiceguide.__version__}\n", "")
    assert process("--version").out == f"voiceguide {voiceguide.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command: str) -> None:
    done = cli(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"  voiceguide {command}" in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_help_names_every_option_once() -> None:
    shown = re.findall(r"^  (?:-o, )?--?([\w-]+)", cli("make", "--help").out, re.MULTILINE)
    assert len(shown) == len(set(shown))
    assert {"hold", "fit", "tight", "with", "guide", "stereo", "preset", "out", "quiet"} <= set(shown)


def test_a_slip_in_an_option_is_met_with_the_right_one() -> None:
    done = cli("make", "short", "--hld", "3s")
    assert done.code == 2
    assert "--hold" in done.err


def test_list_is_for_people_who_choose() -> None:
    done = cli("list")
    assert done.code == 0
    bundled, _, yours = done.out.partition("Yours:\n")
    assert bundled.startswith("Come with voiceguide:\n")
    for found in library.scripts():
        assert f"\n  {found.name} " in "\n" + (yours if found.yours else bundled)
    assert re.search(r"^  short +1 min  Two sides, in no time\.$", yours, re.MULTILINE)
    assert "Needs: block." in bundled
    assert "voiceguide make NAME" in done.err


def test_list_names_a_script_with_errors() -> None:
    Path("wrong.yaml").write_text("title: Wrong\nsteps: []\n")
    assert "See them with `voiceguide check wrong.yaml`." in cli("list").out


@pytest.mark.parametrize("name", [found.name for found in library.scripts() if not found.yours])
def test_a_listed_length_is_nearly_the_real_one(name: str) -> None:
    routine = voiceguide.load(name)
    assert about_ms(routine) == pytest.approx(voiceguide.show(routine).duration_ms, rel=0.05)


def test_show_is_a_table_with_a_section_for_each_exercise_and_side() -> None:
    done = cli("show", "short", "--hold", "1m")
    lines = done.out.splitlines()
    assert done.err == "Note: lean-reach: 1m is outside its range, 3s to 10s, so it is 10s\n"
    assert lines[:4] == [
        f"A short one  00:{lines[0].rpartition(':')[2]}",
        "Two sides, in no time.",
        "By: Somebody",
        "From: Nowhere.",
    ]
    sections = [line for line in lines if re.search(r"-  \d:\d\d to \d:\d\d$", line)]
    assert [line.partition("  --")[0] for line in sections] == ["Lean & reach: left side", "Lean & reach: right side"]
    rows = [re.fullmatch(r" (\d\d:\d\d\.\d{3}) +((?:\d+:)?\d+\.\d{3})  ( *)(\w+) *(.*)", line) for line in lines]
    table = [match.groups()[1:] for match in rows if match]
    assert ("10.000", "", "hold", "lean-reach (left)") in table
    assert [row[1:] for row in table if row[2] == "count"][:2] == [("  ", "count", "two"), ("  ", "count", "one")]
    assert len(table) == len(voiceguide.show("short", hold="1m").events)
    assert not [line for line in lines if line != line.rstrip() or len(line) > 100]


def test_show_spoken_is_what_the_voice_is_given() -> None:
    Path("spoken.yaml").write_text(
        "title: T\npronounce: {psoas: so az, IT: eye tee, use: use}\nsteps:\n  - Close your eyes. Use the psoas.\n"
        "  - Hold it at the IT band and the ASIS.\n",
        encoding="utf-8",
    )
    written, spoken = cli("show", "spoken").out, cli("show", "spoken", "--spoken").out
    assert "Close your eyes. Use the psoas." in written
    assert "Hold it at the IT band and the ASIS." in written
    assert "cloze your eyes. use the so az." in spoken
    assert "Hold it at the eye tee band and the A.S.I.S." in spoken
    events = json.loads(cli("show", "spoken", "--spoken", "--json").out)["events"]
    assert events[0]["text"] == "Close your eyes. Use the psoas."
    assert events[0]["spoken"] == "cloze your eyes. use the so az."
    assert "spoken" not in json.loads(cli("show", "spoken", "--json").out)["events"][0]


def test_show_spoken_reads_what_is_written_in_short() -> None:
    text = "Hold for 30 s, 2-3 inches, 1/2 turn, 90°, 3\u00d710, ~10 cm, #2 & e.g. the SI joint (ASIS)"
    Path("short-forms.yaml").write_text(f'title: T\nsteps:\n  - "{text}"\n', encoding="utf-8")
    event = json.loads(cli("show", "short-forms", "--spoken", "--json").out)["events"][0]
    assert event["text"] == text
    assert event["spoken"] == (
        "Hold for 30 seconds, 2 to 3 inches, half turn, 90 degrees, 3 times 10, about 10 centimeters, number 2 and for "
        "example the S.I joint (A.S.I.S)"
    )


def test_show_in_a_narrow_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, cli("show", "short").out.splitlines())) <= 66


def test_json_is_all_there_is_on_standard_output() -> None:
    done = process("show", "short", "--json", "--no-cache", "--hold", "1m")
    shown = json.loads(done.out)
    assert set(shown) == {"title", "duration", "chapters", "events", "notes"}
    assert shown["notes"] == ["lean-reach: 1m is outside its range, 3s to 10s, so it is 10s"]
    assert {event["kind"] for event in shown["events"]} == {"say", "chime", "hold", "count", "switch", "pause"}
    assert [event["start"] for event in shown["events"]] == sorted(event["start"] for event in shown["events"])
    assert done.err == f"Note: {shown['notes'][0]}\n"


def test_a_console_without_unicode_still_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    Path("short.yaml").write_text(SHORT.replace("A short one", "Rozciąganie"), encoding="utf-8")
    assert process("show", "short").out.startswith("Rozci?ganie  00:")
    assert json.loads(process("show", "short", "--json").out)["title"] == "Rozciąganie"


def test_a_picture_goes_into_its_file_and_nowhere_else() -> None:
    done = cli("show", "short", "--svg", "short.svg")
    assert done == Ran(0, "short.svg\n", "")
    both = cli("show", "short", "--svg", "again.svg", "--json")
    assert (both.err, json.loads(both.out)["title"]) == ("again.svg\n", "A short one")
    assert Path("again.svg").read_bytes() == Path("short.svg").read_bytes()
    assert Path("short.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_the_totals_that_an_error_names_can_be_met() -> None:
    said = cli("show", "short", "--fit", "1s").err
    named = re.fullmatch(r"Error: fit: 1s is out of reach; the shortest it can be is (.+), the longest (.+)\n", said)
    assert named
    for total in named.groups():
        assert cli("show", "short", "--fit", total).code == 0


def test_check_finds_all_errors_of_all_files() -> None:
    Path("wrong.yaml").write_text("title: Wrong\nsteps: [{hold: long}, {say: '{sid}'}]\n")
    done = cli("check", "wrong.yaml", "short.yaml", "missing.yaml")
    assert (done.code, done.out) == (1, "")
    assert re.findall(r"^\S+:\d+:\d+: \w+|^there is no file missing.yaml|^short.yaml: no errors", done.err, re.M) == [
        "wrong.yaml:2:16: hold",
        "wrong.yaml:2:30: say",
        "short.yaml: no errors",
        "there is no file missing.yaml",
    ]
    assert cli("check", "short").code == 0


def test_check_tries_every_option() -> None:
    wrong = SHORT.replace(
        "    countdown: 2\n", "    countdown: 2\n            during: [{at: 4s, say: Now.}]\n"
    ).replace("          - when: deeper\n            say: A little further.\n", "")
    Path("wrong.yaml").write_text(wrong.replace("{at: 4s,", "{at: 4s, when: deeper,"))
    done = cli("check", "wrong")
    assert done.code == 1
    assert "Now." in done.err


def test_check_names_the_file_whose_voice_is_not_there() -> None:
    Path("wrong.yaml").write_text("title: Wrong\nvoice: {name: nobody}\nsteps: [Hello.]\n")
    assert cli("check", "wrong.yaml").err.startswith('wrong.yaml: there is no voice "nobody"')


BRIEF = """\
title: Brief
options: {deeper: {about: Lean in, default: no}}
steps:
  - hold: 10s
    name: reach
    countdown: 3
    during: [{at: 6s, say: Now., brief: Reach as far as you can now.}]
  - hold: 10s
    name: lean
    when: deeper
    during: [{at: 1s, say: Lean., brief: Lean in with all of your weight.}, {at: 2s, say: Rise.}]
"""


def test_check_tries_the_brief_words_too() -> None:
    Path("brief.yaml").write_text(BRIEF)
    assert cli("show", "brief").code == 0
    left_out = cli("show", "brief", "--guide", "brief")
    assert left_out.code == 0
    assert left_out.err == 'Note: reach: "Reach as far as you can now." does not fit into 10s and is left out\n'
    done = cli("check", "brief")
    assert done.code == 1
    found = [line for line in done.err.splitlines() if line.startswith("brief.yaml:")]
    assert re.findall(r'^brief.yaml:(\d+):\d+: during: "(.+?)"', "\n".join(found), re.M) == [
        ("7", "Reach as far as you can now."),
        ("11", "Rise."),
    ]
    assert [line.rpartition(" (")[2] for line in found] == [
        "with --guide brief)",
        "with --with deeper, --guide brief)",
    ]


def test_check_names_the_option_that_a_problem_needs() -> None:
    steps = "".join(
        f"  - {{{when}hold: 10s, name: {name}, during: [{{at: 9s, say: {word}.}}]}}\n"
        for name, when, word in [
            ("always", "", "Further than this"),
            ("on", "when: deeper, ", "Deeper than this"),
            ("off", "unless: standing, ", "Lower than this"),
        ]
    )
    options = "options: {deeper: {about: A, default: no}, standing: {about: B, default: yes}}\n"
    Path("three.yaml").write_text(f"title: Three\n{options}steps:\n{steps}")
    done = cli("check", "three")
    found = [line for line in done.err.splitlines() if line.startswith("three.yaml:")]
    assert len(found) == 3
    assert "(with" not in found[0]
    assert found[1].endswith(" (with --with deeper)")
    assert found[2].endswith(" (with --without standing)")


def test_check_turns_off_what_an_option_excludes() -> None:
    options = "options: {high: {about: A, default: yes}, low: {about: B, excludes: high}}\n"
    step = "  - {when: low, hold: 10s, during: [{at: 9s, say: Lower than this.}]}\n"
    Path("two.yaml").write_text(f"title: Two\n{options}steps:\n  - Hello.\n{step}")
    done = cli("check", "two")
    assert done.err.splitlines()[0].endswith(" (with --with low --without high)")
    assert cli("show", "two", "--with", "low").err == (
        'Error: with: "low" and "high" exclude each other, and "high" is on here; turn it off with --without high\n'
    )


def test_show_tells_each_option_as_it_is() -> None:
    Path("inner.yaml").write_text(
        "title: Inner\noptions: {deeper: {about: A}, lower: {about: B, default: yes}, slow: {about: C}}\n"
        "steps: [Hello.]\n"
    )
    Path("outer.yaml").write_text(
        "title: Outer\noptions: {own: {about: D, default: yes}, other: {about: E}}\nsteps:\n"
        "  - {include: inner, with: [deeper, slow]}\n  - {include: inner, with: deeper, without: lower}\n"
        "  - {include: inner, with: lower, unless: own}\n"
    )

    def told(*choices: str) -> list[str]:
        return re.findall(r"^  (\w+ \(.*\)): [A-E]$", cli("show", "outer", *choices).out, re.MULTILINE)

    assert told() == ["own (on)", "other (off)", "deeper (on)", "lower (on in a part)", "slow (on in a part)"]
    chosen = told("--with", "other,slow", "--without", "lower")
    assert chosen == ["own (on)", "other (on)", "deeper (on)", "lower (off)", "slow (on)"]


def test_check_names_no_guide_for_what_is_wrong_in_all_words() -> None:
    Path("brief.yaml").write_text(BRIEF.replace("at: 6s", "at: 8s").replace("brief: Reach as far as you can", "brief:"))
    done = cli("check", "brief")
    assert done.code == 1
    assert '"Now." would sound' in done.err.splitlines()[0]
    assert "--guide" not in done.err.splitlines()[0]


def test_new_then_check_then_make() -> None:
    assert cli("new", "my-first") == Ran(0, "my-first.yaml\n", "")
    assert re.fullmatch(r"my-first\.yaml: no errors; \d:\d\d long\n", cli("check", "my-first.yaml").err)
    assert cli("make", "my-first", "--with", "deeper", "--guide", "brief").out == "My first.mp3\n"
    assert "  my-first " in cli("list").out


def test_voices_begin_with_the_default_and_its_language() -> None:
    rows = cli("voices").out.splitlines()
    assert len(rows) > 100
    assert rows[0].endswith("  the default")
    assert sum("the default" in row for row in rows) == 1
    english = ["English (" in row for row in rows]
    assert english == sorted(english, reverse=True)
    assert sum(english) > 5


def test_voices_of_one_language() -> None:
    assert all("English" in row for row in cli("voices", "--language", "en").out.splitlines())
    assert len(cli("voices", "--language", "en-gb").out.splitlines()) > 2
    assert [row.split()[1] for row in cli("voices", "--language", "de").out.splitlines()] == ["German"]


def test_a_sample_of_a_voice() -> None:
    done = cli("voices", "--sample", "en-GB+m3", "-o", "sample.mp3")
    assert (done.code, done.out) == (0, "sample.mp3\n")
    assert Path("sample.mp3").stat().st_size > 40_000


def test_schema_is_one_and_takes_the_bundled_routines() -> None:
    schema = json.loads(cli("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"title": "A", "steps": ["Hello."]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"title": "A", "steps": [{"hold": "30s", "rest": "1m"}]}, schema)


def test_the_cache_can_be_seen_and_cleared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cli("cache").err == "0 entries, 0.0 of at most 500 MB\n"
    assert cli("show", "short").code == 0
    seen = cli("cache")
    assert Path(seen.out.rstrip("\n")).is_dir()
    assert re.fullmatch(r"\d+ entries, \d\.\d of at most 500 MB\n", seen.err)
    assert cli("cache", "--clear").code == 0
    assert cli("cache").err == "0 entries, 0.0 of at most 500 MB\n"


def test_a_cache_that_cannot_be_cleared_is_said_to_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    store = user_store()
    store.put("key", b"sound")

    def refused(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        done = cli("cache", "--clear")
    assert done.code == 1
    assert done.err == (
        f"Cleared 0 entries, 0.0 MB, from {store.folder}\n"
        f"Error: 1 entry in {store.folder} can't be deleted; check the folder's permissions\n"
    )


def test_presets_are_saved_used_and_added_to(own_folders: Path) -> None:
    saved = cli("show", "short", "--hold", "7s", "--with", "deeper", "--guide", "brief", "--save-preset", "evening")
    path = own_folders / "presets" / "evening.json"
    assert saved.err == f"Saved; use these choices again with --preset evening ({path})\n"
    assert json.loads(path.read_text()) == {"hold": ["7s"], "with": ["deeper"], "guide": "brief"}
    assert cli("show", "short", "--preset", "evening").out == saved.out
    one = ("--hold", "lean-reach/right=9s")
    both = cli("show", "short", "--preset", "evening", *one, "--guide", "full").out
    assert both == cli("show", "short", "--hold", "7s", *one, "--with", "deeper").out
    off = cli("show", "short", "--preset", "evening", "--without", "deeper").out
    assert off == cli("show", "short", "--hold", "7s", "--guide", "brief").out
    assert presets.names() == ["evening"]


def test_a_preset_with_music_works_from_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("rain.wav").write_bytes(b"not read by show")
    assert cli("show", "short", "--bed", "rain.wav", "--save-preset", "rainy").code == 0
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert cli("show", "half-kneeling", "--preset", "rainy").code == 0
    assert cli("show", "half-kneeling", "--bed", "rain.wav").code == 1


def test_no_preset_is_saved_when_something_went_wrong() -> None:
    assert cli("show", "short", "--hold", "lean-reach=1h", "--save-preset", "evening").code == 1
    assert presets.names() == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ma", ["plain,make"]),
        ("make half", [f"plain,half-kneeling{tag}" for tag in ("", "-de", "-es")]),
        ("show sh", ["plain,short"]),
        ("check ./sh", ["file,./sh"]),
        ("make short --preset eve", ["plain,evening"]),
        ("show short --first l", ["plain,left"]),
        ("show short --only r", ["plain,right"]),
        ("show short --tight r", ["plain,right"]),
        ("show short --guide ", ["plain,full", "plain,brief", "plain,fade", "plain,quiet"]),
        ("make short --guide B", ["plain,brief"]),
        ("make short --cues ch", ["plain,chimes"]),
        ("make short --pattern b", ["plain,box"]),
        ("make short --bed w", ["plain,waves"]),
        ("make short --bed music/ra", ["file,music/ra"]),
        ("make short --voice en-029", ["plain,en-029"]),
        ("voices --sample gmw/en-029", ["plain,gmw/en-029"]),
        ("make short --voice nobody", []),
        ("make short -o pho", ["file,pho"]),
    ],
)
def test_completion(words: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if "--preset" in words:
        assert process("show", "short", "--guide", "brief", "--save-preset", "evening").code == 0
    monkeypatch.setenv("_VOICEGUIDE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"voiceguide {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" "))))
    assert process().out.split() == expected


def test_completion_is_silent_where_there_are_no_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise VoiceError("There is no voice.")

    monkeypatch.setattr("voiceguide.voices.list_voices", none)
    assert completion.voices(click.Context(click.Command("make")), click.Option(["--voice"]), "en") == []


@pytest.mark.parametrize(
    "arguments", [("--help",), ("list",), ("check", "short"), ("show", "short"), ("make", "--help"), ("voices",)]
)
def test_light_commands_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    # Not a matter of time but of what is asked for: a session that was spoken before needs no voice and no numpy.
    assert cli("check", "short").code == 0
    done = python(IMPORTED, *arguments)
    assert done.code == 0, done.err
    imported = set(done.err.splitlines()[-1].split())
    assert "click" in imported
    assert not imported & set(HEAVY)


IMPORTED = """\
import sys
from voiceguide.cli import main
try:
    main()
finally:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_reader_that_goes_away_is_no_error() -> None:
    done = python(CLOSED, str(SCRIPT))
    assert done.err == ""
    assert done.code == 0


CLOSED = """\
import os, subprocess, sys
reading, writing = os.pipe()
os.close(reading)
done = subprocess.run([sys.argv[1], "schema"], stdout=writing, stderr=subprocess.PIPE)
sys.stderr.write(done.stderr.decode())
"""


def test_tests_stay_in_folders_of_their_own() -> None:
    assert "pytest" in os.environ["XDG_CACHE_HOME"]
    assert "pytest" in os.environ["HOME"]
