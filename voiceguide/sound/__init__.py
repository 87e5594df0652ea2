"""A timeline in, passages of sound out: texts spoken and dressed, sounds and breath tones, laid over each other.

narrator (texts → clips) and clips (all sources) → mix (→ passages); under lays these over a bed. Only what touches
samples imports numpy or pydub, so that asking how long things are stays quick; `segments` is the one door to pydub.
"""
