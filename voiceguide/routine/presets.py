"""Sets of a listener's choices, saved under names in the user's own config folder as small JSON files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from voiceguide import library, values
from voiceguide.errors import OutputError, RequestError, among, quoted, suggestion
from voiceguide.routine import choices, naming
from voiceguide.routine.choices import CHOICES, Given
from voiceguide.system.reading import read_plain

MAX_BYTES = 64 * 1024  # of a preset's file; one of every choice there is takes less than one of them
_NAME = re.compile(r"[^\W_][\w.-]{0,60}")


def folder() -> Path:
    """Where presets are; it need not exist."""
    import platformdirs  # few commands use a preset, and each would pay for the import

    return Path(platformdirs.user_config_dir("voiceguide", appauthor=False)) / "presets"


def names() -> list[str]:
    """The presets there are."""
    # A file that somebody put there under another name can't be asked for, and its name may hold anything.
    return sorted(path.stem for path in folder().glob("*.json") if _NAME.fullmatch(path.stem))


def save(name: str, given: Given) -> Path:
    """Save choices, as they were given, under a name; a preset of the same name is replaced. Raises OutputError."""
    from voiceguide.system.files import write_whole

    path = _path(name)
    saved = {each: given[each] for each in CHOICES if not choices.is_nothing(given.get(each))}
    # A preset is used from any folder, so a path must mean the same in each.
    if "bed" in saved and (music := naming.bed_file(values.text_of(saved["bed"]))):
        saved["bed"] = str(music.absolute())
    try:
        text = json.dumps(saved, indent=2, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # A file's name that is no UTF-8: JSON can spell what UTF-8 can't.
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
    """The choices under a name, as they were given. Raises RequestError where there are none, or they can't be read."""
    path = _path(name)
    remedy = f"correct it there, or save it again with --save-preset {name}"
    try:
        saved = json.loads(_bytes(name, path).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg[0].lower()}{error.msg[1:]}"
        raise RequestError(f"the preset {path} is not JSON, at {where}; {remedy}") from None
    except (ValueError, RecursionError):  # not UTF-8, a number of thousands of digits, lists inside lists inside lists
        raise RequestError(f"the preset {path} is not the text of a preset; {remedy}") from None
    if not isinstance(saved, dict):
        raise RequestError(
            f'the preset {path} has no choices in it; expected {{"guide": "brief"}} or the like; {remedy}'
        )
    try:
        choices.read(saved)
    except RequestError as error:
        raise RequestError(f"in the preset {path}: {error}; {remedy}") from None
    return saved


def _bytes(name: str, path: Path) -> bytes:
    try:
        # A pipe or a device could be read for ever.
        if path.exists() and not library.is_file(path):
            raise RequestError(f"the preset {path} is not a file; take it away, or choose another name")
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
        raise RequestError(f"{what}, which no choices are; save it again with --save-preset {name}")
    return data


def apply(preset: str | None, given: Given, *, dashes: str = "") -> dict[str, Any]:
    """Choices as given, over those of a preset where one is named. Raises RequestError for what can't be read."""
    # First what was given: an error in it names the option, and not what it is merged into.
    choices.read(given, dashes=dashes)
    return choices.merge(load(preset) if preset is not None else {}, given)


def check_name(name: str) -> None:
    """Raises RequestError for a name that no preset can have."""
    if not _NAME.fullmatch(name):
        raise RequestError(
            f"{quoted(name)} is no name for a preset; expected letters, digits and hyphens, such as evening"
        )


def _path(name: str) -> Path:
    check_name(name)
    return folder() / f"{name}.json"
