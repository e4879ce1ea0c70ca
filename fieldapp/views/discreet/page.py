"""The notes page: dark, dim and silent. Nothing on it says what it is; what it says is kept as it is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import flet as ft

from checklists.forms.form import MeasurementItem
from checklists.language import N_
from checklists.record.assessment import Measurement
from fieldapp import installed, theme
from fieldapp.language import _, fill
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.evidence.pick_button import PickButton
from fieldapp.views.hooks import go, use_on_top, view_route
from fieldapp.views.questions.words_field import Typing
from fieldapp.views.start import starting
from fieldapp.views.visit_hooks import Keeping, Opened, use_drawn, use_opened, when_open

CHIPS = (N_("quote"), N_("later"), N_("good"), N_("not so good"))  # what a line begins with
MARKS = 3
BUZZ_S = 0.3
DIM = 0.15
LARGE = 130  # percent: from there on the page is for what is written
NONE = Measurement()


@ft.component
def DiscreetScreen() -> ft.Control:
    """The notes of one visit, once it is open."""
    return when_open(DiscreetBody)


@ft.component
def DiscreetBody(opened: Opened) -> ft.Control:
    """The page itself: it dims the screen, and takes another title while it is there."""
    app, visit, keeping, _durable = use_opened(opened, "assessment", "undo")
    typing: Typing = ft.use_memo(lambda: Typing(visit.assessment.jotted), [])
    _count, turn = ft.use_state(0)
    is_large, set_large = ft.use_state(app.settings.text_size >= LARGE)
    page = ft.context.page

    async def enter() -> None:
        page.title = _("Notes")
        await _dim(DIM)

    async def leave() -> None:
        page.title = installed.name()
        await _dim(None)
        await typing.leave(visit.jot)

    ft.use_effect(enter, [], leave)
    use_drawn(visit)
    if not use_on_top():
        return starting()

    async def changed(event: ft.Event[ft.TextField]) -> None:
        typing.typed = event.control.value
        await typing.pause(visit.jot)

    async def left(_event: object) -> None:
        await typing.leave(visit.jot)

    async def begin_line(chip: str, _event: object) -> None:
        above = typing.typed.rstrip("\n")
        typing.typed = f"{above}\n{_(chip)}: " if above else f"{_(chip)}: "
        turn(lambda n: n + 1)
        await typing.leave(visit.jot)

    field = ft.TextField(
        key="notes",
        value=typing.typed,
        hint_text=_("Notes"),
        multiline=True,
        expand=True,
        border=ft.NoInputBorder(),
        on_change=changed,
        on_blur=left,
    )
    # The hint names the field only while it is empty, and a label would stand there as a second title.
    named = kit.named(_("Notes"), field, expand=True)
    chips = [kit.tonal_button(_(chip), partial(begin_line, chip), f"chip-{place}") for place, chip in enumerate(CHIPS)]
    title = ft.Container(kit.heading(_("Notes"), 1), on_size_change=lambda e: set_large(e.height > theme.LARGE_TITLE))
    parts = [
        kit.label_row(title, [] if is_large else [kit.quiet(words.day(visit.now(), visit.zone))]),
        named,
        *([] if is_large else [kit.flow(chips)]),
        *marks(visit, is_large=is_large),
        _bar(keeping, is_large=is_large),
    ]
    return _dark(parts, app.settings.text_size)


def marks(visit: Visit, *, is_large: bool = False) -> list[ft.Control]:
    """Return the stamps between coming and going as marks that say nothing but their number."""
    walk = visit.walk
    if walk is None:
        return []
    buttons = [
        _mark(visit, number, item, is_large=is_large) for number, item in enumerate(walk.stamps[1 : MARKS + 1], 1)
    ]
    return [ft.ResponsiveRow(buttons, spacing=theme.S, run_spacing=theme.S)]


def _mark(visit: Visit, number: int, item: MeasurementItem, *, is_large: bool) -> ft.Control:
    there = visit.assessment.measurements.get(item.key, NONE).at is not None
    label = fill("mark {number}", number=number)

    async def mark(_event: object) -> None:
        if there:
            if visit.undo is not None and visit.undo.what == item.key:
                await visit.take_back()
            return
        if await visit.reach(item.key):
            await buzz(number)
            await visit.look(item.key)

    # Three stand side by side on the narrowest phone: there is room for the word or for the sign.
    shown = str(number) if is_large or there else label
    return kit.side_button(shown, mark, f"mark-{number}", name=label, icon=ft.Icons.CHECK if there else None, col=4)


async def buzz(times: int) -> None:
    """Shake so often: what was marked is felt in the hand."""
    shaking = ft.HapticFeedback()
    for _time in range(times):
        await shaking.vibrate()  # type: ignore[no-untyped-call]
        await asyncio.sleep(BUZZ_S)


def _bar(keeping: Keeping, *, is_large: bool) -> ft.Control:
    visit = keeping.visit
    base = f"/visit/{visit.assignment.id}"

    async def picked(data: bytes, content_type: str, _name: str) -> None:
        keep = keeping.photo(data, None, None)
        await (keep if content_type.startswith("image/") else keeping.file(data, content_type, None, None))

    count = len(visit.lines) + len(visit.loose_files)
    outside = _("Sort outside")
    later: ft.Control = kit.text_button(outside, lambda _e: go(f"{base}/sort"), "sort-outside")
    if is_large:
        later = kit.icon_button(ft.Icons.INBOX, outside, lambda _e: go(f"{base}/sort"), "sort-outside")
    row: Sequence[ft.Control] = [
        kit.icon_button(ft.Icons.ARROW_BACK, _("Back"), lambda _e: go(base), "notes-back"),
        PickButton(
            "" if is_large else _("Picture"), _("Picture"), "notes-picture", ft.Icons.ADD, picked, make=kit.text_button
        ),
        later,
        kit.quiet(str(count), semantics_label=fill("Not sorted yet: {count}", count=count)),
    ]
    return ft.Row(list(row), wrap=True, alignment=ft.MainAxisAlignment.SPACE_BETWEEN)


def _dark(parts: Sequence[ft.Control], text_size: int) -> ft.View:
    column = ft.Column(list(parts), spacing=theme.S, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    page = ft.Container(
        expand=True,
        theme_mode=ft.ThemeMode.DARK,
        dark_theme=theme.theme(text_size, dark=True),
        bgcolor=theme.PAPER,
        content=ft.SafeArea(
            expand=True,
            content=ft.Container(
                expand=True,
                padding=theme.L,
                alignment=ft.Alignment.TOP_CENTER,
                content=ft.Container(column, width=theme.READING_WIDTH),
            ),
        ),
    )
    return ft.View(route=view_route(), padding=0, spacing=0, controls=[page])


async def _dim(brightness: float | None) -> None:
    """Dim this app's screen where the platform lets it; None: as it was."""
    if ft.context.page.web:
        return
    screen = ft.ScreenBrightness()
    if brightness is None:
        await screen.reset_application_screen_brightness()  # type: ignore[no-untyped-call]
    else:
        await screen.set_application_screen_brightness(brightness)
