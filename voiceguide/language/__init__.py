"""A script's text in, a routine out: the routine language.

document (YAML → raw text with places) → loader and reader (along the tables of grammar: → Routine); schema turns the
same tables into JSON Schema. kinds and values say what a value may be, checks what takes more than one key to see.
"""
