"""The season's reference rows, as an import compares and writes them: one statement a function, any of its tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from sync_server.database.queries.award_rows import of_award
from sync_server.database.tables import (
    assessments,
    assessor_certificates,
    assessors,
    assignments,
    branches,
    conflicts,
    contact_points,
    devices,
    editions,
    entrants,
    entries,
    filed_faqs,
    form_versions,
    organisations,
    rounds,
    rulesets,
    scenarios,
    suspensions,
)

# The tables an import writes, in an order that keeps references whole, and what names a row of each.
KEYS: Mapping[str, tuple[Table, tuple[str, ...]]] = {
    "editions": (editions, ("year",)),
    "rounds": (rounds, ("number",)),
    "organisations": (organisations, ("id",)),
    "entrants": (entrants, ("id",)),
    "entries": (entries, ("entrant_id", "channel")),
    "branches": (branches, ("id",)),
    "contact_points": (contact_points, ("id",)),
    "scenarios": (scenarios, ("id",)),
    "faqs": (filed_faqs, ("entrant_id", "code", "version")),
    "assessors": (assessors, ("id",)),
    "conflicts": (conflicts, ("assessor_id", "organisation")),
    "certificates": (assessor_certificates, ("assessor_id", "channel", "round")),
    "suspensions": (suspensions, ("id",)),
    "assignments": (assignments, ("id",)),
}


def rows_of(db: Connection, name: str) -> Sequence[dict[str, Any]]:
    """Return every row of the table `name` that is the award's, in the order of its key."""
    table, key = KEYS[name]
    statement = select(table).where(of_award(table)).order_by(*(table.c[column] for column in key))
    return [dict(row) for row in db.execute(statement).mappings()]


def assessors_with_phone(db: Connection) -> frozenset[str]:
    """Return the assessors for whom a phone was ever enrolled."""
    return frozenset(db.execute(select(devices.c.assessor_id).distinct()).scalars())


def entry_keys(db: Connection) -> Sequence[tuple[str, str]]:
    """Return the entrant and channel of every entry of the award."""
    statement = select(entries.c.entrant_id, entries.c.channel).where(of_award(entries))
    return [(row.entrant_id, row.channel) for row in db.execute(statement)]


def bodies_of_assignments(db: Connection, ids: Collection[str]) -> Mapping[str, str]:
    """Return the bodies of those of `ids` that are kept."""
    if not ids:
        return {}
    statement = select(assignments.c.id, assignments.c.body).where(assignments.c.id.in_(list(ids)))
    return {row.id: row.body for row in db.execute(statement)}


def form_names(db: Connection) -> Sequence[str]:
    """Return the ids of every form version, "phone_in@1"."""
    return (
        db.execute(select(form_versions.c.id).order_by(form_versions.c.name, form_versions.c.version)).scalars().all()
    )


def add_form_version(db: Connection, row: Mapping[str, Any]) -> None:
    """Keep a form version that is not held yet."""
    db.execute(insert(form_versions).values(**row))


def add_ruleset(db: Connection, row: Mapping[str, Any]) -> None:
    """Append a version of the rules; the highest is in force."""
    db.execute(insert(rulesets).values(**row))


def assessors_without_phone(db: Connection) -> Sequence[str]:
    """Return the assessors who have not left and never enrolled a device, by id."""
    enrolled = select(devices.c.assessor_id)
    statement = (
        select(assessors.c.id)
        .where(assessors.c.left_at.is_(None), assessors.c.id.not_in(enrolled))
        .order_by(assessors.c.id)
    )
    return db.execute(statement).scalars().all()


def working_assessors(db: Connection) -> Sequence[str]:
    """Return the assessors who have not left, by id."""
    statement = select(assessors.c.id).where(assessors.c.left_at.is_(None)).order_by(assessors.c.id)
    return db.execute(statement).scalars().all()


def finished_assessments(db: Connection) -> Mapping[str, str]:
    """Return the digest of each assessment that waits for its review, by id."""
    statement = select(assessments.c.id, assessments.c.digest).where(assessments.c.status == "finished")
    return {row.id: row.digest for row in db.execute(statement)}
