"""Speech to measure: espeak-ng's own samples, made in a process of their own.

The voice under test elsewhere is pyttsx3's; here only the sound counts, so the library is called bare. It keeps its
state in globals, hence the child process: nothing another test does to espeak can reach these samples.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import espeakng_loader

from voiceguide.voices.base import Recording

Line = tuple[str, int, str]
"""An espeak voice, words a minute, and the text."""

_SYNCHRONOUS = 2
_RATE_PARAMETER = 1
_UTF8 = 1


def recordings(lines: Iterable[Line]) -> list[Recording]:
    """Every line spoken, in order, as the engine made it: untrimmed, 16-bit mono."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sound.spoken"],
        cwd=Path(__file__).parents[2],
        input=json.dumps(list(lines)),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer = json.loads(done.stdout)
    return [Recording(bytes.fromhex(samples), answer["rate"]) for samples in answer["samples"]]


def _speak(lines: list[Line]) -> dict[str, object]:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    spoken: list[bytes] = []

    def collect(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int) -> int:
        if samples and count > 0:
            spoken.append(ctypes.string_at(samples, count * 2))
        return 0

    # Held by a name, for the library keeps no reference to it.
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)(collect)
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
    library.espeak_SetSynthCallback(callback)
    samples: list[str] = []
    for voice, words_a_minute, text in lines:
        library.espeak_SetVoiceByName(voice.encode())
        library.espeak_SetParameter(_RATE_PARAMETER, words_a_minute, 0)
        encoded = text.encode()
        library.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, _UTF8, None, None)
        library.espeak_Synchronize()
        samples.append(b"".join(spoken).hex())
        spoken.clear()
    return {"rate": rate, "samples": samples}


if __name__ == "__main__":
    json.dump(_speak([tuple(line) for line in json.load(sys.stdin)]), sys.stdout)
