"""Measures the cost of a session, compared with other ways to make it. `python -m benchmarks` measures everything.

routine    writes the sessions: YAML for voiceguide, and the same as a flat list for the baselines
baselines  other ways to make the same session, each a separate script
contest    runs processes in turns and measures their resource usage
tables     formats the numbers as Markdown and writes them into docs/performance.md
strict     not about speed: checks the files with three strict MP3 readers
"""
