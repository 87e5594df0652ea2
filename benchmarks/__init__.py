"""Measure the cost of a session, compared with other ways to make the same one: `python -m benchmarks`.

routine    writes the sessions to be made: YAML for voiceguide, and the same as a flat list for the others
baselines  the others, each a script of its own
contest    one process after the other, in turns, with what each used
tables     the numbers as Markdown, and their place in docs/performance.md
strict     not about speed: checks the files with three strict MP3 readers
"""
