"""A CSQS site visit on the phone: tapped along, rated item by item, finished, all without a network."""

from __future__ import annotations

from checklists.csqs.level import level_of, ratings_of
from checklists.csqs.standard import csqs
from checklists.forms.form import Channel
from checklists.record.assessment import Contact, RecordStatus
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, complete, fill


async def a_site_visit(module: str) -> Phone:
    phone = await fill(Phone(), an_assignment(channel=Channel.SITE_VISIT, variant=module, branch=None, round=9))
    await phone.app.start()
    await phone.app.open_visit("assignment-1")
    return phone


async def test_a_site_visit_is_tapped_along_from_arriving_to_the_closing_meeting() -> None:
    visit = (await a_site_visit("full")).visit
    assert visit.walk is not None

    assert [stamp.key for stamp in visit.walk.stamps] == ["t_arrive", "t_opening", "t_closing"]
    assert await visit.reach("t_arrive")

    assert visit.assessment.contact is Contact.CONNECTED
    assert [stamp.key for stamp in visit.walk.ahead(visit.assessment.measurements)] == ["t_opening", "t_closing"]


async def test_a_module_asks_its_items_and_is_finished_without_a_network() -> None:
    """CSQ-3: the small module asks 25; what is finished comes to a level by the same rules as at the desk."""
    phone = await a_site_visit("small")
    assert len(phone.visit.sheet.items) == 25

    await complete(phone)
    assert await phone.visit.finish()

    record = phone.visit.assessment
    answers = {key: answer.value for key, answer in record.answers.items()}
    assert record.status is RecordStatus.FINISHED
    assert level_of(csqs(), ratings_of(csqs(), answers)).number == 3


async def test_a_step_without_words_for_what_it_rests_on_keeps_a_visit_open() -> None:
    phone = await a_site_visit("small")
    await complete(phone)
    assert await phone.visit.note("S101", "document", "")

    assert not await phone.visit.finish()

    assert await phone.visit.answer("S101", 0)  # nothing seen: nothing to show
    assert await phone.visit.finish()
