"""Versions of the rules: appended, never changed; the highest is in force. The one reader of the rules in force.

RSV-1  Any change is a new version, with a reason. Overrides are laid over the rules in force.
RSV-2  Once a round has opened, the versions there are stand frozen: marked so, for every report to show.
RSV-3  In the same transaction the phones are told, and every entry's standing is asked for.
RSV-4  Rules that this server cannot read in full are never guessed at: whoever needs them gets an error that names
       what cannot be read. Only fieldwork, which needs two parameters, goes on.
RSV-5  A moment of release is checked against its round (`round_dates`), wherever it is set; that of the results too.
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
from checklists.rules.ruleset import Plain, Ruleset, RulesetError, ruleset
from checklists.score.scoring import CriticalEffect
from sync_server.database.queries import releases, rulesets, season
from sync_server.database.queries import standings as queries
from sync_server.database.queries.jobs import ask_for
from sync_server.errors import RefusedError
from sync_server.feed.phones import tell_programme
from sync_server.jobs.wishes import RELEASE_JOB, standing_job
from sync_server.season.round_dates import (
    RELEASED,
    RoundDates,
    changes_of_released,
    results_misfits,
    round_misfits,
)

PROGRAMME = "mystery_caller_2021"
MAX_VERSIONS = 8
FAQ_DEADLINE, RELEASE_AT, RESULTS_AT = "faq.deadline", "report.release_at", "results.release_at"
MOMENTS_IMPORTED = N_("rounds.csv gave the moments of release.")


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
    before, sets_moments = version.programme.rules, any(name.startswith(RELEASE_AT) for name in overrides)
    if sets_moments:
        before = before.with_overrides({RELEASE_AT: _texts(release_moments(db))})
    rules = before.with_overrides(overrides, "")
    if rulesets.has_round_opened(db, now):
        rulesets.freeze(db, now)
    as_kept: dict[str, object] = {name: rules.plain.get(name, str(value)) for name, value in overrides.items()}
    if sets_moments or RESULTS_AT in overrides:
        _check_moments(db, rules)
    if sets_moments:
        releases.forget_moments_of_csv(db)
        as_kept = {name: value for name, value in as_kept.items() if not name.startswith(RELEASE_AT)}
        as_kept[RELEASE_AT] = rules.plain[RELEASE_AT]
    programme = msgspec.structs.replace(version.programme, rules=rules)
    append_version(db, version.number + 1, programme, Change(as_kept, reason.strip(), created_by), now)
    ask_for(db, [standing_job(row.entrant_id, row.channel) for row in queries.entry_rows(db)], now)
    ask_for(db, [RELEASE_JOB], now)
    return rules


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


def set_release_moments(
    db: Connection, moments: Mapping[int, datetime | None], *, created_by: str, now: datetime
) -> None:
    """Set the moments of some rounds, as a new version of the rules unless they are as they were.

    Raises:
        checklists.rules.ruleset.RulesetError: a moment that does not fit its round.
    """
    before = release_moments(db)
    after = {**before, **moments}
    if after != before:
        add_version(db, {RELEASE_AT: _texts(after)}, str(MOMENTS_IMPORTED), created_by=created_by, now=now)


def _texts(moments: Mapping[int, datetime | None]) -> list[Plain]:
    return [None if at is None else at.isoformat() for _, at in sorted(moments.items())]


def _check_moments(db: Connection, rules: Ruleset) -> None:
    """Raise RulesetError for every moment of `rules` that does not fit its round."""
    kept, moments = releases.round_rows(db), dict(enumerate(rules.moments(RELEASE_AT), 1))
    moments_before = release_moments(db)
    before = {row.number: RoundDates(*row, moments_before.get(row.number)) for row in kept}
    rounds = [RoundDates(*row, moments.get(row.number)) for row in kept]
    misfits = [
        *(
            one
            for one in round_misfits(rounds, rules.months, rules.zone("tz"))
            # What was wrong before is not for this change to put right.
            if one.column == RELEASED and moments.get(one.round) != before[one.round].release_at
        ),
        *changes_of_released(before, rounds, releases.release_events(db)),
    ]
    problems = [Problem(place=f"{RELEASE_AT}.{one.round - 1}", code=one.code, message=one.message) for one in misfits]
    results = rules.moment_or_none(RESULTS_AT)
    if results is not None and results != results_moment(db):
        found = results_misfits(rounds, results, rules.zone("tz"), released=releases.results_event(db))
        problems += [Problem(place=RESULTS_AT, code=code, message=message) for code, message in found]
    if problems:
        raise RulesetError(tuple(problems))
