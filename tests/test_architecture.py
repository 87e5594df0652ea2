"""The shape of the package, held by its own sources: who may import whom, and how long a module may be.

Imports inside functions count like those at the top; only what stands under `if TYPE_CHECKING` does not, since it
never happens. docs/architecture.md tells why each of these rules is there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "voiceguide"
MAX_LINES = 350  # of a module
MAX_FILES = 12  # of a room: the modules of one folder

# The one door of each library and of other processes; an entry that ends with a dot means everything below it.
HOMES: Mapping[str, str | tuple[str, ...]] = {
    "yaml": ("voiceguide.language.document", "voiceguide.words.file"),
    "babel": "voiceguide.words.cldr",
    "pyttsx3": "voiceguide.voices.",
    "pydub": "voiceguide.sound.segments",
    "click": "voiceguide.cli.",
    "mutagen": "voiceguide.track.id3",
    "lameenc": "voiceguide.track.",
    "subprocess": "voiceguide.system.processes",
    "platformdirs": ("voiceguide.library", "voiceguide.routine.presets", "voiceguide.system.store"),
    "pathvalidate": "voiceguide.system.files",
    "rich": "voiceguide.cli.progress",
}
# The floors of the house, from the ground up. A room imports from itself and from the floors below it.
FLOORS = (
    ("errors", "_version", "grid"),
    ("times",),
    ("values", "budget", "texts."),
    ("system.",),
    ("library", "words.", "voices.", "track."),
    ("routine.",),
    ("language.",),
    ("score.",),
    ("views.",),
    ("sound.",),
    ("render.",),
    ("summary", "workshop"),
    ("api",),
    ("cli.",),
)
SOUND_LIBRARIES = ("numpy", "soxr", "soundfile", "pydub", "lameenc", "pyttsx3")


def _named(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {_named(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def _within(module: str, place: str | tuple[str, ...]) -> bool:
    if isinstance(place, tuple):
        return any(_within(module, each) for each in place)
    return f"{module}.".startswith(place) if place.endswith(".") else module == place


def _floor(module: str) -> tuple[int, str]:
    """On which floor a module lies, and its room there."""
    for number, rooms in enumerate(FLOORS):
        for room in rooms:
            if _within(module, f"voiceguide.{room}"):
                return number, room
    raise AssertionError(f"{module} is in no room: give it a place in FLOORS")


def _happening(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below, but for what only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).removeprefix("typing.") == "TYPE_CHECKING":
            for otherwise in child.orelse:
                yield otherwise
                yield from _happening(otherwise)
            continue
        yield child
        yield from _happening(child)


def _imported(module: str, path: Path) -> Iterator[str]:
    """The full names of all that a module imports: of modules, where ours are meant."""
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    for node in _happening(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for each in node.names:
                # `from voiceguide import library` means the module, `from voiceguide.errors import caret` its home.
                inner = f"{base}.{each.name}"
                yield inner if inner in SOURCES else base


IMPORTS: Mapping[str, frozenset[str]] = {module: frozenset(_imported(module, path)) for module, path in SOURCES.items()}


def _reached(start: str) -> dict[str, str]:
    """Everything that a module brings along, ours and others', each with the one through which it comes."""
    through: dict[str, str] = {}
    waiting = [start]
    while waiting:
        module = waiting.pop()
        for each in sorted(IMPORTS.get(module, ())):
            if each not in through:
                through[each] = module
                waiting.append(each)
    return through


def test_the_sources_are_there() -> None:
    assert {"voiceguide.workshop", "voiceguide.score.timeline", "voiceguide.cli.commands.make"} <= SOURCES.keys()
    assert "voiceguide.score.fit" in {each for found in IMPORTS.values() for each in found}


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    users = {module for module, found in IMPORTS.items() if any(_within(each, f"{library}.") for each in found)}
    strays = sorted(module for module in users if not _within(module, HOMES[library]))
    assert users, f"nobody imports {library} any more"
    assert not strays, f"{library} is for {HOMES[library]} alone; found in {', '.join(strays)}"


def test_nothing_imports_the_command_line() -> None:
    users = sorted(
        module
        for module, found in IMPORTS.items()
        if not _within(module, "voiceguide.cli.")
        and module != "voiceguide.__main__"  # it is the command line, by another door
        and any(_within(each, "voiceguide.cli.") for each in found)
    )
    assert not users, f"the command line is the top of everything; imported by {', '.join(users)}"


def test_imports_go_down() -> None:
    faces = {"voiceguide", "voiceguide.__main__"}  # the doors to all of it
    for module in SOURCES.keys() - faces:
        floor, room = _floor(module)
        for each in IMPORTS[module] & SOURCES.keys() - faces:
            below, other = _floor(each)
            assert below < floor or other == room, f"{module} must not import {each}: it lies on no floor below"


def test_the_timeline_never_hears_a_sample() -> None:
    for each, through in _reached("voiceguide.score.timeline").items():
        assert each.partition(".")[0] not in SOUND_LIBRARIES, f"the timeline brings {each} along, through {through}"


# Who writes to standard output or error: the one door, the beginning of the command (for when the door itself can't be
# opened), and a voice's process, whose standard output is a pipe to us.
DOORS = ("voiceguide.cli.console", "voiceguide.cli", "voiceguide.voices.worker")


def test_everything_printed_goes_through_one_door() -> None:
    for module, path in SOURCES.items():
        if module in DOORS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
            assert named not in ("print", "click.echo", "click.secho", "sys.stdout", "sys.stderr"), (
                f"{module}:{getattr(node, 'lineno', 0)} uses {named}; what is printed goes through cli/console.py"
            )


def test_the_errors_are_the_bottom() -> None:
    assert not [each for each in IMPORTS["voiceguide.errors"] if each in SOURCES]


def test_no_module_imports_itself_in_a_circle() -> None:
    ours = {module: {each for each in found if each in SOURCES} for module, found in IMPORTS.items()}
    try:
        TopologicalSorter(ours).prepare()
    except CycleError as circle:
        pytest.fail("modules import each other in a circle: " + " → ".join(reversed(circle.args[1])))


def test_a_module_can_be_read_in_one_sitting() -> None:
    lines = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in SOURCES.items()}
    long = [f"{module} has {count}" for module, count in lines.items() if count > MAX_LINES]
    assert not long, f"more than {MAX_LINES} lines, so part it at a seam: {', '.join(long)}"


def test_a_room_holds_no_more_than_one_can_oversee() -> None:
    files: dict[Path, int] = {}
    for path in SOURCES.values():
        files[path.parent] = files.get(path.parent, 0) + 1
    crowded = [f"{folder.relative_to(ROOT)} has {count}" for folder, count in files.items() if count > MAX_FILES]
    assert not crowded, f"more than {MAX_FILES} modules in one folder: {', '.join(crowded)}"
