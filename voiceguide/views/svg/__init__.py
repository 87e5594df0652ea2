"""Timeline → a picture, as SVG. `picture.draw_svg` draws it.

layout    geometry: rows, ticks, text widths     labels    its texts      key    the legend: colours and glyphs
shapes    the SVG of one shape                   style     colours and glyphs
"""
