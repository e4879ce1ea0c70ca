"""An import beside the running work: read and checked outside any transaction, staged in slices, then one switch.

IMG-1  The writer is asked for a turn of a few milliseconds at a time, so that phones and pages need not wait.
IMG-2  Nothing of an import is seen before it is confirmed, and then all of it.
IMG-3  What was previewed is what is written: a season that moved meanwhile refuses it.
IMG-4  A whole import is one entry of the audit log; what was there before is kept with its changes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import msgspec
from sqlalchemy import Connection

from sync_server.clock import Clock, monotonic_s
from sync_server.database.engine import Database
from sync_server.database.queries import change_sets as queries
from sync_server.database.queries import resting
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.change_sets import SetRow
from sync_server.database.queries.devices import phones_of
from sync_server.database.queries.jobs import ask_for
from sync_server.exchange import season_changes
from sync_server.exchange.csv import undoing
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.plan import Checked, check
from sync_server.exchange.csv.report import Report, report_of
from sync_server.exchange.csv.season_import import changes_of, kept_season
from sync_server.exchange.csv.undoing import RestsOnItError
from sync_server.exchange.season_changes import Staging, import_job
from sync_server.season.rules import version_in_force
from sync_server.season.set_up import set_up

WAITS_FOR = timedelta(hours=24)  # a preview nobody confirms
TOLD_EVERY_S = 0.5
WHILE_SERVING = 2.0  # of a server's imports: phones and pages come first
LONGEST_REST_S = 0.5
Result = TypeVar("Result")


class Write(Protocol):
    """Runs one write in a transaction of its own and returns its result once durable."""

    def __call__(self, write: Callable[[Connection], Result], /) -> Result: ...  # noqa: D102 - see above


class Importing:
    """Imports of one server or command. Each step may be called from any thread but the event loop's."""

    def __init__(self, database: Database, write: Write, clock: Clock, *, rest: float = 0.0) -> None:
        """Keep what imports work with. After each slice it rests `rest` times as long as the slice took."""
        self._database = database
        self._write = write
        self._clock = clock
        self._rest = rest

    def begin(self, by: str, kind: str = "import") -> str:
        """Begin an import, or (`kind` "page") a typed row; have stale ones cleared away, and return its id."""
        now = self._clock()

        def write(db: Connection) -> str:
            set_up(db, now)
            stale = queries.stale_sets(db, now - WAITS_FOR)
            ask_for(db, [import_job(set_id) for set_id in stale], now)
            return season_changes.begin(db, kind, by, now, base={})

        return self._write(write)

    def preview(
        self, set_id: str, given: Gathered, encodings: Mapping[str, str] | None = None, *, is_plan: bool = False
    ) -> Checked:
        """Read, check and stage: afterwards the set is previewed, refused, or asks what a file is in.

        A plan is looked at before the edition is ready, and asks for that itself once it is to be written (PLW-4).
        """
        if given.problems:
            checked = Checked(plan=None, problems=given.problems)
            self._end(set_id, "refused", report_of(checked, given.files, given.remarks))
            return checked
        now = self._clock()
        with self._database.reading() as db:
            base = season_changes.base_of(db, now)
            kept = kept_season(db)
            programme = version_in_force(db).programme
        progress = self._progress_of(set_id, "checking")
        today = now.astimezone(kept.zone).date()
        checked = check(given.files, kept, programme, today, encodings=encodings, progress=progress, is_plan=is_plan)
        report = report_of(checked, given.files, given.remarks)
        if checked.plan is None:
            asks = bool(checked.doubts) and len(checked.doubts) == len(checked.problems)
            self._write(lambda db: queries.keep_files(db, set_id, given.files if asks else {}))
            self._end(set_id, "asked" if asks else "refused", report)
            return checked
        with self._database.reading() as db:
            phones = phones_of(db, {assignment.assessor_id for assignment in checked.plan.assignments})
        report = msgspec.structs.replace(report, phones=phones)
        self._stage(set_id, Staging(set_id, changes_of(checked.plan, kept, now)), report.staged)
        self._end(set_id, "previewed", report, base=base)
        return checked

    def confirm(self, set_id: str, audit: AuditRow) -> None:
        """Write what was previewed, with its entry in the audit log.

        Raises:
            SeasonMovedError: it must be previewed again.
            LookupError: there is no such preview.
        """
        now = self._clock()

        def write(db: Connection) -> None:
            season_changes.switch(db, set_id, now)
            append_audit(db, [audit])

        self._write(write)

    def undo(self, set_id: str, by: str, audit: AuditRow) -> str:
        """Take a written import back, staged and switched like an import, and return the id of the set that did it.

        Raises:
            RestsOnItError: something rests on it.
            SeasonMovedError: the season moved while it was being prepared; try again.
            LookupError: there is no such set.
        """
        now = self._clock()
        with self._database.reading() as db:
            row = queries.set_of(db, set_id)
            if row is None:
                raise LookupError(set_id)
            why_not = undoing.refusal(db, row)
            if why_not is not None:
                raise RestsOnItError(why_not)
            base = season_changes.base_of(db, now)
            changes = list(undoing.changes_back(db, row, now))
        undo_id = self._write(lambda db: season_changes.begin(db, "undo", by, now, base=base, undoes=set_id))
        self._stage(undo_id, Staging(undo_id, changes), len(changes))
        self._end(undo_id, "previewed", Report(files=tuple(row.report.get("files", ())), staged=len(changes)))

        def write(db: Connection) -> None:
            came = undoing.came_since(db, row)
            if came is not None:
                raise RestsOnItError(came)
            resting.clear_way(db, undo_id)
            season_changes.switch(db, undo_id, now)
            queries.note(db, set_id, now, state="undone")
            append_audit(db, [audit])

        self._write(write)
        return undo_id

    def finish(self, set_id: str) -> None:
        """Tell the phones of a written set, slice by slice, and clear away what was staged. Repeating is harmless."""
        now = self._clock()
        while self._slice(lambda db: season_changes.tell_some(db, set_id, now)):
            continue
        while self._slice(lambda db: queries.forget_staged(db, set_id)):
            continue
        row = self.row(set_id)
        if row is not None and row.written_at is None and row.heard_at < now - WAITS_FOR:
            while self._slice(lambda db: queries.forget_changes(db, set_id)):
                continue
            self._write(lambda db: queries.forget_set(db, set_id))

    def __call__(self, subject: str) -> None:
        """Do the job of `import_job`."""
        self.finish(subject)

    def give_up(self, set_id: str) -> None:
        """Note that the import cannot go on; nothing of it was written."""
        self._write(lambda db: queries.note(db, set_id, self._clock(), state="failed"))

    def row(self, set_id: str) -> SetRow | None:
        """Return the set as it is kept."""
        with self._database.reading() as db:
            return queries.set_of(db, set_id)

    def _slice(self, write: Callable[[Connection], Result]) -> Result:
        """Write one slice, then leave the machine to phones and pages for a while."""
        begun = monotonic_s()
        result = self._write(write)
        if self._rest:
            time.sleep(min(self._rest * (monotonic_s() - begun), LONGEST_REST_S))
        return result

    def _stage(self, set_id: str, staging: Staging, of: int) -> None:
        progress = self._progress_of(set_id, "staging")
        while True:
            kept, rows = staging.slice()
            if not kept:
                return
            self._slice(lambda db, kept=kept, rows=rows: queries.stage(db, kept, rows))  # type: ignore[misc]
            progress(staging.done, of)

    def _progress_of(self, set_id: str, step: str) -> Callable[[int, int], None]:
        told = [0.0]

        def tell(done: int, of: int) -> None:
            if monotonic_s() - told[0] >= TOLD_EVERY_S:
                told[0] = monotonic_s()
                noted = {"step": step, "done": done, "of": of}
                self._write(lambda db: queries.note(db, set_id, self._clock(), progress=noted))

        return tell

    def _end(self, set_id: str, state: str, report: Report, **values: Any) -> None:
        kept = msgspec.to_builtins(report)
        now: datetime = self._clock()
        self._write(lambda db: queries.note(db, set_id, now, state=state, report=kept, **values))
