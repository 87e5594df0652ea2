"""A tailored routine in, a timeline out: everything that will be heard, with its time. No sample is touched here.

plan      steps → items in order, no clock      (holds: its windows; phrases: its words; items: what it is made of)
settle    the last words, their lengths, and a total where one is asked for      (fit: holds moved to meet it)
layout    items + lengths → timeline, which says all about each event      (window: what sounds inside one, and when)
"""
