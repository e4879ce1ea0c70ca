"""The desk's word on a visit that went from phone to phone by itself: it is the receiver's now, or it is not.

HND-8  Confirming makes the assignment the receiver's by a change of the season like any other: it is kept with what
       was there before, both phones are told, and it can be taken back.
HND-9  Somebody with a conflict of interest there is confirmed only with a reason, which the assignment keeps (E11).
HND-10 Refusing needs a reason and loses nothing; what was refused may still be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.record.assignment import Assignment, Conflict
from checklists.wire import decode, encode
from sync_server.database.queries.hand_overs import HandOverRow, note_decision, rows_of
from sync_server.database.queries.season_pages import row_of_key
from sync_server.exchange.season_changes import change, write_at_once

Row = dict[str, Any]


class CannotHandOverError(SentenceError, ValueError):
    """It cannot be decided like this; the message says why."""


def confirm(db: Connection, record_id: str, receiver_id: str, reason: str, *, by: str, now: datetime) -> None:
    """Give the assignment to whoever took the visit over. `receiver_id` counts where no phone has said who did.

    Inside a write transaction; an assignment that is the receiver's already stays as it is.

    Raises:
        CannotHandOverError: there is no receiver, or a conflict of interest and no reason.
        LookupError: no such visit was handed on.
    """
    came = _newest(db, record_id)
    receiver_id = came.receiver_id or receiver_id
    person, row = row_of_key(db, "assessors", (receiver_id,)), row_of_key(db, "assignments", (came.assignment_id,))
    if row is None:
        raise LookupError(came.assignment_id)
    if person is None or person["left_at"] is not None:
        raise CannotHandOverError(sentence(N_("Choose who goes on with it.")))
    if row["assessor_id"] != receiver_id:
        after = _handed_to(db, row, person, reason.strip())
        write_at_once(db, [change("assignments", row, after)], kind="page", by=by, now=now, report={"staged": 1})
    note_decision(db, record_id, "confirmed", by=by, reason=reason.strip(), now=now)


def refuse(db: Connection, record_id: str, reason: str, *, by: str, now: datetime) -> None:
    """Say no. Inside a write transaction.

    Raises:
        CannotHandOverError: without a reason.
        LookupError: no such visit was handed on.
    """
    _newest(db, record_id)
    if not reason.strip():
        raise CannotHandOverError(sentence(N_("Give a reason: it is kept with the decision.")))
    note_decision(db, record_id, "refused", by=by, reason=reason.strip(), now=now)


def _newest(db: Connection, record_id: str) -> HandOverRow:
    rows = rows_of(db, record_id)
    if not rows:
        raise LookupError(record_id)
    return rows[-1]


def _handed_to(db: Connection, row: Row, person: Row, reason: str) -> Row:
    body = decode(row["body"], Assignment)
    conflicts = tuple(_conflicts(db, person["id"], row["entrant_id"]))
    if any(each.until is None or each.until >= body.due_from.date() for each in conflicts) and not reason:
        message = N_("{name} has a conflict of interest there ({why}). Give a reason if it is to be so all the same.")
        raise CannotHandOverError(sentence(message, name=person["name"], why=conflicts[0].reason))
    exception = reason if conflicts else row["exception"]
    body = replace(
        body,
        assessor_id=person["id"],
        assessor_languages=tuple(person["languages"]),
        assessor_districts=tuple(person["districts"]),
        conflicts=conflicts,
        exception=exception,
    )
    return {**row, "assessor_id": person["id"], "exception": exception, "body": encode(body).decode()}


def _conflicts(db: Connection, assessor_id: str, entrant_id: str) -> Iterator[Conflict]:
    entrant = row_of_key(db, "entrants", (entrant_id,))
    organisation = entrant["organisation"] if entrant else entrant_id
    for named in dict.fromkeys((organisation, entrant_id)):
        conflict = row_of_key(db, "conflicts", (assessor_id, named))
        if conflict is not None:
            until = None if conflict["until"] is None else date.fromisoformat(conflict["until"])
            yield Conflict(organisation=named, reason=conflict["reason"], until=until)
