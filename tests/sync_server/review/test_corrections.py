"""CRR, SRD, COR: what a reviewer puts down beside an answer, and who reads second."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from checklists.language import SentenceError
from sync_server.award.standings import standing_of
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import bench as queries
from sync_server.fieldwork.corrections import corrected
from sync_server.jobs.wishes import standing_job
from sync_server.publication.readiness import Weight, readiness
from sync_server.review import correcting
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.queue import keep_seed
from sync_server.review.second_reader import read_second, unread
from tests.builders import NOON
from tests.sync_server.closed_season import add_person, desk_of
from tests.sync_server.review.review_kit import (
    KEY,
    LATER,
    a_failed_visit,
    a_visit,
    body_kept,
    correct,
    digest_of,
    shown,
)
from tests.sync_server.season_kit import a_call, add_season


@pytest.fixture
def by(database: Database) -> By:
    with database.transaction() as db:
        add_season(db)
        keep_seed(db, NOON)
        return By(add_person(db, "wong"), LATER)


# ---- corrections


def test_a_correction_keeps_old_and_new_and_the_base_follows(database: Database, by: By) -> None:
    """CRR-1, CRR-2, COR-1"""
    with database.transaction() as db:
        name = a_visit(db)
        before, body = shown(db, name), body_kept(db, name)
        correct(db, name, "PC1", "0", by)
        correct(db, name, "PA1", "false", by)
    with database.reading() as db:
        first, second = queries.corrections_of(db)[name]
        assert (first.question, first.before, first.after, first.reason, first.by) == (
            "PC1", 4, 0, "Heard.", "Name of wong",
        )  # fmt: skip
        assert (second.before, second.after) == (True, False)
        assert shown(db, name)[1] < before[1]
        assert body_kept(db, name) == body
        grades = db.execute(select(tables.grades.c.base).order_by(tables.grades.c.id)).scalars().all()
        assert len(grades) == 2
        assert db.execute(select(tables.jobs.c.name)).scalars().all() == [standing_job(*KEY).name]


def test_what_counts_reads_the_corrected_answer(database: Database, by: By) -> None:
    """COR-2: a standing whose facts were kept before is made anew."""
    with database.transaction() as db:
        name = a_visit(db, status="accepted")
        before = standing_of(desk_of(db), KEY)
        correct(db, name, "PC1", "0", by)
        after = standing_of(desk_of(db), KEY)
        kept = shown(db, name)[1]
    assert before is not None
    assert after is not None
    after_mean, before_mean = after.rounds[0].mean or 0, before.rounds[0].mean or 0
    assert after_mean < before_mean
    assert int(after_mean * 1_000_000) == kept


def test_a_correction_holds_on_its_own_revision_alone(database: Database, by: By) -> None:
    """COR-1"""
    with database.transaction() as db:
        name = a_visit(db)
        correct(db, name, "PC1", "0", by)
        made = queries.corrections_of(db)[name]
    record = a_call(id=name)
    assert corrected(record, made[0].digest, made).answers["PC1"].value == 0
    assert corrected(record, "0" * 64, made) == record


@pytest.mark.parametrize(
    ("key", "typed", "changes", "why"),
    [
        pytest.param("PC1", "9", {}, "whole number from 0 to 4", id="CRR-1 no such value"),
        pytest.param("PD1", "nonsense", {}, "Answer one of", id="CRR-1 no such choice"),
        pytest.param("PC1", "na", {}, "not offered", id="CRR-1 not applicable where it is not offered"),
        pytest.param("PC1", "4", {}, "already", id="CRR-1 nothing changes"),
        pytest.param("PG5", "Other words", {}, "Only an answer that scores", id="CRR-1 words are their author's"),
        pytest.param("ZZ9", "1", {}, "Only an answer that scores", id="CRR-1 no such question"),
        pytest.param("PC1", "0", {"reason": " "}, "Give a reason", id="CRR-1 without a reason"),
        pytest.param("PC1", "0", {"digest": "0" * 64}, "Another revision", id="CRR-1 another revision"),
    ],
)
def test_a_correction_that_cannot_be_changes_nothing(
    database: Database, by: By, key: str, *, typed: str, changes: dict[str, str], why: str
) -> None:
    with database.transaction() as db:
        name = a_visit(db)
        before = shown(db, name)
        with pytest.raises(CannotDecideError, match=why):
            correct(db, name, key, typed, by, **changes)
        assert (shown(db, name), queries.corrections_of(db)) == (before, {})


def test_a_void_visit_is_not_corrected(database: Database, by: By) -> None:
    """CRR-1"""
    with database.transaction() as db, pytest.raises(CannotDecideError, match="does not count"):
        correct(db, a_visit(db, status="void"), "PC1", "0", by)


# ---- questions between reviewers


def test_a_question_is_answered_once_and_holds_the_round_open_meanwhile(database: Database, by: By) -> None:
    """CRR-3"""

    def stopping(db: Connection) -> list[str]:
        return [str(line.name) for line in readiness(desk_of(db), 1, LATER).open_of(Weight.STOPS)]

    with database.transaction() as db:
        name, other = a_visit(db, status="accepted"), By(add_person(db, "ho"), LATER)
        correcting.ask(db, name, "PC1", " Is this a 4? ", by)
        assert "Questions between reviewers that are open" in stopping(db)
        (asked,) = queries.queries_of(db, name)
        correcting.answer(db, name, asked.id, "It is.", other)
        assert "Questions between reviewers that are open" not in stopping(db)
        (kept,) = queries.queries_of(db, name)
        assert (kept.words, kept.asked_by, kept.answer, kept.answered_by) == (
            "Is this a 4?", "Name of wong", "It is.", "Name of ho",
        )  # fmt: skip
        with pytest.raises(CannotDecideError, match="answered already"):
            correcting.answer(db, name, asked.id, "No.", by)
        for nothing in (
            lambda: correcting.ask(db, name, "PC1", " ", by),
            lambda: correcting.answer(db, name, 1, "", by),
        ):
            with pytest.raises(CannotDecideError, match="Write"):
                nothing()


# ---- the second reader


def wanting(db: Connection, name: str) -> list[str]:
    return list(unread(db, {name: digest_of(db, name)}))


def test_a_failed_critical_item_wants_a_second_reader_who_is_somebody_else(database: Database, by: By) -> None:
    """SRD-1, SRD-2, SRD-3"""
    with database.transaction() as db:
        name, other = a_failed_visit(db, by), By(add_person(db, "ho"), LATER + timedelta(hours=1))
        digest = digest_of(db, name)
        lines = {str(line.name): line.open for line in readiness(desk_of(db), 1, LATER).lines}
        assert lines["Failed critical items without a second reader"] == 1
        with pytest.raises(CannotDecideError, match="somebody else"):
            read_second(db, name, digest=digest, agrees=True, words="", by=by)
        with pytest.raises(CannotDecideError, match="Say why"):
            read_second(db, name, digest=digest, agrees=False, words=" ", by=other)
        read_second(db, name, digest=digest, agrees=False, words="It was said.", by=other)
        assert wanting(db, name) == [name]
        read_second(db, name, digest=digest, agrees=True, words="", by=other)
        assert wanting(db, name) == []
        correct(db, name, "PC1", "0", By(by.user_id, LATER + timedelta(hours=2)))
        assert wanting(db, name) == [name]


@pytest.mark.parametrize(
    ("status", "digest", "why"),
    [
        pytest.param("finished", "", "not accepted yet", id="SRD-1 before the first reader"),
        pytest.param("accepted", "0" * 64, "Another revision", id="SRD-1 another revision"),
    ],
)
def test_a_second_reading_comes_after_the_first(database: Database, by: By, status: str, digest: str, why: str) -> None:
    with database.transaction() as db:
        name = a_visit(db, status=status)
        with pytest.raises(SentenceError, match=why):
            read_second(db, name, digest=digest or digest_of(db, name), agrees=True, words="", by=by)
