"""The day beside the visit, where the window is wide: every visit by what to do now, the open one marked."""

from __future__ import annotations

from datetime import UTC, datetime

import flet as ft

from fieldapp import theme
from fieldapp.language import _
from fieldapp.state import Due
from fieldapp.views import kit, words
from fieldapp.views.hooks import go, keyed, use_app
from fieldapp.views.today.lines import told
from fieldapp.views.today.tile import VisitTile
from fieldapp.views.window import use_wide

MOST = 25  # of a group; the whole list is one tap away


@ft.component
def DayPane(opened: str) -> ft.Control:
    """The list, with `opened` the assignment on the right; nothing where there is no room for two."""
    app = use_app("rows", "zone", "minute", "settings")
    if not use_wide():
        return ft.Container()
    now = app.minute or datetime.now(UTC)
    rows: list[ft.Control] = [kit.text_button(_("Today"), lambda _e: go("/"), "pane-today", icon=ft.Icons.TODAY)]
    for due, group in app.groups:
        if due is Due.FINISHED:
            continue
        rows.append(kit.group_heading(_(words.DUES[due])))
        for row in group[:MOST]:
            tile = keyed(f"pane-{row.assignment_id}", VisitTile, row, told(row, now, app.zone))
            tint = theme.RAISED if row.assignment_id == opened else None
            rows.append(ft.Container(tile, bgcolor=tint, border_radius=theme.RADIUS))
    column = ft.Column([kit.stack(rows, theme.XS)], scroll=ft.ScrollMode.AUTO, expand=True)
    return ft.Container(
        column,
        width=theme.PANE,
        padding=theme.S,
        border=ft.Border.only(right=ft.BorderSide(1, theme.LINE)),
    )
