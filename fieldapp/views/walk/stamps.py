"""What is tapped during a visit: one big stamp, what may come instead of it, and leaving."""

from __future__ import annotations

from functools import partial

import flet as ft

from checklists.forms.form import MeasurementItem, MeasurementKind
from fieldapp.language import _, fill, read
from fieldapp.state.visit import Visit
from fieldapp.state.walk import ASKED, Walk
from fieldapp.views import kit
from fieldapp.views.call.stamps import side_by_side, stamp_button
from fieldapp.views.hooks import go
from fieldapp.views.visit.sections import first_open
from fieldapp.views.walk.wording import next_name, next_sign


async def reach(visit: Visit, key: str, _event: object) -> None:
    """Stamp a moment, and look for the position where it has one."""
    if await visit.reach(key):
        await visit.look(key)


def doing(visit: Visit, walk: Walk, *, is_large: bool = False) -> list[ft.Control]:
    """Return what is tapped now, the most likely last: nearest to the thumb."""
    kept = visit.assessment.measurements
    upcoming, span = walk.upcoming(kept), walk.open_span(kept)
    if not visit.is_draft or upcoming is None:
        questions = _("Answer the questions") if visit.is_draft else _("Look at the answers")
        return [kit.main_button(questions, lambda _e: go(first_open(visit)), "to-questions")]
    style = ft.TextThemeStyle.TITLE_LARGE if is_large else ft.TextThemeStyle.HEADLINE_MEDIUM
    small = [_small(visit, item) for item in walk.instead(kept)]
    columns = 1 if is_large else 2  # what happens on a visit takes more words than a third of a phone holds
    may_leave = walk.latest(kept) is not None and (span is not None or upcoming.key != walk.leaving)
    leaving = [_leaving(visit, walk)] if may_leave else []
    if upcoming.key == ASKED and visit.sheet.needs_draw and not visit.assessment.draws:
        told = _("Draw the recordings from their list first; then ask for those.")
        return [*leaving, *side_by_side(small, columns), kit.words(told)]
    if span is not None:
        big = stamp_button(
            _("They are back"), ft.Icons.PLAY_ARROW, partial(_time, visit, span.key), f"span-{span.key}", style=style
        )
        return [*leaving, *side_by_side(small, columns), big]
    small += [_wait(visit, item) for item in walk.spans] if walk.latest(kept) else []
    sign = None if is_large else next_sign(upcoming)
    big = stamp_button(
        next_name(upcoming), sign, partial(reach, visit, upcoming.key), f"reach-{upcoming.key}", style=style
    )
    small += _nobody_answered(visit)
    takes = [_takes(upcoming)] if upcoming.kind is MeasurementKind.STAMP_PLACE else []
    return [*leaving, *side_by_side(small, columns), *takes, big]


def _nobody_answered(visit: Visit) -> list[ft.Control]:
    """Return the way to end a message that nobody answered, once that is certain."""
    if not visit.unanswered:
        return []

    async def close(_event: object) -> None:
        await visit.close_unanswered()

    return [kit.side_button(_("Nobody answered"), close, "never-answered", icon=ft.Icons.UNSUBSCRIBE)]


def _takes(item: MeasurementItem) -> ft.Control:
    words = _("takes the time and the position")
    return kit.quiet(words, text_align=ft.TextAlign.CENTER, key=f"takes-{item.key}")


def _small(visit: Visit, item: MeasurementItem) -> ft.Control:
    return kit.side_button(next_name(item), partial(reach, visit, item.key), f"reach-{item.key}", icon=next_sign(item))


def _wait(visit: Visit, item: MeasurementItem) -> ft.Control:
    name = fill("Start {label}", label=read(item.label))
    return kit.side_button(
        _("They leave me waiting"),
        partial(_time, visit, item.key),
        f"span-{item.key}",
        name=name,
        icon=ft.Icons.HOURGLASS_TOP,
    )


async def _time(visit: Visit, key: str, _event: object) -> None:
    await visit.time(key)


def _leaving(visit: Visit, walk: Walk) -> ft.Control:
    """Return the last stamp, early: whoever leaves ends something, whoever is answered does not."""
    name, stamp, key = next_name(walk.stamps[-1]), partial(reach, visit, walk.leaving), f"reach-{walk.leaving}"
    if walk.stamps[0].kind is MeasurementKind.STAMP_PLACE:
        return kit.ending_button(name, stamp, key)
    return kit.side_button(name, stamp, key, icon=next_sign(walk.stamps[-1]))
