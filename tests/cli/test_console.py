"""What is printed: nothing that a terminal would obey, and nothing that fails because nobody can read it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.cli.running import SCRIPT, SHORT, cli, drain, python
from voiceguide.cli import console
from voiceguide.errors import Place, caret, visible

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names, devices or terminals")

# Moves the cursor, sets the title, turns the writing round, hides, and ends lines where none end.
NASTY = "\x1b[2J\x1b]0;x\x07\r\x08\x7f\x9b31m\u202e\u2066\u200f\u061c\u200b\u2028\u2060\ufeff\U000e0041"
NASTY_YAML = json.dumps(NASTY[:-1])[:-1] + '\\U000e0041"'
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@given(st.text())
@example(NASTY)
@example("plain, 日本語, é, 😀, \u00a0, \u3000")
@example("\udce9\ud800")
def test_what_is_visible_is_not_obeyed(text: str) -> None:
    shown = visible(text)
    assert not OBEYED.search(shown)
    assert visible(shown) == shown
    assert shown.count("\n") == text.count("\n")
    if text.isprintable():
        assert shown == text
    assert "\n" not in visible(text, keep="")


@pytest.mark.parametrize("line", ["\x1b[31m: x", "日本: x", "e\u0301: x", "\u202e\u202e: x", "\t\t: x", "a\udce9: x"])
def test_a_caret_stands_under_its_column(line: str) -> None:
    _, above, below = caret(Place("p", 1, line.index("x") + 1, line)).split("\n")
    # As a terminal lays it out: wide characters take two columns, accents that combine take none.
    before = above[: above.rindex("x")].replace("日本", "....").replace("\u0301", "")
    assert (
        below.replace("\t", "\x00")
        == re.sub(r"[^\t]", " ", before.replace("|", " "))
        .replace("\t", "\x00")
        .replace(" " * before.index("|"), below[: before.index("|")], 1)[: before.index("|")]
        + "|"
        + re.sub(r"[^\t]", " ", before[before.index("|") + 1 :]).replace("\t", "\x00")
        + "^"
    )


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "{}.yaml"),
        ("show", "{}"),
        ("{}",),
        ("make", "--{}"),
        ("make", "short", "--hold", "{}"),
        ("make", "short", "--with", "{}"),
        ("make", "short", "--preset", "{}"),
        ("make", "short", "--save-preset", "{}"),
        ("make", "short", "--bed", "{}.wav"),
        ("make", "short", "--voice", "{}"),
        ("make", "short", "-o", "{}/x.mp3"),
        ("make", "short", "-o", "{}.wav"),
        ("show", "short", "--svg", "no/{}.svg"),
        ("new", "no/{}"),
        ("voices", "--language", "{}"),
        ("voices", "--sample", "{}"),
        ("cache", "{}"),
    ],
)
@pytest.mark.parametrize("nasty", [NASTY, "\x1b[31m", "caf\udce9", "\u202egnp"])
def test_no_argument_is_obeyed_when_it_is_said_again(arguments: tuple[str, ...], nasty: str) -> None:
    Path("short.yaml").write_text(SHORT)
    done = cli(*(each.format(nasty) for each in arguments))
    assert done.code in (1, 2)
    assert not OBEYED.search(done.err + done.out)
    assert "Traceback" not in done.err
    assert "unexpected error" not in done.err


@posix
def test_no_script_is_obeyed() -> None:
    quoted = NASTY_YAML
    Path("a\x1b[31m\u202e.yaml").write_text(SHORT.replace("A short one", quoted).replace("Lean & reach", quoted))
    Path("b\x9b.yaml").write_text(f"title: {quoted}\nsteps: [{quoted}: {quoted}, hold: {quoted}]\n")
    for arguments in (
        ("list",),
        ("show", "a\x1b[31m\u202e.yaml"),
        ("show", "b\x9b.yaml"),
        ("check", "a\x1b[31m\u202e.yaml", "b\x9b.yaml"),
        ("make", "a\x1b[31m\u202e.yaml", "--guide", "quiet", "-v"),
        ("show", "a\x1b[31m\u202e.yaml", "--json"),
    ):
        done = cli(*arguments)
        assert not OBEYED.search(done.out + done.err), arguments
        assert done.out + done.err


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_json_holds_every_character_and_shows_none(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"title": f"{NASTY}é日😀\udce9", NASTY: [NASTY]}
    kept = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(kept, encoding))
    console.say_json(value)
    text = kept.getvalue().decode(encoding)
    assert not OBEYED.search(text)
    assert json.loads(text) == value
    assert ("é" in text) == (encoding == "utf-8")


def on_a_terminal(*arguments: str | bytes) -> bytes:
    """What a command prints whose standard output is a terminal."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen([str(SCRIPT), *arguments], stdout=theirs, stderr=subprocess.DEVNULL) as running:
        os.close(theirs)
        seen = drain(ours)
        running.wait(60)
    os.close(ours)
    return seen


