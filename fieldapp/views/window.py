"""How wide the window is: from `theme.TWO_PANES` on, the day stands beside the visit."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import flet as ft

from fieldapp import theme
from fieldapp.views.hooks import use_fields


@dataclass(eq=False)
class Window(ft.Observable):
    """Observable. One of a page."""

    is_wide: bool = False

    def resized(self, width: float | None) -> None:
        """Take the width in; only passing the limit draws anything anew."""
        is_wide = (width or 0) >= theme.TWO_PANES
        if is_wide != self.is_wide:
            self.is_wide = is_wide


_windows: WeakKeyDictionary[ft.Page, Window] = WeakKeyDictionary()


def follow(page: ft.Page) -> Window:
    """Follow the size of `page` from now on."""
    window = _windows.setdefault(page, Window())
    page.on_resize = lambda event: window.resized(event.width)
    window.resized(page.width)
    return window


def use_wide() -> bool:
    """Whether there is room for two panes; renders again when that changes."""
    window = _windows.get(ft.context.page)
    use_fields(window, "is_wide")
    return window is not None and window.is_wide
