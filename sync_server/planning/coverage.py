"""How well what was done of a round is spread, against what was wanted (quality control 4.6).

COV-1  Wanted are: parts of the week and weekdays by the open minutes of the entry in the round, languages by their
       shares, and each branch that was visited as often as any other.
COV-2  The index of each is that of R-SHR-2; an entry is told by its poorest. It means nothing before some visits are
       made: below LEAST there is none.
COV-3  Quotas are told in visits, as the planner counts them: a session of RECORDINGS recordings is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from checklists.forms.form import Channel
from checklists.plan.dayparts import Daypart, open_parts
from checklists.plan.quota import Size, plan_of
from checklists.plan.shares import coverage
from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import open_minutes
from checklists.rules.ruleset import Ruleset
from sync_server.planning.question import LANGUAGE_SHARES
from sync_server.planning.season import RECORDINGS

LEAST = 5  # visits from which an index means something
GREEN, AMBER = Fraction(9, 10), Fraction(8, 10)


class Made(NamedTuple):
    """One visit as far as its spread goes."""

    part: Daypart
    weekday: int  # Monday is 1
    language: str
    branch: str | None


class Wanted(NamedTuple):
    """Open minutes of an entry in a round, by part of the week and by weekday."""

    parts: Mapping[Daypart, int]
    weekdays: Mapping[int, int]


def wanted_of(service: Mapping[str, Any] | None, first: date, last: date, holidays: tuple[date, ...]) -> Wanted:
    """Return what is wanted of an entry with these hours (as they are kept) from `first` to `last` (COV-1)."""
    key = msgspec.json.encode(service, order="deterministic") if service else b""
    return _wanted(key, first, last, holidays)


@lru_cache(maxsize=4096)
def _wanted(service: bytes, first: date, last: date, holidays: tuple[date, ...]) -> Wanted:
    hours = msgspec.json.decode(service, type=ServiceHours) if service else None
    parts: Counter[Daypart] = Counter()
    weekdays: Counter[int] = Counter()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for part, spans in open_parts(day, open_minutes(hours, day), holidays).items():
            minutes = sum(end - begin for begin, end in spans)
            parts[part] += minutes
            weekdays[day.isoweekday()] += minutes
    return Wanted(parts, weekdays)


def indices(made: Mapping[Made, int], wanted: Wanted) -> Mapping[str, Fraction]:
    """Return the coverage index by "daypart", "weekday", "language" and "branch"; empty below LEAST (COV-2)."""
    if sum(made.values()) < LEAST:
        return {}
    counts: dict[str, Counter[Any]] = {name: Counter() for name in ("daypart", "weekday", "language", "branch")}
    for each, count in made.items():
        counts["daypart"][each.part] += count
        counts["weekday"][each.weekday] += count
        counts["language"][each.language] += count
        if each.branch is not None:
            counts["branch"][each.branch] += count
    shares: Mapping[str, Mapping[Any, int]] = {
        "daypart": wanted.parts,
        "weekday": wanted.weekdays,
        "language": LANGUAGE_SHARES,
        "branch": dict.fromkeys(counts["branch"], 1),
    }
    found = {name: _index(frozenset(counts[name].items()), frozenset(shares[name].items())) for name in counts}
    return {name: index for name, index in found.items() if index is not None}


@lru_cache(maxsize=16_384)  # of rounds that are over nothing changes
def _index(counts: frozenset[tuple[Any, int]], shares: frozenset[tuple[Any, int]]) -> Fraction | None:
    return coverage(dict(counts), dict(shares))


def visits_wanted(
    channel: str, seats: int | None, branches: int | None, variant: str | None, rules: Ruleset
) -> int | None:
    """Return how many visits a round asks of an entry (COV-3); None where its size is not known."""
    quota = plan_of(Channel(channel), Size(seats=seats, branches=branches), rules, variant=variant).quota
    if quota is None:
        return None
    return -(-quota.contacts // RECORDINGS) + quota.visits if channel == Channel.ONSITE else quota.per_round
