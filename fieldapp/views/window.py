"""How large the window is: from `theme.TWO_PANES` on, the day stands beside the visit; a low one has no room below."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldapp import theme
from fieldapp.of_page import OfPage
from fieldapp.views.hooks import use_fields


@dataclass(eq=False)
class Window(ft.Observable):
    """Observable. One of a page."""

    is_wide: bool = False
    is_low: bool = False
    is_tall: bool = False
    width: float = 0

    def resized(self, width: float | None, height: float | None = None) -> None:
        """Take the size in; but for titles only passing a limit draws anything anew."""
        is_wide = (width or 0) >= theme.TWO_PANES
        is_low = 0 < (height or 0) < theme.LOW <= (width or 0)
        is_tall = (height or 0) >= theme.TALL
        if width and width != self.width:
            self.width = width
        if is_wide != self.is_wide:
            self.is_wide = is_wide
        if is_low != self.is_low:
            self.is_low = is_low
        if is_tall != self.is_tall:
            self.is_tall = is_tall


_windows = OfPage[Window]()


def follow(page: ft.Page) -> Window:
    """Follow the size of `page` from now on."""
    window = _windows.get(page) or Window()
    _windows.put(page, window)
    page.on_resize = lambda event: window.resized(event.width, event.height)
    window.resized(page.width, page.height)
    return window


def use_width() -> float:
    """Return how wide the window is; renders again whenever that changes."""
    window = _windows.get(ft.context.page)
    use_fields(window, "width")
    return window.width if window is not None else 0


def use_wide() -> bool:
    """Whether there is room for two panes; renders again when that changes."""
    window = _windows.get(ft.context.page)
    use_fields(window, "is_wide")
    return window is not None and window.is_wide


def use_low() -> bool:
    """Whether the phone lies on its side, with little height; renders again when that changes."""
    window = _windows.get(ft.context.page)
    use_fields(window, "is_low")
    return window is not None and window.is_low


def use_tall() -> bool:
    """Whether there is room for the keys of a telephone as they stand there; renders again when that changes."""
    window = _windows.get(ft.context.page)
    use_fields(window, "is_tall")
    return window is not None and window.is_tall
