"""The sections of a visit as tiles with their progress; the annex stands as its own group."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from checklists.record.asked import annex_is_left_out
from checklists.record.assessment import NOT_APPLICABLE
from checklists.record.draw import number_of
from checklists.record.sheet import Sheet, SheetSection
from fieldapp.language import _, fill, read
from fieldapp.state import SectionProgress
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.hooks import go
from fieldapp.views.visit.measurements import MeasurementsCard
from fieldapp.views.visit_hooks import Keeping, in_route


def section_tiles(keeping: Keeping) -> Sequence[ft.Control]:
    """Return the sections in the order they are asked, grouped: own, each recording's, the annex's."""
    visit = keeping.visit
    done = {progress.section_id: progress for progress in visit.reading.progress}
    rows: list[ft.Control] = []
    for part in visit.sheet.parts:
        rows.append(
            kit.heading(
                fill("Recording {number}", number=number_of(visit.assessment.draws, part.recording))
                if part.recording
                else _("Questions")
            )
        )
        rows.extend(_tile(visit, s, done.get(s.key)) for s in part.sections if s.key in done)
    if visit.sheet.annex is not None:
        rows.append(kit.heading(read(visit.sheet.annex.form.title)))
        rows.extend(_annex(keeping, visit.sheet.annex, done))
    return rows


def section_name(visit: Visit, section: SheetSection) -> str:
    """Return what a section is called, with the recording it judges, by its number on the list it was drawn from."""
    name = read(section.title)
    if section.recording is None:
        return name
    return fill("{name}, recording {number}", name=name, number=number_of(visit.assessment.draws, section.recording))


def first_open(visit: Visit) -> str:
    """Return the address of the first section that is not whole; of the review where all are."""
    base = f"/visit/{visit.assignment.id}"
    left = (progress.section_id for progress in visit.reading.progress if progress.answered < progress.asked)
    section = next(left, None)
    return f"{base}/section/{in_route(section)}" if section else f"{base}/review"


def _annex(keeping: Keeping, annex: Sheet, done: dict[str, SectionProgress]) -> list[ft.Control]:
    visit = keeping.visit
    left_out = annex_is_left_out(visit.assessment, visit.sheet)

    async def turn(_event: object) -> None:
        await visit.answer(annex.form.name, None if left_out else NOT_APPLICABLE)

    tiles: list[ft.Control] = []
    if not left_out:
        tiles += [MeasurementsCard(keeping, annex.form.measurements)] if annex.form.measurements else []
        tiles += [_tile(visit, s, done.get(s.key)) for s in annex.sections if s.key in done]
    if annex.form.whole_not_applicable is None or not visit.is_draft:
        return tiles
    reason = read(annex.form.whole_not_applicable)
    label = (
        _("There was a menu after all: ask these questions") if left_out else fill("Leave out: {reason}", reason=reason)
    )
    return [*tiles, kit.text_button(label, turn, "annex-left-out")]


def _tile(visit: Visit, section: SheetSection, progress: SectionProgress | None) -> ft.Control:
    answered, asked = (progress.answered, progress.asked) if progress else (0, len(section.items))
    count = fill("{done} of {all} answered", done=answered, all=asked)
    left = progress.findings if progress else 0
    whole = answered == asked and not left
    if answered == asked and left:
        count += _(", ") + fill("still open: {count}", count=left)
    return kit.tile(
        section_name(visit, section),
        count,
        lambda _e: go(f"/visit/{visit.assignment.id}/section/{in_route(section.key)}"),
        f"section-{section.key}",
        icon=ft.Icons.CHECK_CIRCLE if whole else ft.Icons.RADIO_BUTTON_UNCHECKED,
        below=[kit.progress(answered, asked)],
    )
