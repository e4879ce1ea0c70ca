"""One kept photo, as large as the screen, to move and to enlarge with two fingers."""

from __future__ import annotations

import flet as ft

from fieldapp import theme
from fieldapp.language import _
from fieldapp.views import kit, words
from fieldapp.views.hooks import go, view_route
from fieldapp.views.start import starting
from fieldapp.views.visit_hooks import Opened, use_opened, when_open

LARGEST = 8


@ft.component
def FullViewScreen() -> ft.Control:
    """The photo the address names."""
    return when_open(FullView, ft.use_route_params().get("file", ""))


@ft.component
def FullView(opened: Opened, file_id: str) -> ft.View:
    """The page itself."""
    _app, visit, _keeping, _durable = use_opened(opened, "assessment")
    item = next((file for file in visit.assessment.evidence if file.id == file_id), None)
    data = visit.media(item.sha256) if item else None
    if item is None or data is None:
        return starting()
    name = words.moment(item.moment.corrected, visit.zone, seconds=True)
    close = kit.icon_button(
        ft.Icons.ARROW_BACK, _("Back"), lambda _e: go(f"/visit/{visit.assignment.id}/evidence"), "close-picture"
    )
    picture = ft.InteractiveViewer(
        ft.Image(src=data, fit=ft.BoxFit.CONTAIN, semantics_label=item.caption or name), max_scale=LARGEST, expand=True
    )
    told = kit.stack([kit.quiet(name), *([kit.words(item.caption)] if item.caption else [])], spacing=0)
    bar = ft.Container(ft.Row([close, ft.Container(told, expand=True)]), padding=theme.XS, bgcolor=theme.CARD)
    return ft.View(
        route=view_route(),
        padding=0,
        controls=[ft.SafeArea(expand=True, content=ft.Column([picture, bar], spacing=0, expand=True))],
    )
