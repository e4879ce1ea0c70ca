"""What the check list of a round's closing counts, and what was said about it: shortfalls and declarations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, insert, or_, select, true

from sync_server.database.engine import streamed
from sync_server.database.tables import (
    assessment_facts,
    assessment_revisions,
    assessments,
    assignments,
    corrections,
    declarations,
    entrants,
    form_versions,
    shortfalls,
    users,
)
from sync_server.database.tables import organisations as organisation_rows


class RoundCounts(NamedTuple):
    """What there is of a round, by what matters for closing it."""

    by_status: Mapping[str, int]
    files_missing: int
    clock_wrong: int
    without_base: int


class Shortfall(NamedTuple):
    """Why an entry has less than its quota, and who says so."""

    entrant_id: str
    channel: str
    reason: str
    given_by: str
    name: str
    given_at: datetime


class Declaration(NamedTuple):
    """What an account declared last: organisations it is tied to, and under which code it assesses, if it does."""

    organisations: tuple[str, ...]
    assessor_id: str | None
    declared_at: datetime


def has_records(db: Connection, number: int) -> bool:
    """Whether any record of a round came."""
    return db.execute(select(assessments.c.id).where(assessments.c.round == number).limit(1)).first() is not None


def round_counts(db: Connection, number: int) -> RoundCounts:
    """Count the assessments of a round."""
    a = assessments.c
    here = a.round == number
    counted = a.status.in_(("finished", "returned", "accepted"))

    def those(*where: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((and_(*where), 1), else_=0))

    rows = db.execute(
        select(
            a.status,
            func.count(),
            those(counted, a.files_held < a.files_named),
            those(counted, a.clock_wrong == true()),
            those(a.status == "accepted", a.contact == "connected", a.base.is_(None)),
        )
        .where(here)
        .group_by(a.status)
    ).all()
    files_missing, clock_wrong, without_base = (sum(int(row[place]) for row in rows) for place in (2, 3, 4))
    return RoundCounts({row[0]: row[1] for row in rows}, files_missing, clock_wrong, without_base)


def forms_gone(db: Connection, number: int) -> Mapping[str, int]:
    """Return the form versions that are gone, with how many accepted visits of a round were made on each."""
    a = assessments.c
    statement = (
        select(a.form, func.count())
        .where(a.round == number, a.status == "accepted", a.form.not_in(select(form_versions.c.id)))
        .group_by(a.form)
        .order_by(a.form)
    )
    return {form: int(count) for form, count in db.execute(statement)}


def bodies_of_drafts(db: Connection, number: int) -> Iterator[tuple[bytes, str]]:
    """Yield record and assignment of each visit of a round that was begun and not finished, in no order."""
    a = assessments.c
    return _bodies(db, a.round == number, a.status == "draft", a.contact == "open")


def bodies_near_the_edge(
    db: Connection, number: int, opens_at: datetime, closes_at: datetime
) -> Iterator[tuple[bytes, str]]:
    """Yield record and assignment of what counts in a round and may not have begun in it, in no order."""
    a = assessments.c
    return _bodies(
        db,
        a.round == number,
        a.status.in_(("finished", "returned", "accepted")),
        or_(a.started_at < opens_at, func.coalesce(a.finished_at, a.received_at) >= closes_at),
    )


def _bodies(db: Connection, *where: object) -> Iterator[tuple[bytes, str]]:
    a, r = assessments.c, assessment_revisions.c
    current = and_(r.assessment_id == a.id, r.revision == a.revision, r.digest == a.digest)
    # In no order: asked for one, SQLite looks every visit up by its id, which takes four times as long.
    statement = (
        select(r.body, assignments.c.body)
        .select_from(
            assessments.join(assessment_revisions, current).join(assignments, assignments.c.id == a.assignment_id)
        )
        .where(*where)  # type: ignore[arg-type]
    )
    yield from map(tuple, streamed(db, statement))


def received_since(db: Connection, number: int, at: datetime) -> int:
    """Return how many assessments of a round came, or came again, after a moment."""
    a = assessments.c
    statement = select(func.count()).select_from(assessments).where(a.round == number, a.received_at > at)
    return int(db.execute(statement).scalar_one())


def shortfalls_of(db: Connection, number: int) -> Sequence[Shortfall]:
    """Return what was said about the quotas of a round, the oldest first."""
    s = shortfalls.c
    statement = (
        select(s.entrant_id, s.channel, s.reason, s.given_by, users.c.name, s.given_at)
        .join_from(shortfalls, users, users.c.id == s.given_by)
        .where(s.round == number)
        .order_by(s.id)
    )
    return [Shortfall(*row) for row in db.execute(statement)]


def add_shortfall(
    db: Connection, number: int, key: tuple[str, str], *, reason: str, given_by: str, now: datetime
) -> None:
    """Keep why an entry is short of its quota."""
    row = {"round": number, "entrant_id": key[0], "channel": key[1], "reason": reason}
    db.execute(insert(shortfalls).values(**row, given_by=given_by, given_at=now))


def declaration_of(db: Connection, user_id: str) -> Declaration | None:
    """Return what an account declared last, or None."""
    d = declarations.c
    row = db.execute(
        select(d.organisations, d.assessor_id, d.declared_at).where(d.user_id == user_id).order_by(d.id.desc()).limit(1)
    ).first()
    return None if row is None else Declaration(tuple(row[0]), row[1], row[2])


def add_declaration(db: Connection, user_id: str, declared: Declaration) -> None:
    """Keep what an account declares."""
    db.execute(insert(declarations).values(user_id=user_id, **declared._asdict()))


def assessed_by(db: Connection, assessor_id: str | None, number: int | None) -> int:
    """Return how many assessments of a round (None: of any) are an assessor's."""
    a = assessments.c
    here = true() if number is None else a.round == number
    mine = false() if assessor_id is None else a.assessor_id == assessor_id
    return int(db.execute(select(func.count()).select_from(assessments).where(here, mine)).scalar_one())


