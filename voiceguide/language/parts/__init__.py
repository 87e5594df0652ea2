"""The parts that reading a step is made of: sounds and cues, which have keys of their own, and how a step is built."""
