"""A visit whose critical item failed is read by two people.

SRD-1  The second reader is neither who accepted it nor its assessor, and reads the revision that was accepted.
SRD-2  Who disagrees says why; then the visit waits for the first reader again, and its round is not closed.
SRD-3  A correction or another revision after it wants another reading.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import RecordStatus
from sync_server.database.queries import bench as queries
from sync_server.database.queries.bench import Reading
from sync_server.database.queries.closing import declaration_of
from sync_server.database.queries.reviewing import CurrentAssessment
from sync_server.review.outcome import By, CannotDecideError, current_assessment, tell_office

MAX_WORDS = 2000


def read_second(db: Connection, assessment_id: str, *, digest: str, agrees: bool, words: str, by: By) -> None:
    """Keep what a second reader found of an accepted visit.

    Raises:
        CannotDecideError: it is not accepted, another revision is current, or this person may not read it second.
    """
    assessment = current_assessment(db, assessment_id)
    if assessment.digest != digest:
        raise CannotDecideError(sentence(N_("Another revision arrived meanwhile. Look at it and review that one.")))
    if assessment.status != RecordStatus.ACCEPTED:
        raise CannotDecideError(sentence(N_("It is not accepted yet: the second reader comes after the first.")))
    if (refused := refusal_to_read(db, assessment, by.user_id)) is not None:
        raise CannotDecideError(refused)
    if not agrees and not words.strip():
        raise CannotDecideError(sentence(N_("Say why you disagree: the first reader looks at it again.")))
    said = words.strip()[:MAX_WORDS]
    queries.add_reading(db, assessment_id, digest, words=said, by=by.user_id, now=by.now, agrees=agrees)
    tell_office(db, assessment, by.now)


def refusal_to_read(db: Connection, assessment: CurrentAssessment, user_id: str) -> Sentence | None:
    """Return why an account may not read a visit second (SRD-1); None: it may."""
    if queries.accepted_by(db, [assessment.id]).get(assessment.id) == user_id:
        return sentence(N_("You accepted it: the second reader is somebody else."))
    declared = declaration_of(db, user_id)
    if declared is not None and declared.assessor_id == assessment.assessor_id:
        return sentence(N_("You made this visit: somebody else reads it."))
    return None


def unread(db: Connection, digests: Mapping[str, str]) -> Sequence[str]:
    """Return those of the accepted visits with a failed critical item, by their current digest, that want a reader."""
    if not digests:
        return []
    accepted = queries.accepted_by(db, digests)
    read, made = queries.readings(db, digests), queries.corrections_of(db, digests)
    wanting = []
    for name, digest in digests.items():
        found = [one for one in read.get(name, ()) if one.digest == digest]
        if not _is_read(found, accepted.get(name), made.get(name, ())):
            wanting.append(name)
    return wanting


def _is_read(found: Sequence[Reading], first: str | None, made: Collection[queries.CorrectionRow]) -> bool:
    last_change = max((one.corrected_at for one in made), default=None)
    others = [one for one in found if one.read_by != first and (last_change is None or one.read_at > last_change)]
    return bool(others) and others[-1].agrees
