"""Decodes the user's sound files for `sound`: they are copied, then decoded in a child process with limits.

sounds (chimes, as clips) and beds/music (a stream) → decoder, the parent's end → pipe (wire) → child, which decodes:
chime and stream. Files that libsndfile can't read are first converted to WAV by another program (`convert`).
"""
