"""A season without a server whose rounds can be closed: accepted calls, people who close and sign, quotas explained."""

from __future__ import annotations

import hashlib
import uuid
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from checklists import wire
from checklists.record.assessment import Assessment, Contact
from sync_server.award.desk import SeasonDesk
from sync_server.database import tables
from sync_server.database.queries import publications
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.publications import NewPublication, Publication
from sync_server.people import accounts
from sync_server.people.permissions import Role
from sync_server.publication import closing
from sync_server.publication.rounds import standing_of_what
from sync_server.review.outcome import By
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import confirm_clock
from sync_server.season.rule_changes import freeze_opened
from tests.builders import NOON, an_assignment, an_attempt
from tests.sync_server.desk import password_hash
from tests.sync_server.season_kit import ANSWERS, SET_UP_AT, TOKEN, a_call, add_assignment, add_season, device_id

ENDED = NOON + timedelta(days=60)  # round 1 of the small season is over
ENTRIES = (("harbour-ferry", "phone_in"), ("harbour-ferry", "onsite"))
BOOK = FormBook()


def add_person(db: Connection, name: str, role: Role = Role.COORDINATOR, *, ties: Sequence[str] | None = ()) -> str:
    """An account that may sign; `ties` None: it declared nothing."""
    one = accounts.add_account(
        db, username=name, name=f"Name of {name}", role=role, password_hash=password_hash(), now=SET_UP_AT
    )
    if ties is not None:
        add_declaration(db, one.id, Declaration(tuple(ties), None, ENDED))
    return one.id


def add_accepted(db: Connection, record: Assessment, *, status: str = "accepted", round_number: int = 1) -> str:
    """A record as reviewed, with its assignment."""
    assignment = an_assignment(
        id=record.assignment_id, round=round_number, entrant_id=record.entrant_id, channel=record.channel
    )
    if not db.execute(select(tables.assignments.c.id).where(tables.assignments.c.id == assignment.id)).first():
        add_assignment(db, assignment)
    body = wire.encode(record)
    digest = hashlib.sha256(body).hexdigest()
    shared = {
        "assignment_id": assignment.id, "assessor_id": assignment.assessor_id, "device_id": device_id(TOKEN),
        "revision": 1, "digest": digest, "form": record.form, "received_at": record.updated_at,
        "contact": record.contact.value,
    }  # fmt: skip
    db.execute(
        insert(tables.assessments).values(
            **shared, id=record.id, entrant_id=record.entrant_id, channel=record.channel.value, round=round_number,
            status=status, base_shown="", base="1" if record.contact is Contact.CONNECTED else None, files_named=0,
            files_held=0, clock_wrong=False, started_at=record.start.corrected, finished_at=record.finished_at,
            first_received_at=record.updated_at,
        )
    )  # fmt: skip
    db.execute(
        insert(tables.assessment_revisions).values(
            **shared, assessment_id=record.id, conflict=False, status=record.status.value, body=body
        )
    )
    return record.id


def a_round_that_ended(db: Connection, *, calls: int = 3) -> tuple[By, By]:
    """The small season with accepted calls of round 1, which is over; return two people, quotas explained by both."""
    add_season(db)
    add_calls(db, calls)
    first, second = (By(add_person(db, name), ENDED) for name in ("wong", "cheung"))
    confirm_clock(db, ENDED)
    freeze_opened(db, ENDED, ENDED)
    for key in ENTRIES:
        for by in (first, second):
            closing.explain_shortfall(db, 1, key, reason="A small season.", by=by)
    return first, second


def add_calls(db: Connection, calls: int, *, round_number: int = 1) -> None:
    """Accepted calls whose bases differ."""
    for number in range(calls):
        answers: dict[str, Any] = ANSWERS | {"PC1": number % 5, "PE1": (number + 2) % 5}
        name = str(uuid.UUID(int=1000 * round_number + number))
        record = a_call(
            id=name,
            assignment_id=f"call-{round_number}-{number}",
            answers=answers,
            attempts=(an_attempt(0, "connected"),),
        )
        add_accepted(db, record, round_number=round_number)


def desk_of(db: Connection) -> SeasonDesk:
    return SeasonDesk.of(db, BOOK)


def closed(db: Connection, by: By, what: str = "round-1", reason: str = "") -> Publication:
    """Close `what` as its page does."""
    desk = desk_of(db)
    standing = standing_of_what(db, what, by.now)
    assert standing is not None
    taken, ready = closing.take(desk, standing.round), closing.ready(desk, standing, by).deciding
    return closing.close(db, what, taken, ready, reason=reason, by=by)


def signed(db: Connection, copy: Publication, *people: By) -> Publication:
    """Let each of `people` sign it."""
    for by in people:
        closing.sign(desk_of(db), copy.what, copy.digest, by)
    found = publications.publication_of_id(db, copy.id)
    assert found is not None
    return found


def sign_off(db: Connection, *whats: str, at: datetime = NOON) -> None:
    """Have a signed copy of each, of nothing: for tests that are about what comes after it."""
    people = [add_person(db, f"signer-{uuid.uuid4().hex[:8]}") for _ in range(2)]
    version = db.execute(select(tables.rulesets)).first()
    assert version is not None
    for what in whats:
        number = None if what == "results" else int(what.rpartition("-")[2])
        row = NewPublication(
            id=f"{what}-1", what=what, round=number, copy=1, correction=0, audience="entrants",
            rules_version=version.version, rules_digest=version.digest, digest="0" * 64,
            body=zlib.compress(msgspec.json.encode({"entrants": [], "rules": version.rules})), reason="",
            made_at=at, made_by=people[0],
        )  # fmt: skip
        publications.add_publication(db, row)
        for user_id in people:
            publications.sign(db, row.id, user_id, row.digest, at)


def set_status(db: Connection, assessment_id: str, status: str) -> None:
    db.execute(update(tables.assessments).where(tables.assessments.c.id == assessment_id).values(status=status))


def hold_photos(db: Connection, assessment_id: str) -> dict[str, bytes]:
    """Hold the files of an accepted record, each made ready for showing; return what is shown, by its SHA-256."""
    r, shown = tables.assessment_revisions.c, {}
    row = db.execute(select(r.body, r.digest, r.revision).where(r.assessment_id == assessment_id)).one()
    for one in wire.decode(row.body, Assessment).evidence:
        kept = {"size_bytes": one.size_bytes, "content_type": one.content_type}
        link = {"assessment_id": assessment_id, "revision": row.revision, "digest": row.digest, "evidence_id": one.id}
        db.execute(
            insert(tables.media_links).values(
                **link, **kept, sha256=one.sha256, kind=one.kind.value, question=one.question, prepared=one.prepared
            )
        )
        if not db.execute(select(tables.media.c.sha256).where(tables.media.c.sha256 == one.sha256)).first():
            db.execute(insert(tables.media).values(**kept, sha256=one.sha256, stored_at=NOON))
            for purpose in ("shown", "preview"):
                made = f"{purpose} of {one.sha256}".encode()
                name = hashlib.sha256(made).hexdigest()
                shown[name] = made
                fields = {"derivative_sha256": name, "content_type": "image/jpeg", "size_bytes": len(made)}
                about = {"sha256": one.sha256, "purpose": purpose, "made_at": NOON}
                db.execute(insert(tables.media_derivatives).values(**about, **fields))
    return shown
