"""One visit on the spine of the day."""

from __future__ import annotations

import flet as ft

from fieldapp import theme
from fieldapp.state import Due, VisitRow
from fieldapp.views import kit
from fieldapp.views.hooks import go
from fieldapp.views.tappable import Tappable
from fieldapp.views.today.lines import Told

_WARN = frozenset({Due.RETURNED, Due.OVERDUE, Due.CLOSING})


@ft.component
def VisitTile(row: VisitRow, told: Told) -> ft.Control:
    """One visit: entrant, what it is, what decides when it is done, and where it stands."""
    when = kit.quiet(told.when, color=theme.CAUTION if row.due in _WARN else theme.QUIET)
    text = kit.stack(
        [
            kit.label_row(kit.words(told.entrant, ft.TextThemeStyle.TITLE_SMALL), [when]),
            kit.quiet(told.what),
            *([kit.words(told.state)] if told.state else []),
            *([kit.quiet(told.standing)] if told.standing else []),
        ],
        spacing=2,
    )

    def open_it(_event: object) -> None:
        go(f"/visit/{row.assignment_id}")

    return Tappable(
        container=True,
        exclude_semantics=True,
        button=True,
        label=told.name,
        on_click=open_it,
        content=ft.Container(
            key=f"visit-{row.assignment_id}",
            ink=True,
            on_click=open_it,
            border_radius=theme.RADIUS,
            content=ft.Stack([_spine(text), _dot(row)]),
        ),
    )


def _spine(text: ft.Control) -> ft.Control:
    return ft.Container(
        text,
        margin=ft.Margin.only(left=theme.DOT / 2),
        padding=ft.Padding.only(left=theme.L, top=theme.S, bottom=theme.S, right=theme.XS),
        border=ft.Border(left=ft.BorderSide(2, theme.LINE)),
    )


def _dot(row: VisitRow) -> ft.Control:
    """Return the sign on the spine: filled once it is finished, a diamond where a reviewer waits."""
    warns, done = row.due in _WARN, row.due is Due.FINISHED
    ink = theme.CAUTION if warns else theme.PRIMARY if done else theme.EDGE
    return ft.Container(
        left=1,
        top=theme.L - 2,
        width=theme.DOT,
        height=theme.DOT,
        bgcolor=ink if warns or done else theme.PAPER,
        border=ft.Border.all(2, ink),
        border_radius=2 if row.due is Due.RETURNED else theme.DOT,
        rotate=0.785 if row.due is Due.RETURNED else None,
    )
