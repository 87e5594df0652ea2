"""What touches the computer: whole files, the store, child processes and their limits, work on all cores, the log.

Nothing here knows routines or sound.
"""
