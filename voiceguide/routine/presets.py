"""Presets: a listener's choices, saved under a name as small JSON files in the user's config folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from voiceguide import library, values
from voiceguide.errors import OutputError, RequestError, among, quoted, suggestion
from voiceguide.routine import choices, naming
from voiceguide.routine.choices import CHOICES, Given
from voiceguide.system.reading import read_plain

MAX_BYTES = 64 * 1024  # of a preset's file; a preset with every choice takes less than 1 KB
_NAME = re.compile(r"[^\W_][\w.-]{0,60}")


def folder() -> Path:
    """The folder of the presets; it may not exist."""
    import platformdirs  # slow to import, and few commands use a preset

    return Path(platformdirs.user_config_dir("voiceguide", appauthor=False)) / "presets"


def names() -> list[str]:
    """The names of all presets."""
    # Files with other names can't be loaded as presets, and their names may contain anything.
    return sorted(path.stem for path in folder().glob("*.json") if _NAME.fullmatch(path.stem))


def save(name: str, given: Given) -> Path:
    """Save choices under a name; a preset with the same name is replaced. Raises OutputError."""
    import json

    from voiceguide.system.files import write_whole

    path = _path(name)
    saved = {each: given[each] for each in CHOICES if not choices.is_nothing(given.get(each))}
    # A preset is used from any folder, so its path must be absolute.
    if "bed" in saved and (music := naming.bed_file(values.text_of(saved["bed"]))):
        saved["bed"] = str(music.absolute())
    if "sounds" in saved and not choices.is_default(saved["sounds"]):
        saved["sounds"] = str(Path(values.text_of(saved["sounds"])).absolute())
    try:
        text = json.dumps(saved, indent=2, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # A file's name that is not UTF-8: JSON escapes can represent it.
        text = json.dumps(saved, indent=2).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise OutputError(f"the preset {name} can't be saved in {path.parent}: {reason}") from None
    with write_whole(path) as file:
        file.write(text + b"\n")
    return path


def load(name: str) -> dict[str, Any]:
    """The choices of a preset, as they were saved. Raises RequestError if there is no such preset, or it is invalid."""
    import json  # few commands use a preset

    path = _path(name)
    remedy = f"correct it there, or save it again with --save-preset {name}"
    try:
        saved = json.loads(_bytes(name, path).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg[0].lower()}{error.msg[1:]}"
        raise RequestError(f"the preset {path} is not JSON, at {where}; {remedy}") from None
    except (ValueError, RecursionError):  # not UTF-8, a number of thousands of digits, lists nested too deeply
        raise RequestError(f"the preset {path} is not valid JSON; {remedy}") from None
    if not isinstance(saved, dict):
        raise RequestError(f'the preset {path} has no choices; expected JSON such as {{"guide": "brief"}}; {remedy}')
    try:
        choices.read(saved)
    except RequestError as error:
        raise RequestError(f"in the preset {path}: {error}; {remedy}") from None
    return saved


def _bytes(name: str, path: Path) -> bytes:
    try:
        # Reading a pipe or a device might never end.
        if path.exists() and not library.is_file(path):
            raise RequestError(f"the preset {path} is not a regular file; remove it, or choose another name")
        data = read_plain(path, MAX_BYTES)
    except FileNotFoundError:
        known = names()
        more = f"; expected {among(known)}" if known else "; save one with --save-preset"
        raise RequestError(f"there is no preset {quoted(name)}{suggestion(name, known) or more}") from None
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise RequestError(f"the preset {path} can't be read: {reason}") from None
    if len(data) > MAX_BYTES:
        what = f"the preset {path} is larger than {MAX_BYTES // 1024} KB"
        raise RequestError(f"{what}; save it again with --save-preset {name}")
    return data


def apply(preset: str | None, given: Given, *, dashes: str = "") -> dict[str, Any]:
    """Merge choices into those of a preset, if any. Raises RequestError for an invalid choice."""
    # The given choices first, so that an error in them names the option and not the preset.
    choices.read(given, dashes=dashes)
    return choices.merge(load(preset) if preset is not None else {}, given)


def check_name(name: str) -> None:
    """Raises RequestError if a name is not valid for a preset."""
    if not _NAME.fullmatch(name):
        raise RequestError(
            f"{quoted(name)} is not a valid preset name; expected letters, digits and hyphens, such as evening"
        )


def _path(name: str) -> Path:
    check_name(name)
    return folder() / f"{name}.json"
