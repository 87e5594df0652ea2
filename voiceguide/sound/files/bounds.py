"""Limits on sound files and on the resources for decoding them, shared by both ends of the decoder's pipe."""

from __future__ import annotations

MIN_RATE, MAX_RATE = 4_000, 384_000  # samples per second
MAX_CHANNELS = 8

MAX_CHIME_SECONDS = 60
"""A chime is a short signal; a longer file is probably a mistake."""
MAX_CHIME_BYTES = 100_000_000
MAX_CHIME_SAMPLES = 2 * 192_000 * MAX_CHIME_SECONDS
"""In all channels together: the child keeps them as floats."""

MAX_MUSIC_SECONDS = 4 * 3600
MAX_MUSIC_BYTES = 1_000_000_000
"""Space in the temporary folder that a session may need for its copy."""
MAX_CONVERTED_SECONDS = 2 * 3600
"""Of music that another program decodes to a temporary file: 1.4 GB in stereo."""
MAX_CONVERTED_BYTES = 1_500_000_000

MAX_MEMORY = 2_000_000_000
"""Bytes of address space of a decoding process, including its program and libraries."""
SECONDS = 30
"""Timeout for decoding a whole chime, or the next second or so of music, on a busy machine."""
CONVERTING_SECONDS = 600
