"""Timeline in, passages out: texts are spoken and conditioned, then mixed with sound files and breath tones.

narrator (texts → clips) and clips (all sources) → mix (→ passages); beds/under mixes passages over a bed. Only modules
that touch samples import numpy or pydub, so that querying lengths stays fast; `segments` is the only module that
imports pydub.
"""
