"""What the push path needs of the rules in force: read once for each version, looked at in every transaction.

A push must be taken whatever a later release thinks of the stored rules, so only what is needed is read from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

from sqlalchemy import Connection

from checklists.rules.programme import load_programme
from checklists.score.scoring import CriticalEffect
from sync_server.database.queries.rulesets import ruleset_in_force, version_in_force
from sync_server.season.rules import PROGRAMME


class RulesOfPushes(NamedTuple):
    """One version of the rules. `version` 0, `digest` "": the shipped programme's, before a season was set up."""

    version: int
    digest: str
    zone: str
    critical_effect: CriticalEffect


class RulesBook:
    """The version in force. Safe from several threads: one that is read twice is the same."""

    def __init__(self) -> None:
        self._newest: RulesOfPushes | None = None

    def in_force(self, db: Connection) -> RulesOfPushes:
        """Return the version in force as `db` sees it; it is read only when its number has changed."""
        version = version_in_force(db)
        newest = self._newest
        if newest is None or newest.version != version:
            newest = self._newest = _read(db)
        return newest


def _read(db: Connection) -> RulesOfPushes:
    row = ruleset_in_force(db)
    rules: Mapping[str, object] = row.rules if row else load_programme(PROGRAMME).rules.plain
    effect = cast("CriticalEffect", rules["critical.effect"])
    return RulesOfPushes(row.version if row else 0, row.digest if row else "", str(rules["tz"]), effect)
