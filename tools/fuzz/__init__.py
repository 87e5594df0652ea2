"""Attack voiceguide with random input for as long as you like: `python -m tools.fuzz --minutes 60`.

kinds holds the registry, tries runs one try under limits of time and memory, `__main__` runs many; each further module
adds the kinds of input that it knows, and is imported by tries.
"""
