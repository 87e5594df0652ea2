"""The natural voice, of the extra `voiceguide[natural]`: a small neural network that runs on one core.

`place` finds what is installed and `catalogue` names its voice; neither imports it. In the child, `driver` registers
a driver with pyttsx3, which speaks through a `Synthesizer`: `hibari` today. Another engine is another such module.
"""
