"""Every size and colour of the app, once. Views name a role ("QUIET", "SAFE"); only this module says its looks.

Light and dark. Sizes are logical pixels; text sizes follow the chosen percentage.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import flet as ft

from fieldapp.colours import colours
from fieldapp.of_page import OfPage

FONT = "Noto Sans HK"

# Space, from hairline to between groups.
XS, S, M, L, XL = 4, 8, 12, 16, 24
TOUCH = 48  # the least height and width of anything that is tapped
BUTTON_PADDING = 14  # makes a button of one line 48 high and more
ONE_LINE = 60  # a button that is higher has its words in several
RADIUS, RADIUS_L = 12, 30  # of answers; of stamps and sheets
DOT = 14  # on the spine of the day
TALL = 800  # from this height on four rows of keys leave room for the clock of the call
LOW = 480  # a window that is lower, and wider than this, is a phone on its side
TWO_PANES, PANE = 840, 340  # from this width on the day stands beside the visit, this wide
READING_WIDTH = 640  # a column wider than this is hard to read; tablets centre it
SIGN = 16  # the tick of an answer
SIGN_HELD = 32  # whether everything is safe, in a bar
ICON_SMALL, STAMP_ICON, ICON_LARGE, DONE_SIGN = 18, 40, 56, 160
THUMB = 96  # a photo in the list
PICTURE = 240  # one among words
LARGE_TITLE = 46  # a title of one line that is higher is set in large words
BAR = 6  # a progress bar
CODE = 13  # a question's code, behind its words
LARGE_TEXT = 130  # percent: from here on answers stand one below the other
LARGE_LINE = 24  # a quiet line that is higher is set in large words
_BAR_HEIGHT = 56
TITLE = ft.TextStyle(height=1.2)  # two lines of it fit into a bar
TITLE_STARTS = 72  # behind the arrow back
TITLE_LETTERS = 28  # what a title bar always shows whole, 320 px wide at twice the text size
DIALOG_WIDTH = 420

# Colour roles.
PRIMARY = ft.Colors.PRIMARY
ON_PRIMARY = ft.Colors.ON_PRIMARY
INVERSE = ft.Colors.INVERSE_SURFACE
ON_INVERSE = ft.Colors.ON_INVERSE_SURFACE
CHOSEN = ft.Colors.PRIMARY_CONTAINER
ON_CHOSEN = ft.Colors.ON_PRIMARY_CONTAINER
PAPER = ft.Colors.SURFACE
CARD = ft.Colors.SURFACE_CONTAINER_LOW
RAISED = ft.Colors.SURFACE_CONTAINER_HIGH
INK = ft.Colors.ON_SURFACE
QUIET = ft.Colors.ON_SURFACE_VARIANT
LINE = ft.Colors.OUTLINE_VARIANT
EDGE = ft.Colors.OUTLINE
BLACKED_OUT = ft.Colors.BLACK  # what nobody is to see in a photo
SAFE = ft.Colors.PRIMARY
ALARM = ft.Colors.ERROR
ALARM_PAPER = ft.Colors.ERROR_CONTAINER
ON_ALARM_PAPER = ft.Colors.ON_ERROR_CONTAINER
CAUTION = ft.Colors.TERTIARY
CAUTION_PAPER = ft.Colors.TERTIARY_CONTAINER
ON_CAUTION_PAPER = ft.Colors.ON_TERTIARY_CONTAINER
FACT_PAPER = ft.Colors.SECONDARY_CONTAINER
ON_FACT_PAPER = ft.Colors.ON_SECONDARY_CONTAINER


class Appearance(StrEnum):
    """Light, dark, or as the phone says; the last two in high contrast."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"
    CONTRAST_DARK = "contrast-dark"

    @property
    def is_contrast(self) -> bool:
        """Whether nothing may be faint."""
        return self in (Appearance.CONTRAST, Appearance.CONTRAST_DARK)


# How large the words are, in percent, as the settings keep it.
TEXT_SIZES = (100, 120, 145, 200)

