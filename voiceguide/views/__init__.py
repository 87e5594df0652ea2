"""Views of a timeline: a table, JSON, captions, and the picture in `svg/`. Pure functions."""
