"""Review and finish: only what is open, each put right where it stands, and the last step in one tap.

OPN-1  What was open when the review was opened stays in its place while it is put right, ticked, and then goes.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from checklists.record.assessment import RecordStatus
from checklists.record.findings import PROOFS, Finding
from fieldapp import theme
from fieldapp.language import _, fill, read, say
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.call.six_tries import proof_of_tries
from fieldapp.views.done import FinishButton
from fieldapp.views.hooks import go
from fieldapp.views.question_card import cards_of
from fieldapp.views.screen import screen
from fieldapp.views.section import MemoCard
from fieldapp.views.visit.attempts import has_attempts
from fieldapp.views.visit.returned import ReturnedBanner, take_up_again
from fieldapp.views.visit.sections import first_open
from fieldapp.views.visit_hooks import Keeping, Opened, use_opened, when_open
from fieldapp.views.void import void_dialog
from fieldapp.views.walk.place import proofs

AT_ONCE = 12  # questions that are put right here; more are answered in the sections


@ft.component
def ReviewScreen() -> ft.Control:
    """What is open, and finishing."""
    return when_open(ReviewBody)


@ft.component
def ReviewBody(opened: Opened) -> ft.View:
    """The page itself, once the visit is open."""
    app, visit, keeping, _durable = use_opened(opened, "assessment", "reading", "review")
    asking, set_asking = ft.use_state(False)
    reason, set_reason = ft.use_state("")
    column = ft.use_memo(ft.Ref[ft.Column], [])
    listed: list[str] = ft.use_memo(list, [])
    listed += [key for key in to_put_right(visit) if key not in listed]

    def stop_asking() -> None:
        set_asking(False)
        set_reason("")

    async def void(words: str) -> None:
        stop_asking()
        if await visit.void(words):
            go("/")

    ft.use_dialog(void_dialog(reason, set_reason, void, stop_asking) if asking else None)
    shown = listed[:AT_ONCE]
    still = [key for key in shown if key in to_put_right(visit)]

    async def next_open(_event: object) -> None:
        if column.current is not None and still:
            await column.current.scroll_to(scroll_key=f"question-{still[0]}", duration=200)

    items = [visit.sheet.all_items[key] for key in shown if key in visit.sheet.all_items]
    cards = cards_of(visit, items, phrases=app.phrases, is_large=app.settings.text_size >= theme.LARGE_TEXT)
    body = [
        *_verdict(keeping),
        *_of_the_whole(keeping),
        # Before what is open: whoever was recognised must not scroll for it.
        *(
            [kit.text_button(_("Cancel this assessment"), lambda _e: set_asking(True), "void")]
            if visit.is_draft
            else []
        ),
        *(MemoCard(card, keeping.answer, keeping) for card in cards),
        *_rest(visit, len(listed) - len(shown)),
        _summary(visit),
    ]
    actions = _actions(visit, _open_count(visit) or len(still) if still else 0, next_open)
    return screen(app, _("Review"), body, actions=actions, column=column)


def _actions(visit: Visit, left: int, next_open: kit.OnTap) -> list[ft.Control]:
    """Return the last step, or the way to what is open before it."""
    if not visit.is_draft:
        return [take_up_again(visit)] if visit.is_returned else []
    if visit.can_finish:
        return [FinishButton(visit)]
    if not left:
        return []
    return [kit.tonal_button(fill("Next open, {count} left", count=left), next_open, "next-open")]


def to_put_right(visit: Visit) -> list[str]:
    """Return the questions anything is still to be said of, in the order they are asked."""
    named = {finding.question for finding in visit.findings}
    return [key for key in visit.sheet.all_items if key in named]


def _open_count(visit: Visit) -> int:
    """Return how many things stand in the way of finishing."""
    return len({finding.question or finding.code for finding in visit.findings if finding.blocks_finish})


def _summary(visit: Visit) -> ft.Control:
    record = visit.assessment
    answered, asked = sum(p.answered for p in visit.reading.progress), sum(p.asked for p in visit.reading.progress)
    pairs = [
        (_("Entrant"), read(visit.assignment.entrant_name)),
        (_("Contact"), _(words.CONTACTS[record.contact]) if has_attempts(visit) else ""),
        (_("Answers"), fill("{done} of {all} answered", done=answered, all=asked)),
        (_("Photos and audio notes"), str(len(record.evidence))),
        (_("Finished"), words.moment(record.end.corrected, visit.zone) if record.end else ""),
        (_("Cancelled because"), record.void_reason or ""),
    ]
    return kit.facts(pairs)


def _verdict(keeping: Keeping) -> list[ft.Control]:
    """Return one sentence on whether it may be finished."""
    visit = keeping.visit
    # What was asked is read once more before it is sent again.
    asked = [ReturnedBanner(keeping)] if visit.is_returned or visit.reason_of_return else []
    if visit.is_returned:
        return asked
    if visit.assessment.status is not RecordStatus.DRAFT:
        message = _("Finished. It goes to the server by itself; the Sync screen says when it is safe.")
        return [kit.banner(kit.Tone.GOOD, message)]
    if count := _open_count(visit):
        told = fill("Still open: {count}", count=count)
        return [kit.heading(told, 1), kit.quiet(_("Answer here; the rest is done."), key="to-put-right"), *asked]
    notes = sum(finding.code == "note-open" for finding in visit.findings)
    rows = [kit.heading(_("Nothing is missing"), 1), kit.quiet(_("Finishing locks the answers and sends them."))]
    rows += asked
    if notes:
        told = fill("Notes of the reviewer that you did not answer: {count}.", count=notes)
        rows.append(kit.banner(kit.Tone.CAUTION, told))
    return rows


def _of_the_whole(keeping: Keeping) -> list[ft.Control]:
    """Return what belongs to no question: proofs, to be given here; the rest, on the visit's own page."""
    visit = keeping.visit
    here = f"/visit/{visit.assignment.id}"
    given = [*proof_of_tries(keeping), *proofs(keeping)]
    return [
        *([kit.card(given)] if given and visit.is_draft else []),
        *(
            kit.tile(
                _("The whole visit"), say(finding.message), lambda _e: go(here), _key(finding, at), icon=_sign(finding)
            )
            for at, finding in enumerate(visit.findings)
            if finding.question not in visit.sheet.all_items and not (finding.code in PROOFS and visit.is_draft)
        ),
    ]


def _key(finding: Finding, place: int) -> str:
    return f"finding-{finding.code}-{place}"


def _sign(finding: Finding) -> ft.IconData:
    return ft.Icons.ERROR_OUTLINE if finding.blocks_finish else ft.Icons.SCHEDULE


def _rest(visit: Visit, count: int) -> Sequence[ft.Control]:
    if count <= 0:
        return ()
    label = fill("Answer the other {count} in their sections", count=count)
    return [kit.side_button(label, lambda _e: go(first_open(visit)), "other-questions")]
