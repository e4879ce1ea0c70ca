"""ACC: everything kept about one assessor. Ids are those in sync_server/custody/access_request.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, update

from checklists import wire
from checklists.record.assessment import Attempt, Outcome
from sync_server.award.standings import Standings
from sync_server.config import Config
from sync_server.custody.access_request import (
    AUDIT,
    README,
    WHAT,
    AccessFolder,
    AssessorUnclearError,
    write_access_folder,
)
from sync_server.custody.folder import FolderError
from sync_server.database import tables
from sync_server.database.columns import Moment
from sync_server.database.queries import whole
from sync_server.database.queries.access_request import KEYS, NOTHING_ABOUT
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.bench import add_reading, keep_figures
from sync_server.database.queries.blackouts import keep_decision
from sync_server.database.queries.changes import append_changes
from sync_server.database.queries.clearances import add_clearances
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.counters import add_order
from sync_server.database.queries.csqs_decisions import DecisionRow, SettlementRow, add_decision, add_settlement
from sync_server.database.queries.disputes import NewDispute, add_dispute
from sync_server.database.queries.hand_overs import HandOverRow, add_hand_overs
from sync_server.database.queries.quotes import QuoteRow, add_quote
from sync_server.database.queries.season import rows_of
from sync_server.database.queries.submissions import SubmissionRow, add_submission
from sync_server.database.queries.survey import CompanyRow, set_company
from sync_server.database.queries.tallies import keep_tallies
from sync_server.evidence.derive_job import DeriveJob
from sync_server.evidence.workshop import Workshop
from sync_server.exchange import season_changes
from sync_server.fieldwork import handing_out
from sync_server.people import accounts, api_tokens
from sync_server.people.enrolment_codes import code_hash, issue_code
from sync_server.people.permissions import Role
from sync_server.review import correcting, rulings, verdicts
from sync_server.review.figures import figures_of_entry
from sync_server.review.outcome import By
from sync_server.review.tallies import tallied
from sync_server.review.verdicts import Verdict
from sync_server.season.forms import FormBook
from tests.builders import NOON, an_assignment
from tests.sync_server.closed_season import sign_off
from tests.sync_server.command_line import told
from tests.sync_server.conftest import set_season_up
from tests.sync_server.desk import password_hash, push
from tests.sync_server.season_kit import (
    ASSESSOR,
    OTHER_ASSESSOR,
    OTHER_TOKEN,
    SECOND_TOKEN,
    TOKEN,
    a_call,
    a_photo,
    device_id,
)
from tests.sync_server.uploading import Upload

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SECRET = {"token_hash", "code_hash"}
# What names an assessor in a column; a table that has one is exported, or says why not.
COLUMNS = {"assessor_id", "device_id", "assessment_id", "assignment_id"}


class Person(NamedTuple):
    """One of two assessors who did the same: what they are known by."""

    id: str
    devices: tuple[str, ...]
    assessment: str
    photo: bytes
    sha256: str

    @property
    def marks(self) -> tuple[str, ...]:
        return (f"Name of {self.id}", *self.devices, self.assessment, self.sha256)


class Season(NamedTuple):
    """A running server with two assessors, each with everything a season leaves behind."""

    server: Any
    mine: Person
    other: Person

    def write(self, folder: Path, who: str = ASSESSOR) -> AccessFolder:
        services = self.server.services
        return write_access_folder(services.database, services.media, who, folder, NOW)

    def rows(self) -> Mapping[str, list[dict[str, Any]]]:
        with self.server.services.database.reading() as db:
            return {name: [dict(row) for row in whole.rows_of_table(db, name)] for name in whole.table_names()}


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    """One process that decodes files, for all of these tests."""
    shared = Workshop()
    yield shared
    shared.close()


def work(
    server: Any, assessor: str, assignment: str, tokens: tuple[str, ...], *, reviewer: str, workshop: Workshop
) -> Person:
    """Let an assessor do what leaves rows: a visit with a photo, an upload cut off, a review, a void, a code."""
    photo = b"\x89PNG\r\n\x1a\n of " + assessor.encode()
    evidence = a_photo(photo)
    call = a_call(assignment_id=assignment, files=(evidence, a_photo(b"\xff\xd8\xff log", "PG4", "call_log")))
    digest = push(server, call, tokens[0])
    with server.client(tokens[0]) as phone:
        Upload(phone, photo).patch(0, photo)
        Upload(phone, f"cut off, of {assessor}".encode())
    number = 1 if assessor == ASSESSOR else 2
    database = server.services.database
    DeriveJob(database, server.services.writer, server.services.media, lambda: NOW, workshop)(evidence.sha256)
    with database.transaction() as db:
        for verdict in ("returned", "taken-back", "returned"):
            verdicts.review(db, call.id, Verdict(verdict, digest, "Look again", {}), By(reviewer, NOW))
        correcting.correct(db, FormBook(), call.id, "PA6", "2", digest=digest, reason="Heard", by=By(reviewer, NOW))
        keep_decision(db, evidence.sha256, call.id, areas=[(0, 0, 9, 9)], reason="A face", by=reviewer, now=NOW)
        add_clearances(db, call.id, [evidence.sha256], reason="", by=reviewer, now=NOW, may_be_seen=True)
        said = QuoteRow(call.id, digest, "PG5", "", "Everything was explained", "en", "", NOW)
        add_quote(db, said, reviewer)
        correcting.ask(db, call.id, "PA6", f"Was it {assessor}?", By(reviewer, NOW))
        add_reading(db, call.id, digest, words="", by=reviewer, now=NOW, agrees=True)
        sign_off(db, f"round-{number}")
        row = NewDispute(
            f"round-{number}-1", 1, "harbour-ferry", "phone_in", call.id, "PA6", "It was a 4.", reviewer, NOW
        )
        add_dispute(db, row)
        keep_figures(db, figures_of_entry(db, FormBook(), ("harbour-ferry", "phone_in")))
        set_company(db, CompanyRow("market", "supermarkets", {"en": "Market"}, NOW))
        add_order(db, device_id(tokens[0]), "market", NOW)
        keep_tallies(db, *tallied(db, FormBook(), ("harbour-ferry", "phone_in"))[:2])
        rulings.void(db, call.id, "recognised", By(reviewer, NOW))
        code = issue_code(db, assessor_id=assessor, created_by=reviewer, now=NOW, lasts=timedelta(hours=1))
        asked = {"name": "Collect", "speaks_for": ("assessor", assessor), "scopes": ["collect"], "lasts_days": 30}
        token_id, _ = api_tokens.issue(db, created_by=reviewer, now=NOW, **asked)
        came = SubmissionRow(
            id=f"of {assessor}",
            digest=digest,
            instance_id="uuid:1",
            assessor_id=assessor,
            token_id=token_id,
            form_id=assignment,
            assessment_id=None,
            state="tray",
            why=[],
            document=f"<data>{assessor}</data>".encode(),
            files=[],
            received_at=NOW,
            reason="",
            decided_at=None,
        )
        add_submission(db, came)
        tries = (Attempt(at=NOON, outcome=Outcome.BUSY, note=f"for Name of {assessor}"),)
        append_changes(db, [handing_out.attempts_change(assessor, assignment, tries, NOON)])
        log = [
            AuditRow(NOW, "user", reviewer, "enrolment-codes-issued", "assessors", "list", {"assessors": [assessor]}),
            AuditRow(NOW, "user", reviewer, "enrolment-code-revoked", "enrolment-code", code_hash(code.code)[:16]),
        ]
        log.append(AuditRow(NOW, "system", "retention", "media-erased", "media", evidence.sha256))
        append_audit(db, log)
        db.execute(
            insert(tables.conflicts).values(assessor_id=assessor, organisation="rival", reason=f"Kin of {assessor}")
        )
        passed = {"assessor_id": assessor, "channel": "phone_in", "round": 1, "passed_on": "2021-02-20"}
        db.execute(insert(tables.assessor_certificates).values(**passed, note=f"Panel of {assessor}"))
        given = (call.id, 1, digest, assignment, assessor, None, device_id(tokens[0]), "", "", None, NOON, b"")
        add_hand_overs(db, [HandOverRow(*given)])
        add_declaration(db, reviewer, Declaration((), assessor, NOW))
        add_settlement(db, SettlementRow(call.id, digest, "S101", 2, "Seen again", reviewer, NOW))
        level = (2, "2026-01-01", "2028-01-01", {}, digest, "Agreed", reviewer, NOW)
        add_decision(db, DecisionRow(f"of {assessor}", call.id, "harbour-ferry", *level))
    return Person(assessor, tuple(map(device_id, tokens)), call.id, photo, evidence.sha256)


@pytest.fixture
def season(server: Any, workshop: Workshop) -> Season:
    services = server.services
    with services.database.transaction() as db:
        account = {"username": "reviewer", "name": "The reviewer", "role": Role.REVIEWER, "entrant_id": None}
        accounts.add_account(db, **account, password_hash=password_hash(), now=NOW)
        reviewer = db.execute(select(tables.users.c.id)).scalar_one()
    mine = work(server, ASSESSOR, "assignment-1", (TOKEN, SECOND_TOKEN), reviewer=reviewer, workshop=workshop)
    other = work(server, OTHER_ASSESSOR, "assignment-2", (OTHER_TOKEN,), reviewer=reviewer, workshop=workshop)
    with services.database.transaction() as db:  # handed on
        moved = replace(an_assignment(id="assignment-recorded"), assessor_id=OTHER_ASSESSOR)
        row = tables.assignments.c.id == moved.id
        db.execute(
            update(tables.assignments).where(row).values(assessor_id=OTHER_ASSESSOR, body=wire.encode(moved).decode())
        )
        handing_out.tell_assignment(db, moved, NOW)
    with services.database.transaction() as db:  # renamed, by an import
        for before in [row for row in rows_of(db, "assessors") if row["id"] in (ASSESSOR, OTHER_ASSESSOR)]:
            renamed = season_changes.change("assessors", before, {**before, "languages": ["en"]})
            season_changes.write_at_once(db, [renamed], kind="page", by=reviewer, now=NOW)
    services.writer.run_from_thread(Standings(services.database, lambda: NOW, FormBook())(["harbour-ferry/phone_in"]))
    return Season(server, mine, other)


def told_in(folder: Path) -> Mapping[str, list[dict[str, Any]]]:
    return {file.stem: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}


def cells(row: Mapping[str, Any]) -> str:
    return "\n".join(
        value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row.values()
    )


def plain(name: str, row: Mapping[str, Any]) -> str:
    """What a row says, as far as it is written the same in JSON: no moments, no bodies, no keys."""
    columns = tables.metadata.tables[name].columns
    told = [
        one.name for one in columns if not isinstance(one.type, Moment) and one.name not in {*KEYS, "body", "document"}
    ]
    return str([(one, row[one]) for one in told])


def test_every_table_is_told_of_or_left_out_with_a_reason() -> None:
    assert WHAT.keys() | NOTHING_ABOUT.keys() == tables.metadata.tables.keys()
    assert not WHAT.keys() & NOTHING_ABOUT.keys()


@pytest.mark.parametrize("name", sorted(NOTHING_ABOUT))
def test_no_table_left_out_has_a_column_that_names_an_assessor(name: str) -> None:
    table = tables.metadata.tables[name]
    assert not COLUMNS & set(table.columns.keys())
    assert not {key.column.table.name for key in table.foreign_keys} & {"assessors", "devices", "assessments"}


def test_acc_1_every_row_of_every_table_that_names_the_person_is_told(season: Season, tmp_path: Path) -> None:
    before = season.rows()  # the server works on meanwhile
    made = season.write(tmp_path / "asked")
    told = told_in(tmp_path / "asked")
    assert told.keys() == WHAT.keys()
    found = 0
    for name, rows in before.items():
        marks = (ASSESSOR, *season.mine.marks) if name in WHAT else (ASSESSOR, *season.mine.marks[:-1])
        naming = [row for row in rows if any(mark in cells(row) for mark in marks)]
        kept = {plain(name, row) for row in told.get(name, [])}
        assert [row for row in naming if plain(name, row) not in kept] == [], name
        found += len(naming)
    assert made.rows == sum(map(len, told.values())) >= found
    assert [name for name, rows in told.items() if not rows] == []  # else this test looked at nothing there


def test_acc_1_what_another_app_sent_is_readable(season: Season, tmp_path: Path) -> None:
    season.write(tmp_path / "asked")
    assert [row["document"] for row in told_in(tmp_path / "asked")["submissions"]] == [f"<data>{ASSESSOR}</data>"]


def test_acc_1_nothing_of_another_assessor_is_told(season: Season, tmp_path: Path) -> None:
    season.write(tmp_path / "asked")
    told = "\n".join(file.read_text("utf-8") for file in (tmp_path / "asked").iterdir() if file.is_file())
    assert [mark for mark in (OTHER_ASSESSOR, *season.other.marks) if mark in told] == []
    hashes = [row[key] for rows in season.rows().values() for row in rows for key in SECRET & row.keys()]
    assert hashes
    assert [one for one in hashes if one in told] == []


def test_acc_1_bodies_are_readable_and_files_are_the_originals(season: Season, tmp_path: Path) -> None:
    season.write(tmp_path / "asked")
    (revision,) = told_in(tmp_path / "asked")["assessment_revisions"]
    assert revision["body"]["id"] == season.mine.assessment
    (file,) = (tmp_path / "asked" / "files").iterdir()
    assert file.name == f"{season.mine.sha256}.png"
    assert file.read_bytes() == season.mine.photo


def test_acc_1_an_erased_file_is_told_of_and_not_given(season: Season, tmp_path: Path) -> None:
    with season.server.services.database.transaction() as db:
        db.execute(update(tables.media).values(erased_at=NOW))
    season.server.services.media.remove(season.mine.sha256)
    assert season.write(tmp_path / "asked").files == 0
    assert [row["erased_at"] for row in told_in(tmp_path / "asked")["media"]] == ["2026-03-01T00:00:00.000000Z"]


def test_acc_2_only_its_owner_may_read_it(season: Season, tmp_path: Path) -> None:
    (tmp_path / "asked").mkdir(mode=0o755)
    season.write(tmp_path / "asked")
    everything = [tmp_path / "asked", *(tmp_path / "asked").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in everything if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in everything if path.is_file()} == {0o600}


def test_acc_2_the_readme_says_in_both_languages_what_each_file_is(season: Season, tmp_path: Path) -> None:
    season.write(tmp_path / "asked")
    english, _, chinese = (tmp_path / "asked" / README).read_text("utf-8").partition("\n\n\n")
    for part in (english, chinese):
        assert f"Name of {ASSESSOR} ({ASSESSOR})" in part
        for file in (tmp_path / "asked").glob("*.json"):
            assert f"- {file.name} (" in part
    assert "answer within 40 days" in english
    assert "40 日內回覆" in chinese


def test_acc_3_the_audit_log_says_for_whom_and_how_much(season: Season, tmp_path: Path) -> None:
    made = season.write(tmp_path / "asked")
    (row,) = [row for row in season.rows()[AUDIT] if row["action"] == "access-request-made"]
    assert (row["subject_kind"], row["subject_id"]) == ("assessor", ASSESSOR)
    assert row["details"] == {"rows": made.rows, "files": made.files, "lacking": 0}


@pytest.mark.parametrize(
    ("who", "found"),
    [
        pytest.param(ASSESSOR, ASSESSOR, id="by code"),
        pytest.param("name OF assessor-2", OTHER_ASSESSOR, id="by name, however written"),
    ],
)
def test_an_assessor_is_found(season: Season, tmp_path: Path, who: str, found: str) -> None:
    assert season.write(tmp_path / "asked", who).assessor_id == found


@pytest.mark.parametrize(
    ("arrange", "who", "message"),
    [
        pytest.param("", "nobody", "There is no assessor nobody.", id="unknown"),
        pytest.param(
            "same name", "Chan", f"Several assessors are called Chan; give one of: {ASSESSOR}, {OTHER_ASSESSOR}",
            id="several of that name",
        ),
        pytest.param("file there", ASSESSOR, "asked is not empty; name a new folder.", id="a folder in use"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_met_is_refused_and_leaves_no_readme(
    season: Season, tmp_path: Path, arrange: str, who: str, message: str
) -> None:
    folder = tmp_path / "asked"
    if arrange == "same name":
        with season.server.services.database.transaction() as db:
            db.execute(update(tables.assessors).values(name="Chan"))
    elif arrange == "file there":
        folder.mkdir()
        (folder / "mine.txt").write_text("x")
    with pytest.raises((AssessorUnclearError, FolderError)) as error:
        season.write(folder, who)
    assert message in str(error.value)
    assert not (folder / README).exists()
    assert "access-request-made" not in {row["action"] for row in season.rows()[AUDIT]}


def test_a_file_that_is_gone_is_named_and_all_the_rest_is_there(season: Season, tmp_path: Path) -> None:
    before = season.write(tmp_path / "before", ASSESSOR)
    season.server.services.media.remove(season.mine.sha256)
    content = season.write(tmp_path / "asked", ASSESSOR)
    assert (content.lacking, content.files) == ([season.mine.sha256], before.files - 1)
    readme = (tmp_path / "asked" / README).read_text()
    assert f"Not in it: the file {season.mine.sha256} is gone or damaged." in readme
    assert f"未包括在內：檔案 {season.mine.sha256} 不見了或已損壞。" in readme


def test_the_command_writes_the_folder_or_says_why_not(tmp_path: Path) -> None:
    set_season_up(Config(data_dir=tmp_path / "data"))
    folder, data = tmp_path / "asked", ("--data", str(tmp_path / "data"))
    status, lines, _ = told("access-request", ASSESSOR, str(folder), *data)
    assert (status, lines[0].endswith(f"files are in {folder}.")) == (0, True)
    assert (folder / README).is_file()
    status, _, problems = told("access-request", ASSESSOR, str(folder), *data)
    assert (status, problems) == (2, f"{folder} is not empty; name a new folder.\n")
