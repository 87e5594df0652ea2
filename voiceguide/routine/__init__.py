"""A script's text in, a routine out: read, checked, and changed as a listener asked. No sound, no clock.

document (YAML → raw text with places) → script (along the tables: → Routine) → tailor (choices → Routine)
"""
