"""What visits add to the quality pages, kept as they arrive: beside the standing of their entry, by the same worker.

TLK-1  Each revision that counts is marked once, and again once an answer of it was corrected; an entry's round is
       summed anew when its visits or their bases are no longer those it was summed from.
TLK-2  A record that cannot be laid out adds its tries alone.
TLK-3  The error of a round is that of its branches' means where it has two branches or more, else that of its bases.
TLK-4  Of an entry with more new visits than MOST_AT_ONCE the first are marked, as their figures are taken (FGR-3); its
       rounds are summed once all are.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.forms.form import Kind
from checklists.record.assessment import Assessment, Attempt, Contact, Outcome
from checklists.record.assignment import Assignment
from checklists.record.derived import Quantities, circumstances
from checklists.record.sheet import SheetError
from checklists.score.scoring import Scorer
from sync_server.clock import Clock, now
from sync_server.database.engine import Database
from sync_server.database.queries import tallies as queries
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.standings import CurrentBody, bodies
from sync_server.database.queries.tallies import CountedVisit, MarksRow, TallyRow
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.jobs.wishes import entry_of, standing_job
from sync_server.quality.intervals import Interval, of_round, of_visits
from sync_server.quality.tally import ItemMark, VisitMarks, WaitMark, tally_of
from sync_server.review.figures import MOST_AT_ONCE, Write
from sync_server.season.forms import FormBook
from sync_server.season.rules import rules_in_force

GAVE_UP = frozenset({Outcome.DROPPED_BEFORE_AGENT})


class Tallies:
    """Adds entries up. Called by the worker with the subjects of `standing_job`s; safe to repeat."""

    def __init__(self, database: Database, book: FormBook, clock: Clock = now, *, most: int = MOST_AT_ONCE) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._most = most

    def __call__(self, subjects: Sequence[str]) -> Write:
        """Mark what is new of each entry, sum the rounds that changed, and return what keeps both (TLK-4)."""
        keys = [entry_of(each) for each in subjects]
        with self._database.reading() as db:
            made = [tallied(db, self._book, key, most=self._most) for key in keys]
        marks = [row for each in made for row in each.marks]
        sums = [row for each in made for row in each.sums]
        unfinished = [standing_job(*key) for key, each in zip(keys, made, strict=True) if each.is_unfinished]

        def write(db: Connection) -> None:
            queries.keep_tallies(db, marks, sums)
            ask_for(db, unfinished, self._clock())

        return write


class Tallied(NamedTuple):
    """The new marks of an entry, and the sums of its rounds that changed; none while some are not marked yet."""

    marks: Sequence[MarksRow]
    sums: Sequence[TallyRow]
    is_unfinished: bool = False


def tallied(db: Connection, book: FormBook, key: tuple[str, str], *, most: int | None = None) -> Tallied:
    """Return what is new of an entry; of its new visits the first `most`."""
    visits = queries.counted_visits(db, key)
    new = [one for one in visits if one.body is None]
    fresh = _fresh(db, book, new[:most])
    if len(new[:most]) < len(new):
        return Tallied(list(fresh.values()), (), is_unfinished=bool(fresh))
    kept, by_round = queries.bases_of(db, key), defaultdict(list)
    for one in visits:
        by_round[one.round].append(one)
    sums = []
    for number in sorted({*kept, *by_round}):
        here = by_round[number]
        basis = _basis(here)
        if kept.get(number) != basis:
            texts = [
                fresh[one.id].body if one.body is None else one.body for one in here if one.body or one.id in fresh
            ]
            body = tally_of(wire.decode(text, VisitMarks) for text in texts)
            scores = [one.base_millionths / 1_000_000 for one in here if one.base_millionths is not None]
            sure = interval_of(here)
            sums.append(
                TallyRow(
                    *key, number, basis, len(scores), fmean(scores) if scores else None,
                    sure.error if sure else None, sure.n if sure else 0, wire.encode(body).decode(),
                )
            )  # fmt: skip
    return Tallied(list(fresh.values()), sums)


def marks_of(record: Assessment, assignment: Assignment, scorer: Scorer | None, zone: str) -> VisitMarks:
    """Return what a record adds. `scorer` None: its form cannot be laid out (TLK-2)."""
    log = [one for one in record.attempts if one.taken_back_at is None]
    is_met = record.contact is Contact.CONNECTED
    can = scorer if is_met else None
    return VisitMarks(
        form=record.form,
        connected=is_met,
        tries=len(log),
        items=tuple(_items(record, can)) if can else (),
        waits=tuple(_waits(record, assignment, can, zone)) if can else (),
        timed_out=sum(one.outcome is Outcome.QUEUE_TIMEOUT for one in log),
        gave_up_s=tuple(_waited_s(one) for one in log if one.outcome in GAVE_UP),
    )


def _fresh(db: Connection, book: FormBook, visits: Sequence[CountedVisit]) -> Mapping[str, MarksRow]:
    if not visits:
        return {}
    ids = [one.id for one in visits]
    read, counted, zone = bodies(db, ids), CountedRecords(db, ids), rules_in_force(db).rules.text("tz")

    def marks(one: CountedVisit, body: CurrentBody) -> VisitMarks:
        record = counted.read(body.body, one.digest)
        try:
            scorer = book.scorer_of(record, "flag_only", db)
        except SheetError:
            scorer = None
        return marks_of(record, wire.decode(body.assignment, Assignment), scorer, zone)

    return {
        one.id: MarksRow(one.id, one.digest, one.corrections, wire.encode(marks(one, read[one.id])).decode())
        for one in visits
        if one.id in read
    }


def _basis(visits: Sequence[CountedVisit]) -> str:
    words = "\n".join(f"{one.id} {one.digest} {one.corrections} {one.base_millionths}" for one in visits)
    return hashlib.sha256(words.encode()).hexdigest()


def interval_of(visits: Sequence[CountedVisit]) -> Interval | None:
    """Return how sure the mean of visits is (TLK-3); None of fewer than two."""
    scored = [(one.branch, one.base_millionths / 1_000_000) for one in visits if one.base_millionths is not None]
    by_branch: dict[str, list[float]] = defaultdict(list)
    for branch, base in scored:
        by_branch[branch or ""].append(base)
    if len(by_branch) > 1 and "" not in by_branch:
        return of_visits(by_branch)
    return of_round([base for _, base in scored])


def _items(record: Assessment, scorer: Scorer) -> Iterator[ItemMark]:
    questions = list(scorer.earned({key: answer.value for key, answer in record.answers.items()}))
    counted = [(one.units, one.possible) for one in questions if one.units is not None]
    earned, possible = sum(units for units, _ in counted), sum(of for _, of in counted)
    for one in questions:
        key = one.key.partition("#")[0]
        if one.units is None:
            yield ItemMark(key, None)
            continue
        others = possible - one.possible
        rest = round((earned - one.units) / others, 4) if others else None
        yield ItemMark(key, round(one.units / one.possible, 4), rest)


def _waits(record: Assessment, assignment: Assignment, scorer: Scorer, zone: str) -> Iterator[WaitMark]:
    quantities = Quantities(scorer.sheet, record.measurements, circumstances=circumstances(assignment, zone))
    for item in scorer.sheet.all_items.values():
        if item.question.kind is not Kind.BANDS or not (item.is_measured and item.in_seconds):
            continue
        source, full = item.question.source or "", [band.limit for band in item.bands if band.share == 1]
        seconds = quantities.number(source)
        if seconds is not None and full and full[-1] is not None:
            yield WaitMark(source, float(seconds), float(full[-1]))


def _waited_s(one: Attempt) -> float | None:
    return None if one.ended_at is None else max(0.0, (one.ended_at - one.at).total_seconds())
