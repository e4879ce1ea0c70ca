"""CRR, SRD, QUE, FGR, MEA, COR: what a reviewer puts down beside an answer, who reads second, and what waits first."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, func, select

from checklists import wire
from checklists.language import SentenceError
from checklists.record.assessment import Answer, Assessment, Measurement, Position
from checklists.record.assignment import Branch
from checklists.score.scoring import Scorer
from sync_server.award.standings import standing_of
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import bench as queries
from sync_server.fieldwork.base_scores import BaseScorer
from sync_server.fieldwork.corrections import CountedRecords, corrected
from sync_server.jobs.wishes import standing_job
from sync_server.publication.readiness import Weight, readiness
from sync_server.review import correcting
from sync_server.review.figures import Figures, in_turn, jobs_missing
from sync_server.review.measured import measured, words_of
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.queue import DRAWN, Bench, is_drawn, keep_seed
from sync_server.review.second_reader import read_second, unread
from sync_server.review.verdicts import Verdict, review
from sync_server.season.rules import versions_in_force
from tests.builders import NOON, an_assignment, both
from tests.sync_server.closed_season import BOOK, add_accepted, add_person, desk_of
from tests.sync_server.season_kit import ANSWERS, a_call, add_season

KEY = ("harbour-ferry", "phone_in")
LATER = NOON + timedelta(days=2)


@pytest.fixture
def by(database: Database) -> By:
    with database.transaction() as db:
        add_season(db)
        keep_seed(db, NOON)
        return By(add_person(db, "wong"), LATER)


def a_visit(db: Connection, number: int = 1, *, status: str = "finished", **changes: Any) -> str:
    """A call as it arrived and was scored."""
    name = str(uuid.UUID(int=number))
    record = a_call(id=name, assignment_id=f"a-{number}", **changes)
    add_accepted(db, record, status=status)
    base = BaseScorer(BOOK).bases_of(record, db).under(versions_in_force(db).of_round(1))
    queries.change_base(db, name, (base.exact, base.shown, base.millionths))
    return name


def digest_of(db: Connection, name: str) -> str:
    return db.execute(select(tables.assessments.c.digest).where(tables.assessments.c.id == name)).scalar_one()


def measure(database: Database) -> None:
    with database.transaction() as db:
        write = Figures(database, BOOK)(["/".join(KEY)])
        write(db)


def shown(db: Connection, name: str) -> tuple[str, int]:
    c = tables.assessments.c
    row = db.execute(select(c.base_shown, c.base_millionths).where(c.id == name)).one()
    return row[0], row[1]


# ---- corrections


def correct(
    db: Connection, name: str, key: str, typed: str, by: By, *, reason: str = "Heard.", digest: str = ""
) -> None:
    correcting.correct(db, BOOK, name, key, typed, digest=digest or digest_of(db, name), reason=reason, by=by)


def test_a_correction_keeps_old_and_new_and_the_base_follows(database: Database, by: By) -> None:
    """CRR-1, CRR-2, COR-1"""
    with database.transaction() as db:
        name = a_visit(db)
        before, body = shown(db, name), _body(db, name)
        correct(db, name, "PC1", "0", by)
        correct(db, name, "PA1", "false", by)
    with database.reading() as db:
        first, second = queries.corrections_of(db)[name]
        assert (first.question, first.before, first.after, first.reason, first.by) == (
            "PC1", 4, 0, "Heard.", "Name of wong",
        )  # fmt: skip
        assert (second.before, second.after) == (True, False)
        assert shown(db, name)[1] < before[1]
        assert _body(db, name) == body
        grades = db.execute(select(tables.grades.c.base).order_by(tables.grades.c.id)).scalars().all()
        assert len(grades) == 2
        assert db.execute(select(tables.jobs.c.name)).scalars().all() == [standing_job(*KEY).name]


def _body(db: Connection, name: str) -> bytes:
    return db.execute(
        select(tables.assessment_revisions.c.body).where(tables.assessment_revisions.c.assessment_id == name)
    ).scalar_one()


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


def failing(db: Connection) -> str:
    """A question whose failing is critical, of the form itself."""
    items = BOOK.sheet_of(a_call(), db).items
    return next(key for key, item in items.items() if item.question.critical and ANSWERS[key] is True)


def a_failed_visit(db: Connection, by: By) -> str:
    """A visit whose critical item failed, accepted by `by`."""
    name = a_visit(db, answers=ANSWERS | {failing(db): False})
    review(db, name, Verdict("accepted", digest_of(db, name), "", {}), by)
    return name


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


# ---- what waits


def waiting(database: Database, bench: Bench | None = None, seq: int = 1) -> dict[str, tuple[list[str], list[str]]]:
    with database.reading() as db:
        queue = (bench or Bench()).queue(db, seq)
    return {one.row.id: ([flag.kind for flag in one.flags], list(one.reasons)) for one in queue}


def test_what_is_flagged_waits_first_then_what_is_read_for_another_reason(database: Database, by: By) -> None:
    """QUE-1, QUE-2"""
    slow = {key: Answer(value=value, at=NOON + timedelta(hours=40)) for key, value in ANSWERS.items()}
    with database.transaction() as db:
        names = [a_visit(db, number) for number in range(1, 7)]
        late = a_call(id=str(uuid.UUID(int=9)), assignment_id="a-9")
        record = msgspec.structs.replace(late, answers=slow)
        add_accepted(db, record, status="finished")
    measure(database)
    found = waiting(database)
    assert next(iter(found)) == record.id
    assert "recall" in found[record.id][0]
    reasons = {name: found[name][1] for name in names}
    assert [reasons[name] for name in names[:3]] == [["new"]] * 3
    assert all(each in ([], ["random"]) for name, each in reasons.items() if name not in names[:3])


def test_the_draw_follows_from_the_seed_alone(database: Database, by: By) -> None:
    """QUE-2"""
    ids = [str(uuid.UUID(int=number)) for number in range(4000)]
    drawn = [is_drawn("a seed", name) for name in ids]
    assert drawn == [is_drawn("a seed", name) for name in ids]
    assert abs(sum(drawn) / len(ids) - DRAWN) < 0.02
    assert drawn != [is_drawn("another", name) for name in ids]
    with database.transaction() as db:
        first = db.execute(select(tables.settings.c.value).where(tables.settings.c.name == "review-seed")).scalar_one()
        keep_seed(db, LATER)
        assert db.execute(select(tables.settings.c.value)).scalars().all().count(first) == 1


def test_accepted_visits_wait_for_a_second_reader_or_an_answer(database: Database, by: By) -> None:
    """QUE-3"""
    with database.transaction() as db:
        failed, asked = a_failed_visit(db, by), a_visit(db, 2, status="accepted")
        correcting.ask(db, asked, "", "Is it right?", by)
    measure(database)
    assert {name: each[1] for name, each in waiting(database).items()} == {failed: ["second"], asked: ["query"]}


def test_the_bench_reads_only_what_came_since(database: Database, by: By) -> None:
    bench = Bench()
    with database.transaction() as db:
        first = a_visit(db, 1)
    measure(database)
    assert list(waiting(database, bench, 1)) == [first]
    with database.transaction() as db:
        second = a_visit(db, 2, answers=ANSWERS | {"PC1": 0})
    measure(database)
    assert set(waiting(database, bench, 2)) == {first, second}


# ---- figures


def test_a_revision_is_measured_once_and_again_when_it_was_corrected(database: Database, by: By) -> None:
    """FGR-1"""

    def kept() -> int:
        with database.reading() as db:
            return db.execute(select(func.count()).select_from(tables.visit_figures)).scalar_one()

    with database.transaction() as db:
        name = a_visit(db)
        assert list(jobs_missing(db)) == [standing_job(*KEY)]
    measure(database)
    measure(database)
    assert kept() == 1
    with database.transaction() as db:
        correct(db, name, "PC1", "0", by)
        assert list(jobs_missing(db)) == []
    measure(database)
    assert kept() == 2


def test_a_record_that_cannot_be_laid_out_is_measured_without_its_form(database: Database, by: By) -> None:
    """FGR-2"""
    with database.transaction() as db:
        a_visit(db, variant="no-such-variant")
    measure(database)
    with database.reading() as db:
        ((_, _, _, body),) = queries.figures_after(db, 0)
    assert msgspec.json.decode(body)["answered"] == len(ANSWERS)


def test_standings_and_figures_are_kept_in_one_transaction(database: Database) -> None:
    done: list[str] = []
    both_of = in_turn(
        lambda each: lambda _db: done.append(f"s {each}"), lambda each: lambda _db: done.append(f"f {each}")
    )
    with database.transaction() as db:
        both_of(["x"])(db)
    assert done == ["s ['x']", "f ['x']"]


def figures(record: Assessment, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "zone": "Asia/Hong_Kong", "received_at": NOON + timedelta(hours=1), "clock_offset_ms": 1500, "base": 80.0,
        "others": {}, "returned": None,
    }  # fmt: skip
    branch = Branch(id="pier", name=both("Pier"), address=both("7"), lat=22.2870, lon=114.1600)
    return measured(record, an_assignment(branch=branch), _scorer(record), **(given | changes))


def _scorer(record: Assessment) -> Scorer:
    return BOOK.scorer_of(record, "flag_only")


@pytest.fixture
def _forms(database: Database, by: By) -> None:
    with database.reading() as db:
        BOOK.forms(db)


@pytest.mark.usefixtures("_forms")
def test_figures_are_those_of_the_record() -> None:
    """MEA-1"""
    place = Measurement(at=NOON, position=Position(latitude="22.2880", longitude="114.1600", accuracy_m=12))
    record = a_call()
    seen = figures(msgspec.structs.replace(record, measurements={**record.measurements, "t_arrive": place}))
    assert (seen.answered, seen.critical_failed, seen.clock_s, seen.is_disordered) == (len(ANSWERS), (), 2, False)
    assert seen.scales == sum(type(value) is int and key not in ("PA3", "PF2", "PA2") for key, value in ANSWERS.items())
    assert (seen.far_m, seen.accuracy_m) == (111, 12)
    assert (seen.talk_s or 0) > 0
    assert seen.ended_s > seen.began_s
    bare = figures(msgspec.structs.replace(record, measurements={}, evidence=()))
    assert (bare.began_s, bare.recall_s, bare.talk_s, bare.far_m) == (None, None, None, None)


@pytest.mark.usefixtures("_forms")
def test_words_are_compared_with_other_forms_of_the_assessor_and_not_kept() -> None:
    """MEA-2"""
    record = a_call()
    copied = figures(record, others={"that": words_of(record), "other": words_of(a_call(notes={}))})
    assert (copied.copied_from, copied.copied) == ("that", 1.0)
    assert "kept for me" not in wire.encode(copied).decode()


@pytest.mark.usefixtures("_forms")
def test_edits_are_counted_against_what_was_returned() -> None:
    """MEA-3"""
    again = a_call(answers=ANSWERS | {"PC1": 0, "PC2": 0})
    assert figures(again, returned=a_call()).edited == 2


def test_corrections_are_read_with_the_record(database: Database, by: By) -> None:
    """COR-2"""
    with database.transaction() as db:
        name = a_visit(db)
        correct(db, name, "PC1", "1", by)
        counted = CountedRecords(db, [name])
        assert counted.read(_body(db, name), digest_of(db, name)).answers["PC1"].value == 1
        assert [one.after for one in counted.made_on(name, digest_of(db, name))] == [1]
        assert datetime.fromisoformat(str(counted.made_on(name, digest_of(db, name))[0].corrected_at)) == LATER
