"""A routine in, a timeline out: what sounds, and on which millisecond. Pure; nothing in here has heard a sample.

plan (order, no clock) → words (the last texts) → fit (a listener's total) → timeline (the clock) → picture (a drawing)
"""
