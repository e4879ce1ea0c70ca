"""How each visit was filled in, as `audit.csv` of ODK: the columns that existing scripts read.

AUD-1  A row is one event: the form begun, a question answered or changed, a stamp made, the form finished; in the order
       in which they happened, of one visit after the other. Moments are milliseconds since 1970, corrected.
AUD-2  A later revision has rows for what differs from the one before alone, with both values; a correction of the
       office has one with its account and its reason.
AUD-3  Words stand there as in the record: erased ones are erased here, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from checklists.record.assessment import Answer, AnswerValue, Assessment, Measurement, Position
from checklists.record.trusted_time import Moment
from sync_server.database.queries.bench import CorrectionRow

HEADINGS = (
    "instance ID", "event", "node", "start", "end", "latitude", "longitude", "accuracy", "old-value", "new-value",
    "user", "change-reason",
)  # fmt: skip
Row = tuple[object, ...]


def rows_of(revisions: Sequence[tuple[str, Assessment]], corrections: Sequence[CorrectionRow]) -> Iterator[Row]:
    """Yield the rows of one visit. `revisions` are its author's code and the record, the first one first."""
    if not revisions:
        return
    before: Assessment | None = None
    for user, record in revisions:
        start = record.start.corrected
        began = (_ms(start), _row(record, "form start" if before is None else "form resume", user=user, at=start))
        found = [began, *_changes(before, record, user)]
        if record.end is not None:
            end = record.end.corrected
            found.append((max([_ms(end), *(at for at, _ in found)]), _row(record, "form finalize", user=user, at=end)))
        yield from (row for _, row in (found[:1] + sorted(found[1:], key=lambda one: one[0])))
        before = record
    _, last = revisions[-1]
    for one in corrections:
        old, new = _shown(one.before), _shown(one.after)
        yield _row(
            last, "question", node=one.question, at=one.corrected_at, old=old, new=new, user=one.by, why=one.reason
        )


def _changes(before: Assessment | None, record: Assessment, user: str) -> Iterator[tuple[int, Row]]:
    for key, answer in record.answers.items():
        held = before.answers.get(key) if before else None
        if held is None or held.value != answer.value:
            at, old = _at(answer), "" if held is None else _shown(held.value)
            yield _ms(at), _row(record, "question", node=key, at=at, old=old, new=_shown(answer.value), user=user)
    for key, measurement in record.measurements.items():
        if before is None or before.measurements.get(key) != measurement:
            at = measurement.trusted_at or record.start.corrected
            yield (
                _ms(at),
                _row(
                    record,
                    "question",
                    node=key,
                    at=at,
                    new=_measured(measurement),
                    user=user,
                    why=measurement.reason,
                    position=measurement.position,
                ),
            )


def _row(
    record: Assessment,
    event: str,
    *,
    at: datetime,
    node: str = "",
    old: str = "",
    new: str = "",
    user: str = "",
    why: str = "",
    position: Position | None = None,
) -> Row:
    where = (position.latitude, position.longitude, position.accuracy_m) if position else ("", "", "")
    moment = _ms(at)
    ends = "" if event.startswith("form") else moment
    return (record.id, event, f"/data/{node}" if node else "", moment, ends, *where, old, new, user, why)


def _at(answer: Answer) -> datetime:
    return Moment(answer.at, answer.clock).corrected


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _shown(value: AnswerValue | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _measured(measurement: Measurement) -> str:
    if measurement.number is not None:
        return str(measurement.number)
    return measurement.choice or measurement.code or ""
