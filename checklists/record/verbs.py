"""The verbs of an assessment: each takes a record and gives the next one. Nothing changes in place, no clock is read.

`at` is always aware UTC, given by the caller, and becomes `updated_at`. A verb on a record that is not a draft raises
`NotAllowedError`; `next_revision` opens a finished or returned one again. What may be added to a finished one without
opening it is in `late`.

R-RET-1  From the second revision on, a record names the questions that were looked at again (`reworked`).
R-TRY-1  A try taken back stays in the log, and a corrected one beside the one that takes its place.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from checklists.forms.form import Channel
from checklists.language import N_, sentence
from checklists.record.assessment import (
    Answer,
    AnswerValue,
    Assessment,
    Attempt,
    Contact,
    Draw,
    Evidence,
    Measurement,
    Outcome,
    RecordStatus,
)
from checklists.record.assignment import Assignment
from checklists.record.derived import Circumstances, measured_answers
from checklists.record.findings import Finding, findings
from checklists.record.moments import first_stamp, latest_possible, put_down
from checklists.record.sheet import Sheet
from checklists.record.transitions import (
    CONTACT_TRANSITIONS,
    RECORD_TRANSITIONS,
    ContactEvent,
    NotAllowedError,
    RecordEvent,
    after,
)
from checklists.record.trusted_time import ClockReading, corrected


def begin(
    assignment: Assignment, assessment_id: str, *, at: datetime, app_version: str, clock: ClockReading | None = None
) -> Assessment:
    """Return the empty draft of `assignment`, revision 1, begun `at` by `clock`."""
    return Assessment(
        id=assessment_id,
        revision=1,
        assignment_id=assignment.id,
        entrant_id=assignment.entrant_id,
        channel=assignment.channel,
        form=assignment.form,
        started_at=at,
        subchannel=assignment.subchannel,
        variant=assignment.variant,
        branch_id=assignment.branch.id if assignment.branch else None,
        annex=assignment.annex,
        app_version=app_version,
        started_clock=clock,
    )


def with_answer(assessment: Assessment, key: str, value: AnswerValue | None, *, at: datetime) -> Assessment:
    """Answer the question `key`, or take its answer back (None). What does not fit is kept and becomes a finding."""
    answers = dict(assessment.answers)
    if value is None:
        answers.pop(key, None)
    else:
        answers[key] = Answer(value=value, at=at)
    return _changed(assessment, at, answers=answers, contact=_begun(assessment), reworked=_reworked(assessment, key))


def with_note(assessment: Assessment, key: str, evidence_kind: str, words: str, *, at: datetime) -> Assessment:
    """Write the words of one kind ("note", "verbatim") for question `key`; empty words take them away."""
    of_question = {**assessment.notes.get(key, {}), evidence_kind: words}
    kept = {kind: text for kind, text in of_question.items() if text.strip()}
    notes = {**assessment.notes, key: kept}
    notes = {kind: words for kind, words in notes.items() if words}
    return _changed(assessment, at, notes=notes, reworked=_reworked(assessment, key))


def confirmed(assessment: Assessment, key: str, *, at: datetime) -> Assessment:
    """Say of the question `key`, looked at again after a return, that it stays as it is."""
    return _changed(assessment, at, reworked=_reworked(assessment, key))


def with_measurement(
    assessment: Assessment,
    key: str,
    measurement: Measurement | None,
    *,
    at: datetime,
    sheet: Sheet,
    circumstances: Circumstances,
) -> Assessment:
    """Put down measurement `key`, or take it away (None), and bring the answers read from measurements up to date.

    A stamp that replaces another keeps the first one's moment as `original_at`.
    """
    measurements = dict(assessment.measurements)
    if measurement is None:
        measurements.pop(key, None)
    else:
        measurements[key] = _edited(measurements.get(key), measurement)
    answers = measured_answers(sheet, measurements, assessment.answers, at=at, circumstances=circumstances)
    return _changed(
        assessment,
        at,
        measurements=measurements,
        answers=answers,
        contact=_begun(assessment),
        reworked=_reworked(assessment, *sheet.read_from(key)),
    )


def with_time(
    assessment: Assessment,
    key: str,
    moment: datetime,
    reason: str,
    *,
    at: datetime,
    sheet: Sheet,
    circumstances: Circumstances,
    clock: ClockReading | None = None,
) -> Assessment:
    """Type the moment of measurement `key` in, or correct it: `moments` says which may be, and what stays beside it.

    `moment` is in corrected time, as screens show it; `at` is corrected by `clock`.
    """
    before = assessment.measurements.get(key)
    latest = latest_possible(assessment.measurements, corrected(at, clock))
    measurement = put_down(before, moment, reason, latest=latest, at=at)
    return with_measurement(assessment, key, measurement, at=at, sheet=sheet, circumstances=circumstances)


def with_attempt(assessment: Assessment, attempt: Attempt, *, at: datetime) -> Assessment:
    """Log one try. A connected one makes the contact connected, also after the series had failed."""
    contact = assessment.contact
    if attempt.outcome is Outcome.CONNECTED:
        contact = after(CONTACT_TRANSITIONS, contact, ContactEvent.REACHED)
    return _changed(assessment, at, attempts=(*assessment.attempts, attempt), contact=contact)


def with_attempt_corrected(assessment: Assessment, place: int, outcome: Outcome | None, *, at: datetime) -> Assessment:
    """Take the try at `place` of the log back, as a mistake; with an `outcome`, the same try with that one follows it.

    The contact is open again where no other try connected it: judge the log anew. Repeating it changes nothing.
    """
    mistaken = assessment.attempts[place]
    if mistaken.taken_back_at is not None:
        return assessment
    right = () if outcome is None else (replace(mistaken, outcome=outcome),)
    log = (*assessment.attempts[:place], replace(mistaken, taken_back_at=at), *right, *assessment.attempts[place + 1 :])
    contact = assessment.contact
    if contact is not Contact.OPEN:
        contact = after(CONTACT_TRANSITIONS, contact, ContactEvent.TRY_TAKEN_BACK)
    if any(tried.outcome is Outcome.CONNECTED and tried.taken_back_at is None for tried in log):
        contact = after(CONTACT_TRANSITIONS, contact, ContactEvent.REACHED)
    return _changed(assessment, at, attempts=log, contact=contact)


def with_contact(assessment: Assessment, event: ContactEvent, *, at: datetime) -> Assessment:
    """Settle the contact: reached by other means, or (as `attempts` judged) never reached."""
    return _changed(assessment, at, contact=after(CONTACT_TRANSITIONS, assessment.contact, event))


def with_evidence(assessment: Assessment, evidence: Evidence, *, at: datetime) -> Assessment:
    """Refer to a file whose bytes are already kept. The same id again replaces the first."""
    others = tuple(other for other in assessment.evidence if other.id != evidence.id)
    reworked = _reworked(assessment, evidence.question)
    return _changed(assessment, at, evidence=(*others, evidence), reworked=reworked)


def without_evidence(assessment: Assessment, evidence_id: str, *, at: datetime) -> Assessment:
    """Refer no more to a file. Unknown ids change nothing but `updated_at`."""
    gone = tuple(e.question for e in assessment.evidence if e.id == evidence_id)
    kept = tuple(e for e in assessment.evidence if e.id != evidence_id)
    return _changed(assessment, at, evidence=kept, reworked=_reworked(assessment, *gone))


def with_draw(assessment: Assessment, draw: Draw, *, at: datetime, sheet: Sheet) -> Assessment:
    """Log a random draw of recordings; where the sheet has each one judged, as many as all draws have picked."""
    draws = (*assessment.draws, draw)
    judged = sum(len(made.picked) for made in draws) if sheet.needs_recordings else 0
    return _changed(assessment, at, draws=draws, recordings=judged, contact=_begun(assessment))


def void(assessment: Assessment, reason: str, *, at: datetime) -> Assessment:
    """Break the contact off for good (recognised, unsafe): no answers needed, counts nowhere. Finish it to send it.

    Raises:
        ValueError: no reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed to void an assessment")
    contact = after(CONTACT_TRANSITIONS, assessment.contact, ContactEvent.BROKEN_OFF)
    return _changed(assessment, at, contact=contact, void_reason=reason)


