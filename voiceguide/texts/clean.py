"""One form for texts that look the same: composed letters, plain spaces, and nothing invisible."""

from __future__ import annotations

import functools
import re


def clean(text: str) -> str:
    """The text in Unicode's composed form (NFC), with plain spaces and without characters that have no width.

    Text that was pasted from a web page or a word processor has such characters where nobody sees them, and a voice
    reads "Ho\u200bld" as two words. The joiners of scripts that need them stay.
    """
    if text.isascii():
        return text
    import unicodedata  # most files need none of this

    hidden, spaces = _patterns()
    return unicodedata.normalize("NFC", spaces.sub(" ", hidden.sub("", text)))


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What has no width, and every space but the plain one."""
    # Soft hyphen, zero-width space, directions, word joiner and byte order mark; and, except after a letter of the
    # Arabic and Indic scripts, where they choose the letters' form, the joiner and the non-joiner.
    hidden = "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    joiners = "(?<![\u0600-\u0dff])[\u200c\u200d]"
    return re.compile(f"{hidden}|{joiners}"), re.compile("[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
