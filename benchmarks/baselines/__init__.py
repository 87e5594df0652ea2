"""Other ways to make the same session, each a script as a developer might write it, without voiceguide's pipeline."""
