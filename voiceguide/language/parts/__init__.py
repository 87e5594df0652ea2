"""Values that only the reader can read, because they name files or have keys of their own: sounds, cues."""
