"""The FAQ desk: a list that is handed in files the FAQ of its entries; once accepted it becomes versions that count.

FQD-1  Handing in sets, in the same transaction, when the FAQ of each entry it names was filed, where none was yet.
FQD-2  Of an accepted list only what differs from the version in force becomes a new one, from the day that is given:
       today at the earliest, in the season's zone.
FQD-3  On the day on which a version begins to count, the assignments that show it are built anew, and phones are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from checklists.record.assignment import Assignment
from checklists.wire import decode, encode
from sync_server.clock import Clock
from sync_server.database.queries import season
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.settings import keep_setting, setting
from sync_server.database.writer import Writer
from sync_server.exchange.csv import assignments
from sync_server.exchange.csv.importing import Importing, Write
from sync_server.exchange.csv.overlay import unfold
from sync_server.exchange.csv.season_import import kept_season
from sync_server.exchange.csv.sheets import BY_FILE, as_csv
from sync_server.exchange.judged_import import import_with
from sync_server.exchange.letters import post_receipt, post_verdict
from sync_server.exchange.season_changes import Change, change, write_at_once
from sync_server.exchange.typed_cells import wrong_in
from sync_server.hand_in.faq import COLUMNS, FaqList, Row
from sync_server.hand_in.versions import CannotJudgeError, Judgement, Receipt, begun, hand_in, judge
from sync_server.jobs.wishes import FAQ_JOB
from sync_server.season.rules import version_in_force

KIND = "faq"
TOLD_ON = "faqs-told-on"  # the last day whose versions phones were told of
SHEET = BY_FILE["faqs.csv"]
# What an entrant fills in: neither itself, nor versions and days.
FILE_SHEET = msgspec.structs.replace(
    SHEET, key=("faq",), columns=tuple(column for column in SHEET.columns if column.name in COLUMNS)
)


class Wrong(NamedTuple):
    """What is wrong with one line, by its number from 1."""

    row: int
    column: str
    message: Sentence


def wrong_rows(rows: Sequence[Row]) -> Iterator[Wrong]:
    """Yield what an import would refuse of the lines."""
    for number, row in enumerate(rows, start=1):
        cells = {"entrant": "entrant", "version": "1", "in_force_from": "2021-01-01", **row.cells}
        for column, message in wrong_in(SHEET, cells):
            yield Wrong(number, column if column in COLUMNS else "faq", message)


def hand_in_faqs(db: Connection, entrant_id: str, faqs: FaqList, *, by: str, now: datetime) -> Receipt:
    """Keep a version of an entrant's list, and file the FAQ of its entries (FQD-1). Inside a write transaction."""
    receipt = hand_in(db, begun(db, KIND, entrant_id, now), msgspec.to_builtins(faqs), [], by=by, now=now, again=True)
    changes = [
        change("entries", row, {**row, "faq_filing": "at", "faq_filed_at": receipt.handed_at, "faq_awaited": False})
        for row in season.rows_of(db, "entries")
        if row["entrant_id"] == entrant_id and row["channel"] in faqs.channels and row["faq_awaited"]
    ]
    if changes:
        write_at_once(db, changes, kind="page", by=by, now=now, report={"staged": len(changes)})
    post_receipt(db, receipt, now)
    return receipt


def faqs_of(version: VersionRow) -> FaqList:
    """Return the list that a version holds."""
    return msgspec.convert(version.body, FaqList)


def in_force(db: Connection, entrant_id: str, on: date) -> Mapping[str, Mapping[str, Any]]:
    """Return the version of each FAQ of an entrant that counts on a day, or will first, by code."""
    rows = [row for row in season.rows_of(db, "faqs") if row["entrant_id"] == entrant_id]
    counting: dict[str, Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (str(row["in_force_from"]), int(row["version"]))):
        if row["code"] not in counting or row["in_force_from"] <= on.isoformat():
            counting[row["code"]] = row
    return counting


def today_of(db: Connection, now: datetime) -> date:
    """Return the season's day."""
    return now.astimezone(version_in_force(db).zone).date()


