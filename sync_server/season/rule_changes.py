"""Changes of the rules: a new version each, with a reason; and what of the season it is in force for.

RSV-1  Any change is a new version, with a reason. Overrides are laid over the newest.
RSV-2  Once a round has opened it follows the version that was in force then, and so do the season's own rules: a
       version made later is for rounds not yet opened. Versions that something follows are marked frozen.
RSV-8  What has opened comes under a new version only by a decision of two people that names it (`proposed_rules`): kept
       with its reason, who made it and every figure that it changes, from and to. It is appended; the one before it
       stays in the log.
RSV-3  In the same transaction the phones are told the rules of the round that opened last, and every entry's standing
       is asked for.
RSV-5  A moment of release is checked against its round (`round_dates`), wherever it is set; that of the results too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.problems import Problem
from checklists.rules.programme import Programme
from checklists.rules.ruleset import Plain, Ruleset, RulesetError
from sync_server.database.queries import releases, round_rules, rulesets, season
from sync_server.database.queries import standings as queries
from sync_server.database.queries.jobs import ask_for
from sync_server.feed.phones import tell_programme
from sync_server.jobs.wishes import RELEASE_JOB, standing_job
from sync_server.season.observed_time import observed_now
from sync_server.season.opening import is_kept_from_opening
from sync_server.season.round_dates import (
    RELEASED,
    RoundDates,
    changes_of_released,
    results_misfits,
    round_misfits,
)
from sync_server.season.rules import (
    RELEASE_AT,
    RESULTS_AT,
    release_moments,
    results_moment,
    version_in_force,
    versions_in_force,
)

MOMENTS_IMPORTED = N_("rounds.csv gave the moments of release.")


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
    """Append version `number`, with the rules of `programme`."""
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


def tell_phones(db: Connection, now: datetime) -> None:
    """Tell the phones the rules they work under: those of the round that opened last."""
    version = versions_in_force(db).of_phones
    tell_programme(db, version.programme_name, version.digest, version.parameters, now)


class Decision(NamedTuple):
    """What has opened and comes under the new version all the same. `effects`: [entry, figure, from, to] of each."""

    about: frozenset[str]
    effects: Sequence[Sequence[str]] = ()


NOTHING_OPENED = Decision(frozenset())


def freeze_opened(db: Connection, observed: datetime, now: datetime) -> None:
    """Let each round that has opened by `observed` follow the newest version from now on, and the season's own rules.

    Round 1 waits for the edition's check list (OPG-1). Inside a write transaction. A repeat changes nothing. Phones are
    told where they work under other rules then.
    """
    versions, followed = versions_in_force(db), round_rules.versions_followed(db)
    if not versions.newest.is_set_up:
        return
    opened = [
        round_rules.name_of(row.number)
        for row in releases.round_rows(db)
        if row.number in versions.newest.rounds and row.opens_at <= observed
        if not is_kept_from_opening(db, row.number)
    ]
    new = [what for what in (round_rules.OWN, *opened) if opened and what not in followed]
    if not new:
        return
    rulesets.freeze(db, now)
    _follow(db, new, versions.newest.number, by="system", now=now)
    if versions_in_force(db).of_phones.digest != versions.of_phones.digest:
        tell_phones(db, now)


def _follow(
    db: Connection,
    what: Collection[str],
    version: int,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    effects: Sequence[Sequence[str]] = (),
) -> None:
    round_rules.append_round_rules(
        db, [round_rules.RoundRules(one, version, reason, effects, by, now) for one in sorted(what)]
    )


def add_version(
    db: Connection,
    overrides: Mapping[str, object],
    reason: str,
    *,
    created_by: str,
    now: datetime,
    decision: Decision = NOTHING_OPENED,
) -> Ruleset:
    """Append a version of the rules and return them. Overrides that change nothing still make a version.

    It is in force for rounds not yet opened. What has opened goes on as it was, but for what `decision` is about.

    Raises:
        NoReasonError: no reason was given.
        UnreadableRulesError: there is nothing to lay the overrides over.
        checklists.rules.ruleset.RulesetError: a name or value that may not stand.
    """
    if not reason.strip():
        raise NoReasonError
    version, rules = version_in_force(db), laid_over(db, overrides)
    freeze_opened(db, observed_now(db, now), now)
    as_kept: dict[str, object] = {name: rules.plain.get(name, str(value)) for name, value in overrides.items()}
    if _sets_moments(overrides):
        releases.forget_moments_of_csv(db)
        as_kept = {name: value for name, value in as_kept.items() if not name.startswith(RELEASE_AT)}
        as_kept[RELEASE_AT] = rules.plain[RELEASE_AT]
    programme = msgspec.structs.replace(version.programme, rules=rules)
    number, phones_before = version.number + 1, versions_in_force(db).of_phones
    append_version(db, number, programme, Change(as_kept, reason.strip(), created_by), now)
    about = decision.about & round_rules.versions_followed(db).keys()
    _follow(db, about, number, by=created_by, now=now, reason=reason.strip(), effects=decision.effects)
    if versions_in_force(db).of_phones != phones_before:
        tell_phones(db, now)
    ask_for(db, [standing_job(row.entrant_id, row.channel) for row in queries.entry_rows(db)], now)
    ask_for(db, [RELEASE_JOB], now)
    return rules


def laid_over(db: Connection, overrides: Mapping[str, object]) -> Ruleset:
    """Return the newest rules with `overrides` laid over them.

    Raises:
        UnreadableRulesError: there is nothing to lay the overrides over.
        checklists.rules.ruleset.RulesetError: a name or value that may not stand.
    """
    before, sets_moments = version_in_force(db).programme.rules, _sets_moments(overrides)
    if sets_moments:
        before = before.with_overrides({RELEASE_AT: _texts(release_moments(db))})
    rules = before.with_overrides(overrides, "")
    if sets_moments or RESULTS_AT in overrides:
        _check_moments(db, rules)
    return rules


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


def _sets_moments(overrides: Mapping[str, object]) -> bool:
    return any(name.startswith(RELEASE_AT) for name in overrides)


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
