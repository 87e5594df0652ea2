"""A timeline in, what people read out: the table, JSON, captions, and the picture in `svg/`. Pure functions."""
