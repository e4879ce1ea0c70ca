"""When a call cannot simply be made again: a message awaits its call-back, or six tries have failed."""

from __future__ import annotations

import flet as ft

from checklists.record.assessment import Contact
from checklists.record.call_back import awaited_until
from fieldapp.language import _, fill
from fieldapp.state import Visit
from fieldapp.views import kit, words
from fieldapp.views.hooks import go


def six_tries(visit: Visit) -> list[ft.Control]:
    """Return the call-back that may still come, and what the sixth failure means and wants."""
    return [*_call_back(visit), *_written_off(visit)]


def _call_back(visit: Visit) -> list[ft.Control]:
    series, zone = visit.reading.series, visit.zone
    if series is None or zone is None or visit.assessment.contact is Contact.CONNECTED:
        return []
    until = awaited_until([judged.attempt for judged in series.tries], series.service, zone)
    if until is None or visit.seconds_since(until) >= 0:
        return []

    async def called(_event: object) -> None:
        await visit.called_back()

    told = fill(
        "A message was left: a call back before {time} takes that failure away.", time=words.moment(until, zone)
    )
    return [kit.stack([kit.quiet(told), kit.tonal_button(_("They call back now"), called, "called-back")])]


def _written_off(visit: Visit) -> list[ft.Control]:
    series = visit.reading.series
    if visit.assessment.contact is not Contact.UNREACHABLE or series is None:
        return []
    rules = series.rules
    failed = fill("{needed} tries failed within {days} days.", needed=rules.needed, days=rules.days)
    lost = fill("By the rules this assessment loses {points}; the office checks it first.", points=str(series.penalty))
    proof = _("Add a picture of the phone's call log as proof, other calls covered.")
    waived = rules.late_connect == "waive"
    later = (
        _("If a further call connects, nothing is lost.") if waived else _("A further call may connect; that stays.")
    )
    base = f"/visit/{visit.assignment.id}"
    picture = kit.side_button(
        _("Picture of the call log"), lambda _e: go(f"{base}/evidence"), "call-log", icon=ft.Icons.ADD_A_PHOTO
    )
    close = kit.tonal_button(_("Close as not reached"), lambda _e: go(f"{base}/review"), "close-unreached")
    return [kit.stack([kit.words(failed), kit.quiet(f"{lost} {proof} {later}"), picture, close])]
