"""Outside again: each line and each picture to the question it is about, or struck out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from checklists.record.asked import asked_items
from checklists.record.assessment import Evidence
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.evidence.player import Player
from fieldapp.views.evidence.sound import SoundCard
from fieldapp.views.hooks import go, keyed, use_on_top
from fieldapp.views.screen import screen
from fieldapp.views.start import starting
from fieldapp.views.visit_hooks import Keeping, Opened, use_opened, when_open

LINE, FILE = "line", "file"
Loose = tuple[str, str]  # LINE with its place, or FILE with its id
NOTHING: Loose | None = None
Ask = Callable[[Loose, object], None]


@ft.component
def SortScreen() -> ft.Control:
    """What one visit's notes hold, once it is open."""
    return when_open(SortBody)


@ft.component
def SortBody(opened: Opened) -> ft.Control:
    """The page itself."""
    app, visit, keeping, _durable = use_opened(opened, "assessment", "reading")
    giving, set_giving = ft.use_state(NOTHING)

    def ask(loose: Loose, _event: object) -> None:
        set_giving(loose)

    async def choose(key: str, _event: object) -> None:
        set_giving(None)
        if giving is not None:
            await give(visit, giving, key)

    ft.use_dialog(questions_sheet(visit, choose, lambda: set_giving(None)) if giving else None)
    if not use_on_top():
        return starting()
    body = [*inbox(keeping, ask), keyed("sound", SoundCard, app, visit)]
    base = f"/visit/{visit.assignment.id}"
    return screen(
        app,
        _("Notes to sort"),
        body,
        actions=[kit.main_button(_("Back to the visit"), lambda _e: go(base), "sorting-done")],
    )


async def give(visit: Visit, loose: Loose, key: str) -> bool:
    """Give a line or a file to the question `key`."""
    what, which = loose
    return await (visit.sort_line(int(which), key) if what == LINE else visit.give_file(which, key))


def inbox(keeping: Keeping, ask: Ask) -> list[ft.Control]:
    """Return what is not sorted yet: each line, then each file."""
    visit = keeping.visit
    rows = [_line(visit, place, line, ask) for place, line in enumerate(visit.lines)]
    rows += [_file(keeping, file, ask) for file in visit.loose_files]
    if not rows:
        return [kit.quiet(_("Everything is sorted. What you write on the notes page comes here."))]
    return [kit.quiet(_("Put each to the question it is about. What stands there already stays.")), *rows]


def _line(visit: Visit, place: int, line: str, ask: Ask) -> ft.Control:
    async def strike(_event: object) -> None:
        await visit.strike_out(place)

    to, out = _("To a question"), _("Strike out")
    buttons = [
        kit.tonal_button(to, partial(ask, (LINE, str(place))), f"sort-{place}", name=f"{to}: {line}"),
        kit.text_button(out, strike, f"strike-{place}", name=f"{out}: {line}"),
    ]
    return kit.card([kit.words(line), kit.flow(buttons)], key=f"line-{place}")


def _file(keeping: Keeping, file: Evidence, ask: Ask) -> ft.Control:
    visit = keeping.visit
    taken = words.moment(file.moment.corrected, visit.zone)
    data = None if file.kind.is_sound else visit.media(file.sha256)
    name = fill("Sound, {time}", time=taken) if file.kind.is_sound else fill("Picture, {time}", time=taken)
    shown: list[ft.Control] = [kit.words(name)]
    if data is not None:
        picture = ft.Image(src=data, height=theme.THUMB, fit=ft.BoxFit.CONTAIN, semantics_label=name)
        shown.append(ft.Row([picture]))  # by itself it would stand in the middle
    if file.kind.is_sound:
        shown.append(keyed(f"player-{file.id}", Player, keeping, file, name))

    async def remove(_event: object) -> None:
        await keeping.remove(file.id)

    to, out = _("To a question"), _("Strike out")
    buttons = [
        kit.tonal_button(to, partial(ask, (FILE, file.id)), f"give-{file.id}", name=f"{to}: {name}"),
        kit.text_button(out, remove, f"drop-{file.id}", name=f"{out}: {name}"),
    ]
    return kit.card([*shown, kit.flow(buttons)], key=f"file-{file.id}")


def questions_sheet(
    visit: Visit, choose: Callable[[str, object], Awaitable[None]], close: Callable[[], None]
) -> ft.BottomSheet:
    """Return every question that is asked, in words, under its section, to be chosen."""
    rows: list[ft.Control] = [kit.heading(_("Which question is it about?"))]
    below = ""
    for key, item in asked_items(visit.assessment, visit.sheet).items():
        section = visit.sheet.section_of[key]
        if section.key != below:
            below = section.key
            rows.append(kit.group_heading(read(section.title)))
        rows.append(
            ft.ListTile(
                key=f"into-{key}",
                title=kit.words(read(item.question.text)),
                on_click=partial(choose, key),
                content_padding=0,
                min_height=theme.TOUCH,
            )
        )
    content = ft.Column(
        rows, scroll=ft.ScrollMode.AUTO, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, spacing=0, tight=True
    )
    return ft.BottomSheet(
        scrollable=True,
        show_drag_handle=True,
        on_dismiss=lambda _e: close(),
        content=ft.Container(content, padding=theme.L),
    )
