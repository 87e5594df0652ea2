"""A speaker for the real worker that prints wherever a driver might, and tells what its process has loaded."""

from __future__ import annotations

import os
import sys

from voiceguide.voices.wire import Header


class NoisySpeaker:
    """Says a beep, loudly in the wrong places."""

    spent = False
    words: tuple[()] = ()

    def say(self, text: str, *, voice: str, rate: int, pitch: int, volume: float) -> tuple[bytes, int]:
        """Three seconds of a beep, and chatter on both of the process's outputs. "sleep" is spoken by a C library."""
        print("Audio saved to speech.wav", voice, rate, pitch, volume, flush=True)
        os.write(1, b"a C library's own words\n")
        os.write(2, b"a warning\n")
        if text == "sleep":
            import ctypes

            ctypes.CDLL(None).sleep(600)
        return b"\x00\x10\x00\xf0" * 12_000, 8000

    def describe(self) -> Header:
        """The modules of this process, one a voice."""
        modules: list[Header] = [
            {"id": name, "name": name, "languages": [], "gender": None} for name in sorted(sys.modules)
        ]
        return {"version": "1", "data": None, "voices": modules}


def open_speaker(_engine: str) -> NoisySpeaker:
    """What the worker calls."""
    return NoisySpeaker()
