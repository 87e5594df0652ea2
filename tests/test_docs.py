"""The pages say what is so: their commands exist, their routines can be read, their links lead somewhere."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import voiceguide
from voiceguide import library
from voiceguide.cli.group import COMMANDS, app
from voiceguide.language.loader import load
from voiceguide.routine.choices import known
from voiceguide.score.estimate import about_ms

ROOT = Path(__file__).parent.parent
PAGES = {str(path.relative_to(ROOT)): path for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])}
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
ASSIGNED = re.compile(r"[A-Z_]+=\S*")


def _blocks(page: str, kind: str) -> list[str]:
    return [match[2] for match in BLOCK.finditer(PAGES[page].read_text(encoding="utf-8")) if match[1] == kind]


def _with(kind: str) -> list[str]:
    return [page for page in PAGES if _blocks(page, kind)]


def _commands(page: str) -> Iterator[list[str]]:
    """What a reader types into a console: the words of each command, without variables before and pipes behind."""
    for block in _blocks(page, "console"):
        for line in block.splitlines():
            if not line.startswith("$ "):
                continue
            words = shlex.split(re.split(r" [|>] ", line[2:])[0], comments=True)
            while words and ASSIGNED.fullmatch(words[0]):
                words.pop(0)
            yield words


def _is_a_command(words: list[str]) -> None:
    """Raises click's UsageError for arguments that `voiceguide` would not take; runs nothing."""
    try:
        context = app.make_context("voiceguide", list(words))
        command = app.get_command(context, words[0])
        assert command is not None, f"there is no command {words[0]}"
        command.make_context(words[0], list(words[1:]), parent=context)
    except click.exceptions.Exit:
        pass  # --help and --version say their part and leave


@pytest.mark.parametrize("page", _with("console"))
def test_commands_exist(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for words in _commands(page):
        program, arguments = Path(words[0]).name, words[1:]
        if program == "voiceguide":
            _is_a_command(arguments)
        elif program == "make":
            assert {word for word in arguments if "=" not in word} <= {*targets}, f"{page}: {' '.join(words)}"
        elif program == "python" and arguments[:2] == ["-m", "pytest"]:
            missing = [word for word in arguments[2:] if not word.startswith("-") and not (ROOT / word).exists()]
            assert not missing, f"{page}: there is no {missing[0]}"
    capsys.readouterr()


@pytest.mark.parametrize("page", _with("yaml"))
def test_whole_routines_can_be_read(page: str, tmp_path: Path) -> None:
    for number, block in enumerate(_blocks(page, "yaml")):
        if re.search(r"^title:", block, re.MULTILINE) and re.search(r"^steps:", block, re.MULTILINE):
            script = tmp_path / f"{number}.yaml"
            script.write_text(block, encoding="utf-8")
            assert load(script).steps


@pytest.mark.parametrize("page", _with("python"))
def test_python_is_python_and_its_names_exist(page: str) -> None:
    for block in _blocks(page, "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "voiceguide":
                assert node.attr in voiceguide.__all__, f"{page}: voiceguide.{node.attr}"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = BLOCK.sub("", PAGES[page].read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://", link):
            continue
        path, _, heading = link.partition("#")
        target = (PAGES[page].parent / path) if path else PAGES[page]
        assert target.exists(), f"{page}: nothing is at {link}"
        if heading:
            assert heading in _headings(target), f"{page}: {link} has no such heading"


def _headings(path: Path) -> set[str]:
    """The anchors that a page's headings get where such pages are shown."""
    found = re.findall(r"^#+ (.+)$", BLOCK.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in found}


def test_the_readme_lists_every_command_and_page() -> None:
    assert [name for name in COMMANDS if f"`voiceguide {name}" not in README] == []
    assert [page for page in PAGES if page != "README.md" and f"]({page})" not in README] == []


def test_the_readme_lists_every_bundled_routine_with_its_length() -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (\d+:\d\d) \|", README, re.MULTILINE))
    bundled = {each.name: each.path for each in library.scripts() if not each.yours}
    assert rows.keys() == bundled.keys()
    for name, length in rows.items():
        minutes, seconds = map(int, length.split(":"))
        # The estimate is good to a few per cent: it catches a routine that has changed, and needs no voice.
        assert 60 * minutes + seconds == pytest.approx(about_ms(load(bundled[name])) / 1000, rel=0.1), name


def test_every_choice_is_told() -> None:
    page = PAGES["docs/making-it-yours.md"].read_text(encoding="utf-8")
    spelled = {"notice": "no-notice"}
    assert [name for name in known() if f"`--{spelled.get(name, name)}`" not in page] == []
