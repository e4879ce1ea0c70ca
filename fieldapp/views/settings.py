"""Settings: language, text size, appearance, storage, server, this device, and signing out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import flet as ft

from checklists.language import LANGUAGES, N_
from fieldapp import installed, language, theme
from fieldapp.language import _, fill
from fieldapp.sizes import size_text
from fieldapp.state import App
from fieldapp.state.custody import FEW_PHOTOS, KEPT_FOR
from fieldapp.views import kit
from fieldapp.views.hooks import go, use_app
from fieldapp.views.lock import LockCard
from fieldapp.views.new_version import newer_version
from fieldapp.views.screen import may_be_cleared, screen
from fieldapp.views.tappable import Tappable, one_of

APPEARANCES = {
    theme.Appearance.SYSTEM: N_("As the phone"),
    theme.Appearance.LIGHT: N_("Light"),
    theme.Appearance.DARK: N_("Dark"),
    theme.Appearance.CONTRAST: N_("High contrast"),
    theme.Appearance.CONTRAST_DARK: N_("High contrast, dark"),
}
TEXT_SIZE_NAMES = {100: N_("Normal"), 120: N_("Large"), 145: N_("Larger"), 200: N_("Largest")}


def in_force(
    title: str, choices: Sequence[tuple[str, str]], chosen: str, on_choose: Callable[[str], Awaitable[object]], key: str
) -> ft.Control:
    """Return a few choices of which one is in force, as buttons named "<title> <choice>"."""

    def button(code: str, label: str) -> Tappable:
        tap = partial(_tell, on_choose, code)
        return kit.choice(f"{title} {label}", label, code == chosen, tap, f"{key}-{code}", centred=True)

    return kit.stack([kit.heading(title), kit.flow(one_of([button(code, label) for code, label in choices]))])


async def _tell(on_choose: Callable[[str], Awaitable[object]], code: str, _event: object) -> None:
    await on_choose(code)


def language_buttons(app: App) -> ft.Control:
    """Return the choice of language, each in its own words; it holds at once."""
    choices = [(str(code), language.NAMES[code]) for code in LANGUAGES]
    codes = {str(code): code for code in LANGUAGES}

    async def choose(code: str) -> None:
        await app.choose_language(codes[code])

    return in_force(_("Language"), choices, app.settings.language, choose, "language")


@ft.component
def SettingsScreen() -> ft.View:
    """Everything an assessor may set, and the words on privacy."""
    app = use_app("settings", "space", "freeable_bytes", "notice", "device", "line", "set_aside")
    ft.use_effect(app.measure, [])
    sizes = [(str(size), _(TEXT_SIZE_NAMES[size])) for size in theme.TEXT_SIZES]
    looks = [(look.value, _(label)) for look, label in APPEARANCES.items()]

    async def choose_size(percent: str) -> None:
        await app.choose_text_size(int(percent))

    body = [
        kit.card([language_buttons(app)]),
        kit.card([in_force(_("Text size"), sizes, str(app.settings.text_size), choose_size, "text-size")]),
        kit.card([in_force(_("Appearance"), looks, app.settings.theme, app.choose_theme, "appearance")]),
        kit.card([_files_when_metered(app)]),
        PhrasesCard(app),
        LockCard(app),
        StorageCard(app),
        ServerCard(app),
        _privacy(),
        SignOutCard(app),
    ]
    return screen(app, _("Settings"), body)


def _files_when_metered(app: App) -> ft.Control:
    chosen = "send" if app.settings.files_when_metered else "wait"
    choices = [("wait", _("Wait for Wi-Fi")), ("send", _("Send at once"))]
    title = _("Photos and sound on mobile data")
    return in_force(title, choices, chosen, app.choose_files_when_metered, "files-when-metered")


@ft.component
def PhrasesCard(app: App) -> ft.Control:
    """What is written at a question with one tap, each with the way to put it away."""

    def row(phrase: str) -> ft.Control:
        async def forget(_event: object) -> None:
            await app.forget_phrase(phrase)

        name = fill("Forget {phrase}", phrase=phrase)
        return ft.Row(
            [
                ft.Container(kit.words(phrase), expand=True),
                kit.icon_button(ft.Icons.DELETE_OUTLINE, name, forget, f"forget-{phrase}"),
            ]
        )

    told = _("Phrases you keep are written at a question with one tap. They stay on this phone.")
    return kit.card([kit.heading(_("Phrases")), kit.quiet(told), *(row(phrase) for phrase in app.phrases)])


@ft.component
def StorageCard(app: App) -> ft.Control:
    """What is used and free, and what may be freed: only files the server has acknowledged."""
    space = app.space
    free = size_text(space.free_bytes) if space.free_bytes is not None else _("the phone does not say")
    keeping = _("kept until you remove it") if space.persistent else _("the phone does not say")
    kept = [] if app.may_be_cleared else [(_("Keeping"), keeping)]

    async def free_space(_event: object) -> None:
        await app.free_space()

    rows: list[ft.Control] = [
        kit.heading(_("Storage on this phone")),
        kit.facts([(_("Used"), size_text(space.used_bytes)), (_("Free"), free), *_photos(app), *kept]),
        *may_be_cleared(app),
        kit.quiet(
            fill("Photos and sound leave this phone by themselves {days} days after they are safe.", days=KEPT_FOR.days)
        ),
    ]
    if app.freeable_bytes:
        label = fill("Free {size} of files that are safe", size=size_text(app.freeable_bytes))
        rows.append(kit.side_button(label, free_space, "free-space"))
    rows.extend(
        kit.banner(kit.Tone.CAUTION, fill("A file could not be read and was set aside: {name}", name=aside.name))
        for aside in app.set_aside
    )
    return kit.card(rows)


def _photos(app: App) -> list[tuple[str, str]]:
    left = app.photos_left
    if left is None:
        return []
    few = fill("for about {count} photos", count=left)
    return [(_("Room"), few if left <= FEW_PHOTOS else fill("for more than {count} photos", count=FEW_PHOTOS))]


@ft.component
def ServerCard(app: App) -> ft.Control:
    """Which server, who this device is, and which version of the app runs."""
    device = app.device
    typed, set_typed = ft.use_state(app.server)

    async def keep(_event: object) -> None:
        await app.choose_server(typed.strip())

    return kit.card(
        [
            kit.heading(_("Server and device")),
            ft.TextField(
                key="server-address",
                label=_("Server address"),
                value=typed,
                keyboard_type=ft.KeyboardType.URL,
                on_change=lambda e: set_typed(e.control.value),
            ),
            kit.side_button(_("Keep address"), keep, "keep-address", disabled=typed.strip() == app.server),
            kit.facts(
                [
                    (_("Assessor"), device.assessor_name if device else ""),
                    (_("This device"), device.name if device else ""),
                    (_("App version"), installed.version()),
                ]
            ),
            *newer_version(),
            kit.text_button(_("Enrol this phone again"), lambda _e: go("/enrol"), "enrol-again"),
        ]
    )


def _privacy() -> ft.Control:
    return kit.card(
        [
            kit.heading(_("Privacy")),
            kit.words(_("The browser's storage is not encrypted. Lock your phone; sign out before lending it.")),
            kit.words(_("Never photograph people. Write no names, phone numbers or identity numbers in notes.")),
            kit.words(_("The place and camera data in a photo are removed on this phone, before it is kept.")),
            kit.words(_("Your position is taken when you arrive and when you leave a visit, never between.")),
        ]
    )


@ft.component
def SignOutCard(app: App) -> ft.Control:
    """Signing out forgets everything; with unsent work it is refused until that is sent or exported."""
    asking, set_asking = ft.use_state(False)

    async def ask(_event: object) -> None:
        # What would be refused is refused before it is asked.
        if app.may_sign_out:
            set_asking(True)
        else:
            await app.sign_out()

    async def sign_out(_event: object) -> None:
        set_asking(False)
        if await app.sign_out():
            go("/")

    ft.use_dialog(
        kit.dialog(
            _("Sign out of this phone?"),
            modal=True,
            content=ft.Text(
                _("Everything the app holds is removed from this phone. What is safe stays on the server.")
            ),
            actions=[
                kit.text_button(_("Stay"), lambda _e: set_asking(False), "sign-out-no"),
                kit.main_button(_("Sign out and remove"), sign_out, "sign-out-yes"),
            ],
        )
        if asking
        else None
    )
    rows: list[ft.Control] = [kit.heading(_("Signing out"))]
    if app.unsent:
        message = fill(
            "Visits only on this phone: {count}. Finish and send them, or export them first.", count=app.unsent
        )
        rows.append(kit.banner(kit.Tone.CAUTION, message))
        rows.append(kit.side_button(_("Open Sync"), lambda _e: go("/sync"), "sign-out-sync"))
    rows.append(kit.side_button(_("Sign out"), ask, "sign-out"))
    return kit.card(rows)
