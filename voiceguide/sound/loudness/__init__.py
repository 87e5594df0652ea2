"""Loudness: measured (meter, by ITU-R BS.1770), computed for a whole session (level); and peak limiting (limiter)."""
