"""A small whole season in a database, and records that fit it: what tests of the server arrange with."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from checklists import wire
from checklists.record.assessment import Assessment, Contact, Evidence, Measurement, MediaKind, RecordStatus
from checklists.record.assignment import Assignment, RecordingPolicy
from sync_server.database import tables
from sync_server.fieldwork.handing_out import tell_assignment
from sync_server.people.device_tokens import token_hash
from sync_server.season.set_up import set_up
from tests.builders import NOON, an_assessment, an_assignment, at, both

ASSESSOR = "assessor-1"
OTHER_ASSESSOR = "assessor-2"
TOKEN = "token-of-device-1"
OTHER_TOKEN = "token-of-device-2"
SECOND_TOKEN = "second-phone-of-assessor-1"
CALL = "11111111-1111-7111-8111-111111111111"  # the id of a call that stands for any
SET_UP_AT = datetime(2021, 2, 1, tzinfo=UTC)


def device_id(token: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, token))


def add_season(db: Connection, *, now: datetime = SET_UP_AT) -> None:
    """Two assessors with three phones, one entrant on phone and on site, three assignments, the shipped forms."""
    for assessor in (ASSESSOR, OTHER_ASSESSOR):
        db.execute(insert(tables.assessors).values(id=assessor, name=f"Name of {assessor}", created_at=now))
    for token, assessor in ((TOKEN, ASSESSOR), (SECOND_TOKEN, ASSESSOR), (OTHER_TOKEN, OTHER_ASSESSOR)):
        add_device(db, token, assessor, now)
    for number in (1, 2, 3):
        opens = NOON + timedelta(days=60 * (number - 1) - 1)
        db.execute(insert(tables.rounds).values(number=number, opens_at=opens, closes_at=opens + timedelta(days=60)))
    add_entrant(db, "harbour-ferry", now)
    db.execute(
        insert(tables.branches).values(
            id="central-pier", entrant_id="harbour-ferry", name=both("Pier"), address=both("Pier 7")
        )
    )
    db.execute(
        insert(tables.scenarios).values(
            id="lost-item", channel="phone_in", title=both("Lost"), briefing=both("You lost it.")
        )
    )
    set_up(db, now)
    add_assignment(db, an_assignment(), now)
    add_assignment(db, an_assignment(id="assignment-2", assessor_id=OTHER_ASSESSOR), now)
    recorded = RecordingPolicy.ASSESSOR_AUDIO_WITH_NOTICE
    add_assignment(db, an_assignment(id="assignment-recorded", recording_policy=recorded), now)


def score_all_twice(db: Connection) -> None:
    """Somebody agreed with every visit that has a base: none waits to be judged unseen (UNS-2)."""
    a, m = tables.assessments.c, tables.panel_marks.c
    judge = db.execute(select(tables.users.c.id).order_by(tables.users.c.id)).scalars().first()
    for row in db.execute(select(a.id, a.base, a.revision).where(a.base.is_not(None))).all():
        subject = f"assessment/{row.id}"
        if db.execute(select(m.subject).where(m.subject == subject)).first() is None:
            values = {"part": "total", "points": row.base, "version": row.revision, "note": f'[null, "{row.base}"]'}
            mark = insert(tables.panel_marks).values(
                subject=subject, judge=judge, is_final=True, marked_at=NOON, **values
            )
            db.execute(mark)


def add_entrant(db: Connection, entrant_id: str, now: datetime = SET_UP_AT) -> None:
    """An entrant with an entry by phone and one on site."""
    db.execute(
        insert(tables.entrants).values(
            id=entrant_id,
            organisation=entrant_id,
            name=both("Harbour Ferry Hotline", "港灣渡輪熱線"),
            industry="transport_logistics",
            seats=35,
            created_at=now,
        )
    )
    for channel in ("phone_in", "onsite"):
        db.execute(insert(tables.entries).values(entrant_id=entrant_id, channel=channel))


def add_device(db: Connection, token: str, assessor: str, now: datetime = SET_UP_AT) -> None:
    db.execute(
        insert(tables.devices).values(
            id=device_id(token),
            assessor_id=assessor,
            name="A phone",
            token_hash=token_hash(token),
            enrolled_at=now,
            last_seen_at=now,
        )
    )


def add_assignment(db: Connection, assignment: Assignment, now: datetime = SET_UP_AT) -> None:
    db.execute(
        insert(tables.assignments).values(
            id=assignment.id,
            assessor_id=assignment.assessor_id,
            entrant_id=assignment.entrant_id,
            channel=assignment.channel.value,
            round=assignment.round,
            form=assignment.form,
            scenario_id=assignment.scenario.id,
            recording_policy=assignment.recording_policy.value,
            due_from=assignment.due_from,
            due_until=assignment.due_until,
            body=wire.encode(assignment).decode(),
            created_at=now,
            updated_at=now,
        )
    )
    tell_assignment(db, assignment, now)


ANSWERS: dict[str, Any] = {
    "PA1": True, "PA2": 2, "PA3": 30, "PA4": True, "PA5": True, "PA6": 3,
    "PB1": True, "PB2": True, "PB3": True, "PB4": "asked_and_used", "PB5": "yes", "PB6": True,
    "PC1": 4, "PC2": 3, "PC3": True, "PC4": True, "PC5": 3,
    "PD1": "correct_complete", "PD2": "correct_complete", "PD3": "wrong", "PD4": True, "PD5": 3, "PD6": True,
    "PE1": 4, "PE2": 4, "PE3": 3, "PE4": 3, "PE5": True,
    "PF1": True, "PF2": 10, "PF3": True, "PF4": "warm_transfer", "PF5": True,
    "PG1": True, "PG2": True, "PG3": True, "PG4": "on_time", "PG5": "Everything was explained clearly and kindly.",
}  # fmt: skip

MARKS: dict[str, Measurement] = {
    "t_dial": Measurement(at=at(0)),
    "ring_count": Measurement(number=2),
    "t_first_answer": Measurement(at=at(0, seconds=10)),
    "t_queue_in": Measurement(at=at(0, seconds=15)),
    "t_agent": Measurement(at=at(0, seconds=45)),
    "menu_levels": Measurement(number=1),
    "hold_spans": Measurement(spans=((at(2), at(2, seconds=10)),)),
    "transfer_count": Measurement(number=0),
    "t_end": Measurement(at=at(6), choice="agent"),
}

NOTED = (
    ("PB6", "note"),
    ("PD1", "verbatim"),
    ("PD2", "verbatim"),
    ("PD3", "verbatim"),
    ("PD4", "verbatim"),
    ("PE5", "verbatim"),
)


def a_photo(data: bytes, question: str = "PA1", evidence_kind: str = "screenshot", **changes: Any) -> Evidence:
    """Evidence that names exactly `data`."""
    fields: dict[str, Any] = {
        "id": f"{question}-{evidence_kind}",
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_bytes": len(data),
        "kind": MediaKind.PHOTO,
        "content_type": "image/jpeg",
        "taken_at": NOON,
        "question": question,
        "evidence_kind": evidence_kind,
    }
    return Evidence(**(fields | changes))


def a_call(*, files: Sequence[Evidence] | None = None, **changes: Any) -> Assessment:
    """A finished phone-in assessment with nothing left to put right."""
    evidence = files if files is not None else (a_photo(b"screenshot"), a_photo(b"call log", "PG4", "call_log"))
    fields: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "answers": ANSWERS,
        "measurements": MARKS,
        "notes": {key: {kind: "They said it would be kept for me."} for key, kind in NOTED},
        "evidence": tuple(evidence),
        "contact": Contact.CONNECTED,
        "status": RecordStatus.FINISHED,
        "finished_at": at(20),
        "updated_at": at(20),
        "app_version": "0.1.0",
    }
    return an_assessment(**(fields | changes))


def body_of(record: Assessment, **extra: Any) -> bytes:
    """The record as a phone sends it; `extra` are fields this server does not know."""
    plain = msgspec.json.decode(wire.encode(record))
    return msgspec.json.encode(plain | extra)


def keep_record(db: Connection, record: Assessment, token: str = TOKEN) -> None:
    """A record as though a phone had sent it: its revision, and the row of its current one."""
    body = wire.encode(record)
    shared = {
        "assignment_id": record.assignment_id, "assessor_id": ASSESSOR, "device_id": device_id(token),
        "revision": record.revision, "digest": wire.digest(body), "status": record.status, "contact": record.contact,
        "form": record.form, "received_at": NOON,
    }  # fmt: skip
    db.execute(insert(tables.assessment_revisions).values(assessment_id=record.id, conflict=False, body=body, **shared))
    own = {
        "entrant_id": record.entrant_id, "channel": record.channel, "round": 1,
        "started_at": record.started_at, "finished_at": record.finished_at, "first_received_at": NOON,
    }  # fmt: skip
    db.execute(insert(tables.assessments).values(id=record.id, **shared, **own))
