"""The voice that comes with voiceguide: espeak-ng, from a wheel.

place (where library and data lie) and data (which voices there are) are read by the parent; driver speaks, in a
child.
"""
