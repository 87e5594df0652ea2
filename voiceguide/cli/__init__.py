"""The command line: the only part that prints or exits.

This module is the entry point. It imports very little, so that Ctrl-C is handled from the start; the commands are in
`group`. All output goes through `console`.
"""

from __future__ import annotations

import gc
import os
import sys

from voiceguide.cli import signals

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import NoReturn

REPORT = "this is a bug in voiceguide; please report it, with the output of the same command with -v"


def main() -> NoReturn:
    """The `voiceguide` command.

    Exit codes: 0 done, 1 error, 2 wrong usage; 129 terminal closed, 130 interrupted, 143 ended by SIGTERM.
    """
    code = 1
    # A command makes many objects that stay and few that become garbage: collecting took a tenth of its time.
    gc.set_threshold(100_000)
    try:
        signals.listen(_say)
        _open_closed_streams()
        code = _run()
        signals.ignore()
    except signals.Stopped as stopped:
        signals.ignore()
        _say(signals.tell(stopped))
        code = stopped.exit_code
    # The interpreter collects once more while it ends, except what is frozen.
    gc.freeze()
    sys.exit(code)


def _run() -> int:
    """Run the command. Every unexpected error is reported here, in one sentence."""
    try:
        from voiceguide.cli import group

        return group.run()
    except KeyboardInterrupt:  # from Python's own handler for Ctrl-C, such as in a thread
        raise signals.Stopped(2) from None
    except ImportError as error:
        _say(f"Error: voiceguide is not completely installed: {error}; install it again", error)
    except MemoryError as error:
        _say("Error: there is not enough memory; close other programs, or make a shorter session", error)
    except OSError as error:
        about = "the system reports" if error.filename is None else f"{os.fsdecode(error.filename)} can't be used"
        _say(f"Error: {about}: {(error.strerror or str(error)).lower()}", error)
    except Exception as error:  # the last resort: users must not see a traceback
        kind = type(error).__name__
        _say(f"Error: unexpected error ({kind}); {REPORT}", error)
    finally:
        if console := sys.modules.get("voiceguide.cli.console"):
            console.finish()
    return 1


def _say(sentence: str, error: BaseException | None = None) -> None:
    try:
        from voiceguide.cli import console
    except ImportError:  # a package such as click is missing
        if sys.stderr is not None:
            sys.stderr.write(f"{sentence}\n")
    else:
        console.error(sentence)
        if error is not None:
            console.trace(error)


def _open_closed_streams() -> None:
    """Open a closed standard stream (`2>&-`) on the null device; else the next file would get its descriptor."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
