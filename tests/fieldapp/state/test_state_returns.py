"""RET-P: what a reviewer asked stands at its question on the phone, and is ticked off as it is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace

from checklists.record.assessment import RecordStatus
from fieldapp.kept import Review
from fieldapp.state import Due
from fieldapp.state.visit import Visit
from fieldapp.views.review import ReviewBody
from fieldapp.views.visit.page import VisitBody
from fieldapp.views.visit.returned import ReturnedBanner
from fieldapp.views.visit_hooks import Keeping, Opened
from tests.fieldapp.app_kit import Phone, complete, fill, told
from tests.fieldapp.drawn import Drawn

COMMENTS = {"PD1": "Was it really complete?", "PA1": "Which menu?", "": "Call me.", "ZZ9": "And the old question?"}


async def a_returned_visit(reason: str = "Two points are open.", comments: dict[str, str] = COMMENTS) -> Phone:
    phone = await fill(Phone())
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    await complete(phone)
    await phone.visit.answer("PG4", None)
    assert await phone.visit.finish()
    record = phone.visit.assessment
    review = Review(id="1", assessment_id=record.id, revision=1, decision="returned", reason=reason, comments=comments)
    feed = replace(told(phone.visit.assignment), reviews={record.id: review})
    await phone.store.save_feed(feed)
    phone.app.on_feed(feed)
    return phone


def open_notes(visit: Visit) -> list[str | None]:
    return [finding.question for finding in visit.findings if finding.code == "note-open"]


async def test_ret_p_1_reason_and_notes_stand_while_it_is_sent_back_and_worked_on() -> None:
    phone = await a_returned_visit()
    for taken_up in (False, True):
        if taken_up:
            assert await phone.visit.reopen()
        assert phone.visit.reason_of_return == "Two points are open.\nCall me.\nZZ9: And the old question?"
        assert phone.visit.notes_to_answer["PD1"] == "Was it really complete?"
    assert phone.app.rows[0].due is not Due.RETURNED
    assert await phone.visit.finish()
    assert (phone.visit.reason_of_return, phone.visit.notes_to_answer) == ("", {})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda visit: visit.answer("PA1", False), id="another answer"),
        pytest.param(lambda visit: visit.answer("PA1", True), id="the same answer again"),
        pytest.param(lambda visit: visit.note("PA1", "note", "The second one."), id="a note"),
        pytest.param(lambda visit: visit.add_photo(b"menu", key="PA1"), id="a picture"),
        pytest.param(lambda visit: visit.confirm("PA1"), id="it stays as it is"),
    ],
)
async def test_ret_p_2_a_note_is_ticked_off_once_its_question_is_looked_at_again(
    answer: Callable[[Visit], Awaitable[bool]],
) -> None:
    phone = await a_returned_visit()
    await phone.visit.reopen()
    assert open_notes(phone.visit) == ["PA1", "PD1"]
    assert await answer(phone.visit)
    assert open_notes(phone.visit) == ["PD1"]
    assert (phone.visit.is_note_answered("PA1"), phone.visit.is_note_answered("PD1")) == (True, False)
    after = phone.restarted()
    await after.app.start()
    await after.app.open_visit("assignment-1")
    assert open_notes(after.visit) == ["PD1"], "it is kept"


async def test_an_open_note_is_told_before_finishing_and_does_not_block_it() -> None:
    phone = await a_returned_visit()
    await phone.visit.reopen()
    assert phone.visit.can_finish
    assert await phone.visit.finish()
    assert phone.visit.assessment.revision == 2


async def test_a_late_answer_never_sends_off_what_was_sent_back() -> None:
    phone = await a_returned_visit()
    assert not phone.visit.may_answer("PG4")
    assert not await phone.visit.answer("PG4", "on_time")
    assert not await phone.visit.note("PG4", "note", "It came.")
    record = phone.visit.assessment
    assert (record.revision, record.status, phone.app.rows[0].due) == (1, RecordStatus.FINISHED, Due.RETURNED)


@pytest.mark.parametrize("taken_up", [False, True], ids=["before it is taken up", "while it is worked on"])
async def test_a_return_that_is_taken_back_asks_for_nothing(taken_up: bool) -> None:
    phone = await a_returned_visit()
    if taken_up:
        assert await phone.visit.reopen()
    record = phone.visit.assessment
    taken_back = Review(
        id="taken-back-1", assessment_id=record.id, revision=1, decision="taken-back", reason="A mistake.", comments={}
    )
    feed = replace(told(phone.visit.assignment), reviews={record.id: taken_back})
    await phone.store.save_feed(feed)
    phone.app.on_feed(feed)
    assert (phone.visit.reason_of_return, phone.visit.notes_to_answer) == ("", {})
    row = phone.app.rows[0]
    assert row.due is not Due.RETURNED
    assert row.status is (RecordStatus.DRAFT if taken_up else RecordStatus.FINISHED)


@pytest.mark.parametrize("page", [VisitBody, ReviewBody])
async def test_what_was_sent_back_is_taken_up_at_the_thumb(page: Callable[[Opened], object]) -> None:
    phone = await a_returned_visit()
    drawn = Drawn(page, Opened(phone.app, phone.visit))
    assert any("The reviewer sent this back. Two points are open." in text for text in drawn.texts)
    await drawn.tap("Work on it again")
    assert phone.visit.is_draft
    drawn.look()
    assert any("Two points are open." in text for text in drawn.texts), "it is read before it is sent again"


async def test_only_notes_that_can_be_answered_are_counted() -> None:
    phone = await a_returned_visit()
    assert await phone.visit.reopen()
    for key, counted in (("PD1", "0 of 2"), ("PA1", "1 of 2"), ("", "2 of 2")):
        (said,) = (text for text in Drawn(ReturnedBanner, Keeping(phone.visit)).texts if "sent this back" in text)
        assert said.endswith(f"Notes at questions answered: {counted}.")
        assert not key or await phone.visit.confirm(key)
