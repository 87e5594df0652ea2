"""`python -m voiceguide`: the command, for systems where the `voiceguide` script is not on the path."""

# Python has put the current folder first in its search path. Remove it before any other import, `from __future__`
# included, so that a module in that folder can't replace one of Python's own.
import sys

if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]

from voiceguide.cli import main

main()
