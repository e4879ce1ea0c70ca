"""Every size and colour of the app, once. Views name a role ("QUIET", "SAFE"); only this module says its looks.

Light and dark. Sizes are logical pixels; text sizes follow the chosen percentage.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import flet as ft

FONT = "Noto Sans HK"

# Space, from hairline to between groups.
XS, S, M, L, XL = 4, 8, 12, 16, 24
TOUCH = 48  # the least height and width of anything that is tapped
BUTTON_PADDING = 14  # makes a button of one line 48 high and more
RADIUS, RADIUS_L = 12, 30  # of answers; of stamps and sheets
DOT = 14  # on the spine of the day
READING_WIDTH = 640  # a column wider than this is hard to read; tablets centre it
ICON_SMALL, STAMP_ICON, ICON_LARGE = 18, 40, 56
THUMB = 96  # a photo in the list
LARGE_TITLE = 46  # a title of one line that is higher is set in large words
BAR = 6  # a progress bar
_BAR_HEIGHT = 66
TITLE = ft.TextStyle(height=1.2)  # two lines of it fit into a bar
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
SHADOW = ft.Colors.with_opacity(0.08, ft.Colors.BLACK)
SAFE = ft.Colors.PRIMARY
ALARM = ft.Colors.ERROR
ALARM_PAPER = ft.Colors.ERROR_CONTAINER
ON_ALARM_PAPER = ft.Colors.ON_ERROR_CONTAINER
CAUTION = ft.Colors.TERTIARY
CAUTION_PAPER = ft.Colors.TERTIARY_CONTAINER
ON_CAUTION_PAPER = ft.Colors.ON_TERTIARY_CONTAINER
FACT_PAPER = ft.Colors.SECONDARY_CONTAINER
ON_FACT_PAPER = ft.Colors.ON_SECONDARY_CONTAINER

# Colour by meaning, light and dark. The contrast of each pair is tested.
_LIGHT: Mapping[str, str] = {
    "primary": "#0A6156",  # what comes next, what is chosen, what is safe
    "on_primary": "#FFFFFF",
    "primary_container": "#DFF0EB",
    "on_primary_container": "#07463E",
    "secondary": "#47544F",
    "on_secondary": "#FFFFFF",
    "secondary_container": "#F2F4F0",
    "on_secondary_container": "#14201D",
    "tertiary": "#8A4A00",  # waiting, due, wanted
    "on_tertiary": "#FFFFFF",
    "tertiary_container": "#FDEED4",
    "on_tertiary_container": "#7A4100",
    "error": "#A1211C",  # ends something
    "on_error": "#FFFFFF",
    "error_container": "#FBE6E3",
    "on_error_container": "#8B1A16",
    "surface": "#FDFDFB",
    "on_surface": "#14201D",
    "on_surface_variant": "#47544F",
    "surface_container_lowest": "#FFFFFF",
    "surface_container_low": "#FFFFFF",
    "surface_container": "#F2F4F0",
    "surface_container_high": "#F2F4F0",
    "surface_container_highest": "#E2E6E1",
    "outline": "#7A8782",
    "outline_variant": "#E2E6E1",
    "inverse_surface": "#14201D",
    "on_inverse_surface": "#FDFDFB",
    "inverse_primary": "#63CEBB",
    "surface_tint": "#FDFDFB",
}
_DARK: Mapping[str, str] = {
    "primary": "#63CEBB",
    "on_primary": "#04231E",
    "primary_container": "#15372F",
    "on_primary_container": "#BFEEE3",
    "secondary": "#AEBBB6",
    "on_secondary": "#0E1413",
    "secondary_container": "#182020",
    "on_secondary_container": "#E8EEEC",
    "tertiary": "#F3BB60",
    "on_tertiary": "#33260D",
    "tertiary_container": "#33260D",
    "on_tertiary_container": "#F3BB60",
    "error": "#FF9D93",
    "on_error": "#3D1B19",
    "error_container": "#3D1B19",
    "on_error_container": "#FFB4AB",
    "surface": "#0E1413",
    "on_surface": "#E8EEEC",
    "on_surface_variant": "#AEBBB6",
    "surface_container_lowest": "#0E1413",
    "surface_container_low": "#1B2423",
    "surface_container": "#182020",
    "surface_container_high": "#182020",
    "surface_container_highest": "#26302E",
    "outline": "#74827D",
    "outline_variant": "#26302E",
    "inverse_surface": "#E8EEEC",
    "on_inverse_surface": "#0E1413",
    "inverse_primary": "#0A6156",
    "surface_tint": "#0E1413",
}


class Appearance(StrEnum):
    """Light, dark, or as the phone says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


# How large the words are, in percent, as the settings keep it.
TEXT_SIZES = (100, 120, 145, 200)

_MODE: Mapping[Appearance, ft.ThemeMode] = {
    Appearance.SYSTEM: ft.ThemeMode.SYSTEM,
    Appearance.LIGHT: ft.ThemeMode.LIGHT,
    Appearance.DARK: ft.ThemeMode.DARK,
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


def theme(text_size: int, *, dark: bool) -> ft.Theme:
    """Return the whole look for one brightness."""
    corner = ft.RoundedRectangleBorder(radius=RADIUS)
    button = ft.ButtonStyle(shape=corner, padding=ft.Padding.symmetric(horizontal=L, vertical=BUTTON_PADDING))
    return ft.Theme(
        color_scheme=ft.ColorScheme(**(_DARK if dark else _LIGHT)),
        scaffold_bgcolor=(_DARK if dark else _LIGHT)["surface"],
        font_family=FONT,
        text_theme=_text_theme(text_size, (_DARK if dark else _LIGHT)["on_surface"]),
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
            name: ft.TextStyle(size=scaled(size, text_size), weight=weight, font_family=FONT, color=ink)
            for name, (size, weight) in _TYPE.items()
        }
    )


def dress(page: ft.Page, text_size: int, appearance: Appearance) -> None:
    """Give `page` this look. Flet sends the difference by itself."""
    page.theme = theme(text_size, dark=False)
    page.dark_theme = theme(text_size, dark=True)
    page.theme_mode = mode(appearance)
