"""Versions of the rules: appended, never changed; the highest is in force. The one reader of the rules in force.

RSV-1  Any change is a new version, with a reason. Overrides are laid over the rules in force.
RSV-2  Once a round has opened, the versions there are stand frozen: marked so, for every report to show.
RSV-3  In the same transaction the phones are told, and every entry's standing is asked for.
RSV-4  Rules that this server cannot read in full are never guessed at: whoever needs them gets an error that names
       what cannot be read. Only fieldwork, which needs two parameters, goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from checklists.award.badge import edition_year
from checklists.language import N_, SentenceError, Text, sentence
from checklists.problems import Problem
from checklists.rules.programme import Programme, load_programme
from checklists.rules.ruleset import Ruleset, RulesetError, ruleset
from checklists.score.scoring import CriticalEffect
from sync_server.database.queries import rulesets, season
from sync_server.database.queries import standings as queries
from sync_server.database.queries.jobs import ask_for
from sync_server.errors import RefusedError
from sync_server.feed.phones import tell_programme
from sync_server.jobs.wishes import standing_job

PROGRAMME = "mystery_caller_2021"
MAX_VERSIONS = 8


class UnreadableRulesError(RefusedError):
    """The rules in force were kept by another release, and this one cannot read them. `problems` says what."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            "rules-unreadable", problems="; ".join(problem.place.removeprefix("rules.") for problem in problems)
        )
        self.problems = problems

    def __str__(self) -> str:
        return "the rules in force cannot be read: " + "; ".join(map(str, self.problems))


@dataclass(frozen=True, kw_only=True)
class RulesVersion:
    """One version of the rules as it is kept: number 0 is the shipped programme's, before a season was set up."""

    number: int
    programme_name: str
    digest: str
    parameters: Mapping[str, object]

    @property
    def is_set_up(self) -> bool:
        """Whether a season was set up."""
        return self.number > 0

    @property
    def critical_effect(self) -> CriticalEffect:
        """What a failed critical item does to a base score."""
        return cast("CriticalEffect", self.parameters["critical.effect"])

    @property
    def zone(self) -> ZoneInfo:
        """The season's time zone."""
        return ZoneInfo(str(self.parameters["tz"]))

    @cached_property
    def programme(self) -> Programme:
        """The programme with these rules.

        Raises:
            UnreadableRulesError: this release does not know a parameter, or needs one that is not there.
        """
        try:
            return msgspec.structs.replace(load_programme(self.programme_name), rules=ruleset(self.parameters))
        except RulesetError as error:
            raise UnreadableRulesError(error.problems) from error


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

    def industry_name(self, code: str) -> Text:
        """Return the name of an industry, its code where the programme has none."""
        return next((industry.name for industry in self.programme.industries if industry.code == code), {"en": code})


_versions: dict[rulesets.RulesetKey, RulesVersion] = {}  # a version never changes, so none of these ever goes stale


def version_in_force(db: Connection) -> RulesVersion:
    """Return the version in force. Its parameters are read, and its programme made, once for each version."""
    key = rulesets.newest_ruleset(db)
    if key is None:
        shipped = load_programme(PROGRAMME).rules
        return RulesVersion(number=0, programme_name=PROGRAMME, digest=shipped.digest, parameters=shipped.plain)
    version = _versions.get(key)
    if version is None:
        if len(_versions) >= MAX_VERSIONS:
            _versions.clear()
        version = RulesVersion(
            number=key.version,
            programme_name=key.programme,
            digest=key.digest,
            parameters=rulesets.ruleset_parameters(db, key.version),
        )
        _versions[key] = version
    return version


def rules_in_force(db: Connection) -> Rules:
    """Return the rules in force, the shipped programme's before a season was set up.

    Raises:
        UnreadableRulesError: another release kept them, and this one cannot read them.
    """
    version = version_in_force(db)
    named = {int(past["year"]) for history in queries.histories(db) for past in history}
    return Rules(version.programme, frozenset(named.union(queries.editions_held(db) or ())), version.is_set_up)


class NoReasonError(SentenceError, ValueError):
    """A version without a reason."""

    def __init__(self) -> None:
        super().__init__(sentence(N_("Give a reason: it is kept with the version.")))


class Change(NamedTuple):
    """Why there is a new version: what it lays over the rules before it, the reason, and who made it."""

    overrides: Mapping[str, object]
    reason: str
    created_by: str


def append_version(db: Connection, number: int, programme: Programme, change: Change, now: datetime) -> None:
    """Append version `number`, with the rules of `programme`, and tell the phones."""
    rules = programme.rules
    season.add_ruleset(
        db,
        {
            "version": number,
            "programme": programme.name,
            "overrides": dict(change.overrides),
            "rules": dict(rules.plain),
            "digest": rules.digest,
            "reason": change.reason,
            "created_at": now,
            "created_by": change.created_by,
        },
    )
    tell_programme(db, programme.name, rules.digest, rules.plain, now)


def add_version(
    db: Connection, overrides: Mapping[str, object], reason: str, *, created_by: str, now: datetime
) -> Ruleset:
    """Append a version of the rules and return them. Overrides that change nothing still make a version.

    Raises:
        NoReasonError: no reason was given.
        UnreadableRulesError: there is nothing to lay the overrides over.
        checklists.rules.ruleset.RulesetError: a name or value that may not stand.
    """
    if not reason.strip():
        raise NoReasonError
    version = version_in_force(db)
    rules = version.programme.rules.with_overrides(overrides, "")
    if rulesets.has_round_opened(db, now):
        rulesets.freeze(db, now)
    as_kept = {name: rules.plain.get(name, str(value)) for name, value in overrides.items()}
    programme = msgspec.structs.replace(version.programme, rules=rules)
    append_version(db, version.number + 1, programme, Change(as_kept, reason.strip(), created_by), now)
    ask_for(db, [standing_job(row.entrant_id, row.channel) for row in queries.entry_rows(db)], now)
    return rules
