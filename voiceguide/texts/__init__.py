"""Texts as people write them: characters made plain, the marks of other tools found, silences inside.

In: a text of a script. Out: the same text in one form, or the sentence that says what can't be spoken in it. Nothing
here knows a routine, a voice or a clock.
"""
