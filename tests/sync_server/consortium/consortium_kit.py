"""A consortium with two members, its people, and a finding that two people approved."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from sync_server.clock import now
from sync_server.consortium.findings import take_copy, what_of
from sync_server.database import tables
from sync_server.database.queries import consortium as queries
from sync_server.database.queries import consortium_findings, publications
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.consortium import MemberRow, VoteRow
from sync_server.database.queries.consortium_findings import EventRow
from sync_server.people.permissions import Role
from sync_server.publication import apart
from sync_server.review.outcome import By
from sync_server.season.observed_time import confirm_clock
from tests.sync_server.closed_season import add_person

ZONE = ZoneInfo("Asia/Hong_Kong")
STARTS = "2026-04-01"
ISSUED = datetime(2026, 6, 30, 10, tzinfo=ZONE)
BEFORE = datetime(2026, 6, 1, 10, tzinfo=ZONE)
MEMBERS = ("harbour", "lotus")
WORDS = {
    "title": {"en": "What callers wait for", "zh-Hant": "來電者在等甚麼"},
    "method": {"en": "Rounds 1 and 2.", "zh-Hant": "第一及第二輪。"},
    "words": {"en": "They wait for a person.\n\nNot for music.", "zh-Hant": "等真人接聽。"},
}
TYPED = {f"{part}_{end}": words[tag] for part, words in WORDS.items() for end, tag in (("en", "en"), ("zh", "zh-Hant"))}


def add_consortium(db: Connection, *, until: str | None = None) -> None:
    """Its two years, and two organisations that are members."""
    office = add_person(db, "office", ties=None)
    queries.set_term(db, STARTS, office, BEFORE)
    for name in MEMBERS:
        row = {"id": name, "name": {"en": name.title(), "zh-Hant": name}, "created_at": BEFORE}
        db.execute(insert(tables.organisations).values(**row))
        queries.set_member(db, MemberRow(name, STARTS, until), office, BEFORE)


def speaks_for(db: Connection, organisation: str, name: str = "") -> str:
    """An account that speaks for a member."""
    user_id = add_person(db, name or f"of-{organisation}", Role.MEMBER, ties=None)
    queries.set_person(db, user_id, organisation, user_id, BEFORE)
    return user_id


def independent(db: Connection, name: str, *, ties: tuple[str, ...] = (), at: datetime = BEFORE) -> By:
    """A coordinator who declared this year what ties there are."""
    by = By(add_person(db, name, ties=None), at)
    add_declaration(db, by.user_id, Declaration(ties, None, at))
    return by


def a_draft(db: Connection, by: By, **body: object) -> int:
    return consortium_findings.add_finding(
        db, "2026-06-30", None, {**WORDS, "figures": [], "organisations": [], **body}, by=by.user_id, now=by.now
    )


def copied(db: Connection, finding_id: int, by: By, reason: str = "") -> str:
    """Take the copy of a draft; return its digest."""
    row = consortium_findings.finding_of(db, finding_id)
    assert row is not None
    take_copy(db, row, reason, ZONE, by)
    copy = publications.standing_copy(db, what_of(finding_id))
    assert copy is not None
    return copy.digest


def issued(db: Connection, at: datetime = ISSUED, *, marked: bool = False) -> int:
    """A finding that two people approved and that was issued at a moment."""
    first, second = independent(db, "first"), independent(db, "second")
    name = a_draft(db, first)
    digest = copied(db, name, first)
    for by in (first, second):
        apart.sign(db, what_of(name), digest, by)
    confirm_clock(db, at)
    apart.issue(db, what_of(name), By(first.user_id, at))
    if marked:
        consortium_findings.open_finding(db, name, first.user_id, at)
    return name


def add_consortium_desk(db: Connection) -> int:
    """Something of everything on the consortium's board; return a finding that waits to be approved."""
    add_consortium(db)
    by = independent(db, "consortium-office", at=now())
    person = speaks_for(db, "harbour")
    queries.add_challenge(db, "harbour", "Why do callers wait?", person, by.now)
    for opens, closes in ((-3, -1), (1, 3)):
        days = (by.now + timedelta(days=opens), by.now + timedelta(days=closes))
        ballot = queries.add_ballot(db, *days, by.user_id, by.now)
        for title in ("Waiting", "Apologies"):
            queries.add_topic(db, ballot, {"en": title, "zh-Hant": "等候"}, None, by=by.user_id, now=by.now)
    topic = queries.topic_rows(db)[0].id
    queries.set_vote(db, VoteRow(1, "harbour", [topic], by.now), person)
    for number, days in enumerate((-2, 2), 1):
        starts = by.now + timedelta(days=days)
        row = EventRow(0, "luncheon", {"en": "Luncheon", "zh-Hant": "午餐會"}, "Central", starts)
        consortium_findings.add_event(db, row, by.user_id, by.now)
        consortium_findings.note_attendance(db, (number, "harbour"), "coming", 2, by=person, now=by.now)
    name = a_draft(db, by)
    copied(db, name, by)
    return name
