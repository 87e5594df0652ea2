"""The child process that speaks: it reads requests from standard input and writes recordings to standard output.

It is started by `process`. Everything that a driver prints goes to standard error, which the parent uses for its error
messages. It exits when its standard input is closed, even in the middle of a text, so that no child survives a parent
that was killed.

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
    # Signals to the whole process group (Ctrl-C, a closed terminal, `timeout`) are handled by the parent, which may
    # still need the current text. When the parent exits, standard input is closed, and this process exits too.
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
    # The drivers of macOS and Windows need the main thread, so standard input is read in another.
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
    """The pipe to the parent. Descriptor 1 becomes standard error, so that a driver's output can't reach the pipe."""
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
        # Not sys.exit, because the main thread may be busy in a synthesiser. Linux's PR_SET_PDEATHSIG is no
        # alternative: it would end this process with the thread that started it, which may be short-lived.
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:3])
