"""A tailored routine in, a timeline out: everything that will be heard, with its time. No sample is touched here.

plan (steps → items in order, no clock) → settle (last words, lengths, a total) → timeline (absolute times).
"""
