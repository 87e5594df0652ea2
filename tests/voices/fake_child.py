"""A child process that misbehaves on purpose. It frames its answers by hand, so that the protocol is written twice.

`fake_child.py MODE LOG`: one line is added to LOG for every request, before anything goes wrong.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from pathlib import Path

BEEP = struct.pack("<200h", *([3000, -3000] * 100))


def main(mode: str, log: Path) -> None:
    """Answer every request in the manner of `mode`."""
    while lengths := sys.stdin.buffer.read(8):
        header, payload = struct.unpack(">II", lengths)
        request = json.loads(sys.stdin.buffer.read(header))
        sys.stdin.buffer.read(payload)
        earlier = log.read_text().splitlines() if log.exists() else []
        log.write_text("\n".join([*earlier, str(os.getpid())]))
        if mode == "hang":
            continue
        if mode == "crash" or (mode == "crash once" and not earlier):
            print("libvoice: out of breath", file=sys.stderr, flush=True)
            os._exit(3)
        if mode == "babble":
            sys.stdout.buffer.write(b"Audio saved to /tmp/speech.wav\n" * 9)
            sys.stdout.buffer.flush()
            os._exit(0)
        if mode == "refuse":
            answer({"refusal": f'no "{request["voice"]}" today.'}, b"")
        else:
            answer({"rate": 8000, "spent": mode == "spent"}, b"\0" * 400 if mode == "silent" else BEEP)


def answer(header: dict[str, object], samples: bytes) -> None:
    """One frame."""
    encoded = json.dumps(header).encode()
    sys.stdout.buffer.write(struct.pack(">II", len(encoded), len(samples)) + encoded + samples)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
