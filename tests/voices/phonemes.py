"""espeak's phonemes for texts, in a process of its own, because the library has one state for a whole process.

Standard input: a JSON list of [voice, text]; standard output: a JSON list of phonemes in espeak's own notation.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys

from voiceguide.voices.espeak.place import find_bundled

_SYNCHRONOUS, _UTF8, _NAMES = 2, 1, 0


def phonemes(texts: list[tuple[str, str]]) -> list[str]:
    """The phonemes of each (voice, text), clauses parted by a bar."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.voices.phonemes"],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def _main() -> None:
    library, data = find_bundled()
    espeak = ctypes.CDLL(str(library))
    espeak.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), 0)
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    found = []
    for voice, text in json.load(sys.stdin):
        assert espeak.espeak_SetVoiceByName(voice.encode()) == 0, voice
        written = ctypes.create_string_buffer(text.encode())
        at = ctypes.c_void_p(ctypes.addressof(written))
        clauses = []
        while at.value:
            clauses.append((espeak.espeak_TextToPhonemes(ctypes.byref(at), _UTF8, _NAMES) or b"").decode())
        found.append(" | ".join(filter(None, clauses)))
    print(json.dumps(found))


if __name__ == "__main__":
    _main()
