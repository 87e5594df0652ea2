"""From a tailored routine to a timeline: everything that is heard, with its time. No audio is processed here.

plan      steps → items in order, no clock      (holds: its windows; phrases: its speech; items: their types)
settle    final texts, their lengths, and the total if one is chosen      (fit: adjusts holds to the total)
layout    items + lengths → timeline, which has all facts about each event      (window: the events inside a window)
"""
