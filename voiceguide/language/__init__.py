"""The routine language: from a script's text to a routine.

document (YAML → raw text with places) → loader and reader (with the tables of grammar: → Routine); schema turns the
same tables into JSON Schema. kinds and values define the values; checks finds errors that involve several keys.
"""
