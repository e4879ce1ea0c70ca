"""When a call cannot simply be made again: a message awaits its call-back, or six tries have failed."""

from __future__ import annotations

import flet as ft

from checklists.forms.evidence_kinds import CALL_LOG
from checklists.forms.form import Channel
from checklists.record.assessment import Contact
from checklists.record.attempts import JudgedTry
from checklists.record.call_back import awaited_until
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.state.rows import number_of, written_number
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.evidence.pick_button import PickButton, Source
from fieldapp.views.hooks import go
from fieldapp.views.visit_hooks import Keeping


def six_tries(keeping: Keeping) -> list[ft.Control]:
    """Return the call-back that may still come, and what the sixth failure means and wants; closing it comes last."""
    return [*_call_back(keeping.visit), *_written_off(keeping)]


def is_written_off(visit: Visit) -> bool:
    """Whether all tries have failed, and closing comes before another call."""
    return visit.assessment.contact is Contact.UNREACHABLE and visit.reading.series is not None


def title(visit: Visit) -> str:
    """Return what the page is about then."""
    series = visit.reading.series
    return fill("{needed} tries, nobody reached", needed=series.rules.needed) if series else ""


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


def _written_off(keeping: Keeping) -> list[ft.Control]:
    visit = keeping.visit
    series = visit.reading.series
    if series is None or not is_written_off(visit):
        return []
    rules = series.rules
    failed = fill("{needed} tries failed within {days} days.", needed=rules.needed, days=rules.days)
    lost = fill("By the rules this costs points ({points}); the office checks it first.", points=str(series.penalty))
    proof = _("Add a picture of the phone's call log as proof, other calls covered.")
    waived = rules.late_connect == "waive"
    later = (
        _("If a further call connects, nothing is lost.")
        if waived
        else _("A further call may still connect, but the points stay lost.")
    )
    base = f"/visit/{visit.assignment.id}"
    close = kit.main_button(_("Close as not reached"), lambda _e: go(f"{base}/review"), "close-unreached")
    log = [_try_line(visit, judged) for judged in series.tries]
    told = [kit.words(failed), kit.quiet(f"{lost} {proof} {later}")]
    return [kit.stack([*told, kit.stack(log, theme.XS), *proof_of_tries(keeping), *_once_more(visit)]), close]


def proof_of_tries(keeping: Keeping) -> list[ft.Control]:
    """Return the picture of the call log that a call nobody answered wants, ticked once it is there.

    It is looked at before it is kept, as every picture is: a call log names people who have nothing to do with it.
    """
    visit = keeping.visit
    if not (visit.is_draft and is_written_off(visit) and visit.assignment.channel is Channel.PHONE_IN):
        return []
    is_there = any(file.evidence_kind == CALL_LOG for file in visit.assessment.evidence)

    async def picked(data: bytes, content_type: str, _name: str) -> None:
        if content_type.startswith("image/"):
            await keeping.photo(data, None, CALL_LOG)
        else:
            await keeping.file(data, content_type, None, CALL_LOG)

    # The log is a screenshot: it is chosen from the gallery, which a picker of pictures would not open.
    name = _("Picture of the call log")
    return [PickButton(name, name, "call-log", ft.Icons.ADD_A_PHOTO, picked, Source.GALLERY, done=is_there)]


def _once_more(visit: Visit) -> list[ft.Control]:
    """Return the way to try all the same."""
    number = number_of(visit.assignment)
    if not number:
        return []

    async def dial(_event: object) -> None:
        await visit.dial()

    label = fill("Call once more: {number}", number=written_number(visit.assignment))
    return [kit.text_button(label, dial, "dial", action=ft.OpenUrl(f"tel:{number}"))]


def _try_line(visit: Visit, judged: JudgedTry) -> ft.Control:
    """Return one try: when, what it came to, and how long it took where that was kept."""
    tried = judged.attempt
    when = words.moment(tried.trusted_at, visit.zone)
    length = words.length(int((tried.ended_at - tried.at).total_seconds())) if tried.ended_at else ""
    number = str(judged.number) if judged.number else "-"
    parts = [number, when, _(words.OUTCOMES[tried.outcome]), length]
    return kit.quiet(_(", ").join(part for part in parts if part))
