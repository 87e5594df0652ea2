"""Child processes that run our code, or a program of this computer's, and nothing else: no module or program of the
current folder, of a script's folder, or of a folder that a Python environment variable names.

A Python child starts in Python's isolated mode (`-I`): it ignores every `PYTHON…` variable and never searches the
current folder. It imports a few modules of this package and not what `import voiceguide` brings along, so the packages
around them stand in as empty ones.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

# The folders in `path` come last: they add what the child's own Python does not find, and can't replace any of it.
_BOOT = """\
import sys, types
sys.path += [folder for folder in {path!a} if folder not in sys.path]
for name, folder in {packages!a}:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
import importlib
importlib.import_module({module!a}).main(*{arguments!a})
"""


def python_command(module: str, *arguments: str) -> list[str]:
    """The command line of a child that calls `main(*arguments)` of one of this package's modules."""
    names = module.split(".")[:-1]
    packages = [
        (".".join(names[:count]), str(PACKAGE.parent.joinpath(*names[:count]))) for count in range(1, len(names) + 1)
    ]
    boot = _BOOT.format(path=[*_search_path()], packages=packages, module=module, arguments=arguments)
    return [sys.executable, "-I", "-c", boot]


def find_program(name: str) -> str | None:
    """The absolute path of an installed program; None where there is none outside of relative folders."""
    folders = [each for each in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(each).is_absolute()]
    found = shutil.which(name, path=os.pathsep.join(folders))
    # Windows looks into the current folder first, whatever the path.
    return found if found and Path(found).is_absolute() else None


def _search_path() -> Iterator[str]:
    """Where this process finds its installed packages, where a child's own Python might not look.

    Such as the user's own site folder, which isolated mode leaves out, or folders that a launcher added.
    """
    variable = os.environ.get("PYTHONPATH", "")
    entries = [*variable.split(os.pathsep), *_current(), *_started_from()]
    # In a folder that was deleted a relative entry leads nowhere.
    unsafe = {os.path.realpath(entry) for entry in entries if Path(entry).is_absolute() or any(_current())}
    yield from (entry for entry in sys.path if Path(entry).is_absolute() and os.path.realpath(entry) not in unsafe)
    # Whatever it is called by: this is where our own code came from.
    yield str(PACKAGE.parent)


def _current() -> Iterator[str]:
    try:
        yield os.getcwd()  # noqa: PTH109 - a path as text, as `sys.path` has them
    except OSError:  # it was deleted
        return


def _started_from() -> Iterator[str]:
    """The folder of the program that was started, which Python puts first in its search path."""
    if file := getattr(sys.modules.get("__main__"), "__file__", None):
        with contextlib.suppress(OSError):  # the current folder was deleted
            yield os.path.dirname(os.path.abspath(file))  # noqa: PTH100, PTH120 - likewise
