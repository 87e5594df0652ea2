"""Find scripts and sounds: in the package, in the user's own folder, and beside a script.

Names are looked up from near to far: beside the script or in the current folder, then in the user's own folder, then
in the package. A script can only use files of its own folder and of the library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from voiceguide.errors import RequestError, quoted, suggestion
from voiceguide.system.reading import read_plain

SCRIPT_ENDINGS = (".yaml", ".yml")
SOUND_ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
MUSIC_ENDINGS = (*SOUND_ENDINGS, ".m4a", ".aac", ".aiff", ".aif", ".opus")
CUE_SOUNDS = ("start", "halfway", "end", "switch")
BEDS = ("brown", "waves", "drone", "breath")


class Found(NamedTuple):
    """A script in the library. `yours` is true for the user's own, false for those that come with voiceguide."""

    name: str
    path: Path
    yours: bool


def scripts() -> list[Found]:
    """Every routine that has a name, including those of the current folder; a nearer one hides a farther one."""
    found: dict[str, Found] = {}
    for folder, yours in ((Path(), True), (own_scripts(), True), (_bundled("scripts"), False)):
        for path in _files(folder, SCRIPT_ENDINGS):
            if folder != Path() or _looks_like_a_routine(path):
                found.setdefault(path.stem, Found(path.stem, path, yours))
    return sorted(found.values(), key=lambda each: (each.yours, each.name))


def script(name: str) -> Path:
    """The file of a routine given by name or by path. Raises RequestError, with the most similar name."""
    path = Path(name)
    if path.suffix in SCRIPT_ENDINGS or path.name != name:
        return plain_file(path)
    for folder in (Path(), own_scripts(), _bundled("scripts")):
        if match := _named(folder, name, SCRIPT_ENDINGS):
            return match
    if is_file(path):
        raise RequestError(f"{name} is not a routine; expected a file whose name ends in .yaml")
    close = suggestion(name, (each.name for each in scripts()))
    raise RequestError(f"there is no routine called {quoted(name)}{close or '; see `voiceguide list`'}")


def plain_file(path: Path) -> Path:
    """The path if it is a regular file; reading a pipe or a device might never end. Raises RequestError."""
    if is_file(path):
        return path
    try:
        if path.is_dir():
            raise RequestError(f"{path} is a folder; expected a routine's file, such as {path / 'morning.yaml'}")
        if path.exists():
            raise RequestError(f"{path} is not a regular file; expected a routine, which is YAML text")
    except OSError as error:
        raise RequestError(f"{path} can't be read: {(error.strerror or 'unknown').lower()}") from None
    raise RequestError(f"there is no file {path}; check the path, or see `voiceguide list` for names")


def is_file(path: Path) -> bool:
    """Whether the path is a regular file; False if its name is too long or its folder can't be read."""
    try:
        return path.is_file()
    except OSError:
        return False


def outside(name: str, folder: Path) -> bool:
    """Whether an included file is outside a script's folder: by its path, or through a link in the folder."""
    plain = Path(name)
    there = any(is_file(folder / f"{name}{ending}") for ending in ("", *SCRIPT_ENDINGS))
    return plain.is_absolute() or ".." in plain.parts or there


def included(name: str, folder: Path) -> Path | None:
    """The script that a script in `folder` includes: from that folder, or else from the library."""
    return _beside(name, folder, SCRIPT_ENDINGS) or next(
        filter(None, (_named(place, name, SCRIPT_ENDINGS) for place in (own_scripts(), _bundled("scripts")))), None
    )


def include_names(folder: Path) -> list[str]:
    """The routines that a script in `folder` can include by name."""
    places = (folder, own_scripts(), _bundled("scripts"))
    return sorted({path.stem for place in places for path in _files(place, SCRIPT_ENDINGS)})


def sound(name: str, folder: Path | None = None) -> Path | None:
    """A file beside the script, or else a sound by name from the sound folder."""
    beside = _beside(name, folder, SOUND_ENDINGS) if folder else None
    return beside or _named(_bundled("audio"), name, SOUND_ENDINGS)


def own_cue_sounds(folder: Path) -> dict[str, Path]:
    """The sounds of a listener's folder that are named like those that voiceguide uses: `start.wav`, `end.flac`."""
    found = {name: _named(folder, name, SOUND_ENDINGS) for name in CUE_SOUNDS}
    return {name: path for name, path in found.items() if path is not None}


def music(name: str, folder: Path) -> Path | None:
    """A music file beside a script."""
    return _beside(name, folder, MUSIC_ENDINGS)


def sound_names() -> list[str]:
    """The sounds that come with voiceguide."""
    return sorted(path.stem for path in _files(_bundled("audio"), SOUND_ENDINGS))


def sounds_folder() -> Path:
    """The folder of the sounds that come with voiceguide."""
    return _bundled("audio")


@lru_cache
def cue_sound(name: str) -> Path:
    """A sound that voiceguide itself uses, such as "start"."""
    path = sound(name)
    if path is None:
        raise RequestError(f'voiceguide\'s own sound "{name}" is missing; install voiceguide again')
    return path


def own_scripts() -> Path:
    """The user's own folder of routines; it may not exist."""
    import platformdirs  # slow to import, and only needed to look names up

    return Path(platformdirs.user_data_dir("voiceguide", appauthor=False)) / "routines"


def _bundled(kind: str) -> Path:
    """A folder of the package: inside it if installed, beside it in a checkout."""
    inside = Path(__file__).parent / kind
    return inside if inside.is_dir() else Path(__file__).parent.parent / kind


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:  # the folder is missing or unreadable: it has no names
        return
    yield from (path for path in inside if path.suffix in endings and is_file(path))


def _named(folder: Path, name: str, endings: tuple[str, ...]) -> Path | None:
    if Path(name).name != name or name in ("", ".", ".."):
        return None
    return next((path for ending in endings if is_file(path := folder / f"{name}{ending}")), None)


def _beside(name: str, folder: Path, endings: tuple[str, ...]) -> Path | None:
    """A file in `folder` or below it; never one outside it, neither through the path nor through a link."""
    plain = Path(name)
    choices = (
        [plain] if plain.suffix in endings else [plain.with_name(plain.name + each) for each in endings if plain.name]
    )
    for choice in choices:
        path = folder / choice
        if is_file(path) and path.resolve().is_relative_to(folder.resolve()):
            return path
    return None


def _looks_like_a_routine(path: Path) -> bool:
    """Whether a YAML file of the current folder has a routine's keys; it may be another project's file."""
    try:
        start = read_plain(path, 100_000)
    except OSError:
        return False
    return _TITLE.search(start) is not None and _STEPS.search(start) is not None


def _top_key(name: bytes) -> re.Pattern[bytes]:
    # At the start of a line, with any kind of line end, or of the file, after a byte order mark.
    start = rb"(?:\A\xef\xbb\xbf|^|\r|\xc2\x85|\xe2\x80[\xa8\xa9])"
    return re.compile(start + rb"[\"']?" + name + rb"[\"']?[ \t]*:", re.MULTILINE)


_TITLE, _STEPS = _top_key(b"title"), _top_key(b"steps")
