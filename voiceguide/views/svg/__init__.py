"""Timeline → a picture to look at, as SVG. `picture.draw_svg` draws it.

layout    where: rows, ticks, what fits     labels    what it says      key    what its colours and signs mean
shapes    the SVG of one shape              style     colours and glyphs
"""
