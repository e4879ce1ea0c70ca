"""Do dates that somebody typed fit a season? Every misfit with the column it stands in, and what to do about it.

RND-1  Rounds follow each other: none opens before the one before it has ended, nor later than `rounds.months` lets it.
RND-2  A round lasts no longer than `rounds.months` says, give or take a month.
RND-3  A round's release lies after its end, and at most LATEST later: a wrong year is neither.
RND-4  A round that was released keeps its dates and its moment.
RND-5  What is due lies within its round, not on a day the entry named as closed, and some day of it is open.
RND-6  The results are released after the last round's end, at most LATEST later; once they were, their moment stands.

Pure: the importer and the rules page ask it about what they were given, laid over what is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checklists.days import day_words
from checklists.language import N_, Sentence, Text, sentence
from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import is_open_on

LATEST = timedelta(days=183)
MONTH = timedelta(days=31)
OPENS, CLOSES, RELEASED = "opens_at", "closes_at", "released_at"  # columns of rounds.csv

Months = Sequence[Sequence[int]]  # `rounds.months`: the months of each round, from 1


class RoundDates(NamedTuple):
    """A round with the moment it is to be released, if one is set. `closes_at` is exclusive."""

    number: int
    opens_at: datetime
    closes_at: datetime
    release_at: datetime | None = None


class RoundMisfit(NamedTuple):
    """What is wrong with one round: the column, a permanent code, and the sentence."""

    round: int
    column: str
    code: str
    message: Sentence


class DueMisfit(NamedTuple):
    """What is wrong with when something is due."""

    column: str  # "due_from" or "due_until"
    code: str
    message: Sentence


def round_misfits(rounds: Sequence[RoundDates], months: Months, zone: ZoneInfo) -> Iterator[RoundMisfit]:
    """Yield what is wrong with a season's rounds, by number and between one and the next."""
    in_order = sorted(rounds)
    for one in in_order:
        yield from _about_one(one, months, zone)
    for before, after in pairwise(in_order):
        if after.opens_at < before.closes_at:
            template = N_("round {number} opens before round {before} ends ({end}); rounds follow each other")
            message = sentence(
                template, number=after.number, before=before.number, end=_day(before.closes_at, zone, last=True)
            )
            yield RoundMisfit(after.number, OPENS, "rounds-overlap", message)
        elif after.opens_at - before.closes_at > _most_between(before.number, after.number, months):
            template = N_("round {number} opens long after round {before} ends ({end}); correct the year or the month")
            message = sentence(
                template, number=after.number, before=before.number, end=_day(before.closes_at, zone, last=True)
            )
            yield RoundMisfit(after.number, OPENS, "rounds-apart", message)


def changes_of_released(
    kept: Mapping[int, RoundDates], rounds: Sequence[RoundDates], released: Mapping[int, object]
) -> Iterator[RoundMisfit]:
    """Yield each date that `rounds` would change of a round that was released."""
    for one in rounds:
        before = kept.get(one.number)
        if before is None or one.number not in released:
            continue
        for column, old, new in zip((OPENS, CLOSES, RELEASED), before[1:], one[1:], strict=True):
            if old != new:
                template = N_("round {number} was released; its dates stand as they were, put back what was there")
                yield RoundMisfit(one.number, column, "round-released", sentence(template, number=one.number))


def results_misfits(
    rounds: Sequence[RoundDates], moment: datetime, zone: ZoneInfo, *, released: object | None
) -> Iterator[tuple[str, Sentence]]:
    """Yield code and sentence of what is wrong with the moment the results are to be released."""
    last = max(rounds, default=None)
    if released is not None:
        yield "results-released", sentence(N_("the results were released; the moment stands as it was"))
    elif last is not None and moment < last.closes_at:
        template = N_("lies before round {number} ends ({end}); give a moment after it, in the right year")
        message = sentence(template, number=last.number, end=_day(last.closes_at, zone, last=True))
        yield "release-too-early", message
    elif last is not None and moment - last.closes_at > LATEST:
        template = N_("lies more than {days} days after round {number} ends ({end}); correct the year")
        message = sentence(template, number=last.number, end=_day(last.closes_at, zone, last=True), days=LATEST.days)
        yield "release-too-late", message


def due_misfits(
    due: tuple[datetime, datetime], around: RoundDates, service: ServiceHours | None, zone: ZoneInfo
) -> Iterator[DueMisfit]:
    """Yield what is wrong with a span in which a visit is due: from its first moment to its end, which is exclusive."""
    begins, ends = due
    span = {"begins": _day(around.opens_at, zone), "ends": _day(around.closes_at, zone, last=True)}
    outside = N_("lies outside round {number}, which is from {begins} to {ends}; choose a day in it")
    for column, is_outside in (
        ("due_from", not around.opens_at <= begins < around.closes_at),
        ("due_until", not around.opens_at < ends <= around.closes_at),
    ):
        if is_outside:
            yield DueMisfit(column, "due-outside-round", sentence(outside, number=around.number, **span))
            return
    first, last = begins.astimezone(zone).date(), (ends - timedelta(microseconds=1)).astimezone(zone).date()
    closed = frozenset(service.closed_on) if service else frozenset[date]()
    # What the row leaves to the round is the round's to say: a round may well end on a closed day.
    typed = (("due_from", first, begins != around.opens_at), ("due_until", last, ends != around.closes_at))
    for column, day, is_typed in typed:
        if is_typed and day in closed:
            template = N_("falls on {day}, a day on which the entry is closed; choose another")
            yield DueMisfit(column, "due-on-closed-day", sentence(template, day=day_words(day)))
            return
    if first <= last and not any(
        is_open_on(service, first + timedelta(days=n)) for n in range((last - first).days + 1)
    ):
        message = sentence(N_("ends before the entry opens once: it is closed on every day; choose others"))
        yield DueMisfit("due_until", "due-while-closed", message)


def _about_one(one: RoundDates, months: Months, zone: ZoneInfo) -> Iterator[RoundMisfit]:
    lasts = len(months[one.number - 1]) + 1 if one.number <= len(months) else 1
    if one.closes_at - one.opens_at > lasts * MONTH:
        template = N_("round {number} would last {days} days; correct the year or the month")
        days = (one.closes_at - one.opens_at).days
        yield RoundMisfit(one.number, CLOSES, "round-too-long", sentence(template, number=one.number, days=days))
    if one.release_at is None:
        return
    end = _day(one.closes_at, zone, last=True)
    if one.release_at < one.closes_at:
        template = N_("lies before round {number} ends ({end}); give a moment after it, in the right year")
        if one.release_at < one.opens_at:
            template = N_("lies before round {number} opens; give a moment after its end ({end}), in the right year")
        yield RoundMisfit(one.number, RELEASED, "release-too-early", sentence(template, number=one.number, end=end))
    elif one.release_at - one.closes_at > LATEST:
        template = N_("lies more than {days} days after round {number} ends ({end}); correct the year")
        message = sentence(template, number=one.number, end=end, days=LATEST.days)
        yield RoundMisfit(one.number, RELEASED, "release-too-late", message)


def _most_between(before: int, after: int, months: Months) -> timedelta:
    """Return how long after one round's end the next may open: the months between them, and one more."""
    if after > len(months):
        return MONTH
    return (months[after - 1][0] - months[before - 1][-1]) * MONTH


def _day(at: datetime, zone: ZoneInfo, *, last: bool = False) -> Text:
    """Return the day of `at`; of an exclusive end, the last day before it."""
    local = (at - timedelta(microseconds=1) if last else at).astimezone(zone)
    return day_words(local.date())
