"""A title as YAML: plain if every YAML parser reads it as text, else in quotes."""

from __future__ import annotations

import re
import unicodedata

# Starts with a letter, and has no characters that are special in YAML.
_PLAIN = re.compile(r"[^\W\d_][\w ,.()/'-]*")
# Words that some YAML parsers do not read as text.
_RESERVED = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))


def title_of(name: str) -> str:
    """The title for a file name: "Morning hips" for `morning-hips`. May be empty."""
    known = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode("utf-8"))
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in known)
    plain = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    title = " ".join(plain.replace("-", " ").replace("_", " ").split())
    return title[:1].upper() + title[1:]


def yaml_of(text: str) -> str:
    """A text of one line as a YAML scalar that is read back as the same text."""
    if _PLAIN.fullmatch(text) and text == text.strip() and text.casefold() not in _RESERVED:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
