"""Sound files that are not ours, on the way to `sound`: copied, decoded by a child process within bounds, never by us.

sounds (chimes, as clips) and beds/music (a stream) → decoder, the parent's end → pipe (wire) → child, which decodes:
chime and stream. What libsndfile can't read, `convert` has another program of this computer write as WAV first.
"""
