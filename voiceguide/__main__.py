"""`python -m voiceguide`: the command, for where scripts are not on the path."""

from voiceguide.cli import main

main()