@posix
def test_a_path_is_exact_for_a_program_and_visible_for_a_person() -> None:
    Path("short.yaml").write_text(SHORT)
    name = b"caf\xe9\x1b[31m\n.svg"
    piped = subprocess.run([SCRIPT, b"show", b"short", b"--svg", name], capture_output=True, timeout=60, check=True)
    assert piped.stdout == name + b"\n"
    assert os.path.exists(name)  # noqa: PTH110 - bytes
    assert on_a_terminal("show", "short", "--svg", name) == rb"caf\xe9\x1b[31m\x0a.svg" + b"\r\n"


@posix
@pytest.mark.parametrize("arguments", [("list",), ("schema",), ("show", "short", "--json"), ("--help",), ("voices",)])
def test_a_full_drive_under_standard_output_is_one_sentence(arguments: tuple[str, ...]) -> None:
    Path("short.yaml").write_text(SHORT)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([SCRIPT, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    errors = [line for line in done.stderr.decode().splitlines() if "no space left" in line]
    assert done.returncode == 1
    assert len(errors) == 1
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@posix
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-", "2>/dev/full", ">/dev/null"])
def test_streams_that_are_closed_change_nothing_else(closed: str) -> None:
    Path("short.yaml").write_text(SHORT)
    for number, command in enumerate(
        ("make short --no-cache -o x.mp3", "list", "check short", "show short --svg x.svg")
    ):
        done = subprocess.run(
            ["sh", "-c", f'"$0" {command} {closed}', SCRIPT], capture_output=True, timeout=60, check=False
        )
        assert done.returncode == 0, (number, done.stderr)
        assert b"Traceback" not in done.stderr
    assert Path("x.mp3").stat().st_size > 10_000
    assert Path("x.svg").read_bytes().startswith(b"<svg")


@posix
def test_a_reader_that_goes_away_ends_the_printing_and_not_the_work() -> None:
    Path("short.yaml").write_text(SHORT)
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ("make", "short", "short", "-o", "out", "--guide", "quiet")
    done = subprocess.run([SCRIPT, *arguments], stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr.count(b"\n")) == (0, 2)
    assert len(list(Path("out").iterdir())) == 2


def test_verbose_before_and_after_the_command() -> None:
    Path("short.yaml").write_text(SHORT)
    for arguments in (("-v", "show", "short", "--no-cache"), ("show", "short", "--no-cache", "--verbose")):
        done = cli(*arguments)
        assert "voices.process: speaking 'Hello.'" in done.err
        assert "voices.process: started child" in done.err
    assert "speaking" not in cli("show", "short", "--no-cache").err
    wrong = cli("show", "nobody", "-v").err
    assert wrong.startswith('Error: there is no routine called "nobody"')
    assert "Traceback" in wrong


UNFORESEEN = """\
import sys
from voiceguide import workshop
def fail(*_, **__):
    raise {error}
workshop.load = fail
from voiceguide.cli import main
main()
"""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "KeyError('x')",
            "Error: unexpected error (KeyError); this is a bug in voiceguide; ",
        ),
        ("RecursionError()", "Error: unexpected error (RecursionError); "),
        ("MemoryError()", "Error: there is not enough memory; "),
        ("OSError(5, 'Input/output error', 'x\\x1b')", "Error: x\\x1b can't be used: input/output error"),
        ("OSError(28, 'No space left on device')", "Error: the system reports: no space left on device"),
        (
            "ImportError('No module named soxr')",
            "Error: voiceguide is not completely installed: No module named soxr; ",
        ),
        ("UnicodeEncodeError('ascii', 'é', 0, 1, 'no')", "Error: unexpected error (Unicode"),
        ("AssertionError", "Error: unexpected error (AssertionError); "),
    ],
)
def test_what_nobody_foresaw_is_one_sentence(error: str, said: str) -> None:
    done = python(UNFORESEEN.format(error=error), "make", "half-kneeling")
    assert done.err.startswith(said)
    assert done.err.count("\n") == 1
    assert done.code == 1
    assert "Traceback" in python(UNFORESEEN.format(error=error), "-v", "make", "half-kneeling").err


