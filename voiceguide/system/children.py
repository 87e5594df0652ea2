"""Safe command lines for child processes. A child never runs a module or program from the current folder, from a
script's folder, or from a folder in a Python environment variable.

A Python child starts in Python's isolated mode (`-I`): it ignores every `PYTHON…` variable and never searches the
current folder. It imports only a few modules of this package, so the packages around them are replaced by empty ones.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

# The folders in `path` come last, so they can add modules that the child's own Python lacks, but can't replace any.
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
    """The absolute path of an installed program; None if there is none. Relative folders in PATH are ignored."""
    folders = [each for each in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(each).is_absolute()]
    found = shutil.which(name, path=os.pathsep.join(folders))
    # Windows searches the current folder first, even if it is not in the path.
    return found if found and Path(found).is_absolute() else None


def _search_path() -> Iterator[str]:
    """The folders of this process's installed packages, some of which a child's own Python may not search.

    Examples are the user's site folder, which isolated mode excludes, and folders that a launcher added.
    """
    variable = os.environ.get("PYTHONPATH", "")
    entries = [*variable.split(os.pathsep), *_current(), *_started_from()]
    # If the current folder was deleted, relative entries have no meaning.
    unsafe = {os.path.realpath(entry) for entry in entries if Path(entry).is_absolute() or any(_current())}
    yield from (entry for entry in sys.path if Path(entry).is_absolute() and os.path.realpath(entry) not in unsafe)
    # The folder of our own code is always included.
    yield str(PACKAGE.parent)


def _current() -> Iterator[str]:
    try:
        yield os.getcwd()  # noqa: PTH109 - a path as text, as in `sys.path`
    except OSError:  # it was deleted
        return


def _started_from() -> Iterator[str]:
    """The folder of the program that was started, which Python puts first in its search path."""
    if file := getattr(sys.modules.get("__main__"), "__file__", None):
        with contextlib.suppress(OSError):  # the current folder was deleted
            yield os.path.dirname(os.path.abspath(file))  # noqa: PTH100, PTH120 - a path as text
