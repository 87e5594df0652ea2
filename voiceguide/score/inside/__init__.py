"""What fills the inside of a window where its cues leave room. Pure; times are relative to the window's start."""
