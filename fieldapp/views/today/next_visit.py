"""The next thing, large at the thumb: its tries, its closing time, and the one button that begins it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import flet as ft

from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.state import App, Due, VisitRow
from fieldapp.views import kit
from fieldapp.views.hooks import go
from fieldapp.views.tappable import Tappable
from fieldapp.views.today import lines

BAR = 10  # how high one try is drawn


def next_visit(app: App, row: VisitRow, zone: ZoneInfo | None, now: datetime) -> tuple[ft.Control, ft.Control]:
    """Return the visit, which opens it, and the button that goes straight to what is to be done."""
    told, closing = lines.told(row, now, zone), lines.closes(row, now)

    def open_it(_event: object) -> None:
        go(f"/visit/{row.assignment_id}")

    async def call(_event: object) -> None:
        # The dialling stamps itself; the phone's own dialler opens by the button's action, inside the tap.
        if await app.open_visit(row.assignment_id) and app.visit is not None and await app.visit.dial():
            go(f"/visit/{row.assignment_id}/call")

    when = kit.quiet(told.when, color=theme.CAUTION if closing else theme.QUIET)
    head = kit.label_row(kit.quiet(_("Next"), color=theme.PRIMARY, weight=ft.FontWeight.W_700), [when])
    text = kit.stack(
        [
            head,
            kit.words(told.entrant, ft.TextThemeStyle.TITLE_LARGE),
            kit.quiet(told.what),
            *_tries(row),
            *([_short(told.state)] if told.state else []),
        ],
        spacing=theme.XS,
    )
    tile = Tappable(
        container=True,
        exclude_semantics=True,
        button=True,
        label=told.name,
        on_click=open_it,
        content=ft.Container(text, key=f"visit-{row.assignment_id}", ink=True, on_click=open_it),
    )
    label, icon = button_of(row)
    name = fill("{verb}: {entrant}", verb=label, entrant=told.entrant)
    if row.calls and row.dials:
        dialler = ft.OpenUrl(f"tel:{row.dials}")
        return tile, kit.main_button(label, call, "begin-next", name=name, icon=icon, action=dialler)
    return tile, kit.main_button(label, open_it, "begin-next", name=name, icon=icon)


def _short(text: str) -> ft.Control:
    return ft.Text(text, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)


def button_of(row: VisitRow) -> tuple[str, ft.IconData]:
    """Return what the one button says, and its sign."""
    if row.due is Due.RETURNED:
        return _("Put it right"), ft.Icons.EDIT_NOTE
    if row.upcoming is not None and row.upcoming.rule_met:
        return _("Close"), ft.Icons.TASK_ALT
    if row.calls:
        return (_("Call"), ft.Icons.CALL) if row.dials else (_("Open the chat"), ft.Icons.CHAT)
    return (_("Go on") if row.status else _("Begin")), ft.Icons.ARROW_FORWARD


def _tries(row: VisitRow) -> list[ft.Control]:
    """Return the tries as bars: counted ones filled, the next one open. The words beside it say the same."""
    upcoming = row.upcoming
    if upcoming is None or upcoming.rule_met:
        return []

    def bar(place: int) -> ft.Control:
        made, following = place < upcoming.number, place == upcoming.number
        return ft.Container(
            expand=True,
            height=BAR,
            border_radius=BAR,
            bgcolor=theme.QUIET if made else theme.PAPER if following else theme.LINE,
            border=ft.Border.all(2, theme.PRIMARY) if following else None,
        )

    bars = ft.Row([bar(place + 1) for place in range(upcoming.needed)], spacing=6)
    return [ft.Semantics(exclude_semantics=True, content=bars)]
