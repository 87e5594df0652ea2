"""What stands in the keys of everything that is kept: change one whenever the same input would sound different."""

PROCESSING = "3"
"""Trimming, levelling, limiting and fading of clips, the sounds and beds made by ourselves, the mix with a bed; and the
meter, for the loudness of clips is kept too."""
