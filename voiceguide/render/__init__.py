"""A timeline and its clips in, a finished file out: spliced between silences, or mixed with a bed."""
