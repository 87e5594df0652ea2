"""Other ways to make the same session, each a script as someone would write it without voiceguide."""
