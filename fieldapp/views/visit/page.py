"""The screen of one visit: everything about it in the order it is needed, review and finish at the thumb."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from checklists.forms.form import Channel
from checklists.record.asked import asked_measurements
from checklists.record.assessment import Contact, RecordStatus
from fieldapp.language import _, fill, read
from fieldapp.state.call import Stage
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.hand_over import hand_over_notes, hand_over_tile
from fieldapp.views.hooks import go, keyed, use_on_top
from fieldapp.views.screen import screen
from fieldapp.views.start import starting
from fieldapp.views.visit.attempts import AttemptsCard, has_attempts
from fieldapp.views.visit.briefing import BriefingCard
from fieldapp.views.visit.measurements import MeasurementsCard
from fieldapp.views.visit.recordings import RecordingsCard
from fieldapp.views.visit.returned import ReturnedBanner, take_up_again
from fieldapp.views.visit.sections import section_tiles
from fieldapp.views.visit_hooks import Keeping, Opened, use_opened, when_open

# What this page shows of a visit.
SHOWN = ("assessment", "reading", "delivery", "review")


@ft.component
def VisitScreen() -> ft.Control:
    """The whole visit, once it is open."""
    return when_open(VisitBody)


@ft.component
def VisitBody(opened: Opened) -> ft.View:
    """The page itself; below another screen it draws next to nothing."""
    app, visit, keeping, _durable = use_opened(opened, *SHOWN)
    if not use_on_top():
        return starting()
    base = f"/visit/{visit.assignment.id}"
    evidence_name = fill("Photos and audio notes ({count})", count=len(visit.assessment.evidence))
    measured = asked_measurements(visit.sheet)
    happening = [
        *([AttemptsCard(keeping)] if has_attempts(visit) else []),
        *([MeasurementsCard(keeping, measured)] if measured else []),
    ]
    briefing = keyed(f"briefing-{visit.is_begun}", BriefingCard, visit.assignment, visit.sheet.form, not visit.is_begun)
    body = [
        *_standing(keeping),
        *hand_over_notes(app, visit),
        # What is tapped while it happens stands above what was read before it.
        *([*happening, briefing] if visit.is_begun else [briefing, *happening]),
        *([RecordingsCard(keeping)] if visit.sheet.needs_draw else []),
        *_notes(visit),
        *section_tiles(keeping),
        kit.tile(
            evidence_name,
            _("What belongs to the whole visit, and everything taken so far"),
            lambda _e: go(f"{base}/evidence"),
            "open-evidence",
            icon=ft.Icons.PHOTO_LIBRARY,
        ),
        *hand_over_tile(visit),
    ]
    label = _("Review and finish") if visit.is_draft else _("Review")
    button = kit.main_button(label, lambda _e: go(f"{base}/review"), "open-review")
    call = [kit.main_button(_call_label(visit), lambda _e: go(f"{base}/call"), "open-call")] if may_call(visit) else []
    call += [kit.main_button(_walk_label(visit), lambda _e: go(f"{base}/walk"), "open-walk")] if may_walk(visit) else []
    review = kit.side_button(label, lambda _e: go(f"{base}/review"), "open-review") if call else button
    again = [kit.side_button(label, lambda _e: go(f"{base}/review"), "open-review"), take_up_again(visit)]
    actions = again if visit.is_returned and not visit.is_draft else [review, *call]
    return screen(app, read(visit.assignment.entrant_name), body, actions=actions)


def may_call(visit: Visit) -> bool:
    """Whether a call can be made, or goes on."""
    stage, _since = visit.stage
    runs = stage not in (Stage.READY, Stage.ENDED)
    return visit.is_draft and visit.script is not None and (runs or visit.assessment.contact is not Contact.CONNECTED)


def _notes(visit: Visit) -> list[ft.Control]:
    """Return the way to the notes page, and to what is not sorted yet."""
    base = f"/visit/{visit.assignment.id}"
    if not visit.is_draft:
        return []
    count = len(visit.lines) + len(visit.loose_files)
    page = kit.tile(
        _("Notes page"),
        _("Dark and silent: write now, answer outside"),
        lambda _e: go(f"{base}/notes"),
        "open-notes",
        icon=ft.Icons.DARK_MODE,
    )
    if not count:
        return [page]
    told = fill("Not sorted yet: {count}", count=count)
    left = kit.tile(_("Notes to sort"), told, lambda _e: go(f"{base}/sort"), "open-sort", icon=ft.Icons.INBOX)
    return [page, left]


def may_walk(visit: Visit) -> bool:
    """Whether the visit can be tapped along, or goes on."""
    walk = visit.walk
    return visit.is_draft and walk is not None and walk.upcoming(visit.assessment.measurements) is not None


def _walk_label(visit: Visit) -> str:
    walk = visit.walk
    if walk is not None and walk.latest(visit.assessment.measurements) is not None:
        return _("Back to the visit")
    return _("Begin")


def _call_label(visit: Visit) -> str:
    if visit.stage[0] is not Stage.READY:
        return _("Back to the call")
    return _("Call") if visit.assignment.channel is Channel.PHONE_IN else _("Chat")


def _standing(keeping: Keeping) -> Sequence[ft.Control]:
    """Return what the record and the contact are, and the reviewer's comment."""
    visit = keeping.visit
    record = visit.assessment
    pills: list[ft.Control] = [kit.pill(fill("Due by {day}", day=words.until(visit.assignment.due_until, visit.zone)))]
    if record.contact is not Contact.OPEN and has_attempts(visit):
        pills.append(kit.pill(_(words.CONTACTS[record.contact]), kit.Tone.FACT))
    if record.status is not RecordStatus.DRAFT:
        pills.append(kit.pill(_(words.STATUSES[record.status]), kit.Tone.FACT))
    if visit.delivery is not None and not visit.is_draft:
        label, tone, icon = words.SYNCS[visit.delivery.state]
        pills.append(kit.pill(_(label), tone, icon))
    rows: list[ft.Control] = [kit.flow(pills)]
    if visit.assignment.withdrawn:
        rows.append(kit.banner(kit.Tone.CAUTION, _("The coordinator withdrew this visit. Do not carry it out.")))
    if visit.is_returned or visit.reason_of_return or visit.notes_to_answer:
        rows.append(ReturnedBanner(keeping))
    return rows