def corrected_by(db: Connection, user_id: str, number: int | None) -> int:
    """Return of how many assessments of a round (None: of any) an account corrected an answer."""
    a, c = assessments.c, corrections.c
    here = true() if number is None else a.round == number
    statement = (
        select(func.count(c.assessment_id.distinct()))
        .join_from(corrections, assessments, a.id == c.assessment_id)
        .where(here, c.corrected_by == user_id)
    )
    return int(db.execute(statement).scalar_one())


def organisations(db: Connection) -> Sequence[str]:
    """Return every organisation that takes part, by name."""
    statement = select(entrants.c.organisation).distinct().order_by(entrants.c.organisation)
    return db.execute(statement).scalars().all()


def made_of_round(db: Connection, number: int) -> Mapping[tuple[str, str], int]:
    """Return how many accepted assessments of a round count towards each entry's quota."""
    a = assessments.c
    statement = (
        select(a.entrant_id, a.channel, func.count().label("n"))
        .where(a.round == number, a.status == "accepted", a.contact.in_(("connected", "unreachable")))
        .group_by(a.entrant_id, a.channel)
    )
    return {(row.entrant_id, row.channel): row.n for row in db.execute(statement)}


def onsite_facts(db: Connection, number: int) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return the kept facts of the accepted onsite assessments of a round, by entry."""
    a = assessments.c
    statement = (
        select(a.entrant_id, a.channel, assessment_facts.c.body)
        .join_from(assessments, assessment_facts, assessment_facts.c.assessment_id == a.id)
        .where(a.round == number, a.channel == "onsite", a.status == "accepted", a.contact != "void")
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in db.execute(statement):
        found.setdefault((row.entrant_id, row.channel), []).append(row.body)
    return found


def names_of_organisations(db: Connection) -> Mapping[str, Mapping[str, str]]:
    """Return what organisations are called, by code; one that never enrolled by itself is not among them."""
    c = organisation_rows.c
    return {row.id: dict(row.name) for row in db.execute(select(c.id, c.name).order_by(c.id))}


def called(db: Connection, organisations: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Return what to call each of `organisations`: its name, else that of an entrant of its own, else its code."""
    c = entrants.c
    rows = db.execute(select(c.organisation, c.name).where(c.organisation.in_(organisations)).order_by(c.id.desc()))
    names = {row.organisation: dict(row.name) for row in rows} | dict(names_of_organisations(db))
    return {code: names.get(code, {"en": code}) for code in organisations}
