"""What happens inside, for `voiceguide -v` and for programs that use `logging`.

`logging` takes longer to import than most commands take to run, so it is never imported here: where nobody has
imported it, nobody can be listening.
"""

from __future__ import annotations

import sys


def listening(name: str) -> bool:
    """Whether anyone would see what `debug` logs under this name."""
    logging = sys.modules.get("logging")
    return bool(logging and logging.getLogger(name).isEnabledFor(logging.DEBUG))


def debug(name: str, message: str, *values: object) -> None:
    """Log a message, with its values put in as `logging` does it, under a module's name."""
    if logging := sys.modules.get("logging"):
        logging.getLogger(name).debug(message, *values)
