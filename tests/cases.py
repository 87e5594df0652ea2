"""Golden cases in Markdown, so that script and outcome are read side by side.

Each case is a `## name`, then blocks: `yaml` (the script; a file's name after the word makes it another file beside
it), `choices` (a listener's choices, one `key=value` a line), and `text`, which is what must come out. A case without
a script of its own says `script: name of an earlier case`. Whatever else stands there is for people.

    REWRITE_GOLDEN=1 python -m pytest -n0 tests/routine tests/score

writes what does come out into the `text` blocks; read the difference before you keep it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SCRIPT = "script.yaml"
_BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One case: the files of its folder by name, the choices, and what must come out."""

    name: str
    document: Path
    files: Mapping[str, str]
    choices: Mapping[str, str | list[str]]
    expected: str

    def write(self, folder: Path) -> Path:
        """Put its files into a folder; the script's path, as seen from there."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Path(SCRIPT)

    def check(self, found: str) -> None:
        """Compare, or with REWRITE_GOLDEN in the environment, write down."""
        if os.environ.get("REWRITE_GOLDEN"):
            text = self.document.read_text(encoding="utf-8")
            start = text.index(f"## {self.name}\n")
            block = re.compile(r"^```text\n.*?^```$", re.MULTILINE | re.DOTALL)
            text = text[:start] + block.sub(lambda _: f"```text\n{found}\n```", text[start:], count=1)
            self.document.write_text(text, encoding="utf-8")
        else:
            assert found == self.expected


def cases(document: Path) -> list[Case]:
    """All cases of a document, in order."""
    found: dict[str, Case] = {}
    for section in re.split(r"^## ", document.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        blocks = [(match[1], match[2], match[3]) for match in _BLOCK.finditer(body)]
        same = re.search(r"^script: (.+)$", body, re.MULTILINE)
        files = dict(found[same[1]].files) if same else {}
        files |= {file or SCRIPT: text for kind, file, text in blocks if kind == "yaml"}
        choices: dict[str, list[str]] = {}
        for line in "".join(text for kind, _, text in blocks if kind == "choices").splitlines():
            key, _, value = line.partition("=")
            choices.setdefault(key, []).append(value)
        alone = {key: value[0] if len(value) == 1 else value for key, value in choices.items()}
        expected = next(text for kind, _, text in blocks if kind == "text").rstrip("\n")
        assert name not in found, f"two cases are called {name}"
        found[name] = Case(name, document, files, alone, expected)
    return list(found.values())
