"""Takes conditions on a system's release out of requirements files: python -m tools.plain_markers FILE...

pyttsx3 asks for all of pyobjc on macOS, part of it by the release of macOS. The pip that comes with Python 3.13.0
evaluates such a condition on every system, and on a Linux whose release is no version, such as "6.18.44-custom", it
stops with InvalidVersion. So whatever newer releases of macOS have is installed on all of them, and what only those
before 2018 had is left out.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

OLD = re.compile(r"^[^\s#].*platform_release < [^\\\n]*(\\\n[^\\\n]*)*\n", re.MULTILINE)
NEW = re.compile(r"platform_release >= '[\d.]+' and ")


def simplify(text: str) -> str:
    """The requirements without a condition on `platform_release`."""
    return NEW.sub("", OLD.sub("", text))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(simplify(path.read_text(encoding="utf-8")), encoding="utf-8")
