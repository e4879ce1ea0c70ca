"""Whether everything is safe: the one sign that stands on every screen of the work."""

from __future__ import annotations

import flet as ft

from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.state import App
from fieldapp.views.hooks import use_fields


def waiting(app: App) -> int:
    """Return how many finished visits are not safe yet."""
    return sum(1 for item in app.items if item.safe_at is None)


def sign(count: int, size: int, digits: int | None = None) -> ft.Container:
    """Return a tick, or in a ring how many are not safe yet, `size` wide and high.

    `digits`: their height where the ring stays as it is while words grow; else they grow with them.
    """
    face: ft.Control = ft.Icon(ft.Icons.CLOUD_DONE_OUTLINED, color=theme.QUIET)
    if count:
        face = ft.Text(str(count), size=digits, color=theme.CAUTION, weight=ft.FontWeight.W_700, no_wrap=True)
    return ft.Container(
        face,
        alignment=ft.Alignment.CENTER,
        width=size,
        height=size,
        border=ft.Border.all(2, theme.CAUTION) if count else None,
        border_radius=size,
    )


@ft.component
def SyncSign(app: App) -> ft.Control:
    """The sign to look at. It opens nothing: whoever is in a visit stays there."""
    use_fields(app, "items")
    count = waiting(app)
    name = fill("Not safe yet: {count}", count=count) if count else _("Nothing waits to be sent")
    return ft.Semantics(
        container=True,
        exclude_semantics=True,
        image=True,
        label=name,
        content=ft.Container(
            sign(count, theme.SIGN_HELD, theme.SIGN_HELD // 2),
            width=theme.TOUCH,
            height=theme.TOUCH,
            alignment=ft.Alignment.CENTER,
        ),
    )
