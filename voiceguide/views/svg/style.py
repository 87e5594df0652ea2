"""The style of the picture of a session: its colours in light and dark mode, its glyphs.

The rules use no CSS variables, because only browsers support them. Every rule starts with `.vg`, so that a picture
inside a web page does not change the page. The sides' colours are distinguishable for colour-blind viewers.
"""

from __future__ import annotations

from voiceguide.score.timeline import ChimeEvent

SIDES = {"left": "L", "right": "R", "tighter": "T"}
"""The sides in the order of the key, each with its letter, because colour alone is not enough."""

_LIGHT = """
.vg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1d2733;\
font-variant-numeric:tabular-nums;pointer-events:none}
.vg .paper{fill:#fff}
.vg .title{font-size:24px;font-weight:600}
.vg .sub{font-size:13px;fill:#566373}
.vg .clock{font-size:13px;font-weight:600;text-anchor:end}
.vg .tick{font-size:11px;fill:#566373;text-anchor:middle}
.vg .key{font-size:12px}
.vg .track{fill:#f3f5f8}
.vg .grid{stroke:#dfe4ea;fill:none}
.vg .axis{stroke:#8a96a5;fill:none}
.vg .chapter{fill:#dde4ec;stroke:#fff;stroke-width:1.5}
.vg .head{font-size:12px;font-weight:600}
.vg .part{font-size:11px}
.vg .s0{fill:#5a6878;stroke:#5a6878}
.vg .s1{fill:#0072b2;stroke:#0072b2}
.vg .s2{fill:#e69f00;stroke:#e69f00}
.vg .s3{fill:#cc79a7;stroke:#cc79a7}
svg.vg .side{fill-opacity:.22;stroke:#fff;stroke-width:1.5}
svg.vg .hold{stroke:none}
.vg .soft{fill-opacity:.13;stroke-width:1.2;stroke-dasharray:4 3}
.vg .breathe{fill-opacity:.13;stroke-width:1.2}
svg.vg .move{fill:none;stroke-width:3;stroke-dasharray:5 3}
.vg .name{font-size:13px;font-weight:600}
.vg .size{font-size:12px}
.vg .letter{font-size:13px;font-weight:600;text-anchor:middle}
.vg .small{font-size:9px}
.vg .wave{fill-opacity:.3;stroke-width:1.4;pointer-events:none}
.vg .on.s0,.vg .on.s1{fill:#fff;stroke:#fff}
.vg .on.s2,.vg .on.s3{fill:#1d1400;stroke:#1d1400}
.vg .wave.on{fill-opacity:.2}
svg.vg text.on.on{stroke:none}
.vg .pause{fill:#c6ced8}
.vg .say{fill:#7a8797}
.vg .cue{fill:#1d2733}
.vg .dots{fill:none;stroke:#1d2733;stroke-linecap:round}
.vg .glyph{color:#1d2733;stroke:#fff;stroke-width:2.4;paint-order:stroke}
""".strip()

_DARK = """
.vg text{fill:#e8edf3}
.vg .paper{fill:#12171d}
.vg .sub,.vg .tick{fill:#9dabba}
.vg .track{fill:#1a2129}
.vg .grid{stroke:#2a343f}
.vg .axis{stroke:#66727f}
.vg .chapter{fill:#2c3845;stroke:#12171d}
svg.vg .side{stroke:#12171d}
.vg .s0{fill:#93a1b0;stroke:#93a1b0}
.vg .s1{fill:#56b4e9;stroke:#56b4e9}
.vg .s2{fill:#e69f00;stroke:#e69f00}
.vg .s3{fill:#d98bb5;stroke:#d98bb5}
.vg .on.s0,.vg .on.s1,.vg .on.s2,.vg .on.s3{fill:#0c1116;stroke:#0c1116}
.vg .pause{fill:#3d4956}
.vg .say{fill:#8996a5}
.vg .cue{fill:#e8edf3}
.vg .dots{stroke:#e8edf3}
.vg .glyph{color:#e8edf3;stroke:#12171d}
""".strip()

CSS = f"{_LIGHT}\n@media (prefers-color-scheme:dark){{\n{_DARK}\n}}"

GLYPH = 10  # each glyph is drawn in a square of this size; its left edge is at the event's start
# Inside a <use>, browsers do not apply rules with selectors from outside, so the colours are inherited.
_SOLID, _LINE = 'fill="currentColor"', 'fill="none" stroke="currentColor" stroke-width="1.6"'
GLYPHS = {
    "start": f'<path {_SOLID} d="M0 0 10 5 0 10z"/>',
    "halfway": f'<path {_SOLID} d="M5 0a5 5 0 0 0 0 10z"/><circle {_LINE} cx="5" cy="5" r="4.2"/>',
    "end": f'<path {_SOLID} d="M.5 .5h9v9h-9z"/>',
    "switch": f'<path {_LINE} d="M0 2.7h12M9 -.3l3 3-3 3M12 8H0m3-3-3 3 3 3"/>',
    "other": f'<path {_SOLID} d="M5 0 10 5 5 10 0 5z"/>',
}
GLYPH_NAMES = {
    "start": "start chime",
    "halfway": "halfway chime",
    "end": "end chime",
    "switch": "switch chime",
    "other": "other sound",
}


def find_tone(side: str | None) -> str:
    """The CSS class of a side's colours."""
    return f"s{[*SIDES].index(side) + 1}" if side in SIDES else "s0"


def find_glyph(chime: ChimeEvent) -> str:
    """The glyph of a sound."""
    return chime.name if chime.name in GLYPHS else "other"
