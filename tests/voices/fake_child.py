"""A child process that misbehaves on purpose. It frames its answers by hand, so that the protocol is written twice.

`fake_child.py MODE LOG`: one line is added to LOG for every request, before anything goes wrong.
"""

from __future__ import annotations

import json
import math
import os
import struct
import sys
from pathlib import Path
from typing import Any

RATE = 8000


def beep(ms: int, height: float = 3000) -> list[int]:
    """A tone of so many milliseconds."""
    return [round(height * math.sin(number)) for number in range(RATE * ms // 1000)]


SPEECH = beep(2000)
SILENCE = [0] * 2 * RATE
# What a driver may hand over in place of two seconds of speech.
SOUNDS = {
    "silent": SILENCE,
    "nothing": [],
    "constant": [9000] * 2 * RATE,
    "click": [*SILENCE, 12_000, -12_000, *SILENCE],
    "fragment": beep(100),
    "fragment in hiss": [*([9, -9] * RATE), *beep(100, 30_000), *([9, -9] * RATE)],
    "stuck": [32_767, -32_768] * RATE,
    "endless": SPEECH * 60,
}
GOOD: dict[str, Any] = {"rate": RATE, "spent": False, "words": [[0, 0, 3], [250, 4, 4]]}
# What is no answer, by name.
HEADERS: dict[str, Any] = {
    "a list": [1, 2],
    "no rate": {"spent": False},
    "a rate in words": {**GOOD, "rate": "fast"},
    "a rate of nothing": {**GOOD, "rate": 0},
    "a rate beyond hearing": {**GOOD, "rate": 10**9},
    "spent in words": {**GOOD, "spent": "no"},
    "words without times": {**GOOD, "words": [["a", "b"]]},
    "words backwards": {**GOOD, "words": [[250, 4, 4], [0, 0, 3]]},
    "words after the end": {**GOOD, "words": [[2500, 4, 4]]},
    "words beyond the text": {**GOOD, "words": [[0, 900, 4]]},
    "words before the text": {**GOOD, "words": [[0, -4, 4]]},
    "another's answer": {**GOOD, "request": 7},
    "a refusal of numbers": {"refusal": 7},
}
RAW = {
    "half a sample": b"\1\2\3",
    "no JSON": b"{]",
    "no UTF-8": b'{"\xff": 1}',
    "nested JSON": b"[" * 100_000,
    "huge header": struct.pack(">II", 2**31, 0),
    "huge payload": struct.pack(">II", 2, 2**32 - 1),
}


def main(mode: str, log: Path) -> None:
    """Answer every request in the manner of `mode`."""
    while lengths := sys.stdin.buffer.read(8):
        header, payload = struct.unpack(">II", lengths)
        request = json.loads(sys.stdin.buffer.read(header))
        sys.stdin.buffer.read(payload)
        earlier = log.read_text().splitlines() if log.exists() else []
        # Added, not written anew: a child may be killed at any moment, and what others wrote must stay.
        with log.open("a") as file:
            file.write(f"{os.getpid()}\n")
        if mode == "hang":
            continue
        if mode == "crash" or (mode == "crash once" and not earlier):
            print("libvoice: out of breath", file=sys.stderr, flush=True)
            os._exit(3)
        if mode == "babble":
            send(b"Audio saved to /tmp/speech.wav\n" * 9)
            os._exit(0)
        known = {"request": request["request"]}
        if mode == "refuse":
            answer({**known, "refusal": f'no "{request["voice"]}" today.'}, [])
        elif mode in HEADERS:
            fields = HEADERS[mode]
            answer({**known, **fields} if isinstance(fields, dict) else fields, SPEECH)
        elif mode == "half a sample":
            encoded = json.dumps({**GOOD, **known, "words": []}).encode()
            send(struct.pack(">II", len(encoded), 3) + encoded + RAW[mode])
        elif mode.startswith("huge"):
            send(RAW[mode])
        elif mode in RAW:
            send(struct.pack(">II", len(RAW[mode]), 0) + RAW[mode])
        else:
            kind = mode.removesuffix(" once") if not mode.endswith(" once") or not earlier else "beep"
            answer({**GOOD, **known, "words": [], "spent": mode == "spent"}, SOUNDS.get(kind, SPEECH))
            if mode == "twice":
                answer({**GOOD, **known}, beep(3000))


def answer(header: object, samples: list[int]) -> None:
    """One frame."""
    encoded, payload = json.dumps(header).encode(), struct.pack(f"<{len(samples)}h", *samples)
    send(struct.pack(">II", len(encoded), len(payload)) + encoded + payload)


def send(data: bytes) -> None:
    """Bytes to the parent, as they are."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
