"""Sets of a listener's choices, kept under names in the user's own config folder as small JSON files."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voiceguide.errors import OutputError, RequestError, among, suggestion
from voiceguide.routine import choices, naming


def folder() -> Path:
    """Where presets are kept; it need not exist."""
    import platformdirs  # few commands use a preset, and each would pay for the import

    return Path(platformdirs.user_config_dir("voiceguide", appauthor=False)) / "presets"


def names() -> list[str]:
    """The presets there are."""
    return sorted(path.stem for path in folder().glob("*.json"))


def save(name: str, wishes: Mapping[str, Any]) -> Path:
    """Keep choices, as words, under a name; one of the same name is replaced."""
    path = _path(name)
    kept = {key: value for key, value in wishes.items() if value not in (None, (), [])}
    # A preset is used from any folder, so a path must mean the same in each.
    if "bed" in kept and (music := naming.bed_file(str(kept["bed"]).strip())):
        kept["bed"] = str(music.absolute())
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        reason = (error.strerror or "unknown").lower()
        raise OutputError(f"the preset {name} can't be saved in {path.parent}: {reason}") from None
    return path


def load(name: str) -> dict[str, Any]:
    """The choices under a name, as words. Raises RequestError where there are none, or the file was damaged."""
    path = _path(name)
    mend = f"mend it there, or save it again with --save-preset {name}"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(kept, dict):
            raise RequestError(
                f'the preset {path} has no choices in it; expected {{"guide": "brief"}} or the like; {mend}'
            )
    except FileNotFoundError:
        known = names()
        more = f"; expected {among(known)}" if known else "; save one with --save-preset"
        raise RequestError(f'there is no preset "{name}"{suggestion(name, known) or more}') from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg[0].lower()}{error.msg[1:]}"
        raise RequestError(f"the preset {path} is no longer JSON, at {where}; {mend}") from None
    except (UnicodeDecodeError, RecursionError):
        raise RequestError(f"the preset {path} is no longer a preset's text; {mend}") from None
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise RequestError(f"the preset {path} can't be read: {reason}") from None
    try:
        choices.read(kept)
    except RequestError as error:
        raise RequestError(f"in the preset {path}: {error}; {mend}") from None
    return kept


def merge(preset: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A preset with the words of a command line over it: those win, and lists are added to."""
    done = dict(preset)
    # An option that the command line turns on is not turned off by the preset, and the other way round.
    for key, other in (("with", "without"), ("without", "with")):
        if given.get(key) and done.get(other):
            turned = choices.names(given[key])
            done[other] = [name for name in choices.names(done[other]) if name not in turned]
    for key, value in given.items():
        if value in (None, (), []):
            continue
        more = key in done and (isinstance(value, (list, tuple)) or key in ("with", "without"))
        done[key] = [*choices.texts(done[key]), *choices.texts(value)] if more else value
    return done


def check_name(name: str) -> None:
    """Raises RequestError for a name that no preset can have."""
    if not re.fullmatch(r"[^\W_][\w.-]{0,60}", name):
        raise RequestError(f'"{name}" is no name for a preset; expected letters, digits and hyphens, such as evening')


def _path(name: str) -> Path:
    check_name(name)
    return folder() / f"{name}.json"