def finish(
    assessment: Assessment, sheet: Sheet, *, at: datetime, circumstances: Circumstances
) -> Assessment | tuple[Finding, ...]:
    """Return the finished record, which never changes again, or every finding when one of them blocks finishing."""
    found = findings(assessment, sheet, circumstances=circumstances)
    if any(finding.blocks_finish for finding in found):
        return found
    status = after(RECORD_TRANSITIONS, assessment.status, RecordEvent.FINISH)
    return replace(assessment, status=status, finished_at=at, updated_at=at)


def next_revision(assessment: Assessment, *, at: datetime) -> Assessment:
    """Open a finished, returned or accepted record again as a draft, one revision on; the one before stays as it is."""
    status = after(RECORD_TRANSITIONS, assessment.status, RecordEvent.REVISE)
    revision = assessment.revision + 1
    return replace(assessment, revision=revision, status=status, finished_at=None, updated_at=at, reworked=())


def _reworked(assessment: Assessment, *keys: str | None) -> tuple[str, ...]:
    """The questions looked at again, `keys` among them; a first revision has nothing to look at again."""
    if assessment.revision == 1:
        return ()
    return tuple(dict.fromkeys((*assessment.reworked, *(key for key in keys if key is not None))))


def _changed(assessment: Assessment, at: datetime, **fields: Any) -> Assessment:
    if assessment.status is not RecordStatus.DRAFT:
        raise NotAllowedError(
            sentence(N_('A record that is "{state}" does not change; open its next revision.'), state=assessment.status)
        )
    return replace(assessment, updated_at=at, **fields)


def _begun(assessment: Assessment) -> Contact:
    """A visit, an e-mail, a form or a message is reached by being begun; a call and a chat only by an attempt."""
    tried = assessment.channel is Channel.PHONE_IN or assessment.subchannel == "chat"
    if tried or assessment.contact is not Contact.OPEN:
        return assessment.contact
    return after(CONTACT_TRANSITIONS, assessment.contact, ContactEvent.REACHED)


def _edited(before: Measurement | None, measurement: Measurement) -> Measurement:
    if before is None or before.never or measurement.at is None or before.at == measurement.at:
        return measurement
    return replace(measurement, original_at=first_stamp(before, measurement.at))
