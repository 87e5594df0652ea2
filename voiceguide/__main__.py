"""`python -m voiceguide`: the command, for where scripts are not on the path."""

# Python has put the current folder first in its search path; a module that lies there must not stand in for one of
# Python's own. Before any other import, `from __future__` included.
import sys

if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]

from voiceguide.cli import main

main()
