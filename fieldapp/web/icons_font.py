"""The signs of the app as a font: those it names, and those that the toolkit draws by itself. All others stay at home.

The whole font has 8,600 signs, of which a phone would fetch and keep each. A sign the font lacks would be drawn as a
box, so a name that it does not know stops the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from checklists.language import N_, sentence
from fieldapp.web.errors import BuildError

APP = Path(__file__).parent.parent
_NAMED = re.compile(r"\bIcons\.([A-Z][A-Z0-9_]*)")
# What Flutter's own bars, fields, menus and dialogs draw.
TOOLKIT = (
    *("ARROW_BACK", "ARROW_BACK_IOS", "ARROW_BACK_IOS_NEW_ROUNDED", "ARROW_DROP_DOWN", "ARROW_DROP_UP", "CANCEL"),
    *("CHECK", "CHEVRON_LEFT", "CHEVRON_RIGHT", "CLEAR", "CLOSE", "CONTENT_COPY", "CONTENT_CUT", "CONTENT_PASTE"),
    *("ERROR", "EXPAND_LESS", "EXPAND_MORE", "KEYBOARD_ARROW_DOWN", "KEYBOARD_ARROW_UP", "MENU", "MORE_HORIZ"),
    *("MORE_VERT", "SEARCH", "SELECT_ALL", "VISIBILITY", "VISIBILITY_OFF", "WARNING"),
)
_STYLES = ("_OUTLINED", "_ROUNDED", "_SHARP")


def named() -> frozenset[str]:
    """Return the signs that the sources of the app name."""
    sources = (path.read_text("utf-8") for path in APP.rglob("*.py") if "web" not in path.relative_to(APP).parts)
    return frozenset(name for source in sources for name in _NAMED.findall(source))


def glyph_of(name: str) -> str:
    """Return what the font calls a sign."""
    return name.lower() if name.endswith(_STYLES) else f"{name.lower()}_baseline"


def write(source: Path, target: Path, names: Iterable[str] = ()) -> None:
    """Write the font in `source` with the signs `names`, by default all the app may show, to `target`.

    Raises:
        BuildError: "sign-unknown", the font has no such sign.
    """
    from fontTools import subset  # noqa: PLC0415 - only a real build needs it

    wanted = {glyph_of(name): name for name in names or {*named(), *TOOLKIT}}
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"])
    with subset.load_font(str(source), options, lazy=False) as font:
        unknown = sorted(name for glyph, name in wanted.items() if glyph not in font.getGlyphOrder())
        if unknown:
            message = sentence(N_("The icons' font has no {names}. Use another sign."), names=", ".join(unknown))
            raise BuildError("sign-unknown", message)
        subsetter = subset.Subsetter(options)
        subsetter.populate(glyphs=sorted(wanted))
        subsetter.subset(font)
        target.parent.mkdir(parents=True, exist_ok=True)
        subset.save_font(font, str(target), options)
