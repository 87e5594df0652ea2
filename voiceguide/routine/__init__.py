"""A routine and a listener's choices in, the routine as this listener hears it out. No YAML, no sound, no clock.

model is the routine itself, choices the table of what a listener may choose, fields the same as typed keywords, naming
what a listener's names mean in one routine; tailor applies them, within ranges, and unmet notes those without effect.
presets saves choices under a name; titles and templates are about texts.
"""
