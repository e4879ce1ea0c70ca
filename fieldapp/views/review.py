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
    app, visit, _keeping, _durable = use_opened(opened, "assessment", "reading")
    asking, set_asking = ft.use_state("")
    working, set_working = ft.use_state(False)

    async def finish(_event: object) -> None:
        set_asking("")
        set_working(True)
        done = await visit.finish()
        set_working(False)
        if done:
            go("/")

    async def void(reason: str) -> None:
        set_asking("")
        if await visit.void(reason):
            go("/")

    ft.use_dialog(_finish_dialog(visit, finish, lambda: set_asking("")) if asking == "finish" else None)
    ft.use_dialog(void_dialog(void, lambda: set_asking("")) if asking == "void" else None)
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
        (_("Finished"), words.moment(record.finished_at, visit.zone) if record.finished_at else ""),
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
        target = f"{base}/section/{in_route(finding.section)}/{in_route(finding.question)}"
    icon = ft.Icons.ERROR_OUTLINE if finding.blocks_finish else ft.Icons.SCHEDULE
    item = visit.sheet.all_items.get(finding.question or "")
    title = f"{item.key} {read(item.question.text)}" if item else finding.question or _("Visit")
    key = f"finding-{finding.question or ''}-{finding.code}-{place}"
    return kit.tile(title, say(finding.message), lambda _e: go(target), key, icon=icon)


def _finish_dialog(visit: Visit, finish: kit.OnTap, close: Callable[[], None]) -> ft.AlertDialog:
    return ft.AlertDialog(
        title=ft.Text(_("Finish this visit?")),
        content=ft.Text(_("The answers are locked and sent. A reviewer may send it back to you.")),
        actions=[
            kit.text_button(_("Not yet"), lambda _e: close(), "finish-no"),
            kit.main_button(_("Finish and send"), finish, "finish-yes"),
        ],
        on_dismiss=lambda _e: close(),
        semantics_label=_finish_label(visit),
    )


def void_dialog(void: Callable[[str], Awaitable[None]], close: Callable[[], None]) -> ft.AlertDialog:
    """Return the reasons for which a contact is void; stopping never costs a score (E17, E18)."""

    def button(reason: str) -> ft.Control:
        async def choose(_event: object) -> None:
            await void(_(reason))

        return kit.side_button(_(reason), choose, f"void-{VOID_REASONS.index(reason)}")

    return ft.AlertDialog(
        scrollable=True,
        title=ft.Text(_("Why is this contact void?")),
        content=kit.stack(
            [
                ft.Text(_("You may stop at any time. A void contact counts nowhere and is replaced.")),
                *(button(reason) for reason in VOID_REASONS),
            ],
            width=theme.DIALOG_WIDTH,
        ),
        actions=[kit.text_button(_("Not void"), lambda _e: close(), "void-no")],
        on_dismiss=lambda _e: close(),
    )
