"""A record as it counts: as its assessor sent it, with the answers that the office corrected since.

COR-1  The revision stays as it came. A correction is of one answer of one revision, with before, after and why, and
       the last of an answer holds. On a later revision none of an earlier one holds.
COR-2  Whatever scores a record, shows its score or writes it into a file reads it from here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import Answer, Assessment
from sync_server.database.queries.bench import CorrectionRow, corrections_of


def corrected(record: Assessment, digest: str, made: Sequence[CorrectionRow]) -> Assessment:
    """Return the revision named by `digest` with its corrections."""
    answers: dict[str, Answer] = {
        one.question: Answer(value=one.after, at=one.corrected_at) for one in made if one.digest == digest
    }
    return msgspec.structs.replace(record, answers={**record.answers, **answers}) if answers else record


class CountedRecords:
    """Reads records as they count. One for each reading of the database."""

    def __init__(self, db: Connection, ids: Collection[str] | None = None) -> None:
        self._made: Mapping[str, Sequence[CorrectionRow]] = corrections_of(db, ids)

    def read(self, body: bytes, digest: str) -> Assessment:
        """Return the record in `body`, the revision named by `digest`, as it counts."""
        record = wire.decode(body, Assessment)
        return corrected(record, digest, self._made.get(record.id, ()))

    def __contains__(self, assessment_id: str) -> bool:
        """Return whether any revision of an assessment was corrected."""
        return assessment_id in self._made

    def made_on(self, assessment_id: str, digest: str) -> Sequence[CorrectionRow]:
        """Return the corrections made on one revision, the first first."""
        return [one for one in self._made.get(assessment_id, ()) if one.digest == digest]
