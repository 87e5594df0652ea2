"""Background beds: generated ones and the listener's music, their level over time, and the mix with a session."""
