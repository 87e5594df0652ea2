"""The child process that speaks, kept warm: requests come in on its standard input, recordings go out.

It is started by `process` and knows nothing of routines. Whatever a driver prints lands in standard error, which the
parent keeps for its error messages. It ends when its standard input does, even in the middle of a text, so that a
parent that was killed leaves nobody behind.

By hand: `python -m voiceguide.voices.worker voiceguide.voices.espeak.driver espeak`.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import sys
import threading
from typing import BinaryIO, NoReturn

from voiceguide.voices.wire import Header, Refusal, Speaker, read_frame, write_frame


def main(module: str, engine: str) -> NoReturn:
    """Serve requests with `module`'s speaker for `engine` until standard input ends."""
    # What is sent to the whole group (Ctrl-C, a closed terminal, `timeout`) is the parent's to act on, and may find it
    # in the middle of a text that it wants to finish. When it ends, standard input ends, and so does this process.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    answers = _private_stdout()
    requests: queue.SimpleQueue[Header] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    try:
        speaker: Speaker | None = importlib.import_module(module).open_speaker(engine)
        refusal = ""
    except Refusal as why:
        speaker, refusal = None, str(why)
    # The drivers of macOS and Windows want the main thread, so the listening is what moved to another.
    while True:
        request = requests.get()
        try:
            try:
                if speaker is None:
                    raise Refusal(refusal)
                header, payload = _answer(speaker, request)
                write_frame(answers, {**header, "request": request["request"]}, payload)
            except Refusal as why:
                write_frame(answers, {"refusal": str(why), "request": request["request"]})
        except OSError:
            os._exit(0)


def _answer(speaker: Speaker, request: Header) -> tuple[Header, bytes]:
    if request["do"] == "describe":
        return speaker.describe(), b""
    samples, rate = speaker.say(
        request["text"],
        voice=request["voice"],
        rate=request["rate"],
        pitch=request["pitch"],
        volume=request["volume"],
    )
    return {"rate": rate, "spent": speaker.spent, "words": speaker.words}, samples


def _private_stdout() -> BinaryIO:
    """The pipe to the parent, out of reach of anything that prints: descriptor 1 becomes standard error."""
    private = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(private, os.O_BINARY)
    return os.fdopen(private, "wb")


def _listen(stream: BinaryIO, requests: queue.SimpleQueue[Header]) -> None:
    try:
        while frame := read_frame(stream):
            requests.put(json.loads(frame[0]))
    finally:
        # Not sys.exit: the main thread may be deep inside a synthesiser. Nor Linux's PR_SET_PDEATHSIG, which would end
        # this process with the thread that started it, and those come and go.
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:3])
