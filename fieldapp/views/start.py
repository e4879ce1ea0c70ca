"""The screens before the first: opening the storage, and why the app cannot go on in this tab."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from fieldapp import theme
from fieldapp.language import _, say
from fieldapp.state import App
from fieldapp.views import kit
from fieldapp.views.hooks import LIST, go, view_route


def starting() -> ft.View:
    """Return what stands while the storage opens. Nothing moves: the phone has other work."""
    return _alone(kit.empty(ft.Icons.HOURGLASS_EMPTY, _("Opening your visits"), _("One moment.")))


@ft.component
def Elsewhere() -> ft.Control:
    """What stands at an address that is no screen's, an old bookmark's say: nothing, and the list is opened."""
    ft.use_effect(lambda: go(LIST), [])
    return ft.Container()


@ft.component
def Blocked(app: App, use_here: Callable[[], Awaitable[None]]) -> ft.View:
    """Another tab holds the data, or the browser gives no storage: why, and what to do. `use_here` takes over."""
    trying, set_trying = ft.use_state(False)

    async def go_on(_event: object) -> None:
        set_trying(True)
        await use_here()
        set_trying(False)

    reason = say(app.blocked) if app.blocked else ""
    return _alone(
        kit.stack(
            [
                kit.empty(ft.Icons.TAB, _("The app cannot open here"), reason),
                kit.quiet(_("Two open copies would overwrite each other, so only one may work at a time.")),
                kit.main_button(_("Use it here"), go_on, "use-here", disabled=trying),
            ]
        )
    )


def _alone(content: ft.Control) -> ft.View:
    return ft.View(
        route=view_route(),
        padding=theme.L,
        vertical_alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        controls=[ft.Container(content, width=theme.READING_WIDTH)],
    )
