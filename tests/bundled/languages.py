"""The judge's words in the other languages of bundled routines."""

from __future__ import annotations

from tests.bundled.judge import Language

GERMAN = Language(
    sides=r"\b(link|recht)\w*\b|straffer",
    own=r"(jetzt )?beginnen\.|los\.|und lösen\.|halbzeit\.|pause\.",
    breath=r"\b(ein|aus)?atm\w*\b",
    felt=r"\bspür\w*\b",
    avoid=r"\b(nicht|nie|ohne)\b",
    easier=r"zu viel|zum aufhören",
    release=r"\blös\w*\b",
    stay=r"\bbleib\b",
    postures=(
        (r"\b(komm|knie)\b.* auf dein \w+ knie", 10),
        (r"\bknie (kommt )?nach unten\b", 6),
        (r"\bsteh auf\b", 10),
        (r"\bleg dich\b", 10),
        (r"^setz dich\b", 10),
    ),
)

SPANISH = Language(
    sides=r"\b(izquierd|derech)[oa]\b",
    own=r"empieza\.|y suelta\.|mitad del tiempo\.|descansa\.",
    breath=r"\b(respira\w*|inspira\w*|espira\w*|aire)\b",
    felt=r"\bnot(a|as|arás)\b|delante de la cadera",
    avoid=r"\b(no|nunca|sin)\b",
    easier=r"demasiado",
    release=r"\bsuelta\b",
    stay=r"\bquédate\b",
    postures=(
        (r"\bponte de pie\b", 10),
        (r"\bapoya la rodilla\b", 10),
        (r"\bla rodilla \w+ (baja|abajo)\b", 6),
        (r"\btúmbate\b", 10),
        (r"^siéntate\b", 10),
    ),
)
