"""Scripts as a stranger may write them, through the commands that print of them; with the voice that there is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from random import Random
from xml.etree import ElementTree

from tools.fuzz import odd, terminal
from tools.fuzz.kinds import kind
from tools.fuzz.scripts import AUDIO, SCRIPT, make_script
from voiceguide.errors import RequestError

COMMANDS = (
    *(["list"], ["check", SCRIPT], ["check", "script", SCRIPT], ["show", SCRIPT], ["show", SCRIPT, "--json"]),
    *(["show", SCRIPT, "--svg", "x.svg"], ["show", SCRIPT, "--guide", "brief"], ["show", SCRIPT, "--only", "left"]),
)


@kind("printed")
def attempt(random: Random, folder: Path) -> None:
    """One command on one script, on a terminal."""
    terminal.user_folders(folder)
    data = make_script(random)
    if random.random() < 0.5:
        # Mostly something that YAML takes, and a terminal would obey.
        strange = json.dumps(odd.text(random), ensure_ascii=random.random() < 0.8).encode("utf-8", "ignore")
        for word in random.choice(((b"title: ",), (b"say: ",), (b"title: ", b"about: ", b"exercise: ", b"needs: "))):
            lines = [word + strange if word in line else line for line in data.split(b"\n")]
            data = b"\n".join(lines) if word != b"say: " else data.replace(b"say: ", b"say: " + strange + b" #", 1)
    (folder / SCRIPT).write_bytes(data)
    shutil.copy(AUDIO / "bell.wav", folder / "ding.wav")
    arguments = random.choice(COMMANDS)
    (folder / "arguments.json").write_text(json.dumps(arguments), encoding="utf-8")
    code, out, _ = terminal.run(arguments)
    if code:
        raise RequestError(f"ended with {code}")
    if "--json" in arguments:
        json.loads(out)
    if "--svg" in arguments:
        ElementTree.parse(folder / "x.svg")
