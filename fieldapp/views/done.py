"""The moment of completion: it is kept, it goes by itself, and the next thing is at the thumb."""

from __future__ import annotations

from datetime import UTC, datetime

import flet as ft

from checklists.record.assessment import Contact
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.state import App
from fieldapp.state.today import next_row
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.hooks import go, use_fields
from fieldapp.views.screen import screen
from fieldapp.views.visit_hooks import Opened, use_opened, when_open

ARRIVES_MS = 320


@ft.component
def FinishButton(visit: Visit) -> ft.Control:
    """The last step in one tap: what is finished can be opened again from the page it leads to."""
    working, set_working = ft.use_state(False)

    async def finish(_event: object) -> None:
        set_working(True)
        done = await visit.finish()
        set_working(False)
        if done:
            go(f"/visit/{visit.assignment.id}/done")

    unreachable = visit.assessment.contact is Contact.UNREACHABLE
    label = _("Finish as not reachable") if unreachable else _("Finish")
    return kit.main_button(label, finish, "finish", disabled=working, icon=ft.Icons.CHECK)


@ft.component
def DoneScreen() -> ft.Control:
    """One visit that was finished just now."""
    return when_open(DoneBody)


@ft.component
def DoneBody(opened: Opened) -> ft.View:
    """The page itself; the sign arrives once, and is felt."""
    app, visit, _keeping, _durable = use_opened(opened, "assessment", "delivery")
    use_fields(app, "rows", "minute")
    here, set_here = ft.use_state(False)

    async def arrive() -> None:
        set_here(True)
        await ft.HapticFeedback().medium_impact()  # type: ignore[no-untyped-call]

    ft.use_effect(arrive, [])

    async def reopen(_event: object) -> None:
        if await visit.reopen():
            go(f"/visit/{visit.assignment.id}/review")

    sign = ft.Container(
        ft.Icon(ft.Icons.CHECK_CIRCLE_OUTLINE, size=theme.DONE_SIGN, color=theme.SAFE),
        scale=1 if here else 0.6,
        opacity=1 if here else 0,
        animate_scale=ft.Animation(ARRIVES_MS, ft.AnimationCurve.EASE_OUT_BACK),
        animate_opacity=ft.Animation(ARRIVES_MS),
        alignment=ft.Alignment.CENTER,
        padding=theme.L,
    )
    body = [
        sign,
        ft.Container(kit.heading(_("Done"), 1), alignment=ft.Alignment.CENTER),
        *(kit.words(line, text_align=ft.TextAlign.CENTER) for line in _lines(visit)),
        kit.text_button(_("Open it again"), reopen, "open-again", icon=ft.Icons.UNDO),
    ]
    return screen(app, read(visit.assignment.entrant_name), body, actions=_ways_on(app, visit))


def _lines(visit: Visit) -> list[str]:
    record = visit.assessment
    files = len({file.sha256 for file in record.evidence})
    lines = [
        _("Kept on this phone."),
        fill("Answers: {answers}, files: {files}. They go by themselves.", answers=len(record.answers), files=files),
    ]
    if visit.delivery is not None:
        lines.append(_(words.SYNCS[visit.delivery.state][0]))
    return lines


def _ways_on(app: App, visit: Visit) -> list[ft.Control]:
    """Return the way to the list, and to the next visit."""
    list_button = kit.side_button(_("Today"), lambda _e: go("/"), "to-today")
    following = next_row(app.rows, app.minute or datetime.now(UTC))
    if following is None or following.assignment_id == visit.assignment.id:
        return [kit.main_button(_("Today"), lambda _e: go("/"), "to-today")]
    name = fill("Next: {entrant}", entrant=read(following.entrant))
    return [list_button, kit.main_button(name, lambda _e: go(f"/visit/{following.assignment_id}"), "next-visit")]
