"""Enrolment: a one-time code makes this phone an assessor's. Says what is stored, before anything is."""

from __future__ import annotations

from urllib.parse import parse_qs, urlparse

import flet as ft

from fieldapp.language import _
from fieldapp.views import kit
from fieldapp.views.hooks import go, use_app
from fieldapp.views.screen import screen
from fieldapp.views.settings import language_buttons


def code_in_route(route: str) -> str:
    """Return the enrolment code of a route such as "/enrol?code=ABCD-1234", or ""."""
    return parse_qs(urlparse(route).query).get("code", [""])[0]


@ft.component
def Enrol() -> ft.View:
    """Asks for the server and the code; both are filled in when the printed link was followed."""
    app = use_app("notice", "settings", "phase")
    code, set_code = ft.use_state(code_in_route(ft.context.page.route or ""))
    address, set_address = ft.use_state(app.server)
    working, set_working = ft.use_state(False)

    async def enrol(_event: object) -> None:
        set_working(True)
        same = address.strip().rstrip("/") == app.server
        if (same or await app.choose_server(address.strip())) and await app.enrol(code.strip()):
            go("/")
        set_working(False)

    body = [
        language_buttons(app),
        kit.heading(_("Make this phone yours"), 1),
        kit.words(_("Your coordinator gave you a link, a QR code or a code on paper. It works once.")),
        ft.TextField(
            key="enrolment-code",
            label=_("Enrolment code"),
            value=code,
            autocorrect=False,
            capitalization=ft.TextCapitalization.CHARACTERS,
            on_change=lambda e: set_code(e.control.value),
            on_submit=enrol,
        ),
        ft.TextField(
            key="server-address",
            label=_("Server address"),
            value=address,
            keyboard_type=ft.KeyboardType.URL,
            autocorrect=False,
            on_change=lambda e: set_address(e.control.value),
        ),
        _what_is_stored(),
        _home_screen(),
    ]
    button = kit.main_button(
        _("Enrolling") if working else _("Enrol this phone"), enrol, "enrol", disabled=working or not code.strip()
    )
    return screen(app, _("Field visits"), body, actions=[button])


def _what_is_stored() -> ft.Control:
    return kit.card(
        [
            kit.heading(_("What this phone will hold")),
            kit.words(_("Your assignments, your answers, photos and audio notes, until they are safe on the server.")),
            kit.words(_("The browser's storage is not encrypted: lock your phone, and sign out before lending it.")),
        ]
    )


def _home_screen() -> ft.Control:
    return kit.card(
        [
            kit.heading(_("Open it like an app")),
            kit.words(_("iPhone: tap Share, then Add to Home Screen. Android: tap the menu, then Add to Home screen.")),
            kit.quiet(_("It then opens without a network, and the phone is slower to clear its storage.")),
        ]
    )
