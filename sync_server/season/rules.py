"""Versions of the rules: appended, never changed; the highest is in force.

RSV-1  Any change is a new version, with a reason. Overrides are laid over the rules in force.
RSV-2  Once a round has opened, the versions there are stand frozen: marked so, for every report to show.
RSV-3  In the same transaction the phones are told, and every entry's standing is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.award.badge import edition_year
from checklists.language import N_, Sentence, sentence
from checklists.rules.programme import Programme, load_programme
from checklists.rules.ruleset import Ruleset, ruleset
from sync_server.database.queries import season
from sync_server.database.queries import standings as queries
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.rulesets import freeze, has_round_opened, ruleset_in_force, version_in_force
from sync_server.feed.phones import tell_programme
from sync_server.jobs.wishes import standing_job

PROGRAMME = "mystery_caller_2021"


class Rules(NamedTuple):
    """The programme with the rules in force, and the past editions."""

    programme: Programme
    editions: frozenset[int]
    is_set_up: bool

    @property
    def year(self) -> int:
        """The year of the edition being decided."""
        return edition_year(self.programme.year, self.editions)

    @property
    def rules(self) -> Ruleset:
        """The rules in force."""
        return self.programme.rules


@lru_cache(maxsize=8)
def _programme(name: str, digest: str, rules: bytes) -> Programme:  # noqa: ARG001 - the digest names the entry
    return msgspec.structs.replace(load_programme(name), rules=ruleset(msgspec.json.decode(rules)))


def rules_in_force(db: Connection) -> Rules:
    """Return the rules in force, the shipped programme's before a season was set up."""
    row = ruleset_in_force(db)
    if row is None:
        programme = load_programme(PROGRAMME)
    else:
        programme = _programme(row.programme, row.digest, msgspec.json.encode(row.rules, order="sorted"))
    named = {int(past["year"]) for history in queries.histories(db) for past in history}
    return Rules(programme, frozenset(named.union(queries.editions_held(db) or ())), row is not None)


class NoReasonError(ValueError):
    """A version without a reason; `.message` says so."""

    message: Sentence = sentence(N_("Give a reason: it is kept with the version."))


def add_version(
    db: Connection, overrides: Mapping[str, object], reason: str, *, created_by: str, now: datetime
) -> Ruleset:
    """Append a version of the rules and return them. Overrides that change nothing still make a version.

    Raises:
        NoReasonError: no reason was given.
        checklists.rules.ruleset.RulesetError: a name or value that may not stand.
    """
    if not reason.strip():
        raise NoReasonError
    in_force = rules_in_force(db)
    rules = in_force.rules.with_overrides(overrides, "")
    if has_round_opened(db, now):
        freeze(db, now)
    season.add_ruleset(
        db,
        {
            "version": version_in_force(db) + 1,
            "programme": in_force.programme.name,
            "overrides": {name: rules.plain.get(name, str(value)) for name, value in overrides.items()},
            "rules": dict(rules.plain),
            "digest": rules.digest,
            "reason": reason.strip(),
            "created_at": now,
            "created_by": created_by,
        },
    )
    tell_programme(db, in_force.programme.name, rules.digest, rules.plain, now)
    ask_for(db, [standing_job(row.entrant_id, row.channel) for row in queries.entry_rows(db)], now)
    return rules
