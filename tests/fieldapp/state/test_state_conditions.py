"""COND-1 on the phone: what a condition hides is not in the list, not counted and not wanted, and keeps its answer."""

from __future__ import annotations

from checklists.forms.expression import expression
from checklists.record.assessment import Outcome
from tests.builders import a_form, a_question, a_section, an_assignment
from tests.fieldapp.app_kit import Phone, fill

IF_YES = expression({"equal": [{"answer": "Q1"}, True]})
FORM = a_form(
    a_section(a_question("Q1"), a_question("Q2", show_if=IF_YES), weight=50),
    a_section(a_question("R1", show_if=IF_YES), weight=50),
    name="asked",
)


async def a_visit() -> Phone:
    phone = await fill(Phone(), an_assignment(form=FORM.id, annex=None))
    await phone.store.save_form(FORM)
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    assert await phone.visit.attempt(Outcome.CONNECTED)
    return phone


def progress(phone: Phone) -> dict[str, tuple[int, int]]:
    return {one.section_id: (one.answered, one.asked) for one in phone.visit.reading.progress}


async def test_an_answer_opens_and_closes_what_rests_on_it_and_what_was_answered_is_kept() -> None:
    phone = await a_visit()
    assert progress(phone) == {"Q": (0, 1)}
    assert await phone.visit.answer("Q1", True)
    assert await phone.visit.answer("R1", False)
    assert progress(phone) == {"Q": (1, 2), "R": (1, 1)}
    assert [finding.question for finding in phone.visit.findings] == ["Q2"]
    assert await phone.visit.answer("Q1", False)
    assert progress(phone) == {"Q": (1, 1)}
    assert phone.visit.findings == ()
    assert phone.visit.assessment.answers["R1"].value is False
    assert await phone.visit.finish()
