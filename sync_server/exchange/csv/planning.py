"""A round's plan, from the seal on its seed to assignments that phones are told of: it is the import of its own file.

PLW-1  The hash of a seed is kept before anything is drawn with it; a seal makes one plan, and its seed is shown once
       that is written.
PLW-2  What is written is what was previewed: a season that moved since the plan was made refuses it. Of two
       coordinators who plan at once, the second plans again.
PLW-4  While a red line of the edition's check list keeps round 1 from opening (OPG-1), nothing of it is written. A
       round that has opened goes on, and so does a season without an edition, as earlier releases kept it.
PLW-3  A plan is written whole, as one decision in the audit log, and can be taken back like an import.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, Text, sentence
from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries import plans as queries
from sync_server.database.queries.audit_log import AuditRow
from sync_server.database.queries.plans import PlanRow
from sync_server.exchange import season_changes
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.importing import Importing, Write
from sync_server.exchange.csv.planned import FILE, planned_csv
from sync_server.exchange.csv.report import Report
from sync_server.exchange.season_changes import SeasonMovedError
from sync_server.planning.process import planned
from sync_server.planning.question import seed_hash
from sync_server.planning.result import Plan, both
from sync_server.planning.season import question_of
from sync_server.season.edition_checks import cannot_open
from sync_server.season.opening import FIRST, red_lines


class OtherSeedError(SentenceError, ValueError):
    """Another seed's hash was published for this round."""


class RedListError(SentenceError, ValueError):
    """The edition's check list is not green, and round 1 has not opened."""


class NotWritableError(SentenceError, ValueError):
    """The season refuses what was planned; the message says why."""


class Planning:
    """Plans of one server or command. Each step may be called from any thread but the event loop's."""

    def __init__(self, database: Database, write: Write, clock: Clock, importing: Importing) -> None:
        self._database = database
        self._write = write
        self._clock = clock
        self._importing = importing

    def seal(self, number: int, by: str, seed: str = "") -> PlanRow:
        """Keep the hash of a seed, a fresh one where none is given. A seal of the same seed that waits is used.

        Raises:
            OtherSeedError: the seal that waits for this round is another seed's.
        """
        now, given = self._clock(), seed or secrets.token_hex(16)
        row = PlanRow(
            secrets.token_hex(8), number, "sealed", given, seed_hash(given), now, by, None, [], None, None, None, None
        )

        def write(db: Connection) -> PlanRow:
            waiting = queries.sealed_plan(db, number)
            if waiting is None:
                queries.add_plan(db, row)
                return row
            if seed and waiting.seed_hash != row.seed_hash:
                words = N_("For round {number} the seed with the hash {hash} was published; plan with that one.")
                raise OtherSeedError(sentence(words, number=number, hash=waiting.seed_hash))
            return waiting

        return self._write(write)

    def make(self, plan_id: str, without: Sequence[str] = ()) -> Plan:
        """Make a sealed plan and preview what it writes. What stands in its way is kept with it, and raised.

        Raises:
            LookupError: there is no such seal, or it was used.
            SentenceError: it cannot be made, or not be written.
        """
        now = self._clock()
        if not self._write(lambda db: queries.begin_making(db, plan_id, now, without)):
            raise LookupError(plan_id)
        try:
            return self._made(plan_id, without)
        except SentenceError as error:
            self.give_up(plan_id, both(error.message))
            raise

    def confirm(self, plan_id: str, audit: AuditRow) -> None:
        """Write a plan. Confirming what is written already, or at the same moment, changes nothing.

        Raises:
            SeasonMovedError: it must be made again.
            RedListError: it is round 1's, and the edition is not ready.
            LookupError: there is no such plan, or its preview is gone.
        """
        row = self.row(plan_id)
        if row is None or row.set_id is None:
            raise LookupError(plan_id)
        if row.written_at is None:
            self.check_list(row.round)
            try:
                self._importing.confirm(row.set_id, audit)
            except LookupError:
                if not self._is_written(plan_id):
                    raise

    def finish(self, plan_id: str) -> None:
        """Tell the phones of a written plan, slice by slice. A server does so by itself."""
        row = self.row(plan_id)
        if row is not None and row.set_id is not None:
            self._importing.finish(row.set_id)

    def check_list(self, number: int) -> None:
        """Do nothing where a plan of this round may be written (PLW-4).

        Raises:
            RedListError: it is round 1's, which cannot open as the edition stands.
        """
        with self._database.reading() as db:
            red = red_lines(db) if number == FIRST else 0
        if red:
            raise RedListError(cannot_open(red))

    def give_up(self, plan_id: str, why: Text) -> None:
        """Note why a plan was not made."""
        self._write(lambda db: queries.note_plan(db, plan_id, state="failed", failure=dict(why)))

    def row(self, plan_id: str) -> PlanRow | None:
        """Return the plan as it is kept."""
        with self._database.reading() as db:
            return queries.plan_of(db, plan_id)

    def _is_written(self, plan_id: str) -> bool:
        row = self.row(plan_id)
        return row is not None and row.written_at is not None

    def _made(self, plan_id: str, without: Sequence[str]) -> Plan:
        row, now = self.row(plan_id), self._clock()
        if row is None:
            raise LookupError(plan_id)
        with self._database.reading() as db:
            base = season_changes.base_of(db, now)
            question = question_of(db, row.round, row.seed, now, without)
        plan = planned(question)
        set_id = self._previewed(plan, row.sealed_by, base) if plan.visits else None
        body = msgspec.json.encode(plan).decode()
        self._write(
            lambda db: queries.note_plan(
                db, plan_id, state="made", digest=plan.digest, body=body, set_id=set_id, failure=None
            )
        )
        return plan

    def _previewed(self, plan: Plan, by: str, base: object) -> str:
        set_id = self._importing.begin(by)
        self._importing.preview(set_id, Gathered(files={FILE: planned_csv(plan)}), is_plan=True)
        row = self._importing.row(set_id)
        if row is None or row.state != "previewed":
            report = msgspec.convert(dict(row.report) if row else {}, Report)
            first = report.causes[0].first if report.causes else None
            words = N_("The season refuses what was planned: row {row}, {column}: {why}")
            raise NotWritableError(
                sentence(
                    words,
                    row=first.row if first else "-",
                    column=first.column if first else "-",
                    why=first.message if first else "-",
                )
            )
        if dict(row.base) != base:
            self._importing.give_up(set_id)
            raise SeasonMovedError
        return set_id
