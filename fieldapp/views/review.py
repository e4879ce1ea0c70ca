"""Review and finish: what is still to put right, each one tap from its question, and the last step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from checklists.language import N_
from checklists.record.assessment import Contact, RecordStatus
from checklists.record.findings import Finding
from fieldapp import theme
from fieldapp.language import _, fill, read, say
from fieldapp.state import Visit
from fieldapp.views import kit, words
from fieldapp.views.hooks import go
from fieldapp.views.screen import screen
from fieldapp.views.visit_hooks import Opened, in_route, use_opened, when_open

VOID_REASONS = (
    N_("I was recognised"),
    N_("It was not safe to go on"),
    N_("The scenario could not be carried out"),
    N_("Severe weather or an announced incident"),
)


@ft.component
def ReviewScreen() -> ft.Control:
    """Summary, findings by section, and finishing."""
    return when_open(ReviewBody)


@ft.component
def ReviewBody(opened: Opened) -> ft.View:
    """The page itself, once the visit is open."""
    app, visit, _keeping, _durable = use_opened(opened, "assessment", "reading", "review")
    asking, set_asking = ft.use_state("")
    reason, set_reason = ft.use_state("")
    working, set_working = ft.use_state(False)

    async def finish(_event: object) -> None:
        set_asking("")
        set_working(True)
        done = await visit.finish()
        set_working(False)
        if done:
            go("/")

    def stop_asking() -> None:
        set_asking("")
        set_reason("")

    async def void(words: str) -> None:
        stop_asking()
        if await visit.void(words):
            go("/")

    ft.use_dialog(_finish_dialog(visit, finish, lambda: set_asking("")) if asking == "finish" else None)
    ft.use_dialog(void_dialog(reason, set_reason, void, stop_asking) if asking == "void" else None)
    blocking = [finding for finding in visit.findings if finding.blocks_finish]
    body = [_summary(visit), *_verdict(visit, blocking), *grouped(visit)]
    actions: list[ft.Control] = []
    if visit.is_draft:
        body.append(kit.text_button(_("This contact is void…"), lambda _e: set_asking("void"), "void"))
        actions = [
            kit.main_button(
                _finish_label(visit),
                lambda _e: set_asking("finish"),
                "finish",
                disabled=working or not visit.can_finish,
            )
        ]
    return screen(app, _("Review"), body, actions=actions)


def _finish_label(visit: Visit) -> str:
    return _("Finish as not reachable") if visit.assessment.contact is Contact.UNREACHABLE else _("Finish")


def _summary(visit: Visit) -> ft.Control:
    record = visit.assessment
    answered, asked = sum(p.answered for p in visit.reading.progress), sum(p.asked for p in visit.reading.progress)
    pairs = [
        (_("Entrant"), read(visit.assignment.entrant_name)),
        (_("Contact"), _(words.CONTACTS[record.contact])),
        (_("Answers"), fill("{done} of {all} answered", done=answered, all=asked)),
        (_("Photos and audio notes"), str(len(record.evidence))),
        (_("Finished"), words.moment(record.end.corrected, visit.zone) if record.end else ""),
        (_("Void because"), record.void_reason or ""),
    ]
    return kit.card([kit.facts(pairs)])


def _verdict(visit: Visit, blocking: Sequence[Finding]) -> list[ft.Control]:
    """Return one sentence on whether it may be finished."""
    if visit.assessment.status is not RecordStatus.DRAFT:
        message = _("Finished. It goes to the server by itself; the Sync screen says when it is safe.")
        return [kit.banner(kit.Tone.GOOD, message)]
    if not blocking:
        return [kit.banner(kit.Tone.GOOD, _("Nothing is missing. Finishing locks the answers and sends them."))]
    message = fill("Still to put right before finishing: {count}. Tap one to go there.", count=len(blocking))
    return [kit.banner(kit.Tone.CAUTION, message, key="to-put-right")]


def grouped(visit: Visit) -> list[ft.Control]:
    """Return the findings by section, in the order of the form."""
    titles = {section.key: f"{section.key} {read(section.title)}" for section in visit.sheet.all_sections}
    rows: list[ft.Control] = []
    for section in (None, *titles):
        findings = [finding for finding in visit.findings if finding.section == section]
        if findings:
            rows.append(kit.heading(titles[section] if section else _("The whole visit")))
            rows.extend(_finding(visit, finding, place) for place, finding in enumerate(findings))
    return rows


def _finding(visit: Visit, finding: Finding, place: int) -> ft.Control:
    base = f"/visit/{visit.assignment.id}"
    target = base
    if finding.question and finding.section:
        target = f"{base}/review/section/{in_route(finding.section)}/{in_route(finding.question)}"
    icon = ft.Icons.ERROR_OUTLINE if finding.blocks_finish else ft.Icons.SCHEDULE
    item = visit.sheet.all_items.get(finding.question or "")
    title = f"{item.key} {read(item.question.text)}" if item else finding.question or _("Visit")
    key = f"finding-{finding.question or ''}-{finding.code}-{place}"
    return kit.tile(title, say(finding.message), lambda _e: go(target), key, icon=icon)


def _finish_dialog(visit: Visit, finish: kit.OnTap, close: Callable[[], None]) -> ft.AlertDialog:
    notes = sum(finding.code == "note-open" for finding in visit.findings)
    open_notes = N_("Notes of the reviewer that you did not answer: {count}.")
    return ft.AlertDialog(
        title=ft.Text(_("Finish this visit?")),
        scrollable=True,
        content=kit.stack(
            [
                ft.Text(_("The answers are locked and sent. A reviewer may send it back to you.")),
                *([kit.banner(kit.Tone.CAUTION, fill(open_notes, count=notes))] if notes else []),
            ]
        ),
        actions=[
            kit.text_button(_("Not yet"), lambda _e: close(), "finish-no"),
            kit.main_button(_("Finish and send"), finish, "finish-yes"),
        ],
        on_dismiss=lambda _e: close(),
        semantics_label=_finish_label(visit),
    )


def void_dialog(
    reason: str,
    choose: Callable[[str], None],
    void: Callable[[str], Awaitable[None]],
    close: Callable[[], None],
) -> ft.AlertDialog:
    """Ask why the contact is void and then, with a `reason`, once more; stopping never costs a score (E17, E18)."""
    return _void_again(reason, void, close) if reason else _void_why(choose, close)


def _void_again(reason: str, void: Callable[[str], Awaitable[None]], close: Callable[[], None]) -> ft.AlertDialog:
    async def go_on(_event: object) -> None:
        await void(reason)

    warning = _("It is sent at once and counts nowhere. Only the coordinator can undo it.")
    return ft.AlertDialog(
        scrollable=True,
        title=ft.Text(_("Void this contact?")),
        content=kit.stack([ft.Text(reason), ft.Text(warning)], width=theme.DIALOG_WIDTH),
        actions=[
            kit.text_button(_("Not void"), lambda _e: close(), "void-no"),
            kit.main_button(_("Void and send"), go_on, "void-yes"),
        ],
        on_dismiss=lambda _e: close(),
    )


def _void_why(choose: Callable[[str], None], close: Callable[[], None]) -> ft.AlertDialog:
    def button(reason: str) -> ft.Control:
        return kit.side_button(_(reason), lambda _e: choose(_(reason)), f"void-{VOID_REASONS.index(reason)}")

    return ft.AlertDialog(
        scrollable=True,
        title=ft.Text(_("Why is this contact void?")),
        content=kit.stack(
            [
                ft.Text(_("You may stop at any time. A void contact counts nowhere and is replaced.")),
                *(button(reason) for reason in VOID_REASONS),
                OwnReason(choose),
            ],
            width=theme.DIALOG_WIDTH,
        ),
        actions=[kit.text_button(_("Not void"), lambda _e: close(), "void-no")],
        on_dismiss=lambda _e: close(),
    )


@ft.component
def OwnReason(choose: Callable[[str], None]) -> ft.Control:
    """A reason in the assessor's own words."""
    typed, set_typed = ft.use_state("")
    field = ft.TextField(
        key="void-words",
        label=_("Another reason, without names"),
        value=typed,
        multiline=True,
        on_change=lambda e: set_typed(e.control.value),
    )
    button = kit.side_button(
        _("Go on with this reason"), lambda _e: choose(typed.strip()), "void-own", disabled=not typed.strip()
    )
    return kit.stack([field, button])
