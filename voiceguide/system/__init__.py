"""Access to the system: atomic files, the store, child processes and their limits, work on all cores, the log.

Nothing here depends on routines or sound.
"""
