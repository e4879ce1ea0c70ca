"""An enrolment that the office accepts becomes rows of the season: the import of its own rows, through every check.

ENA-1  The verdict, the decided groups and the rows are written together, or nothing is (JIM-1).
ENA-2  A code that is taken is refused, unless it is that entrant's own: of the same name, from an earlier edition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from sync_server.database.engine import Database
from sync_server.database.queries import season
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.groupings import GroupingRow, append_groupings
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.database.queries.season_pages import row_of_key
from sync_server.exchange.csv.importing import Importing, Write
from sync_server.exchange.csv.sheets import BY_FILE, as_csv
from sync_server.exchange.enrolment_rows import Decided, code_of, rows_of
from sync_server.exchange.judged_import import import_with
from sync_server.exchange.letters import post_verdict
from sync_server.hand_in.enrolment import NOTICE, Enrolment, lacks_notice
from sync_server.hand_in.versions import CannotJudgeError, Judgement, judge

_SAME = ("en", "zh-Hant")


class Choice(NamedTuple):
    """What the office decides with an acceptance: the organisation's code, and code and industry of each unit."""

    organisation: str
    units: tuple[Decided, ...]
    words: str = ""


def enrolment_of(version: VersionRow) -> Enrolment:
    """Return the enrolment that a version holds."""
    return msgspec.convert(version.body, Enrolment)


def suggested(db: Connection, enrolment: Enrolment) -> Choice:
    """Return the codes that fit: those of the same name where there are any, else new ones, each once."""
    organisations, entrants = season.rows_of(db, "organisations"), season.rows_of(db, "entrants")
    taken = [row["id"] for row in entrants]
    owner = next((row["id"] for row in organisations if _is_same(row["name"], enrolment.title)), "")
    if not owner:
        owned = [row["organisation"] for row in entrants] + [row["id"] for row in organisations]
        owner = code_of(enrolment.title["en"], owned)
    units = []
    for unit in enrolment.units:
        name = {"en": unit["name_en"] or unit["name_zh"], "zh-Hant": unit["name_zh"] or unit["name_en"]}
        own = next((row["id"] for row in entrants if _is_same(row["name"], name)), "")
        code = own or code_of(name["en"], taken)
        taken.append(code)
        units.append(Decided(code, unit["industry"]))
    return Choice(owner, tuple(units))


def obstacles(db: Connection, version: VersionRow, choice: Choice) -> Iterator[Sentence]:
    """Yield why an enrolment cannot be accepted as it is (ENL-4, ENA-2)."""
    enrolment = enrolment_of(version)
    with_file = {file["field"] for file in version.files}
    for number, unit in enumerate(enrolment.units, start=1):
        name = {"en": unit["name_en"] or unit["name_zh"], "zh-Hant": unit["name_zh"] or unit["name_en"]}
        if lacks_notice(unit, has_file=f"u{number}-{NOTICE}" in with_file):
            words = N_("{unit} has not shown its notice to staff: the day, the words and a file.")
            yield sentence(words, unit=name)
        code = choice.units[number - 1].entrant
        kept = row_of_key(db, "entrants", (code,))
        if kept is not None and not _is_same(kept["name"], name):
            yield sentence(N_("The code {code} is that of {name}. Choose another."), code=code, name=kept["name"])
    codes = [each.entrant for each in choice.units]
    if len(set(codes)) < len(codes):
        yield sentence(N_("Two units have the same code. Each needs one of its own."))


class Enrolling:
    """Acceptances of one server. Each step may be called from any thread but the event loop's."""

    def __init__(self, database: Database, write: Write, importing: Importing) -> None:
        self._database = database
        self._write = write
        self._importing = importing

    def accept(self, version: VersionRow, choice: Choice, *, by: str, now: datetime, audit: AuditRow) -> str:
        """Accept a version and write its rows (ENA-1). Returns the id of the set of changes.

        Raises:
            CannotJudgeError: it cannot be accepted as it is, or somebody has decided.
            RefusedRowsError: the season refuses its rows.
            SeasonMovedError: the season changed in between; try again.
        """
        with self._database.reading() as db:
            in_the_way = next(obstacles(db, version, choice), None)
        if in_the_way is not None:
            raise CannotJudgeError(in_the_way)
        rows = rows_of(enrolment_of(version), choice.organisation, choice.units)
        files = {f"{name}.csv": as_csv(BY_FILE[f"{name}.csv"], cells) for name, cells in rows.items() if cells}

        def decide(db: Connection, set_id: str) -> None:
            note_accepted(db, version, choice, set_id=set_id, by=by, now=now)
            append_audit(db, [audit])

        return import_with(self._importing, self._write, files, decide, by=by, now=now)


def note_accepted(
    db: Connection, version: VersionRow, choice: Choice, *, set_id: str | None, by: str, now: datetime
) -> None:
    """Keep that a version was accepted and became the rows of a set, with the groups decided, and tell its sender.

    Inside the transaction that writes these rows.

    Raises:
        CannotJudgeError: somebody has decided.
    """
    accepted = Judgement("accepted", choice.words, set_id=set_id)
    judge(db, version.hand_in_id, version.version, accepted, by=by, now=now)
    post_verdict(db, version, accepted, now)
    append_groupings(db, _groupings(version, choice, by, now))


def same_names(rows: Sequence[tuple[Any, VersionRow]], version: VersionRow) -> Sequence[VersionRow]:
    """Return other enrolments that wait for an organisation of the same name: sent twice from two forms, perhaps."""
    own = enrolment_of(version).title
    others = [other for _, other in rows if other.hand_in_id != version.hand_in_id and other.verdict != "returned"]
    return [other for other in others if _is_same(enrolment_of(other).title, own)]


def _groupings(version: VersionRow, choice: Choice, by: str, now: datetime) -> Sequence[GroupingRow]:
    pairs = zip(enrolment_of(version).units, choice.units, strict=True)
    return [
        GroupingRow(each.entrant, unit["industry"] or None, each.industry, choice.words.strip(), False, (), by, now)
        for unit, each in pairs
    ]


def _is_same(one: Any, other: Any) -> bool:
    return any(one.get(name) and one.get(name, "").casefold() == other.get(name, "").casefold() for name in _SAME)
