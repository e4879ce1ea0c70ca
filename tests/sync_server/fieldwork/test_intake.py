"""INT, GRD: batches of pushes kept straight in the database, on both engines, without a server around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from checklists.record.assessment import Assessment
from sync_server.app import create_app
from sync_server.config import Config
from sync_server.database import tables
from sync_server.fieldwork.intake import Outcome, Reply
from sync_server.fieldwork.push import Arrival, Push, push_of
from sync_server.services import Services
from tests.builders import NOON, an_attempt
from tests.sync_server.conftest import set_season_up
from tests.sync_server.desk import rule_anew
from tests.sync_server.season_kit import ANSWERS, ASSESSOR, OTHER_ASSESSOR, TOKEN, a_call, body_of, device_id


@pytest.fixture
def services(database_place: str, tmp_path: Path) -> Iterator[Services]:
    """The parts of a server that was not started."""
    config = Config(data_dir=tmp_path, database_url=database_place)
    set_season_up(config)
    parts: Services = create_app(config).state.services
    yield parts
    parts.database.close()


def a_push(
    services: Services, record: Assessment, by: str = ASSESSOR, offset_ms: int | None = None, at: datetime = NOON
) -> Push:
    checked = services.records.checked(body_of(record), record.id, by)
    return push_of(checked, Arrival(record.id, by, device_id(TOKEN), at, clock_offset_ms=offset_ms))


def keep(services: Services, *pushes: Push) -> list[Reply]:
    with services.database.transaction() as db:
        return list(services.intake.keep(db, pushes))


def rows(services: Services, table: Any) -> list[Any]:
    with services.database.reading() as db:
        return list(db.execute(select(table)))


def counts(services: Services) -> tuple[int, int, int, int]:
    """Revisions, base scores, lines of the audit log, and changes for the office."""
    kept = (tables.assessment_revisions, tables.grades, tables.audit_log)
    with services.database.reading() as db:
        revisions, bases, lines = (db.execute(select(func.count()).select_from(table)).scalar_one() for table in kept)
        for_office = db.execute(select(func.count()).where(tables.changes.c.audience == "office")).scalar_one()
    return revisions, bases, lines, for_office


def test_one_batch_keeps_the_same_once_and_gives_the_first_reply_again(services):
    """INT-1."""
    call = a_call()
    first, again = keep(services, a_push(services, call), a_push(services, call, at=NOON + timedelta(days=1)))
    assert (first.outcome, again.outcome) == (Outcome.KEPT, Outcome.REPEATED)
    assert again._replace(outcome=first.outcome) == first
    assert counts(services) == (1, 1, 1, 1)


def test_one_batch_keeps_both_of_two_contents_under_one_number(services):
    """INT-2: the second is the conflict, however often it comes."""
    call = a_call()
    other = a_push(services, a_call(id=call.id, answers={**ANSWERS, "PA1": False}))
    replies = keep(services, a_push(services, call), other, other)
    assert [reply.outcome for reply in replies] == [Outcome.KEPT, Outcome.CONFLICT, Outcome.CONFLICT]
    assert [row.conflict for row in rows(services, tables.assessment_revisions)].count(True) == 1
    shown = rows(services, tables.assessments)
    assert [(row.conflicts, row.digest) for row in shown] == [(1, replies[0].digest)]


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
def test_an_older_revision_is_kept_and_changes_nothing_current(services, together):
    """INT-3."""
    second = a_call(revision=2)
    older = a_call(id=second.id, revision=1, answers={**ANSWERS, "PA1": False})
    pushes = [a_push(services, record) for record in (second, older, older)]
    replies = keep(services, *pushes) if together else [keep(services, push)[0] for push in pushes]
    assert [reply.outcome for reply in replies] == [Outcome.KEPT, Outcome.KNOWN, Outcome.KNOWN]
    assert [reply.current_revision for reply in replies] == [2, 2, 2]
    assert [(row.revision, row.digest) for row in rows(services, tables.assessments)] == [(2, replies[0].digest)]
    assert counts(services) == (2, 1, 2, 2)


def test_an_id_that_is_taken_stays_its_authors(services):
    """INT-4."""
    call = a_call()
    theirs = a_call(id=call.id, revision=2, assignment_id="assignment-2")
    replies = keep(services, a_push(services, call), a_push(services, theirs, OTHER_ASSESSOR))
    assert [reply.outcome for reply in replies] == [Outcome.KEPT, Outcome.CONFLICT]
    assert [(row.revision, row.assessor_id, row.conflicts) for row in rows(services, tables.assessments)] == [
        (1, ASSESSOR, 1)
    ]


def test_a_batch_writes_a_change_a_body_a_base_a_finished_one_and_one_job_an_entry(services):
    """INT-5, GRD-1, GRD-3."""
    calls = [a_call() for _ in range(70)]  # more than go in one statement
    draft = a_call(status="draft", answers={}, finished_at=None, files=())
    keep(services, *(a_push(services, record) for record in (*calls, draft)))
    assert counts(services) == (71, 70, 71, 71)
    assert {row.base for row in rows(services, tables.grades)} == {"353/4"}
    assert Counter(row.base_shown for row in rows(services, tables.assessments)) == {"88.25": 70, "": 1}
    assert [row.name for row in rows(services, tables.jobs) if row.name.startswith("standing/")] == [
        "standing/harbour-ferry/phone_in"
    ]


@pytest.mark.parametrize("effect", ["section_zero", "flag_only", "assessment_cap"])
def test_a_base_is_that_of_the_rules_which_hold_when_it_is_kept(services, effect):
    """GRD-1: they may have changed since the record was checked."""
    call = a_call(answers={**ANSWERS, "PB6": False})
    push = a_push(services, call)
    with services.database.transaction() as db:
        rule_anew(db, {"critical.effect": effect})
        services.intake.keep(db, [push])
        scorer = services.forms.scorer_of(call, effect, db)
    base = scorer.base({key: answer.value for key, answer in call.answers.items()})
    assert [row.base for row in rows(services, tables.grades)] == [str(base)]
    assert push.bases.zeroed != push.bases.unzeroed


def test_a_base_is_the_same_whichever_sheet_it_was_worked_out_on_again(services):
    """GRD-2: body, form version and rules give the kept base once more."""
    call = a_call(answers={**ANSWERS, "PA6": 1})
    keep(services, a_push(services, call))
    with services.database.reading() as db:
        scorer = services.forms.scorer_of(call, "section_zero", db)
    working = scorer.working({key: answer.value for key, answer in call.answers.items()})
    assert [row.base for row in rows(services, tables.grades)] == [str(working.base)]


def test_the_reply_lists_each_missing_file_once_and_in_order(services):
    """INT-6."""
    call = a_call()
    (reply,) = keep(services, a_push(services, call))
    assert reply.missing == tuple(sorted({file.sha256 for file in call.evidence}))


@pytest.mark.parametrize(
    ("offset_ms", "is_wrong"), [(None, False), (-120_000, False), (120_001, True), (-(10**11), True)]
)
def test_a_clock_is_flagged_beyond_two_minutes_and_never_believed(services, offset_ms, is_wrong):
    """INT-7."""
    keep(services, a_push(services, a_call(), offset_ms=offset_ms))
    assert [(row.clock_wrong, row.received_at) for row in rows(services, tables.assessments)] == [(is_wrong, NOON)]


def test_a_visit_whose_times_cannot_be_right_together_is_flagged_and_kept(services):
    """INT-7, CLK-4."""
    call = a_call()
    keep(services, a_push(services, a_call(finished_at=call.started_at - timedelta(hours=1))))
    assert [(row.clock_wrong, row.base_shown) for row in rows(services, tables.assessments)] == [(True, "88.25")]


def test_the_holder_is_told_of_tries_by_whoever_held_it_before(services):
    """TRY-3: told in the transaction that keeps them."""
    push = a_push(services, a_call(attempts=(an_attempt(0), an_attempt(1))))
    with services.database.transaction() as db:
        db.execute(
            tables.assignments.update()
            .where(tables.assignments.c.id == "assignment-1")
            .values(assessor_id=OTHER_ASSESSOR)
        )
        services.intake.keep(db, [push])
    told = [row for row in rows(services, tables.changes) if row.kind == "attempts"]
    assert [(row.assessor_id, row.subject_id) for row in told] == [(OTHER_ASSESSOR, "assignment-1")]


def test_moments_are_kept_in_utc_and_sort_as_text(services):
    later = a_push(services, a_call(), at=NOON + timedelta(microseconds=1))
    keep(services, later, a_push(services, a_call()))
    with services.database.reading() as db:
        text = db.exec_driver_sql("SELECT received_at FROM assessment_revisions ORDER BY received_at").scalars().all()
    assert text == ["2021-03-01T04:00:00.000000Z", "2021-03-01T04:00:00.000001Z"]
