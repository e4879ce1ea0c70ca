"""The locked screen, and the setting of the lock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import flet as ft

from fieldapp import theme
from fieldapp.language import _, fill, say
from fieldapp.state import App
from fieldapp.state.screen_lock import MINUTES, is_pin
from fieldapp.views import kit
from fieldapp.views.hooks import use_fields, view_route
from fieldapp.views.window import use_wide

LINES = 5  # of what went wrong, in the largest words


@ft.component
def Locked(app: App, go_back: Callable[[], None] | None = None) -> ft.View:
    """A PIN, or the coordinator's code; nothing of a visit shows. The name is the app's own, which says nothing.

    `go_back`: to what stands there for whoever has neither.
    """
    use_fields(app, "notice", "settings")
    at_thumb = not use_wide()
    typed, set_typed = ft.use_state("")
    forgotten, set_forgotten = ft.use_state(False)
    working, set_working = ft.use_state(False)
    before = ft.use_memo(lambda: app.notice, [])

    async def put_away() -> None:
        """What went wrong here is said here alone: neither beside the other field nor in what is opened."""
        if app.notice is not before:
            await app.dismiss()

    async def open_it(_event: object) -> None:
        set_working(True)
        if await app.lock.open(typed.strip()):
            await put_away()
        else:
            set_typed("")
        set_working(False)

    async def by_code(_event: object) -> None:
        set_working(True)
        await app.lock.open_by_code(partial(app.enrol, typed.strip()))
        set_working(False)

    async def forget(_event: object) -> None:
        await put_away()
        set_typed("")
        set_forgotten(not forgotten)

    told = say(app.notice.message) if app.notice and app.notice is not before else ""
    field = ft.TextField(
        key="code" if forgotten else "pin",
        label=_("Enrolment code") if forgotten else _("PIN"),
        value=typed,
        autofocus=True,
        password=not forgotten,
        keyboard_type=ft.KeyboardType.TEXT if forgotten else ft.KeyboardType.NUMBER,
        on_change=lambda e: set_typed(e.control.value),
        on_submit=by_code if forgotten else open_it,
        error=told or None,
        error_max_lines=LINES,
    )
    help_text = _("Ask the coordinator for a new enrolment code; it needs the network. Nothing here is lost.")
    body: list[ft.Control] = [kit.heading(_("Locked"), 1), *([kit.quiet(help_text)] if forgotten else []), field]
    go_on = kit.main_button(_("Open"), by_code if forgotten else open_it, "unlock", disabled=working or not typed)
    other = kit.text_button(_("Use the PIN") if forgotten else _("PIN forgotten?"), forget, "pin-forgotten")
    back = [kit.side_button(_("Back"), lambda _e: go_back(), "unlock-back")] if go_back is not None else []
    return ft.View(
        route=view_route(),
        padding=theme.L,
        vertical_alignment=ft.MainAxisAlignment.END if at_thumb else ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        controls=[ft.SafeArea(ft.Container(kit.stack([*body, go_on, other, *back]), width=theme.DIALOG_WIDTH))],
    )


@ft.component
def LockCard(app: App) -> ft.Control:
    """Locking the screen: after how long, with which PIN, or not at all."""
    use_fields(app.lock, "lock")
    pin, set_pin = ft.use_state("")
    lock = app.lock.lock

    async def choose(minutes: int, _event: object) -> None:
        if await app.lock.choose(pin.strip(), minutes):
            set_pin("")

    async def remove(_event: object) -> None:
        await app.lock.remove()

    head: list[ft.Control] = [
        kit.heading(_("Screen lock")),
        kit.quiet(_("A PIN keeps a glance out. It encrypts nothing: lock the phone itself, too.")),
    ]
    if lock is not None:
        told = fill("Locks after {count} min without a touch, never during a call.", count=lock.after_min)
        return kit.card([*head, kit.words(told), kit.side_button(_("Take the PIN away"), remove, "remove-pin")])
    field = ft.TextField(
        key="new-pin",
        label=_("New PIN, 4 to 8 digits"),
        value=pin,
        password=True,
        keyboard_type=ft.KeyboardType.NUMBER,
        on_change=lambda e: set_pin(e.control.value),
    )
    buttons = [
        kit.side_button(
            fill("Lock after {count} min", count=minutes),
            partial(choose, minutes),
            f"lock-{minutes}",
            disabled=not is_pin(pin),
        )
        for minutes in MINUTES
    ]
    return kit.card([*head, field, kit.flow(buttons)])
