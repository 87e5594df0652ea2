"""Bad requests and what is said to them: whole messages, in `requests.md`, as a user would see them.

    REWRITE_GOLDEN=1 python -m pytest -n0 tests/cli/test_requests.py

writes down what does come out; read the difference before you keep it.
"""

from __future__ import annotations

import os
import re
import shlex
import wave
from pathlib import Path

import pytest

from tests.cli.running import SHORT, cli

DOCUMENT = Path(__file__).with_name("requests.md")
_BLOCK = re.compile(r"^```console\n\$ voiceguide ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_QUOTED = re.compile(r"['(][^')]+[')]")
REQUESTS = [match[1] for match in _BLOCK.finditer(DOCUMENT.read_text(encoding="utf-8"))]


@pytest.fixture(autouse=True)
def here(own_folders: Path) -> None:
    """The folder that the requests are made in; `requests.md` says what is in it."""
    Path("short.yaml").write_text(SHORT)
    Path("there.mp3").mkdir()
    Path("notes.txt").write_text("Call the physio.\n")
    for name, sound in (("absent", "gong.wav"), ("damaged", "broken.wav"), ("hushed", "empty.wav")):
        Path(f"{name}.yaml").write_text(f"title: Sound\nsteps:\n  - chime: {sound}\n")
    Path("broken.wav").write_bytes(b"RIFF, or so it says")
    with wave.open("empty.wav", "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
    presets = own_folders / "presets"
    presets.mkdir()
    (presets / "evening.json").write_text('{"guide": "brief"}')
    (presets / "damaged.json").write_text('{"guide": ')
    (presets / "newer.json").write_text('{"moonlight": "yes"}')


@pytest.mark.parametrize("request_", REQUESTS)
def test_what_is_said_to_a_bad_request(request_: str, own_folders: Path) -> None:
    before = sorted(Path().rglob("*"))
    done = cli(*shlex.split(request_))
    text = f"{done.out}{done.err}".replace(str(own_folders), "OWN").replace(str(Path.cwd()), "HERE")
    found = f"{text}[exit code {done.code}]\n"
    assert done.code in (1, 2)
    assert done.out == ""
    assert "Traceback" not in found
    assert sorted(Path().rglob("*")) == before
    document = DOCUMENT.read_text(encoding="utf-8")
    block = next(match for match in _BLOCK.finditer(document) if match[1] == request_)
    if os.environ.get("REWRITE_GOLDEN"):
        DOCUMENT.write_text(document[: block.start(2)] + found + document[block.end(2) :], encoding="utf-8")
    else:
        assert _without_wording(found) == _without_wording(block[2])


def _without_wording(text: str) -> str:
    """The text without what differs between releases of click: of its sentences about usage, what they quote stays.

    Behind `Error: `, those start with a capital, and ours about usage don't.
    """
    if not text.endswith("[exit code 2]\n"):
        return text
    text = re.sub(r"^Try '(.*) (?:-h|--help)' for help\.$", r"Try '\1 --help' for help.", text, flags=re.MULTILINE)
    return re.sub(
        r"^Error: [A-Z].*$", lambda sentence: " ".join(_QUOTED.findall(sentence[0])), text, flags=re.MULTILINE
    )


def test_there_are_enough_and_each_only_once() -> None:
    assert len(REQUESTS) == len(set(REQUESTS)) > 40
