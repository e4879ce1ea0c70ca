"""The questions in one scroll, from the section that was opened to the last: quicker with one hand than page by page.

The section that was opened is drawn at once, those after it while the first is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import flet as ft

from checklists.record.asked import asked_sections
from checklists.record.sheet import SheetSection
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.done import FinishButton
from fieldapp.views.hooks import go, keyed
from fieldapp.views.question_card import QuestionCard, cards_of
from fieldapp.views.screen import screen
from fieldapp.views.start import starting
from fieldapp.views.visit.sections import section_name
from fieldapp.views.visit_hooks import Keeping, Opened, from_route, in_route, use_opened, when_open

BREATH_S = 0.02  # between two sections that are drawn
SCROLL_MS = 40  # short: the next question is there before the thumb is


@ft.component
def SectionScreen() -> ft.Control:
    """The questions from one section on, each kept as it is tapped; the address may name one to scroll to."""
    params = ft.use_route_params()
    key, wanted = from_route(params.get("section", "")), from_route(params.get("question", "") or "")
    return when_open(SectionOf, key, wanted)


@ft.component
def SectionOf(opened: Opened, key: str, wanted: str) -> ft.Control:
    """The page from the section `key` on; another one is another page, with nothing half-typed carried over."""
    sheet = opened.visit.sheet
    asked = asked_sections(opened.visit.assessment, sheet)
    sections = asked if any(section.key == key for section in asked) else sheet.all_sections
    place = next((place for place, section in enumerate(sections) if section.key == key), None)
    if place is None:
        return starting()
    return keyed(f"section-{key}", SectionBody, opened, sections[place:], wanted)


@ft.component
def SectionBody(opened: Opened, sections: Sequence[SheetSection], wanted: str) -> ft.View:
    """The page itself."""
    app, visit, keeping, durable = use_opened(opened, "assessment", "reading", "busy")
    shown, set_shown = ft.use_state(1)
    is_large, set_large = ft.use_state(app.settings.text_size >= theme.LARGE_TEXT)
    column = ft.use_memo(ft.Ref[ft.Column], [])
    here = {item.key for section in sections[:shown] for item in section.items}

    async def draw_on() -> None:
        if shown < len(sections):
            await asyncio.sleep(BREATH_S)
            set_shown(shown + 1)

    async def scroll_to(key: str, duration: int) -> None:
        if column.current is not None:
            await column.current.scroll_to(scroll_key=f"question-{key}", duration=duration)

    async def show_wanted() -> None:
        if wanted:
            await scroll_to(wanted, 0)

    async def next_open(_event: object) -> None:
        left = open_keys(visit)
        following = next((key for key in left if key in here), left[0])
        await (scroll_to(following, SCROLL_MS) if following in here else _open(visit, following))

    ft.use_effect(draw_on, [shown])
    ft.use_effect(show_wanted, [wanted])
    body = _drawn(visit, sections[:shown], keeping, app.phrases, is_large=is_large)
    if shown >= len(sections):
        label = _("Review and finish") if visit.is_draft else _("Review")
        body.append(kit.side_button(label, lambda _e: go(_review(visit)), "end-of-questions"))
    return screen(
        app,
        read(visit.assignment.entrant_name),
        body,
        actions=[_shelf(visit, next_open, set_large, durable=durable, is_large=is_large)],
        column=column,
        spacing=theme.S,
    )


MemoCard = ft.memo(QuestionCard)  # type: ignore[no-untyped-call]


def _drawn(
    visit: Visit, sections: Sequence[SheetSection], keeping: Keeping, phrases: tuple[str, ...], *, is_large: bool
) -> list[ft.Control]:
    rows: list[ft.Control] = []
    for section in sections:
        cards = cards_of(visit, section.items, phrases=phrases, is_large=is_large)
        rows.append(kit.heading(section_name(visit, section)))
        rows.extend(keyed(f"card-{card.item.key}", MemoCard, card, keeping.answer, keeping) for card in cards)
    return rows


def open_keys(visit: Visit) -> list[str]:
    """Return the questions that stand in the way of finishing, in the order they are asked."""
    blocked = {finding.question for finding in visit.findings if finding.blocks_finish}
    return [key for key in visit.sheet.all_items if key in blocked]


def may_finish_here(visit: Visit) -> bool:
    """Whether the scroll ends in the last step: nothing is open but what may come late."""
    return visit.can_finish and all(finding.code == "answer-missing" for finding in visit.findings)


async def _open(visit: Visit, key: str) -> None:
    """Go to a question of a section before the one that was opened."""
    section = visit.sheet.section_of[key].key
    go(f"/visit/{visit.assignment.id}/section/{in_route(section)}/{in_route(key)}")


def _review(visit: Visit) -> str:
    return f"/visit/{visit.assignment.id}/review"


def _shelf(visit: Visit, next_open: kit.OnTap, on_large: kit.OnTap, *, durable: bool, is_large: bool) -> ft.Control:
    """Return a bar for each section, as wide as it has questions, whether all is durable, and the ways on.

    Silent: a reader of the screen hears of a trouble, not of each tap that went well.
    """
    saved = durable and not visit.busy
    says = _("Saved on this phone") if saved else _("Saving")
    sign = ft.Icon(
        ft.Icons.CHECK_CIRCLE if saved else ft.Icons.HOURGLASS_EMPTY,
        size=theme.ICON_SMALL,
        color=theme.SAFE,
    )
    bars: list[ft.Control] = [
        ft.Container(kit.progress(part.answered, part.asked), expand=max(1, part.asked))
        for part in visit.reading.progress
    ]
    line = ft.Container(
        kit.quiet(says, key="saved", max_lines=1),
        on_size_change=lambda e: on_large(e.height > theme.LARGE_LINE),
        expand=True,
    )
    told = [] if is_large else [ft.Row([sign, line], spacing=theme.XS)]
    alone: list[ft.Control] = [ft.Semantics(content=sign, label=says, image=True)] if is_large else []
    ways = _ways_on(visit, next_open, alone, is_large=is_large)
    return kit.stack([ft.Row(bars, spacing=3), *told, ways], spacing=theme.XS)


def _ways_on(visit: Visit, next_open: kit.OnTap, sign: list[ft.Control], *, is_large: bool) -> ft.Control:
    """Return the way back to the list of sections and, at the thumb, the way to what is still open."""
    base = f"/visit/{visit.assignment.id}"
    left = len(open_keys(visit)) if visit.is_draft else 0
    back = kit.icon_button(ft.Icons.LIST, _("All sections"), lambda _e: go(base), "all-sections")
    label = fill("Next, {count}", count=left) if is_large else fill("Next open, {count} left", count=left)
    on: ft.Control
    if left:
        on = kit.main_button(label, next_open, "next-open")
    elif may_finish_here(visit):
        on = FinishButton(visit)
    else:
        on = kit.main_button(_("Review"), lambda _e: go(_review(visit)), "open-review")
    return ft.Row([back, ft.Container(on, expand=True), *sign], spacing=theme.S)
