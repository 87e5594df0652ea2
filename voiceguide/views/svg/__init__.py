"""Timeline → a picture to look at, as SVG. `picture.svg` draws it.

layout    where: rows, ticks, what fits     labels    what it says
shapes    the SVG of one shape              style     colours and glyphs
"""
