"""What a plan would rather have kept: the soft rules it misses, and how near its shares come to those that are wanted.

SFT-1  A fifth of an entry's round for one assessor (E12); contacts per line and day (E15); 40 % in each of two months.
SFT-2  Coverage by part of the week, weekday, language and branch, over the whole round. It is missed below .95, or
       below what whole numbers can reach.
SFT-3  An assessor has no more than eight visits a day, and visits branches in the districts they named.
SFT-5  A lost visit that is not planned again stays with whom or what was lost: each is told by its code.
SFT-4  Where certificates are kept for the round, visits are made by those who have one for the channel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec

from checklists.days import day_words
from checklists.forms.labels import CHANNELS
from checklists.language import N_, sentence
from checklists.plan.dayparts import Daypart, daypart_of
from checklists.plan.shares import coverage, parted
from sync_server.planning.demand import Demand
from sync_server.planning.question import LANGUAGE_SHARES, Line, Question
from sync_server.planning.result import Cover, Missed, Visit, both
from sync_server.planning.spread import months_behind
from sync_server.planning.staffing import most_of

NEAR = Fraction(95, 100)
MOST_A_DAY = 8
_NAMES = {
    "daypart": N_("parts of the week"),
    "weekday": N_("weekdays"),
    "language": N_("languages"),
    "branch": N_("branches"),
}


def covers(demand: Demand, visits: Sequence[Visit]) -> Iterator[Cover]:
    """Yield each line's coverage."""
    for line, counts, shares in _distributions(demand, visits):
        index, best = {}, {}
        for name in counts:
            there = coverage(counts[name], shares[name])
            if there is not None:
                index[name] = int(there * 100)
                nearest = coverage(parted(shares[name], sum(counts[name].values())), shares[name])
                best[name] = int((nearest or 0) * 100)
        if index:
            yield Cover(line=line.name, index=index, best=best)


def misses(demand: Demand, visits: Sequence[Visit]) -> Iterator[Missed]:
    """Yield each soft rule that is not kept, line by line and then by assessor."""
    of_line: dict[Any, list[Visit]] = {}
    for visit in visits:
        of_line.setdefault((visit.entrant, visit.channel, visit.variant), []).append(visit)
    for line in demand.question.lines:
        own = of_line.get(line.key, [])
        if own:
            yield from _of_share(demand, line, own)
            yield from _of_days(demand, line, own)
    for line, counts, shares in _distributions(demand, visits):
        if line.key in of_line:
            yield from _of_shares(line, counts, shares)
    yield from _of_people(demand, visits)
    yield from _of_lost(demand.question, visits)


def _of_share(demand: Demand, line: Line, own: Sequence[Visit]) -> Iterator[Missed]:
    turns = Counter([*(kept.assessor for kept in demand.kept_of(line)), *(visit.assessor for visit in own)])
    new = {visit.assessor for visit in own}
    for assessor, count in sorted(turns.items()):
        if count > most_of(line) and assessor in new:
            what = N_("{assessor} makes {count} of {of}, more than a fifth (E12)")
            said = sentence(what, assessor=assessor, count=count, of=line.visits)
            yield Missed(line=line.name, rule="share", what=both(said))


