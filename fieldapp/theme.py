"""Every size and colour of the app, once. Views name a role ("QUIET", "SAFE"); only this module says its looks.

Material 3, light and dark, from one seed. Sizes are logical pixels; text sizes follow the chosen percentage.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import flet as ft

FONT = "Noto Sans HK"

# Space, from hairline to between groups.
XS, S, M, L, XL = 4, 8, 12, 16, 24
TOUCH = 48  # the least height and width of anything that is tapped
RADIUS = 12
READING_WIDTH = 640  # a column wider than this is hard to read; tablets centre it
ICON_SMALL, ICON_LARGE = 18, 56
THUMB = 96  # a photo in the list
BAR = 6  # a progress bar
_BAR_HEIGHT = 66
TITLE = ft.TextStyle(height=1.2)  # two lines of it fit into a bar
TITLE_LETTERS = 28  # what a title bar always shows whole, 320 px wide at twice the text size
DIALOG_WIDTH = 420

# Colour roles.
PRIMARY = ft.Colors.PRIMARY
CHOSEN = ft.Colors.PRIMARY_CONTAINER
ON_CHOSEN = ft.Colors.ON_PRIMARY_CONTAINER
PAPER = ft.Colors.SURFACE
CARD = ft.Colors.SURFACE_CONTAINER_LOW
RAISED = ft.Colors.SURFACE_CONTAINER_HIGH
INK = ft.Colors.ON_SURFACE
QUIET = ft.Colors.ON_SURFACE_VARIANT
LINE = ft.Colors.OUTLINE_VARIANT
EDGE = ft.Colors.OUTLINE
SAFE = ft.Colors.PRIMARY
ALARM = ft.Colors.ERROR
ALARM_PAPER = ft.Colors.ERROR_CONTAINER
ON_ALARM_PAPER = ft.Colors.ON_ERROR_CONTAINER
CAUTION = ft.Colors.TERTIARY
CAUTION_PAPER = ft.Colors.TERTIARY_CONTAINER
ON_CAUTION_PAPER = ft.Colors.ON_TERTIARY_CONTAINER
FACT_PAPER = ft.Colors.SECONDARY_CONTAINER
ON_FACT_PAPER = ft.Colors.ON_SECONDARY_CONTAINER

_SEED = "#00695C"
# What the seed makes of ON_SURFACE: a text theme needs the colour itself, or its words stay black in the dark.
_INK_LIGHT, _INK_DARK = "#171D1B", "#DEE4E1"
_AMBER_LIGHT: Mapping[str, str] = {
    "tertiary": "#765900",
    "on_tertiary": "#FFFFFF",
    "tertiary_container": "#FFE08F",
    "on_tertiary_container": "#241A00",
}
_AMBER_DARK: Mapping[str, str] = {
    "tertiary": "#F0C03F",
    "on_tertiary": "#3E2E00",
    "tertiary_container": "#594400",
    "on_tertiary_container": "#FFE08F",
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

# Material 3's type scale, with body text one step up: it is read at arm's length, walking.
_TYPE: Mapping[str, tuple[int, ft.FontWeight]] = {
    "headline_small": (24, ft.FontWeight.W_400),
    "title_large": (20, ft.FontWeight.W_500),
    "title_medium": (17, ft.FontWeight.W_500),
    "title_small": (15, ft.FontWeight.W_500),
    "body_large": (16, ft.FontWeight.W_400),
    "body_medium": (15, ft.FontWeight.W_400),
    "body_small": (13, ft.FontWeight.W_400),
    "label_large": (15, ft.FontWeight.W_500),
    "label_medium": (13, ft.FontWeight.W_500),
    "label_small": (12, ft.FontWeight.W_500),
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
    button = ft.ButtonStyle(shape=corner, padding=ft.Padding.symmetric(horizontal=L, vertical=M))
    return ft.Theme(
        color_scheme_seed=_SEED,
        color_scheme=ft.ColorScheme(**(_AMBER_DARK if dark else _AMBER_LIGHT)),
        font_family=FONT,
        text_theme=_text_theme(text_size, _INK_DARK if dark else _INK_LIGHT),
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