_MODE: Mapping[Appearance, ft.ThemeMode] = {
    Appearance.SYSTEM: ft.ThemeMode.SYSTEM,
    Appearance.LIGHT: ft.ThemeMode.LIGHT,
    Appearance.DARK: ft.ThemeMode.DARK,
    Appearance.CONTRAST: ft.ThemeMode.LIGHT,
    Appearance.CONTRAST_DARK: ft.ThemeMode.DARK,
}

# A screen opens at once: movement costs battery and says nothing here.
_INSTANT = ft.PageTransitionsTheme(
    **dict.fromkeys(("android", "ios", "linux", "macos", "windows"), ft.PageTransitionTheme.NONE)
)

# Seven sizes and two weights; size carries the order of things, so that it stands where bold is missing.
_TYPE: Mapping[str, tuple[int, ft.FontWeight]] = {
    "display_large": (88, ft.FontWeight.W_700),  # the running clock
    "display_small": (40, ft.FontWeight.W_700),  # the figure one comes for
    "headline_medium": (28, ft.FontWeight.W_700),  # the page's subject, the next stamp
    "headline_small": (28, ft.FontWeight.W_700),
    "title_large": (21, ft.FontWeight.W_700),
    "title_medium": (21, ft.FontWeight.W_700),
    "title_small": (17, ft.FontWeight.W_700),
    "body_large": (17, ft.FontWeight.W_400),
    "body_medium": (17, ft.FontWeight.W_400),
    "body_small": (14, ft.FontWeight.W_400),
    "label_large": (16, ft.FontWeight.W_700),
    "label_medium": (14, ft.FontWeight.W_400),
    "label_small": (12, ft.FontWeight.W_400),
}


def scaled(size: int, text_size: int) -> float:
    """Return a length that grows with the words; `text_size` is in percent."""
    return size * text_size / 100


def bar_height(text_size: int) -> float:
    """Return a title bar's height: two lines of title fit at every text size."""
    return scaled(_BAR_HEIGHT, text_size)


def mode(appearance: Appearance) -> ft.ThemeMode:
    """Return Flet's word for `appearance`."""
    return _MODE[appearance]


def theme(text_size: int, *, dark: bool, contrast: bool = False) -> ft.Theme:
    """Return the whole look for one brightness."""
    scheme = colours(dark=dark, contrast=contrast)
    corner = ft.RoundedRectangleBorder(radius=RADIUS)
    button = ft.ButtonStyle(shape=corner, padding=ft.Padding.symmetric(horizontal=L, vertical=BUTTON_PADDING))
    return ft.Theme(
        color_scheme=ft.ColorScheme(**scheme),
        scaffold_bgcolor=scheme["surface"],
        font_family=FONT,
        text_theme=_text_theme(text_size, scheme["on_surface"]),
        button_theme=ft.ButtonTheme(style=button),
        filled_button_theme=ft.FilledButtonTheme(style=button),
        outlined_button_theme=ft.OutlinedButtonTheme(style=button),
        text_button_theme=ft.TextButtonTheme(style=button),
        visual_density=ft.VisualDensity.STANDARD,
        page_transitions=_INSTANT,
    )


def _text_theme(text_size: int, ink: str) -> ft.TextTheme:
    return ft.TextTheme(
        **{
            name: ft.TextStyle(
                size=scaled(size, text_size), weight=weight, font_family=FONT, color=ink, letter_spacing=0
            )
            for name, (size, weight) in _TYPE.items()
        }
    )


_worn = OfPage[tuple[int, Appearance]]()


def dress(page: ft.Page, text_size: int, appearance: Appearance) -> None:
    """Give `page` this look, unless it has it. Flet sends the difference by itself."""
    if _worn.get(page) == (text_size, appearance):
        return
    _worn.put(page, (text_size, appearance))
    page.theme = theme(text_size, dark=False, contrast=appearance.is_contrast)
    page.dark_theme = theme(text_size, dark=True, contrast=appearance.is_contrast)
    page.theme_mode = mode(appearance)
