"""Is everything that was acknowledged still there, and does every figure still come out of it?

VER-1  Each kept body has the digest it is filed under, and can be read as a record. One whose words were erased has the
       digest that was noted then.
VER-2  The highest revision without a conflict is what the lists show; the feed has an entry for each kept body.
VER-3  Each base is worked out again from the body, the form version and the ruleset in force, and must be the same.
VER-4  Each held file is in the store, as long as it should be, and has the hash that is its name.
VER-5  The counts of files named and held are those of the links; one that retention erased counts as come.
VER-6  The database's own checks pass.
VER-7  What is shown instead of a file is what it was; where it is not, `make_anew` has it made again.
VER-8  What each ruling of a settled double score holds comes to the base that it says.

Looking reads only; a running server does not disturb it, and it sees one moment.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.language import N_, Sentence, sentence
from checklists.problems import Problem
from checklists.record.assessment import RecordStatus
from sync_server.award.settled import is_settled_to
from sync_server.database.engine import Database
from sync_server.database.queries import whole
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.whole import ProjectionRow, WholeFile, WholeRevision
from sync_server.evidence.arrivals import derive_job
from sync_server.evidence.store import MediaGoneError, MediaStore
from sync_server.fieldwork.base_scores import BaseScorer
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.season.forms import FormBook
from sync_server.season.rules import versions_in_force


class Counts(NamedTuple):
    """How much was looked at."""

    revisions: int
    assessments: int
    bases: int
    files: int


class Verification:
    """One look at everything. Iterate `problems` to the end; then `counts` says how much there was."""

    def __init__(self, database: Database, media: MediaStore) -> None:
        self._database = database
        self._media = media
        self._scorer = BaseScorer(FormBook())
        self._seen: Counter[str] = Counter()
        self._damaged: list[tuple[str, str]] = []  # an original, and what was made of it

    @property
    def counts(self) -> Counts:
        """How much was looked at so far."""
        return Counts(*(self._seen[name] for name in Counts._fields))

    def problems(self) -> Iterator[Problem]:
        """Yield everything that does not hold, one after another."""
        with self._database.reading() as db:
            for report in whole.broken_parts(db):
                yield _problem(
                    "database", "database-broken", sentence(N_("the database reports: {report}"), report=report)
                )
            yield from self._records(db)
            yield from _settled(db)
            yield from self._files(db)

    def make_anew(self, now: datetime) -> int:
        """Remove what can be made again and was found damaged, ask for it, and return how much."""
        for _, derived in self._damaged:
            self._media.remove(derived)
        with self._database.transaction() as db:
            ask_for(db, {derive_job(original) for original, _ in self._damaged}, now)
        return len(self._damaged)

    def _records(self, db: Connection) -> Iterator[Problem]:
        shown, fed, bases = whole.projections(db), whole.feed_rows(db), whole.last_bases(db)
        counted = CountedRecords(db)
        bodies: Counter[str] = Counter()
        highest: dict[str, WholeRevision] = {}
        for row in whole.whole_revisions(db):
            self._seen["revisions"] += 1
            bodies[row.assessment_id] += 1
            place = f"assessment {row.assessment_id} revision {row.revision}"
            if wire.digest(row.body) != (row.kept_digest or row.digest):
                yield _problem(
                    place, "digest-wrong", sentence(N_("its content is not what was received; restore a backup"))
                )
            if not row.conflict:
                highest[row.assessment_id] = row
        for assessment_id, row in highest.items():
            self._seen["assessments"] += 1
            place = f"assessment {assessment_id}"
            projection = shown.get(assessment_id)
            if projection is None or (projection.revision, projection.digest) != (row.revision, row.digest):
                yield _problem(place, "current-wrong", sentence(N_("the lists do not show its highest revision")))
                continue
            if fed.get(assessment_id, 0) < bodies[assessment_id]:
                yield _problem(place, "feed-missing", sentence(N_("the dashboard was not told of each revision")))
            yield from self._base(db, row, projection, bases.get((assessment_id, row.digest)), counted)
        for assessment_id in shown.keys() - highest.keys():
            yield _problem(
                f"assessment {assessment_id}", "body-missing", sentence(N_("is listed, but no body is kept"))
            )

    def _base(
        self,
        db: Connection,
        row: WholeRevision,
        shown: ProjectionRow,
        recorded: str | None,
        counted: CountedRecords,
    ) -> Iterator[Problem]:
        place = f"assessment {row.assessment_id}"
        try:
            record = counted.read(row.body, row.digest)
        except wire.NotReadableError as error:
            yield _problem(place, "record-not-readable", sentence(N_("cannot be read: {why}"), why=str(error)))
            return
        if record.status is not RecordStatus.FINISHED:
            return
        self._seen["bases"] += 1
        base = self._scorer.bases_of(record, db).under(versions_in_force(db).of_round(shown.round)).exact
        if not base == shown.base == recorded:
            message = sentence(
                N_("its base comes out as {base}, but {shown} is shown and {graded} was graded"),
                base=base, shown=shown.base, graded=recorded,
            )  # fmt: skip
            yield _problem(place, "base-differs", message)

    def _files(self, db: Connection) -> Iterator[Problem]:
        came = whole.erased_media(db)
        for row in whole.held_media(db):
            self._seen["files"] += 1
            came.add(row.sha256)
            yield from self._file(row)
        for original, derived in whole.derivatives(db):
            if not self._is_right(derived):
                self._damaged.append((original, derived.sha256))
                message = sentence(N_("what is shown for it is gone or damaged; it will be made again"))
                yield _problem(f"file {original}", "derivative-wrong", message)
        named: dict[tuple[str, str], set[str]] = {}
        for assessment_id, digest, sha256 in whole.named_files(db):
            named.setdefault((assessment_id, digest), set()).add(sha256)
        for shown in whole.projections(db).values():
            files = named.get((shown.id, shown.digest), set())
            if (shown.files_named, shown.files_held) != (len(files), len(files & came)):
                message = sentence(
                    N_("shows {held} of {named} files, but it is {really_held} of {really_named}"),
                    held=shown.files_held, named=shown.files_named,
                    really_held=len(files & came), really_named=len(files),
                )  # fmt: skip
                yield _problem(f"assessment {shown.id}", "files-miscounted", message)

    def _file(self, row: WholeFile) -> Iterator[Problem]:
        place = f"file {row.sha256}"
        try:
            if not self._has_right_bytes(row):
                message = sentence(N_("has other content than its name says; restore a backup"))
                yield _problem(place, "file-wrong", message)
        except MediaGoneError:
            yield _problem(place, "file-gone", sentence(N_("is not in the store; restore a backup")))

    def _is_right(self, derived: WholeFile) -> bool:
        try:
            return self._has_right_bytes(derived)
        except MediaGoneError:
            return False

    def _has_right_bytes(self, row: WholeFile) -> bool:
        digest, size_bytes = hashlib.sha256(), 0
        for block in self._media.read(row.sha256):
            digest.update(block)
            size_bytes += len(block)
        return (digest.hexdigest(), size_bytes) == (row.sha256, row.size_bytes)


def _settled(db: Connection) -> Iterator[Problem]:
    for number, assessment_id, value in whole.settled_rulings(db):
        try:
            if is_settled_to(value):
                continue
            message = sentence(N_("what was settled does not come to the base that it holds"))
        except wire.NotReadableError as error:
            message = sentence(N_("what was settled cannot be read: {why}"), why=str(error))
        yield _problem(f"assessment {assessment_id} decision {number}", "settled-wrong", message)


def _problem(place: str, code: str, message: Sentence) -> Problem:
    return Problem(place=place, code=code, message=message)
