"""The voice that comes with voiceguide: espeak-ng, from a wheel.

The parent uses place (the paths of library and data) and data (the voices); driver speaks, in a child process.
"""
