"""The verbs of an assessment: each takes a record and gives the next one. Nothing changes in place, no clock is read.

`at` is always aware UTC, given by the caller, and becomes `updated_at`. A verb on a record that is not a draft raises
`NotAllowedError`; `next_revision` opens a finished or returned one again, and `with_late_answer` fills what was
promised for later without opening the rest.
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
from checklists.record.fitting import fits
from checklists.record.sheet import Sheet
from checklists.record.transitions import (
    CONTACT_TRANSITIONS,
    RECORD_TRANSITIONS,
    ContactEvent,
    NotAllowedError,
    RecordEvent,
    after,
)


def begin(assignment: Assignment, assessment_id: str, *, at: datetime, app_version: str) -> Assessment:
    """Return the empty draft of `assignment`, revision 1, begun `at`."""
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
    )


def with_answer(assessment: Assessment, key: str, value: AnswerValue | None, *, at: datetime) -> Assessment:
    """Answer the question `key`, or take its answer back (None). What does not fit is kept and becomes a finding."""
    answers = dict(assessment.answers)
    if value is None:
        answers.pop(key, None)
    else:
        answers[key] = Answer(value=value, at=at)
    return _changed(assessment, at, answers=answers, contact=_begun(assessment))


def with_note(assessment: Assessment, key: str, evidence_kind: str, words: str, *, at: datetime) -> Assessment:
    """Write the words of one kind ("note", "verbatim") for question `key`; empty words take them away."""
    of_question = {**assessment.notes.get(key, {}), evidence_kind: words}
    kept = {kind: text for kind, text in of_question.items() if text.strip()}
    notes = {**assessment.notes, key: kept}
    return _changed(assessment, at, notes={kind: words for kind, words in notes.items() if words})


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
    return _changed(assessment, at, measurements=measurements, answers=answers, contact=_begun(assessment))


def with_attempt(assessment: Assessment, attempt: Attempt, *, at: datetime) -> Assessment:
    """Log one try. A connected one makes the contact connected, also after the series had failed."""
    contact = assessment.contact
    if attempt.outcome is Outcome.CONNECTED:
        contact = after(CONTACT_TRANSITIONS, contact, ContactEvent.REACHED)
    return _changed(assessment, at, attempts=(*assessment.attempts, attempt), contact=contact)


def with_contact(assessment: Assessment, event: ContactEvent, *, at: datetime) -> Assessment:
    """Settle the contact: reached by other means, or (as `attempts` judged) never reached."""
    return _changed(assessment, at, contact=after(CONTACT_TRANSITIONS, assessment.contact, event))


def with_evidence(assessment: Assessment, evidence: Evidence, *, at: datetime) -> Assessment:
    """Refer to a file whose bytes are already kept. The same id again replaces the first."""
    others = tuple(other for other in assessment.evidence if other.id != evidence.id)
    return _changed(assessment, at, evidence=(*others, evidence))


def without_evidence(assessment: Assessment, evidence_id: str, *, at: datetime) -> Assessment:
    """Refer no more to a file. Unknown ids change nothing but `updated_at`."""
    return _changed(assessment, at, evidence=tuple(e for e in assessment.evidence if e.id != evidence_id))


def with_draw(assessment: Assessment, draw: Draw, *, at: datetime) -> Assessment:
    """Log a random draw of recordings; as many recordings are then judged as all draws have picked."""
    draws = (*assessment.draws, draw)
    judged = sum(len(made.picked) for made in draws) if assessment.variant == "recording" else 0
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
    return replace(assessment, revision=assessment.revision + 1, status=status, finished_at=None, updated_at=at)


def with_late_answer(
    assessment: Assessment,
    sheet: Sheet,
    key: str,
    value: AnswerValue,
    *,
    at: datetime,
    circumstances: Circumstances,
) -> Assessment:
    """Fill a question that may be answered after finishing: the next revision, finished already.

    Where the answer wants evidence that is not there yet, the revision is still a draft: add it and finish.

    Raises:
        NotAllowedError: the record is not finished, the question may not be late, or the value does not fit.
    """
    item = sheet.all_items.get(key)
    if item is None or not item.question.late_answer:
        raise NotAllowedError(sentence(N_("{key} cannot be answered after finishing."), key=key))
    problem = fits(item.question, value)
    if problem:
        raise NotAllowedError(problem)
    opened = with_answer(next_revision(assessment, at=at), key, value, at=at)
    done = finish(opened, sheet, at=at, circumstances=circumstances)
    return done if isinstance(done, Assessment) else opened


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
    if before is None or before.at is None or measurement.at is None or before.at == measurement.at:
        return measurement
    return replace(measurement, original_at=before.original_at or before.at)
