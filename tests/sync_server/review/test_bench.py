"""QUE, FGR, MEA: what waits first, and the figures that it is told from."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from checklists import wire
from checklists.record.assessment import Answer, Assessment, Measurement, Position
from checklists.record.assignment import Branch
from checklists.score.scoring import Scorer
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import bench as queries
from sync_server.database.queries.jobs import forget_job, subjects_asked_for
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.jobs.wishes import standing_job
from sync_server.review import correcting
from sync_server.review.figures import Figures, in_turn, jobs_missing
from sync_server.review.measured import measured, words_of
from sync_server.review.outcome import By
from sync_server.review.queue import DRAWN, Bench, is_drawn, keep_seed
from tests.builders import NOON, an_assignment, both
from tests.sync_server.closed_season import BOOK, add_accepted, add_person
from tests.sync_server.review.review_kit import (
    KEY,
    LATER,
    a_failed_visit,
    a_visit,
    body_kept,
    correct,
    digest_of,
    measure,
)
from tests.sync_server.season_kit import ANSWERS, a_call, add_season


@pytest.fixture
def by(database: Database) -> By:
    with database.transaction() as db:
        add_season(db)
        keep_seed(db, NOON)
        return By(add_person(db, "wong"), LATER)


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
        ((_, _, body),) = queries.figures_numbered(db, [one.number for one in queries.figures_after(db, 0)])
    assert msgspec.json.decode(body)["answered"] == len(ANSWERS)


def test_of_many_new_visits_the_first_are_measured_and_the_job_is_asked_for_again(database: Database, by: By) -> None:
    """FGR-3"""
    with database.transaction() as db:
        names = [a_visit(db, number) for number in (1, 2, 3)]
    works, kept = Figures(database, BOOK, most=2), []
    for _ in range(2):
        with database.transaction() as db:
            works(["/".join(KEY)])(db)
        with database.reading() as db:
            kept.append(
                ([one.assessment_id for one in queries.figures_after(db, 0)], subjects_asked_for(db, "standing"))
            )
        with database.transaction() as db:
            forget_job(db, standing_job(*KEY))
    assert kept == [(names[:2], ["/".join(KEY)]), (names, [])]


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
        assert counted.read(body_kept(db, name), digest_of(db, name)).answers["PC1"].value == 1
        assert [one.after for one in counted.made_on(name, digest_of(db, name))] == [1]
        assert datetime.fromisoformat(str(counted.made_on(name, digest_of(db, name))[0].corrected_at)) == LATER
