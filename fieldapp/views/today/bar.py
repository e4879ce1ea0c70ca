"""The bar below the list: search, refresh, settings, and at the right, always, whether everything is safe."""

from __future__ import annotations

import flet as ft

from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.state import App
from fieldapp.views import kit
from fieldapp.views.hooks import go
from fieldapp.views.sync_sign import sign, waiting
from fieldapp.views.tappable import Tappable


def bar(app: App, refresh: kit.OnTap, search: kit.OnTap, *, is_searching: bool, is_looking: bool) -> ft.Control:
    """Return the four of them, each as wide as the others."""
    find = (ft.Icons.CLOSE, _("Close the search")) if is_searching else (ft.Icons.SEARCH, _("Find"))
    news = _("Looking for news") if is_looking else _("Refresh")
    places = [
        kit.icon_button(find[0], find[1], search, "search-visits"),
        kit.icon_button(ft.Icons.REFRESH, news, refresh, "refresh", disabled=is_looking),
        kit.icon_button(ft.Icons.SETTINGS_OUTLINED, _("Settings"), lambda _e: go("/settings"), "open-settings"),
        sync_dot(app),
    ]
    row = ft.Row([ft.Container(place, alignment=ft.Alignment.CENTER, expand=True) for place in places], spacing=0)
    return ft.Container(
        key="bar",
        bgcolor=theme.CARD,
        alignment=ft.Alignment.CENTER,
        content=ft.Container(row, width=theme.READING_WIDTH),
    )


def sync_dot(app: App) -> ft.Control:
    """Return the dot that tells without being asked: a tick, or how many are not safe yet."""
    count = waiting(app)
    name = fill("Sync, {count} waiting", count=count) if count else _("Sync")

    def open_sync(_event: object) -> None:
        go("/sync")

    ring = sign(count, theme.TOUCH)
    ring.key, ring.ink, ring.on_click = "open-sync", True, open_sync
    return Tappable(container=True, exclude_semantics=True, button=True, label=name, on_click=open_sync, content=ring)
