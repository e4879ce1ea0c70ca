"""One section on one scrolling page: quicker with one hand than a screen for each question."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from checklists.record.asked import asked_sections
from checklists.record.sheet import SheetSection
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.state import Visit
from fieldapp.views import kit
from fieldapp.views.hooks import go, keyed
from fieldapp.views.question_card import QuestionCard, card_of
from fieldapp.views.screen import screen
from fieldapp.views.start import starting
from fieldapp.views.visit_hooks import Opened, from_route, in_route, use_opened, when_open


@ft.component
def SectionScreen() -> ft.Control:
    """The questions of one section, each kept as it is tapped; the address may name one to scroll to."""
    return _named(from_review=False)


@ft.component
def FindingScreen() -> ft.Control:
    """The same, opened from the review: what was to be put right is put right here, and the way back leads there."""
    return _named(from_review=True)


def _named(*, from_review: bool) -> ft.Control:
    params = ft.use_route_params()
    key, wanted = from_route(params.get("section", "")), from_route(params.get("question", "") or "")
    return when_open(SectionOf, key, wanted, from_review)


@ft.component
def SectionOf(opened: Opened, key: str, wanted: str, from_review: bool) -> ft.Control:
    """The page of the section `key`; another section is another page, with nothing half-typed carried over."""
    section = next((s for s in asked_sections(opened.visit.assessment, opened.visit.sheet) if s.key == key), None)
    if section is None:
        return starting()
    return keyed(f"section-{key}", SectionBody, opened, section, wanted, from_review)


@ft.component
def SectionBody(opened: Opened, section: SheetSection, wanted: str, from_review: bool) -> ft.View:
    """The page itself."""
    app, visit, keeping, durable = use_opened(opened, "assessment", "reading", "busy")
    column = ft.use_memo(ft.Ref[ft.Column], [])

    async def show_wanted() -> None:
        if wanted and column.current is not None:
            await column.current.scroll_to(scroll_key=f"question-{wanted}", duration=0)

    ft.use_effect(show_wanted, [section.key, wanted])
    cards = [
        keyed(f"card-{item.key}", MemoCard, card_of(visit, item), keeping.answer, keeping) for item in section.items
    ]
    return screen(
        app,
        f"{section.key} {read(section.title)}",
        cards,
        strip=_kept_line(visit, section, durable),
        actions=[_back_to_review(visit)] if from_review else _ways_on(visit, section),
        column=column,
    )


MemoCard = ft.memo(QuestionCard)  # type: ignore[no-untyped-call]


def _kept_line(visit: Visit, section: SheetSection, durable: bool) -> ft.Control:
    """Return how far the section is, and whether everything tapped would survive the battery dying now."""
    progress = next((p for p in visit.reading.progress if p.section_id == section.key), None)
    answered, asked = (progress.answered, progress.asked) if progress else (0, len(section.items))
    count = fill("{done} of {all} answered", done=answered, all=asked)
    saved = _("Saved on this phone") if durable and not visit.busy else _("Saving…")
    icon = ft.Icons.CHECK_CIRCLE if durable and not visit.busy else ft.Icons.HOURGLASS_EMPTY
    told = ft.Semantics(live_region=True, content=kit.quiet(saved, key="saved"))
    sign = ft.Icon(icon, size=theme.ICON_SMALL, color=theme.SAFE)
    # The sign stands with the shorter words: where words are large it would have a line of its own.
    line = kit.label_row(ft.Row([sign, kit.quiet(count)], spacing=theme.XS, tight=True), [told])
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.L, vertical=theme.XS),
        content=kit.stack([kit.progress(answered, asked), line], spacing=theme.XS),
    )


def _back_to_review(visit: Visit) -> ft.Control:
    return kit.main_button(_("Back to the review"), lambda _e: go(f"/visit/{visit.assignment.id}/review"), "to-review")


def _ways_on(visit: Visit, section: SheetSection) -> Sequence[ft.Control]:
    sections = asked_sections(visit.assessment, visit.sheet)
    place = sections.index(section) if section in sections else len(sections) - 1
    base = f"/visit/{visit.assignment.id}"
    back = kit.side_button(_("All sections"), lambda _e: go(base), "all-sections")
    if place + 1 < len(sections):
        after = sections[place + 1]
        on = kit.main_button(
            fill("Next: {section}", section=after.key),
            lambda _e: go(f"{base}/section/{in_route(after.key)}"),
            "next-section",
            name=fill("Next section {section}", section=after.key),
        )
    else:
        on = kit.main_button(_("Review"), lambda _e: go(f"{base}/review"), "open-review")
    return [back, on]