class FaqDesk:
    """Acceptances of one server. Each step may be called from any thread but the event loop's."""

    def __init__(self, write: Write, importing: Importing) -> None:
        self._write = write
        self._importing = importing

    def accept(
        self,
        db: Connection,
        version: VersionRow,
        entrant_id: str,
        counts_from: date,
        *,
        words: str,
        by: str,
        now: datetime,
        audit: AuditRow,
    ) -> None:
        """Accept a list; what differs from what `db` has becomes versions in force from that day (FQD-2).

        Raises:
            CannotJudgeError: the day is past, or somebody has decided.
            RefusedRowsError: the season refuses the rows.
            SeasonMovedError: the season changed in between; try again.
        """
        if counts_from < today_of(db, now):
            words_ = N_("A version counts from today at the earliest: what was asked before stays as it was.")
            raise CannotJudgeError(sentence(words_))
        rows = list(self._new_rows(db, version, entrant_id, counts_from))
        judgement = Judgement("accepted", words, counts_from=counts_from.isoformat())

        def decide(db: Connection, set_id: str | None) -> None:
            judge(db, version.hand_in_id, version.version, judgement._replace(set_id=set_id), by=by, now=now)
            post_verdict(db, version, judgement, now)
            append_audit(db, [audit])

        if rows:
            import_with(self._importing, self._write, {SHEET.file: as_csv(SHEET, rows)}, decide, by=by, now=now)
        else:
            self._write(lambda db: decide(db, None))

    def _new_rows(
        self, db: Connection, version: VersionRow, entrant_id: str, counts_from: date
    ) -> Iterator[Mapping[str, str]]:
        kept = [row for row in season.rows_of(db, "faqs") if row["entrant_id"] == entrant_id]
        for faq in faqs_of(version).faqs:
            own = [row for row in kept if row["code"] == faq.code]
            newest = max(own, key=lambda row: int(row["version"]), default=None)
            if newest is not None and (newest["question"], newest["answer"]) == (faq.question, faq.answer):
                continue
            yield {
                "entrant": entrant_id,
                "faq": faq.code,
                "version": str(int(newest["version"]) + 1 if newest else 1),
                "question_en": faq.question["en"],
                "question_zh": faq.question["zh-Hant"],
                "answer_en": faq.answer["en"],
                "answer_zh": faq.answer["zh-Hant"],
                "in_force_from": counts_from.isoformat(),
            }


class FaqDayJob:
    """Tells phones of versions that begin to count today (FQD-3), and asks for itself again at the next midnight."""

    def __init__(self, writer: Writer, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock

    def __call__(self, _subject: str) -> None:
        """Do it. Blocks. A repeat changes nothing."""
        self._writer.run_from_thread(lambda db: begin_day(db, self._clock()))


def begin_day(db: Connection, now: datetime) -> int:
    """Build anew what shows a FAQ whose version begins to count; return how many. Inside a write transaction."""
    zone, today = version_in_force(db).zone, today_of(db, now)
    told_on = str(setting(db, TOLD_ON) or "")
    due = {
        row["entrant_id"]
        for row in season.rows_of(db, "faqs")
        if row["version"] > 1 and told_on < row["in_force_from"] <= today.isoformat()
    }
    changes = list(_shown_anew(db, due, today)) if due else []
    if changes:
        write_at_once(db, changes, kind="page", by="system", now=now, report={"staged": len(changes)})
    if told_on != today.isoformat():
        keep_setting(db, TOLD_ON, today.isoformat(), now)
    midnight = datetime.combine(today + timedelta(days=1), time.min, zone)
    ask_for(db, [FAQ_JOB], midnight)
    return len(changes)


def _shown_anew(db: Connection, entrants: set[str], today: date) -> Iterator[Change]:
    kept = kept_season(db)
    for row in kept.kept["assignments"].values():
        if row["entrant_id"] not in entrants or row["withdrawn"]:
            continue
        body = assignments.build(unfold(row), kept, today)
        if decode(row["body"], Assignment) != body:
            yield change("assignments", row, {**row, "body": encode(body).decode()})
