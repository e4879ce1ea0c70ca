"""Rulesets: the highest version is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from sync_server.database.queries.driver import select_rows
from sync_server.database.tables import rounds, rulesets


class RulesetRow(NamedTuple):
    """One version of the rules, every parameter by its dotted name."""

    version: int
    programme: str
    digest: str
    rules: Mapping[str, object]


class VersionRow(NamedTuple):
    """One version as a page lists it."""

    version: int
    digest: str
    overrides: Mapping[str, object]
    reason: str
    created_at: datetime
    created_by: str
    frozen_at: datetime | None


def ruleset_in_force(db: Connection) -> RulesetRow | None:
    """Return the ruleset in force, or None before a season was set up."""
    c = rulesets.c
    statement = select(c.version, c.programme, c.digest, c.rules).order_by(c.version.desc()).limit(1)
    row = db.execute(statement).first()
    return RulesetRow(*row) if row else None


def version_in_force(db: Connection) -> int:
    """Return the number of the version in force, 0 before a season was set up. Cheap enough for every batch."""
    return select_rows(db, "SELECT max(version) FROM rulesets")[0][0] or 0


def versions(db: Connection) -> Sequence[VersionRow]:
    """Return every version, the newest first."""
    c = rulesets.c
    statement = select(c.version, c.digest, c.overrides, c.reason, c.created_at, c.created_by, c.frozen_at)
    return [VersionRow(*row) for row in db.execute(statement.order_by(c.version.desc()))]


def has_round_opened(db: Connection, now: datetime) -> bool:
    """Return whether any round has opened."""
    return db.execute(select(rounds.c.number).where(rounds.c.opens_at <= now).limit(1)).first() is not None


def freeze(db: Connection, now: datetime) -> None:
    """Mark every version that is not frozen yet. Repeating it is harmless."""
    db.execute(update(rulesets).where(rulesets.c.frozen_at.is_(None)).values(frozen_at=now))
