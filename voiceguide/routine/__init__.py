"""A routine and a listener's choices in, the routine as this listener hears it out. No YAML, no sound, no clock.

model is the routine itself, choices what a listener may ask for, naming what a listener's names mean in one routine,
tailor applies them; presets keeps choices under a name.
"""
