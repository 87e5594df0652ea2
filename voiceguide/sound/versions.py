"""Versions in the keys of everything stored: change one whenever the same input would sound different."""

PROCESSING = "3"
"""Version of trimming, levelling, limiting and fading of clips, of the bundled sounds and generated beds, of the mix
with a bed; and of the meter, because the loudness of clips is stored too."""
