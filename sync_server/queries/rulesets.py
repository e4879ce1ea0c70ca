"""Rulesets: the highest version is in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync_server.tables import rulesets


class RulesetRow(NamedTuple):
    """One version of the rules, every parameter by its dotted name."""

    version: int
    programme: str
    digest: str
    rules: Mapping[str, object]


def ruleset_in_force(db: Connection) -> RulesetRow | None:
    """Return the ruleset in force, or None before a season was set up."""
    c = rulesets.c
    statement = select(c.version, c.programme, c.digest, c.rules).order_by(c.version.desc()).limit(1)
    row = db.execute(statement).first()
    return RulesetRow(*row) if row else None


def version_in_force(db: Connection) -> int:
    """Return the number of the version in force, 0 before a season was set up. Cheap enough for every batch."""
    return db.execute(select(rulesets.c.version).order_by(rulesets.c.version.desc()).limit(1)).scalar() or 0
