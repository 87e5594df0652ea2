"""Timeline and clips in, a finished file out: passages spliced between silence, or mixed with a bed."""
