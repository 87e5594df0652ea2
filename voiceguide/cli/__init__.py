"""The command line: the only place that prints or exits.

This module is where the command begins. It imports next to nothing, so that Ctrl-C is understood from the first
moment; the commands themselves come with `group`. All that is printed goes through `console`.
"""

from __future__ import annotations

import gc
import os
import sys

from voiceguide.cli import signals

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import NoReturn

REPORT = "This is a fault of voiceguide; please report it with what the same command with -v prints."


def main() -> NoReturn:
    """The `voiceguide` command.

    Exit codes: 0 done, 1 script or request wrong, 2 usage; 129 terminal closed, 130 interrupted, 143 ended by SIGTERM.
    """
    code = 1
    # A command makes many objects that stay and few that become garbage: collecting took a tenth of its time.
    gc.set_threshold(100_000)
    try:
        signals.listen()
        _open_what_is_closed()
        code = _run()
        signals.ignore()
    except signals.Stopped as stopped:
        signals.ignore()
        _say(f"{stopped}; no unfinished file is left behind.")
        code = stopped.exit_code
    # The interpreter collects once more while it ends, except what is frozen.
    gc.freeze()
    sys.exit(code)


def _run() -> int:
    """Run the command; whatever nobody foresaw ends here, in one sentence."""
    try:
        from voiceguide.cli import group

        return group.run()
    except KeyboardInterrupt:  # where Python's own handler for Ctrl-C was in place, as in a thread
        raise signals.Stopped(2) from None
    except ImportError as error:
        _say(f"Error: voiceguide is not completely installed: {error}. Install it again.", error)
    except MemoryError as error:
        _say("Error: there is not enough memory for this. Close other programs, or make a shorter session.", error)
    except OSError as error:
        about = "the system reports" if error.filename is None else f"{os.fsdecode(error.filename)} can't be used"
        _say(f"Error: {about}: {(error.strerror or str(error)).lower()}.", error)
    except Exception as error:  # the last resort: a traceback helps nobody who did not write this
        kind = type(error).__name__
        _say(f"Error: something went wrong that nobody foresaw ({kind}). {REPORT}", error)
    finally:
        if console := sys.modules.get("voiceguide.cli.console"):
            console.finish()
    return 1


def _say(sentence: str, error: BaseException | None = None) -> None:
    try:
        from voiceguide.cli import console
    except ImportError:  # click is missing, or so
        if sys.stderr is not None:
            sys.stderr.write(f"{sentence}\n")
    else:
        console.error(sentence)
        if error is not None:
            console.trace(error)


def _open_what_is_closed() -> None:
    """A standard stream that was closed (`2>&-`) becomes one that nobody reads: else the next file would be it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
