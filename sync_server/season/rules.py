"""The rules in force, of the season and of each round. The one reader: changes are made in `rule_changes`.

RSV-4  Rules that this server cannot read in full are never guessed at: whoever needs them gets an error that names
       what cannot be read. Only fieldwork, which needs two parameters, goes on.
RSV-6  A round is scored under the version that was in force when it opened, or that a decision has put it under since;
       a round that has not opened, under the newest. Finals, grades, marks, sizes and awards are the season's own:
       they follow the version in force when its first round opened, or a decision.
RSV-7  Moments of release score nothing: they are the newest version's, whatever a round or the season follows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from checklists.award.badge import edition_year
from checklists.language import Text
from checklists.problems import Problem
from checklists.rules.programme import Programme, load_programme
from checklists.rules.ruleset import Ruleset, RulesetError, ruleset
from checklists.score.scoring import CriticalEffect
from sync_server.database.queries import releases, round_rules, rulesets
from sync_server.database.queries import standings as queries
from sync_server.errors import RefusedError

PROGRAMME = "mystery_caller_2021"
MAX_VERSIONS = 8
FAQ_DEADLINE, RELEASE_AT, RESULTS_AT = "faq.deadline", "report.release_at", "results.release_at"


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
    def rounds(self) -> tuple[int, ...]:
        """The numbers of the rounds, from 1."""
        weights = self.parameters["rounds.weights"]
        return tuple(range(1, len(weights) + 1)) if isinstance(weights, list) else ()

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
    """The programme with the season's own rules, the past editions, and the rounds that follow other rules."""

    programme: Programme
    editions: frozenset[int]
    is_set_up: bool
    rules_by_round: Mapping[int, Ruleset] = MappingProxyType({})

    @property
    def year(self) -> int:
        """The year of the edition being decided."""
        return edition_year(self.programme.year, self.editions)

    @property
    def rules(self) -> Ruleset:
        """The season's own rules: for finals, grades, marks, sizes and awards, and for every round not named apart."""
        return self.programme.rules

    def rules_of(self, number: int) -> Ruleset:
        """Return the rules that a round is scored under."""
        return self.rules_by_round.get(number, self.rules)

    @property
    def digest(self) -> str:
        """Names all of these rules: that of the season's own, where no round follows others."""
        if not self.rules_by_round:
            return self.rules.digest
        others = [[number, rules.digest] for number, rules in sorted(self.rules_by_round.items())]
        return "sha256:" + hashlib.sha256(msgspec.json.encode([self.rules.digest, others])).hexdigest()

    def industry_name(self, code: str) -> Text:
        """Return the name of an industry, its code where the programme has none."""
        return next((industry.name for industry in self.programme.industries if industry.code == code), {"en": code})


_versions: dict[rulesets.RulesetKey, RulesVersion] = {}  # a version never changes, so none of these ever goes stale


def version_in_force(db: Connection) -> RulesVersion:
    """Return the newest version. Its parameters are read, and its programme made, once for each version."""
    key = rulesets.newest_ruleset(db)
    if key is None:
        shipped = load_programme(PROGRAMME).rules
        return RulesVersion(number=0, programme_name=PROGRAMME, digest=shipped.digest, parameters=shipped.plain)
    return _version(db, key)


def _version(db: Connection, key: rulesets.RulesetKey) -> RulesVersion:
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


class VersionsInForce(NamedTuple):
    """The newest version, and those that what has opened follows: rounds by number, and the season's own."""

    newest: RulesVersion
    own: RulesVersion
    by_round: Mapping[int, RulesVersion]

    def of_round(self, number: int) -> RulesVersion:
        """Return the version that a round is scored under: one not yet opened follows the newest."""
        return self.by_round.get(number, self.newest)

    @property
    def of_phones(self) -> RulesVersion:
        """The version that phones work under: that of the round that opened last."""
        return self.by_round[max(self.by_round)] if self.by_round else self.newest


def versions_in_force(db: Connection) -> VersionsInForce:
    """Return what every round is scored under, and everything else."""
    newest = version_in_force(db)
    followed = round_rules.versions_followed(db)
    if set(followed.values()) <= {newest.number}:
        versions = {newest.number: newest}
    else:
        keys = rulesets.ruleset_keys(db)
        versions = {number: _version(db, keys[number]) for number in set(followed.values())}
    by_round = {
        number: versions[followed[round_rules.name_of(number)]]
        for number in newest.rounds
        if round_rules.name_of(number) in followed
    }
    own = versions[followed[round_rules.OWN]] if round_rules.OWN in followed else newest
    return VersionsInForce(newest, own, by_round)


def rules_in_force(db: Connection) -> Rules:
    """Return the rules in force, the shipped programme's before a season was set up.

    Raises:
        UnreadableRulesError: another release kept them, and this one cannot read them.
    """
    versions = versions_in_force(db)
    named = {int(past["year"]) for history in queries.histories(db) for past in history}
    own = _with_newest_dates(versions.own, versions.newest)
    by_round = {
        number: _with_newest_dates(versions.of_round(number), versions.newest)
        for number in versions.own.rounds
        if versions.of_round(number).digest != versions.own.digest
    }
    return Rules(
        programme=msgspec.structs.replace(versions.own.programme, rules=own),
        editions=frozenset(named.union(queries.editions_held(db) or ())),
        is_set_up=versions.newest.is_set_up,
        rules_by_round={number: rules for number, rules in by_round.items() if rules != own},
    )


def rules_if(db: Connection, overrides: Mapping[str, object], about: Collection[str]) -> Rules:
    """Return what would be in force if `overrides` were laid over the newest version, and that were for `about` too.

    `about` names what has opened: round_rules.OWN, or a round by round_rules.name_of.

    Raises:
        RulesetError: a name or value that may not stand.
    """
    now, versions = rules_in_force(db), versions_in_force(db)
    newest = versions.newest.programme.rules.with_overrides(overrides, "")
    has_opened = round_rules.OWN in round_rules.versions_followed(db)
    own = newest if round_rules.OWN in about or not has_opened else now.rules
    by_round = {
        number: now.rules_of(number)
        if number in versions.by_round and round_rules.name_of(number) not in about
        else newest
        for number in versions.own.rounds
    }
    return now._replace(
        programme=msgspec.structs.replace(now.programme, rules=own),
        rules_by_round={number: rules for number, rules in by_round.items() if rules != own},
    )


def _with_newest_dates(version: RulesVersion, newest: RulesVersion) -> Ruleset:
    rules, dates = version.programme.rules, {}
    for name in (RELEASE_AT, RESULTS_AT):
        value = newest.programme.rules.plain_value(name)
        if rules.plain_value(name) != value:
            dates[name] = value
    return rules.with_overrides(dates) if dates else rules


def release_moments(db: Connection) -> Mapping[int, datetime | None]:
    """Return the moment at which each round is to be released; None: none is set. Reads rules of any release."""
    kept = version_in_force(db).parameters.get(RELEASE_AT)
    listed = kept if isinstance(kept, list) else []
    moments = {number: None if at is None else datetime.fromisoformat(at) for number, at in enumerate(listed, 1)}
    return {**moments, **releases.moments_of_csv(db)}


def results_moment(db: Connection) -> datetime | None:
    """Return the moment at which the results are to be released; None: none is set. Reads rules of any release."""
    kept = version_in_force(db).parameters.get(RESULTS_AT)
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None
