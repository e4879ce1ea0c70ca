"""A visit that the reviewer sent back: what is asked for, and the way to take it up again."""

from __future__ import annotations

from functools import partial

import flet as ft

from fieldapp.language import _, fill, read
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.hooks import go
from fieldapp.views.visit_hooks import Keeping, in_route


def take_up_again(visit: Visit) -> ft.Control:
    """Return the one step that makes it a draft again."""

    async def reopen(_event: object) -> None:
        await visit.reopen()

    return kit.main_button(_("Work on it again"), reopen, "reopen")


@ft.component
def ReturnedBanner(keeping: Keeping) -> ft.Control:
    """What the reviewer asks for, and the way to each question that a note stands at."""
    visit = keeping.visit
    # A note at a question the checklist has no more stands among the reasons: nobody can answer it.
    notes = [key for key in visit.notes_to_answer if key in visit.sheet.section_of]
    done = sum(visit.is_note_answered(key) for key in notes)

    message = fill("The reviewer sent this back. {comment}", comment=visit.reason_of_return).strip()
    if notes:
        message += "\n" + fill("Notes at questions answered: {done} of {all}.", done=done, all=len(notes))
    buttons = [
        kit.text_button(read(visit.sheet.all_items[key].question.text), partial(_go_to, visit, key), f"note-{key}")
        for key in notes
        if not visit.is_note_answered(key)
    ]
    return kit.banner(kit.Tone.CAUTION, message, buttons, key="returned")


def _go_to(visit: Visit, key: str, _event: object) -> None:
    section = visit.sheet.section_of[key].key
    go(f"/visit/{visit.assignment.id}/section/{in_route(section)}/{in_route(key)}")