@posix
@pytest.mark.parametrize("columns", ["0", "-3", "quark", "", "9" * 5000, "1"])
def test_any_width_of_a_window(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("short.yaml").write_text(SHORT)
    monkeypatch.setenv("COLUMNS", columns)
    for arguments in (("list",), ("show", "short"), ("make", "--help")):
        assert cli(*arguments).code == 0


@posix
def test_a_locale_that_knows_no_letters_but_english_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LC_ALL", "C"), ("PYTHONUTF8", "0"), ("PYTHONCOERCECLOCALE", "0")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    title = "Hüfte 日本"
    Path("ä.yaml").write_text(SHORT.replace("A short one", title), encoding="utf-8")
    for arguments in (("list",), ("make", "ä.yaml"), ("show", "ä.yaml", "--svg", "ö.svg"), ("check", "ä.yaml")):
        done = subprocess.run([SCRIPT, *arguments], capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    assert Path(f"{title}.mp3").is_file()
    assert Path("ö.svg").is_file()
    assert subprocess.run([SCRIPT, "new", "Grüße"], capture_output=True, timeout=60, check=False).returncode == 0
    assert "title: Grüße\n" in Path("Grüße.yaml").read_text(encoding="utf-8")


@posix
def test_a_current_folder_that_was_deleted(tmp_path: Path) -> None:
    code = "mkdir gone && cd gone && rmdir ../gone && exec"
    for command, ended in (
        (("list",), 0),
        (("show", "half-kneeling", "--no-cache"), 0),
        (("make", "half-kneeling", "--no-cache", "--guide", "quiet", "-o", str(tmp_path / "x.mp3")), 0),
        (("make", "half-kneeling"), 1),
        (("show", "half-kneeling", "--svg", "x.svg"), 1),
        (("new", "x"), 1),
    ):
        done = subprocess.run(
            ["sh", "-c", f'{code} "$@"', "sh", SCRIPT, *command],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == ended, (command, done.stderr)
        assert done.stderr.count("\n") <= 3
        assert "Traceback" not in done.stderr
        assert not ended or "Error: " in done.stderr


@posix
@pytest.mark.parametrize("home", ["missing", "/proc", "/dev/null", "", "short.yaml", "relative"])
def test_any_home(home: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever a user's own folders are: what needs none of them works, and what does says so."""
    Path("short.yaml").write_text(SHORT)
    if home == "missing":
        home = str(tmp_path / "missing" / "home")
    monkeypatch.setenv("HOME", home)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        # What is no absolute path would mean the home of whoever runs the tests.
        monkeypatch.setenv(name, home if home.startswith("/") else str(tmp_path / "own"))
    for arguments in (("list",), ("make", "short", "--guide", "quiet", "-o", "x.mp3"), ("cache",)):
        done = cli(*arguments)
        assert done.code == 0, done.err
    saved = cli("show", "short", "--save-preset", "evening")
    assert saved.err.count("\n") == 1
    assert "Traceback" not in saved.err


@posix
def test_no_variable_at_all() -> None:
    """As under `env -i`, or what starts programs by the clock: no PATH, no HOME, no language."""
    Path("short.yaml").write_text(SHORT)
    for arguments in (
        *(("make", "short.yaml", "--no-cache"), ("show", "short.yaml", "--no-cache"), ("list",)),
        *(("voices",), ("voices", "--sample", "en-GB"), ("new", "mine")),
    ):
        # The store of whoever runs the tests is none of theirs.
        variables = {"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]} if "--no-cache" not in arguments else {}
        done = subprocess.run([SCRIPT, *arguments], capture_output=True, timeout=60, check=False, env=variables)
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr


@posix
def test_too_many_open_files_is_a_sentence() -> None:
    Path("short.yaml").write_text(SHORT)
    code = 'ulimit -n 8 && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", code, "sh", SCRIPT, "show", "short.yaml", "--no-cache"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == "Error: the voice can't be started: too many open files\n"


def test_no_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import tempfile

    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    Path("short.yaml").write_text(SHORT)
    monkeypatch.setattr(tempfile, "gettempdir", none)
    done = cli("make", "short", "--no-cache")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "Error: no temporary folder can be created: no usable temporary directory found in ['/tmp']; "
        "set TMPDIR to a writable folder\n"
    )
