"""HND-4 to HND-10: a visit that went from phone to phone, kept until the desk has decided, and then taken in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import func, insert, select

from checklists.record.assessment import Assessment, Contact, RecordStatus, TakenOver
from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.custody.file_retention import Periods
from sync_server.custody.word_retention import WordErasure, due_words
from sync_server.database import tables
from sync_server.fieldwork.earlier_tries import tries_to_tell
from sync_server.people.permissions import Role
from tests.builders import NOON, an_attempt
from tests.sync_server.desk import push, release_rounds, signed_in
from tests.sync_server.season_kit import ASSESSOR, OTHER_ASSESSOR, OTHER_TOKEN, a_call, body_of
from tests.sync_server.whole_desk import forms_of

TRIED = an_attempt(-60, "no_answer")


def taken(**changes: Any) -> Assessment:
    """A whole call of the second assessor, on the first one's assignment."""
    came = TakenOver(assessor=ASSESSOR, assessment="theirs", at=NOON, attempts=(TRIED,))
    return replace(a_call(), taken_over=came, **changes)


def sent(server: Any, record: Assessment) -> httpx.Response:
    with server.client(OTHER_TOKEN) as phone:
        return phone.put(f"/api/v1/assessments/{record.id}", content=body_of(record))


def decide(server: Any, decision: str, record: Assessment, **typed: str) -> httpx.Response:
    with signed_in(server, Role.COORDINATOR) as client:
        page = client.get("/hand-overs").text
        form = next(form for form in forms_of(page) if form.fields.get("record") == record.id)
        return client.post("/hand-overs", data={**form.fields, "decision": decision, **typed})


def state(server: Any, record: Assessment) -> tuple[str, int, str | None]:
    """What the desk decided, how many bytes are kept of it, and whose the assessment is by now."""
    h, a = tables.hand_overs.c, tables.assessments.c
    with server.services.database.reading() as db:
        row = db.execute(select(h.state, func.length(h.body)).where(h.record_id == record.id)).one()
        return row[0], row[1], db.execute(select(a.assessor_id).where(a.id == record.id)).scalar()


def test_hnd_4_it_is_kept_waits_for_the_desk_and_counts_once_confirmed(desk) -> None:
    record = taken()
    for _again in range(2):
        answer = sent(desk, record)
        assert (answer.status_code, answer.json()["code"]) == (423, "transfer-pending")
        assert answer.headers["Retry-After"] == "300"
    assert state(desk, record) == ("pending", len(body_of(record)), None)
    assert decide(desk, "confirm", record).status_code == 303
    assert state(desk, record) == ("confirmed", 0, OTHER_ASSESSOR)
    assert sent(desk, record).status_code == 200, "and the phone hears so when it sends again"
    with desk.services.database.reading() as db:
        row = db.execute(select(tables.assignments).where(tables.assignments.c.id == record.assignment_id)).one()
    assert (row.assessor_id, decode(row.body, Assignment).assessor_id) == (OTHER_ASSESSOR, OTHER_ASSESSOR), "HND-8"
    with signed_in(desk, Role.COORDINATOR) as client:
        page = client.get(f"/assessments/{record.id}").text
        shown = client.get("/hand-overs").text
    assert "No answer" in page, "the tries that came along count, and are shown"
    assert f"Name of {ASSESSOR} → Name of {OTHER_ASSESSOR}" in shown


def test_hnd_6_and_10_a_refused_one_stays_kept_and_may_still_be_confirmed(desk) -> None:
    record = taken()
    sent(desk, record)
    assert decide(desk, "refuse", record).status_code == 409, "without a reason"
    assert decide(desk, "refuse", record, reason="Nobody was told.").status_code == 303
    answer = sent(desk, record)
    assert (answer.status_code, answer.json()["code"]) == (403, "transfer-refused")
    assert state(desk, record) == ("refused", len(body_of(record)), None)
    assert decide(desk, "confirm", record).status_code == 303
    assert state(desk, record)[2] == OTHER_ASSESSOR


@pytest.mark.parametrize(
    "came",
    [
        pytest.param(None, id="without a word of it"),
        pytest.param(
            TakenOver(assessor=OTHER_ASSESSOR, assessment="mine", at=NOON), id="from somebody who never held it"
        ),
    ],
)
def test_hnd_5_other_records_of_anothers_assignment_are_refused_as_ever(desk, came: TakenOver | None) -> None:
    answer = sent(desk, replace(taken(), taken_over=came))
    assert (answer.status_code, answer.json()["code"]) == (403, "assignment-not-yours")


def test_hnd_7_a_given_draft_is_known_to_the_desk_before_its_receiver_is(desk) -> None:
    draft = a_call(status=RecordStatus.DRAFT, contact=Contact.OPEN, finished_at=None, attempts=(TRIED,), given_at=NOON)
    push(desk, draft)
    assert decide(desk, "confirm", draft).status_code == 409, "nobody was chosen"
    assert decide(desk, "confirm", draft, receiver=OTHER_ASSESSOR).status_code == 303
    with desk.services.database.reading() as db:
        assert tries_to_tell(db, draft.assignment_id, OTHER_ASSESSOR) == (TRIED,)
    assert sent(desk, taken()).status_code == 200


def test_a_given_draft_goes_from_the_list_once_its_receiver_or_its_own_assessor_went_on(desk) -> None:
    draft = a_call(status=RecordStatus.DRAFT, contact=Contact.OPEN, finished_at=None, given_at=NOON)
    push(desk, draft)
    push(desk, replace(draft, revision=2, given_at=None))
    with signed_in(desk, Role.COORDINATOR) as client:
        assert "No hand-over waits for you" in client.get("/hand-overs").text


def test_hnd_9_a_conflict_of_interest_wants_a_reason(desk) -> None:
    with desk.services.database.transaction() as db:
        db.execute(
            insert(tables.conflicts).values(
                assessor_id=OTHER_ASSESSOR, organisation="harbour-ferry", reason="A cousin."
            )
        )
    record = taken()
    sent(desk, record)
    assert decide(desk, "confirm", record).status_code == 409
    assert decide(desk, "confirm", record, reason="There was nobody else.").status_code == 303
    with desk.services.database.reading() as db:
        row = db.execute(select(tables.assignments).where(tables.assignments.c.id == record.assignment_id)).one()
    assert row.exception == "There was nobody else."


def test_ret_15_one_that_nobody_confirmed_goes_with_the_words(desk) -> None:
    record = taken()
    sent(desk, record)
    release_rounds(desk)
    later = NOON + timedelta(days=400)
    due = due_words(desk.services.database, later, Periods())
    assert [each.assessment_id for each in due] == [record.id]
    assert WordErasure(desk.services.database, desk.services.forms).erase(due[0], later)
    assert state(desk, record) == ("pending", 0, None)
