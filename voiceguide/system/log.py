"""Debug messages, for `voiceguide -v` and for programs that use `logging`.

`logging` takes longer to import than most commands take to run, so it is never imported here: if it has not been
imported elsewhere, there are no handlers.
"""

from __future__ import annotations

import sys


def listening(name: str) -> bool:
    """Whether messages of `debug` under this name are logged."""
    logging = sys.modules.get("logging")
    return bool(logging and logging.getLogger(name).isEnabledFor(logging.DEBUG))


def debug(name: str, message: str, *values: object) -> None:
    """Log a message with %-style values under a module's name."""
    if logging := sys.modules.get("logging"):
        logging.getLogger(name).debug(message, *values)
