"""Which characters printed papers cannot show.

FNT-1  A character that the font has no glyph for is named before anything is set; a box in place of a name is no print.
"""

from __future__ import annotations

from checklists.glyphs import is_drawn


def lacking(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that the font lacks, each once, in order. Reads no font."""
    return tuple(dict.fromkeys(one for one in text if not is_drawn(one) and not one.isspace()))


def named(characters: tuple[str, ...]) -> str:
    """Return characters as they are told: each with its number, for it may look like nothing."""
    return ", ".join(f"{one} (U+{ord(one):04X})" for one in characters[:10])
