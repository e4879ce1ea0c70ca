"""The figures of visits, taken as they arrive: beside the standing of their entry, by the same worker.

FGR-1  Each revision that counts is measured once, and again once an answer of it was corrected.
FGR-2  A record that cannot be laid out is measured without its form, never left out.
FGR-3  Of an entry with more new visits than MOST_AT_ONCE the first are measured, and the job is asked for again: the
       worker rests in between, for the devices that wait. After an upgrade an entry may have a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import Assessment
from checklists.record.assignment import Assignment
from checklists.record.sheet import SheetError
from checklists.score.scoring import Scorer
from sync_server.clock import Clock, now
from sync_server.database.engine import Database
from sync_server.database.queries import bench as queries
from sync_server.database.queries.bench import NewFigures, Unmeasured
from sync_server.database.queries.jobs import Job, ask_for
from sync_server.database.queries.standings import CurrentBody, bodies
from sync_server.database.queries.tallies import entries_unmarked
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.jobs.wishes import entry_of, standing_job
from sync_server.quality.visits import Visit
from sync_server.review.measured import measured, words_of
from sync_server.season.forms import FormBook
from sync_server.season.rules import rules_in_force

MOST_COMPARED = 60  # forms of the same assessor, the newest
MOST_KEPT = 600
MOST_AT_ONCE = 100  # visits of an entry: some 35 ms
MOST_ON_A_PAGE = 25  # visits; after an upgrade thousands wait, for the better part of a minute
_RUNS: dict[str, frozenset[int]] = {}
Runs = Mapping[str, frozenset[int]]  # by assessment
Write = Callable[[Connection], object]


class Figures:
    """Takes the figures of entries. Called by the worker with the subjects of `standing_job`s; safe to repeat."""

    def __init__(self, database: Database, book: FormBook, clock: Clock = now, *, most: int = MOST_AT_ONCE) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._most = most

    def __call__(self, subjects: Sequence[str]) -> Write:
        """Measure what is new of each entry, and return what keeps it, and asks for what is left (FGR-3)."""
        made: list[NewFigures] = []
        unfinished: list[Job] = []
        with self._database.reading() as db:
            for key in map(entry_of, subjects):
                rows = figures_of_entry(db, self._book, key, most=self._most)
                made.extend(rows)
                if len(rows) == self._most:
                    unfinished.append(standing_job(*key))

        def write(db: Connection) -> None:
            queries.keep_figures(db, made)
            ask_for(db, unfinished, self._clock())

        return write


def in_turn(*works: Callable[[Sequence[str]], Write]) -> Callable[[Sequence[str]], Write]:
    """Return work that does each with the same subjects, and keeps what they made in one transaction."""

    def every(subjects: Sequence[str]) -> Write:
        writes = [work(subjects) for work in works]
        return lambda db: [write(db) for write in writes]

    return every


def jobs_missing(db: Connection) -> Sequence[Job]:
    """Return the jobs that measure and add up what an earlier release did not."""
    return [standing_job(*key) for key in sorted({*queries.entries_unmeasured(db), *entries_unmarked(db)})]


class FailedCriticals(NamedTuple):
    """The accepted visits of a round whose critical item failed, with their digests.

    `unknown`: of how many visits nobody knows yet, as the worker has not measured them.
    """

    digests: Mapping[str, str]
    unknown: int


def failed_criticals(db: Connection, book: FormBook, number: int) -> FailedCriticals:
    """Find them by their figures. The few visits that came this moment are measured here, and not kept; no more."""
    kept, unmeasured = queries.accepted_figures(db, number, '"critical_failed"'), queries.entries_unmeasured(db)
    unknown = sum(unmeasured.values())
    if unknown <= MOST_ON_A_PAGE:
        rows = (one for key in unmeasured for one in figures_of_entry(db, book, key))
        kept, unknown = [*kept, *((one.assessment_id, one.body) for one in rows)], 0
    visits = {name: wire.decode(body, Visit) for name, body in kept}
    current = queries.accepted_digests(db, visits)
    failed = {
        name: current[name]
        for name, visit in visits.items()
        if visit.critical_failed and visit.round == number and name in current
    }
    return FailedCriticals(failed, unknown)


def figures_of_entry(
    db: Connection, book: FormBook, key: tuple[str, str], *, most: int | None = None
) -> Sequence[NewFigures]:
    """Return the figures of what of an entry is not measured yet, of the `most` that were received first."""
    rows = queries.unmeasured(db, key)[:most]
    if not rows:
        return ()
    read, zone = bodies(db, [row.id for row in rows]), rules_in_force(db).rules.text("tz")
    counted = CountedRecords(db, [row.id for row in rows])
    runs = {pair: _runs(db, *pair) for pair in {(row.assessor_id, row.form) for row in rows}}
    return [
        NewFigures(
            row.id,
            row.digest,
            row.corrections,
            wire.encode(_visit(db, book, row, read[row.id], counted=counted, zone=zone, runs=runs)).decode(),
        )
        for row in rows
        if row.id in read
    ]


def _visit(
    db: Connection,
    book: FormBook,
    row: Unmeasured,
    read: CurrentBody,
    *,
    counted: CountedRecords,
    zone: str,
    runs: Mapping[tuple[str, str], Runs],
) -> Visit:
    record = counted.read(read.body, row.digest)
    returned = queries.returned_body(db, row.id, row.revision) if row.revision > 1 else None
    return measured(
        record,
        wire.decode(read.assignment, Assignment),
        _scorer(book, record, db),
        zone=zone,
        received_at=datetime.fromisoformat(row.received_at),
        clock_offset_ms=row.clock_offset_ms,
        base=None if row.base_millionths is None else row.base_millionths / 1_000_000,
        others={name: words for name, words in runs[row.assessor_id, row.form].items() if name != row.id},
        returned=None if returned is None else wire.decode(returned, Assessment),
    )


def _scorer(book: FormBook, record: Assessment, db: Connection) -> Scorer | None:
    try:
        return book.scorer_of(record, "flag_only", db)
    except SheetError:
        return None


def _runs(db: Connection, assessor_id: str, form: str) -> Runs:
    """Return the word runs of an assessor's newest forms, of the last few hundred without reading them again."""
    names = queries.newest_of(db, assessor_id, form, MOST_COMPARED)
    unread = queries.bodies_by_digest(db, [each for each in names if each[1] not in _RUNS])
    if len(_RUNS) + len(unread) > MOST_KEPT:
        _RUNS.clear()
        unread = queries.bodies_by_digest(db, names)
    _RUNS.update({digest: words_of(wire.decode(body, Assessment)) for digest, body in unread.items()})
    return {name: _RUNS[digest] for name, digest in names if digest in _RUNS}
