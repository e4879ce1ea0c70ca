"""RET-7 to RET-10: how long words are kept. Ids are those in sync_server/custody/word_retention.py."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select, update

from checklists import wire
from checklists.record.assessment import (
    ERASED,
    Answer,
    Assessment,
    Attempt,
    Contact,
    Measurement,
    Outcome,
    RecordStatus,
)
from checklists.season.write import season_json
from sync_server.award.desk import SeasonDesk
from sync_server.award.season_file import season_to_export
from sync_server.award.standings import Standings, keep, made_standing
from sync_server.custody import file_retention
from sync_server.custody.backup import back_up, restore
from sync_server.custody.erased_record import without_words
from sync_server.custody.file_retention import Periods
from sync_server.custody.retention import Retention
from sync_server.custody.retention_job import RetentionJob
from sync_server.custody.verification import Verification
from sync_server.custody.word_retention import WordErasure, WordsDue, due_words
from sync_server.database.engine import Database
from sync_server.database.queries import whole
from sync_server.database.queries.changes import append_changes
from sync_server.database.queries.standings import entry_rows
from sync_server.database.tables import assessment_facts, assessment_revisions, assessments, audit_log, grades, releases
from sync_server.fieldwork.handing_out import attempts_change
from sync_server.people.permissions import Role
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import ObservedTime
from tests.builders import NOON, at
from tests.sync_server.databases import migrated
from tests.sync_server.desk import add_accounts, confirm_erasure, push, release_rounds, signed_in
from tests.sync_server.season_kit import ANSWERS, MARKS, NOTED, OTHER_ASSESSOR, a_call, a_photo, body_of

RESULTS = datetime(2021, 11, 8, 1, tzinfo=UTC)
DUE = RESULTS + timedelta(days=365)
SAID = "They murmured something"  # nothing else in a database reads like this
TRIES = (
    Attempt(at=at(-30), outcome=Outcome.BUSY, note=f"{SAID} busy"),
    Attempt(at=at(0), outcome=Outcome.CONNECTED),
)


def wordy_call(**changes: Any) -> Assessment:
    """A call with words wherever a record can hold some."""
    fields: dict[str, Any] = {
        "files": (a_photo(b"as it came", prepared=False, why_not_prepared=f"{SAID} too large"),
                  a_photo(b"call log", "PG4", "call_log")),
        "answers": {key: Answer(value=value, at=NOON) for key, value in (ANSWERS | {"PG5": f"{SAID} kindly."}).items()},
        "measurements": MARKS | {"staff": Measurement(code=f"{SAID} staff", reason=f"{SAID} late")},
        "notes": {key: {kind: f"{SAID} on {key}"} for key, kind in NOTED},
        "attempts": TRIES,
    }  # fmt: skip
    return a_call(**(fields | changes))


class Kept(NamedTuple):
    """A released season with three calls: one returned to and sent twice over, one in conflict, one void."""

    server: Any
    call: Assessment
    body: bytes

    @property
    def database(self) -> Database:
        database: Database = self.server.services.database
        return database

    def erase(self) -> list[WordsDue]:
        return [one for one in due_words(self.database, DUE) if WordErasure(self.database, FormBook()).erase(one, DUE)]

    def faults(self) -> list[str]:
        return [problem.code for problem in Verification(self.database, self.server.services.media).problems()]

    def rows_with_words(self) -> set[str]:
        with self.database.reading() as db:
            return {name for name in whole.table_names() for row in whole.rows_of_table(db, name) if SAID in str(row)}

    def season(self) -> bytes:
        with self.database.reading() as db:
            return season_json(season_to_export(SeasonDesk.of(db, FormBook())))


@pytest.fixture
def kept(server: Any) -> Kept:
    draft = wordy_call(status=RecordStatus.DRAFT, finished_at=None)
    push(server, draft)
    call = wordy_call(id=draft.id, revision=2)
    body = body_of(call, future_field=f"{SAID} in a field to come")
    with server.client() as phone:
        assert phone.put(f"/api/v1/assessments/{call.id}", content=body).status_code == 200
        other = wordy_call(id=call.id, revision=2, recordings=0, app_version="another")
        assert phone.put(f"/api/v1/assessments/{call.id}", content=body_of(other)).status_code == 409
    push(server, wordy_call(contact=Contact.VOID, void_reason=f"{SAID} to my face"))
    with server.services.database.transaction() as db:
        append_changes(db, [attempts_change(OTHER_ASSESSOR, call.assignment_id, TRIES, NOON)])
    release_rounds(server, RESULTS)
    server.services.writer.run_from_thread(
        Standings(server.services.database, lambda: DUE, FormBook())(["harbour-ferry/phone_in"])
    )
    return Kept(server, call, body)


def test_words_stand_in_more_places_than_one_before(kept: Kept) -> None:
    assert kept.rows_with_words() == {"assessment_revisions", "assessment_facts", "changes"}


@pytest.mark.parametrize(
    ("now", "count"),
    [
        pytest.param(DUE - timedelta(seconds=1), 0, id="RET-7 just before their time"),
        pytest.param(DUE, 2, id="RET-7 a year after the last round was released"),
    ],
)
def test_words_are_due_when_their_time_is_over(kept: Kept, now: datetime, count: int) -> None:
    found = due_words(kept.database, now)
    assert [(one.entrant_id, one.since, one.rule) for one in found] == [
        ("harbour-ferry", DUE, "words-365-days")
    ] * count


def test_ret_7_the_setting_says_how_long(kept: Kept) -> None:
    assert len(due_words(kept.database, RESULTS + timedelta(days=30), Periods(files=30))) == 2


def test_ret_7_a_round_not_released_keeps_the_words(kept: Kept) -> None:
    with kept.database.transaction() as db:
        db.execute(delete(releases).where(releases.c.round == 3))
    assert due_words(kept.database, DUE + timedelta(days=999)) == []


def test_ret_7_a_legal_hold_keeps_the_words_also_one_set_meanwhile(kept: Kept) -> None:
    due = due_words(kept.database, DUE)
    with kept.database.transaction() as db:
        file_retention.hold(db, "harbour-ferry", reason="dispute 7", now=DUE)
    assert not any(WordErasure(kept.database, FormBook()).erase(one, DUE) for one in due)
    assert due_words(kept.database, DUE) == []
    assert "assessment_revisions" in kept.rows_with_words()


def test_ret_8_no_table_holds_the_words_afterwards(kept: Kept) -> None:
    assert len(kept.erase()) == 2
    assert kept.rows_with_words() == set()
    assert kept.erase() == []


# PostgreSQL clears old rows by vacuuming, in its own time.
@pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)
def test_ret_8_the_file_of_the_database_does_not_hold_them_either(kept: Kept) -> None:
    kept.erase()
    with kept.database.engine.connect() as db:
        db.exec_driver_sql("ROLLBACK")
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    file = Path(kept.server.services.config.database.removeprefix("sqlite:///"))
    assert SAID.encode() not in file.read_bytes()


def test_ret_8_the_proof_counts_and_holds_no_words(kept: Kept) -> None:
    kept.erase()
    with kept.database.reading() as db:
        proof = select(audit_log.c.subject_id, audit_log.c.details).where(audit_log.c.action == "words-erased")
        details = {row.subject_id: dict(row.details) for row in db.execute(proof)}
    # What other phones were told goes with whichever of an assignment's assessments comes first.
    assert sum(one.pop("told") for one in details.values()) == 1
    assert details[kept.call.id] == {
        "rule": "words-365-days", "due_since": DUE.isoformat(), "revisions": 3,
        "notes": 18, "answers": 3, "attempts": 3, "others": 9,
    }  # fmt: skip


def test_ret_9_a_late_phone_is_answered_as_before_and_brings_nothing_back(kept: Kept) -> None:
    with kept.server.client() as phone:
        before = phone.put(f"/api/v1/assessments/{kept.call.id}", content=kept.body).json()
        kept.erase()
        assert phone.put(f"/api/v1/assessments/{kept.call.id}", content=kept.body).json() == before
        assert phone.get(f"/api/v1/assessments/{kept.call.id}/receipt").json()["digest"] == before["digest"]
    assert kept.rows_with_words() == set()
    assert kept.faults() == []


def test_ret_9_a_revision_that_comes_late_loses_its_words_the_next_day(kept: Kept) -> None:
    kept.erase()
    push(kept.server, replace(kept.call, revision=3))
    assert kept.rows_with_words() == {"assessment_revisions"}
    assert [one.assessment_id for one in kept.erase()] == [kept.call.id]
    assert kept.rows_with_words() == set()
    assert kept.faults() == []


def test_ret_10_verify_and_every_score_hold_without_words(kept: Kept) -> None:
    def scores() -> tuple[Any, ...]:
        with kept.database.reading() as db:
            return tuple(
                db.execute(statement).all()
                for statement in (
                    select(assessments.c.id, assessments.c.base, assessments.c.digest).order_by(assessments.c.id),
                    select(grades.c.digest, grades.c.base).order_by(grades.c.id),
                )
            )

    before, season = scores(), kept.season()
    kept.erase()
    assert scores() == before
    assert kept.faults() == []
    kept.server.services.writer.run_from_thread(
        Standings(kept.database, lambda: DUE, FormBook())(["harbour-ferry/phone_in"])
    )
    assert scores() == before
    after = json.loads(season.replace(f"{SAID} to my face".encode(), ERASED.encode()))
    assert json.loads(kept.season()) == after


def test_ret_8_a_standing_under_way_while_they_are_erased_brings_nothing_back(kept: Kept) -> None:
    with kept.database.transaction() as db:
        db.execute(delete(assessment_facts))  # so that it reads the bodies
    with kept.database.reading() as db:
        desk = SeasonDesk.of(db, FormBook())
        row = next(iter(entry_rows(db, [("harbour-ferry", "phone_in")])))
        fresh = made_standing(desk, row)
    kept.erase()
    with kept.database.transaction() as db:
        keep(db, desk, [fresh], DUE)
    assert kept.rows_with_words() == set()


def test_ret_9_verify_finds_a_body_that_was_changed_after_its_words_were_erased(kept: Kept) -> None:
    kept.erase()
    with kept.database.transaction() as db:
        body = db.execute(
            select(assessment_revisions.c.body).where(assessment_revisions.c.revision == 1).limit(1)
        ).scalar_one()
        changed = replace(wire.decode(body, Assessment), app_version="tampered")
        first = assessment_revisions.c.assessment_id == changed.id, assessment_revisions.c.revision == 1
        db.execute(update(assessment_revisions).where(*first).values(body=wire.encode(changed)))
    assert "digest-wrong" in kept.faults()


def test_a_server_does_it_daily(kept: Kept) -> None:
    services = kept.server.services
    confirm_erasure(kept.server, DUE)
    retention = Retention(kept.database, services.media, services.forms, Periods(), by="system")
    RetentionJob(services.writer, lambda: DUE, ObservedTime(), retention)("files")
    assert kept.rows_with_words() == set()


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Erased on 8 Nov 2022 after the retention period"), ("zh-Hant", "保存期滿，已於 2022年11月8日 刪除")],
)
def test_pages_do_without_the_words_and_say_that_they_were_erased(kept: Kept, language: str, told: str) -> None:
    add_accounts(kept.server)
    with signed_in(kept.server, Role.COORDINATOR, language=language) as client:
        before = client.get(f"/assessments/{kept.call.id}").text
        kept.erase()
        after = client.get(f"/assessments/{kept.call.id}").text
    assert SAID in before
    assert told not in before
    assert SAID not in after
    assert ERASED not in after
    assert after.count(told) == len(NOTED) + 2  # the text answer, and the note of a try


def test_a_backup_brings_it_over_and_verifies(kept: Kept, tmp_path: Any) -> None:
    kept.erase()
    back_up(kept.database, kept.server.services.media, tmp_path / "backup", DUE)
    other = migrated(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    restore(other, kept.server.services.media, tmp_path / "backup")
    assert [problem.code for problem in Verification(other, kept.server.services.media).problems()] == []
    assert due_words(other, DUE) == []
    other.close()


FORM_ANSWERS: dict[str, Any] = {"PA1": True, "PA2": 2, "PB5": "yes", "PD1": "na", "PF2": "10.5", "ivrs_annex": "na"}


@pytest.mark.parametrize("is_laid_out", [True, False], ids=["on its sheet", "on no sheet"])
def test_what_scores_stays_and_what_is_no_answer_of_the_form_goes(kept: Kept, is_laid_out: bool) -> None:
    words = {"PG5": "Well said.", "PB4": "not one of its codes", "ZZ9": "not on the form"}
    answers = {key: Answer(value=value, at=NOON) for key, value in (FORM_ANSWERS | words).items()}
    record = a_call(files=(), answers=answers, notes={"PA1": {"note": "", "verbatim": "Said"}})
    with kept.database.reading() as db:
        sheet = FormBook().sheet_of(record, db) if is_laid_out else None
    bare, gone = without_words(record, sheet)
    texts = [] if is_laid_out else ["PB5", "PF2"]
    expected = FORM_ANSWERS | dict.fromkeys([*words, *texts], ERASED)
    assert {key: answer.value for key, answer in bare.answers.items()} == expected
    assert bare.notes == {"PA1": {"note": "", "verbatim": ERASED}}
    assert gone == {"notes": 1, "answers": len(words) + len(texts), "attempts": 0, "others": 0}
    assert without_words(bare, sheet) == (bare, dict.fromkeys(gone, 0))