def _of_days(demand: Demand, line: Line, own: Sequence[Visit]) -> Iterator[Missed]:
    kept = [one for one in demand.kept_of(line) if one.is_dated]
    sites: Mapping[str | None, Counter[date]] = {visit.branch: Counter() for visit in own}
    for branch, day in [*((one.branch, one.first) for one in kept), *((one.branch, one.day) for one in own)]:
        if branch in sites:
            sites[branch][day] += 1
    number = demand.question.lines.index(line)
    for branch, on_day in sites.items():
        open_days = len(demand.openings[number, branch].by_day)
        quota = line.visits if branch is None else -(-line.visits // max(1, len(sites)))
        most = max(2, -(-2 * quota // open_days))
        over = sorted(day for day, count in on_day.items() if count > most)
        if over:
            what = N_("more than {most} contacts a day on {count} days, the first {day} (E15)")
            said = sentence(what, most=most, count=len(over), day=day_words(over[0]))
            yield Missed(line=line.name, rule="a-day", what=both(said))
    months = Counter([one.first.month for one in kept])
    months.update(one.day.month for one in own)
    for month in months_behind(months, sum(months.values()), {day.month for day in demand.question.days}):
        what = N_("{count} of {of} are in month {month}, less than 40 %")
        said = sentence(what, count=months[month], of=sum(months.values()), month=month)
        yield Missed(line=line.name, rule="month", what=both(said))


def _of_shares(
    line: Line, counts: Mapping[str, Mapping[Any, int]], shares: Mapping[str, Mapping[Any, int]]
) -> Iterator[Missed]:
    for name in counts:
        index = coverage(counts[name], shares[name])
        nearest = coverage(parted(shares[name], sum(counts[name].values())), shares[name])
        if index is not None and nearest is not None and index < min(NEAR, nearest):
            what = N_("the shares of {name} come to {index} % of those wanted; {best} % could be reached")
            said = sentence(what, name=sentence(_NAMES[name]), index=int(index * 100), best=int(nearest * 100))
            yield Missed(line=line.name, rule=name, what=both(said))


def _of_people(demand: Demand, visits: Sequence[Visit]) -> Iterator[Missed]:
    on_day = Counter((kept.assessor, kept.first) for kept in demand.question.kept if kept.is_dated)
    new = Counter((visit.assessor, visit.day) for visit in visits)
    for (assessor, day), count in sorted(new.items()):
        if count + on_day[assessor, day] > MOST_A_DAY:
            what = N_("{count} visits on {day}")
            said = sentence(what, count=count + on_day[assessor, day], day=day_words(day))
            yield Missed(line=assessor, rule="load", what=both(said))
    districts = {place.id: place.district for line in demand.question.lines for place in line.places}
    named = {person.id: person.districts for person in demand.question.people}
    away = Counter(
        visit.assessor
        for visit in visits
        if visit.branch and named[visit.assessor] and districts[visit.branch] not in named[visit.assessor]
    )
    yield from _of_certificates(demand.question, visits)
    for assessor, count in sorted(away.items()):
        said = sentence(N_("{count} visits outside the districts that were named"), count=count)
        yield Missed(line=assessor, rule="district", what=both(said))


def _distributions(
    demand: Demand, visits: Sequence[Visit]
) -> Iterator[tuple[Line, Mapping[str, Mapping[Any, int]], Mapping[str, Mapping[Any, int]]]]:
    """Yield, for each line, what its whole round has of each kind, and what is wanted."""
    of_line: dict[Any, list[Visit]] = {}
    for visit in visits:
        of_line.setdefault((visit.entrant, visit.channel, visit.variant), []).append(visit)
    holidays = frozenset(demand.question.holidays)
    for number, line in enumerate(demand.question.lines):
        own, kept = of_line.get(line.key, []), demand.kept_of(line)
        sites = [openings for (at, _), openings in demand.openings.items() if at == number]
        if not sites or not (own or kept):
            continue
        minutes: Counter[Daypart] = Counter()
        weekdays: Counter[int] = Counter()
        drawn = {visit.branch for visit in own} | {one.branch for one in kept}
        for (at, place), openings in demand.openings.items():
            if at == number and (place is None or place in drawn):
                minutes.update(openings.minutes())
                weekdays.update(openings.weekdays())
        dated = [one for one in kept if one.is_dated]
        days = [*((one.first, one.minute) for one in dated), *((one.day, one.begin) for one in own)]
        counts: dict[str, Mapping[Any, int]] = {
            "daypart": Counter(daypart_of(day, minute, holidays) for day, minute in days),
            "weekday": Counter(day.isoweekday() for day, _ in days),
            "language": Counter([*(one.language for one in kept), *(one.language for one in own)]),
        }
        shares: dict[str, Mapping[Any, int]] = {"daypart": minutes, "weekday": weekdays, "language": LANGUAGE_SHARES}
        if line.branches:
            counts["branch"] = Counter([*(one.branch for one in kept), *(one.branch for one in own)])
            shares["branch"] = dict.fromkeys(counts["branch"], 1)
        yield line, counts, shares


def _of_lost(question: Question, visits: Sequence[Visit]) -> Iterator[Missed]:
    names = {line.key: line.name for line in question.lines}
    again = {visit.code for visit in visits}
    left: dict[str, list[str]] = {}
    for lost in question.lost:
        if lost.id not in again:
            key = (lost.entrant, lost.channel, lost.variant)
            left.setdefault(names.get(key, f"{lost.entrant}/{lost.channel}"), []).append(lost.id)
    for name, codes in sorted(left.items()):
        what = N_("not planned again, withdraw them or give them to somebody: {codes}")
        yield Missed(line=name, rule="lost", what=both(sentence(what, codes=", ".join(codes))))


def _of_certificates(question: Question, visits: Sequence[Visit]) -> Iterator[Missed]:
    if question.certified is msgspec.UNSET:
        return
    without = Counter(
        (visit.assessor, visit.channel)
        for visit in visits
        if visit.assessor not in question.certified.get(visit.channel, ())
    )
    for (assessor, channel), count in sorted(without.items()):
        what = N_("{count} visits by {channel} without a certificate for this round")
        said = sentence(what, count=count, channel=sentence(CHANNELS[channel]))
        yield Missed(line=assessor, rule="certificate", what=both(said))
