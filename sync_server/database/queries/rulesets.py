"""Rulesets: the highest version is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from sync_server.database.queries.award_rows import of_award
from sync_server.database.queries.driver import select_rows
from sync_server.database.tables import rounds, rulesets


class RulesetKey(NamedTuple):
    """What names one version of the rules: the digest is that of its parameters."""

    version: int
    programme: str
    digest: str


class VersionRow(NamedTuple):
    """One version as a page lists it."""

    version: int
    digest: str
    overrides: Mapping[str, object]
    reason: str
    created_at: datetime
    created_by: str
    frozen_at: datetime | None


def newest_ruleset(db: Connection) -> RulesetKey | None:
    """Name the version in force; None before a season was set up. Cheap enough for every batch."""
    statement = "SELECT version, programme, digest FROM rulesets ORDER BY version DESC LIMIT 1"
    rows = select_rows(db, statement)
    return RulesetKey(*rows[0]) if rows else None


def ruleset_keys(db: Connection) -> Mapping[int, RulesetKey]:
    """Name every version, by its number."""
    c = rulesets.c
    return {row.version: RulesetKey(*row) for row in db.execute(select(c.version, c.programme, c.digest))}


def ruleset_parameters(db: Connection, version: int) -> Mapping[str, object]:
    """Return every parameter of a version, by its dotted name."""
    parameters: Mapping[str, object] = db.execute(
        select(rulesets.c.rules).where(rulesets.c.version == version)
    ).scalar_one()
    return parameters


def versions(db: Connection) -> Sequence[VersionRow]:
    """Return every version, the newest first."""
    c = rulesets.c
    statement = select(c.version, c.digest, c.overrides, c.reason, c.created_at, c.created_by, c.frozen_at)
    return [VersionRow(*row) for row in db.execute(statement.order_by(c.version.desc()))]


def has_round_opened(db: Connection, now: datetime) -> bool:
    """Return whether any round has opened."""
    return (
        db.execute(select(rounds.c.number).where(of_award(rounds), rounds.c.opens_at <= now).limit(1)).first()
        is not None
    )


def freeze(db: Connection, now: datetime) -> None:
    """Mark every version that is not frozen yet. Repeating it is harmless."""
    db.execute(update(rulesets).where(rulesets.c.frozen_at.is_(None)).values(frozen_at=now))
