"""A call of 38 questions, tap by tap on the app's own components: what it costs an assessor."""

from __future__ import annotations

from collections import Counter

import flet as ft

from checklists.forms.form import Kind
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from fieldapp.state.call import PHONE
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.call.menu import Keypad
from fieldapp.views.call.page import doing
from fieldapp.views.question_card import QuestionCard, cards_of
from fieldapp.views.section import may_finish_here, open_keys
from fieldapp.views.visit_hooks import Keeping
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn

MOST = 54
STAMPS = (
    *("It rings", "It rings (1)", "A recording answers", "Key 3", "Key 1", "Asked for a person", "A person speaks"),
    *("Put on hold", "Back on the line", "I hung up"),
)
PHRASE = "Said clearly, without being asked."


@ft.component
def call(visit: Visit) -> ft.Control:
    return kit.stack([*doing(Keeping(visit), PHONE, visit.stage[0], 2), Keypad(visit)])


class Assessor:
    """Taps what is on the screen, and counts by what for."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.taps = phone, Counter[str]()

    async def tap(self, drawn: Drawn, name: str, why: str) -> None:
        self.phone.clock.pass_(seconds=5)
        await drawn.tap(name)
        self.taps[why] += 1

    async def answer(self, key: str) -> None:
        """Answer one open question with the fewest taps an honest assessor needs, and give what it wants."""
        question = self.phone.visit.sheet.all_items[key].question
        if key not in self.phone.visit.assessment.answers:
            if question.kind is Kind.TEXT:
                await self.tap(self.card(key), f"{PHRASE}, {key}", "words")
            else:
                await self.tap(self.card(key), self.name_of(key), "answers")
        drawn = self.card(key)
        for name in drawn.names:
            if name.startswith(("Verbatim quote needed", "Note needed")):
                await self.tap(self.card(key), f"{PHRASE}, {key}", "words")
        if "screenshot" in question.evidence:
            captures = self.phone.app.captures
            take = await captures.begin(self.phone.visit, b"screenshot", key, "screenshot")
            assert take is not None
            assert await captures.keep(self.phone.visit, take, [], "")
            self.taps["screenshot"] += 2  # its chip, and Keep; the phone's own chooser is not counted

    def card(self, key: str) -> Drawn:
        visit, phrases = self.phone.visit, self.phone.app.phrases
        shown = cards_of(visit, [visit.sheet.all_items[key]], phrases=phrases)[0]
        return Drawn(QuestionCard, shown, visit.answer, Keeping(visit))

    def name_of(self, key: str) -> str:
        question = self.phone.visit.sheet.all_items[key].question
        says: dict[Kind, AnswerValue] = {Kind.YES_NO: "Yes", Kind.SCALE: "3 Meets"}
        if question.faq_number is not None and question.faq_number > 2:
            return f"Not applicable, {key}"
        return f"{says.get(question.kind) or question.options[0].label['en']}, {key}"


async def test_a_call_of_38_questions_takes_no_more_taps_than_promised() -> None:
    phone = await fill(Phone(), an_assignment())
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    visit, assessor = phone.visit, Assessor(phone)
    assert len(visit.sheet.all_items) == 38
    assert visit.assessment.answers == {}  # nothing is preselected
    assert await visit.dial()
    assessor.taps["call"] += 1  # the next visit's own button dials from the list
    for stamp in STAMPS:
        await assessor.tap(Drawn(call, visit), stamp, "stamps")
    assert Drawn(call, visit).names[0] == "Answer the questions"
    assessor.taps["on"] += 1
    measured = {key for key, answer in visit.assessment.answers.items() if answer.value != NOT_APPLICABLE}
    for key in open_keys(visit):
        await assessor.answer(key)
    assert open_keys(visit) == [], visit.findings
    assert may_finish_here(visit)  # at the end of the scroll
    assert await visit.finish()
    assessor.taps["finish"] += 1
    assert measured, "what was measured is not asked"
    assert not measured & {key for key, answer in visit.assessment.answers.items() if answer.value is None}
    assert assessor.taps.total() <= MOST, dict(assessor.taps)
