"""From a routine and a listener's choices to the tailored routine. No YAML, no sound, no clock.

model is the routine, choices the table of the listener's choices, fields the same as typed keywords, naming resolves
the names in choices for one routine; tailor applies them, within ranges, and unmet notes those without effect.
presets saves choices under a name; templates and pronunciations process texts; inputs lists a session's input files.
"""
