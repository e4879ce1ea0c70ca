"""Part three of a participant report: how much was made, what was void and why, and how it was spread.

CPL-1  Beside each share stands the planned one, of which nothing may have been made: parts of the week and weekdays by
       the entry's own open hours in the round, languages by their shares, branches evenly (COV-1). Scenarios have none.
CPL-2  A visit that was broken off is told as such, for its assessor's words may name somebody. One that the office
       declared void is told in the words of whoever did, who was told that the entrant reads them; without them where
       they hold personal data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

import msgspec

from checklists.language import N_, Template
from checklists.plan.quota import Size, plan_of
from checklists.plan.shares import coverage
from checklists.record.personal_data import personal_data_in
from checklists.season.model import SeasonEntrant, SeasonEntry
from sync_server.planning.coverage import LEAST, Wanted, wanted_of
from sync_server.planning.holidays import general_holidays
from sync_server.planning.question import LANGUAGE_SHARES
from sync_server.print.document import Block, Heading, Rows, Words
from sync_server.reports import figures
from sync_server.reports.round_copy import Visit
from sync_server.reports.source import Source
from sync_server.reports.words import DAYPARTS, percent


class _Spread(NamedTuple):
    """One table: how many visits there are of each kind, and what share of each was planned; none: nothing was."""

    caption: Template
    made: Mapping[str, int]
    planned: Mapping[str, int]


def completion(source: Source) -> Sequence[Block]:
    """Return quota against done, the voids, and the spread against the plan."""
    say, visits = source.say, source.visits
    entrant = next(one for one in source.copy.scored.season.entrants if one.id == source.key[0])
    entry = next(one for one in entrant.entries if one.channel.value == source.key[1])
    void = sum(not visit.score.is_made for visit in visits)
    words = N_("{made} of {asked} assessments made; {void} void or left open, which count for nothing.")
    asked = _asked(source, entrant, entry)
    return [
        Heading(text=say(N_("3 Completion"))),
        Words(text=say(words, made=source.round.made, asked="–" if asked is None else asked, void=void)),
        *_voids(source),
        *(_table(source, one) for one in _spreads(source, entry) if one.made),
    ]


def _asked(source: Source, entrant: SeasonEntrant, entry: SeasonEntry) -> int | None:
    size = Size(seats=entrant.seats, branches=entrant.branches)
    quota = plan_of(entry.channel, size, source.copy.scored.rules, variant=entry.onsite_variant).quota
    return quota.per_round if quota else None


def _voids(source: Source) -> Sequence[Block]:
    """Why visits count for nothing (CPL-2)."""
    say, days = source.say, dict[str, list[str]]()
    for visit in source.visits:
        if not visit.score.is_made:
            days.setdefault(_why(source, visit), []).append(say.on(visit.seen.get("on", "")))
    rows = [[why, str(len(on)), ", ".join(on)] for why, on in sorted(days.items())]
    heads = [say(head) for head in (N_("Why"), N_("n"), N_("On"))]
    return [Rows(caption=say(N_("What counts for nothing.")), heads=heads, rows=rows, words=(0, 2))] if rows else []


def _why(source: Source, visit: Visit) -> str:
    say, because = source.say, visit.seen.get("void_because", "")
    if visit.seen.get("is_broken_off"):
        return say(N_("Broken off by the assessor"))
    if because and not personal_data_in(because):
        return str(because)
    return say(N_("Void, for a reason that stays with the organiser")) if because else say(N_("Left open"))


def _spreads(source: Source, entry: SeasonEntry) -> Sequence[_Spread]:
    say, visits, wanted = source.say, source.visits, _wanted(source, entry)
    minutes = {part.value: open_ for part, open_ in wanted.parts.items() if open_}
    dayparts = {say(words): minutes[part] for part, words in DAYPARTS.items() if part in minutes}
    weekdays = {name: wanted.weekdays.get(number, 0) for number, name in enumerate(say.weekdays, 1)}
    languages = {say.label("spoken", code): share for code, share in LANGUAGE_SHARES.items()}
    branches = figures.counted(visits, source.branch)
    return [
        _Spread(N_("By part of the week"), figures.counted(visits, source.daypart), dayparts),
        _Spread(
            N_("By day of the week"),
            figures.counted(visits, lambda visit: say.weekday(visit.seen["on"]) if "on" in visit.seen else ""),
            {name: open_ for name, open_ in weekdays.items() if open_},
        ),
        _Spread(
            N_("By language"),
            figures.counted(visits, lambda visit: say.label("spoken", visit.seen.get("language", ""))),
            languages,
        ),
        _Spread(N_("By branch"), branches, dict.fromkeys(branches, 1)),
        _Spread(
            N_("By scenario"),
            figures.counted(visits, lambda visit: say.text(visit.seen["scenario"]) if "scenario" in visit.seen else ""),
            {},
        ),
    ]


def _wanted(source: Source, entry: SeasonEntry) -> Wanted:
    dates = source.copy.file.get("x_round")
    if not dates:
        return Wanted({}, {})
    zone = source.say.zone
    opens, closes = (datetime.fromisoformat(dates[name]) for name in ("opens_at", "closes_at"))
    first, last = opens.astimezone(zone).date(), (closes - timedelta(microseconds=1)).astimezone(zone).date()
    service = None if entry.service is None else msgspec.to_builtins(entry.service)
    return wanted_of(service, first, last, general_holidays(first, last))


def _table(source: Source, one: _Spread) -> Rows:
    say, made = source.say, Counter(one.made)
    all_, whole = made.total(), sum(one.planned.values())
    order = list(source.say.weekdays) if made.keys() <= set(source.say.weekdays) else sorted({*made, *one.planned})
    rows, bars = [], []
    for name in (each for each in order if each in made or each in one.planned):
        planned = [percent(one.planned.get(name, 0), whole)] if whole else []
        rows.append([name, str(made[name]), percent(made[name], all_), *planned])
        bars.append(100 * made[name] / all_)
    heads = [N_("Which"), N_("Made"), N_("Share"), *([N_("Planned")] if whole else [])]
    index = coverage(made, {name: Fraction(share) for name, share in one.planned.items()}) if all_ >= LEAST else None
    words = say(one.caption)
    if index is not None:
        words = say(N_("{what}; coverage {index} (1.00: as planned)"), what=words, index=f"{float(index):.2f}")
    return Rows(caption=words, heads=[say(head) for head in heads], rows=rows, bars=bars)
