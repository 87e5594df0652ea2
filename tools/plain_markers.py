"""Remove conditions on a system's release from requirements files: python -m tools.plain_markers FILE...

pyttsx3 depends on all of pyobjc on macOS, on parts of it depending on the release of macOS. The pip of Python 3.13.0
evaluates such a condition on every system, and fails with InvalidVersion on a Linux whose release is not a valid
version, such as "6.18.44-custom". So the packages for newer releases of macOS are installed on all of them, and those
only for releases before 2018 are removed.
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
