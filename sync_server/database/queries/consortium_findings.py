"""Findings of the consortium as they are drafted and marked for the public, its events, and who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from checklists.language import Text
from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import consortium_attendance, consortium_events, consortium_findings


class FindingRow(NamedTuple):
    """A finding as it is drafted. `opened_at` None: nobody marked it for the public."""

    id: int
    due_on: str
    topic_id: int | None
    body: Mapping[str, Any]
    made_at: datetime
    opened_at: datetime | None


class EventRow(NamedTuple):
    """A meeting, case sharing, luncheon, focus group or site visit."""

    id: int
    kind: str
    title: Text
    place: str
    starts_at: datetime


class AttendanceRow(NamedTuple):
    """How many of a member say they come, and how many came; None: nothing was said."""

    event_id: int
    organisation: str
    coming: int | None
    came: int | None


def add_finding(
    db: Connection, due_on: str, topic_id: int | None, body: Mapping[str, Any], *, by: str, now: datetime
) -> int:
    """Keep a draft and return its number."""
    row = {"due_on": due_on, "topic_id": topic_id, "body": dict(body), "made_by": by, "made_at": now}
    return int(db.execute(insert(consortium_findings).values(**row).returning(consortium_findings.c.id)).scalar_one())


def change_finding(db: Connection, finding_id: int, body: Mapping[str, Any], by: str, now: datetime) -> None:
    """Keep another draft in the place of the one before."""
    changed = {"body": dict(body), "made_by": by, "made_at": now}
    db.execute(update(consortium_findings).where(consortium_findings.c.id == finding_id).values(**changed))


def open_finding(db: Connection, finding_id: int, by: str | None, now: datetime | None) -> None:
    """Mark a finding for the public, or take the mark away (both None)."""
    changed = {"opened_at": now, "opened_by": by}
    db.execute(update(consortium_findings).where(consortium_findings.c.id == finding_id).values(**changed))


def finding_rows(db: Connection) -> Sequence[FindingRow]:
    """Return every finding, by the quarter it is due in."""
    columns = [consortium_findings.c[name] for name in FindingRow._fields]
    statement = select(*columns).order_by(consortium_findings.c.due_on, consortium_findings.c.id)
    return [FindingRow(*row) for row in db.execute(statement)]


def finding_of(db: Connection, finding_id: int) -> FindingRow | None:
    """Return one finding, or None."""
    return next((row for row in finding_rows(db) if row.id == finding_id), None)


def add_event(db: Connection, row: EventRow, by: str, now: datetime) -> None:
    """Keep an event; its id is given by the database."""
    values = {**row._asdict(), "title": dict(row.title), "set_by": by, "set_at": now}
    db.execute(insert(consortium_events).values(**{name: value for name, value in values.items() if name != "id"}))


def event_rows(db: Connection) -> Sequence[EventRow]:
    """Return every event, the newest first."""
    columns = [consortium_events.c[name] for name in EventRow._fields]
    return [EventRow(*row) for row in db.execute(select(*columns).order_by(consortium_events.c.starts_at.desc()))]


def note_attendance(
    db: Connection, which: tuple[int, str], column: str, people: int, *, by: str, now: datetime
) -> None:
    """Keep how many of a member are `coming`, or `came`, to an event."""
    row = {"event_id": which[0], "organisation": which[1], column: people, "noted_by": by, "noted_at": now}
    changed = [column, "noted_by", "noted_at"]
    db.execute(insert_or_update(db, consortium_attendance, ["event_id", "organisation"], changed).values(**row))


def attendance_rows(db: Connection) -> Sequence[AttendanceRow]:
    """Return what is kept about who comes and who came."""
    columns = [consortium_attendance.c[name] for name in AttendanceRow._fields]
    statement = select(*columns).order_by(consortium_attendance.c.event_id, consortium_attendance.c.organisation)
    return [AttendanceRow(*row) for row in db.execute(statement)]
