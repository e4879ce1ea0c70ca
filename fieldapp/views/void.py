"""Declaring a contact void: why, and once more before it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from checklists.language import N_
from fieldapp import theme
from fieldapp.language import _
from fieldapp.state.tapping import SAME_FINGER_MS
from fieldapp.views import kit

VOID_REASONS = (
    N_("I was recognised"),
    N_("It was not safe to go on"),
    N_("The scenario could not be carried out"),
    N_("Severe weather or an announced incident"),
)


def void_dialog(
    reason: str,
    choose: Callable[[str], None],
    void: Callable[[str], Awaitable[None]],
    close: Callable[[], None],
) -> ft.AlertDialog:
    """Ask why the contact is void and then, with a `reason`, once more; stopping never costs a score (E17, E18)."""
    return _void_again(reason, void, close) if reason else _void_why(choose, close)


def _void_again(reason: str, void: Callable[[str], Awaitable[None]], close: Callable[[], None]) -> ft.AlertDialog:
    async def go_on(_event: object) -> None:
        await void(reason)

    warning = _("It is sent at once and counts nowhere. Only the coordinator can undo it.")
    return kit.dialog(
        _("Cancel this assessment?"),
        content=kit.stack([ft.Text(reason), ft.Text(warning)], width=theme.DIALOG_WIDTH),
        actions=[
            kit.text_button(_("Do not cancel"), lambda _e: close(), "void-no"),
            VoidYes(go_on),
        ],
        on_dismiss=lambda _e: close(),
    )


@ft.component
def VoidYes(on_tap: kit.OnTap) -> ft.Control:
    """The button that ends it. It may stand where the reason was tapped, and waits until that finger is gone."""
    waits, set_waits = ft.use_state(True)

    async def wait() -> None:
        await asyncio.sleep(SAME_FINGER_MS / 1000)
        set_waits(False)

    ft.use_effect(wait, [])
    return kit.main_button(_("Cancel and send"), on_tap, "void-yes", disabled=waits)


def _void_why(choose: Callable[[str], None], close: Callable[[], None]) -> ft.AlertDialog:
    def button(reason: str) -> ft.Control:
        return kit.side_button(_(reason), lambda _e: choose(_(reason)), f"void-{VOID_REASONS.index(reason)}")

    return kit.dialog(
        _("Why is this assessment cancelled?"),
        content=kit.stack(
            [
                ft.Text(_("You may stop at any time. A cancelled assessment counts nowhere and is replaced.")),
                *(button(reason) for reason in VOID_REASONS),
                OwnReason(choose),
            ],
            width=theme.DIALOG_WIDTH,
        ),
        actions=[kit.text_button(_("Do not cancel"), lambda _e: close(), "void-no")],
        on_dismiss=lambda _e: close(),
    )


@ft.component
def OwnReason(choose: Callable[[str], None]) -> ft.Control:
    """A reason in the assessor's own words."""
    typed, set_typed = ft.use_state("")
    field = ft.TextField(
        key="void-words",
        label=_("Another reason, without names"),
        value=typed,
        multiline=True,
        on_change=lambda e: set_typed(e.control.value),
    )
    button = kit.side_button(
        _("Go on with this reason"), lambda _e: choose(typed.strip()), "void-own", disabled=not typed.strip()
    )
    return kit.stack([field, button])
