"""Review and completion: only what is open is listed, put right where it stands, and finished with one tap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checklists.record.assessment import Outcome, RecordStatus
from fieldapp.state.choices import LONGEST_PHRASE, MOST_PHRASES
from fieldapp.views.evidence.wanted_evidence import Wanted, WantedEvidence
from fieldapp.views.question_card import QuestionCard, cards_of
from fieldapp.views.review import to_put_right
from fieldapp.views.section import open_keys
from fieldapp.views.visit_hooks import Keeping
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, complete, fill
from tests.fieldapp.drawn import Drawn, reading


async def a_phone(**changes: Any) -> Phone:
    phone = await fill(Phone(), an_assignment(**changes))
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    return phone


def keeping_of(phone: Phone) -> Keeping:
    keeping = Keeping(phone.visit)
    keeping.app = phone.app
    return keeping


def drawn_question(phone: Phone, key: str) -> Drawn:
    card = cards_of(phone.visit, [phone.visit.sheet.all_items[key]], phrases=phone.app.phrases)[0]
    return Drawn(QuestionCard, card, phone.visit.answer, keeping_of(phone))


async def test_only_what_is_open_is_listed_in_the_order_it_is_asked() -> None:
    """OPN-1: and what is put right stays, ticked, while the page is open (the page keeps the list; see the journey)."""
    phone = await a_phone()
    await complete(phone)
    await phone.visit.answer("PB1", None)
    await phone.visit.answer("PA6", None)
    assert open_keys(phone.visit) == ["PA6", "PB1"]
    assert to_put_right(phone.visit)[:2] == ["PA6", "PB1"]


async def test_nothing_is_chosen_before_a_tap() -> None:
    """Nothing is preselected, in any question of the form."""
    phone = await a_phone()
    for card in cards_of(phone.visit, phone.visit.sheet.all_items.values()):
        assert Drawn(QuestionCard, card, phone.visit.answer, keeping_of(phone)).chosen() == []


async def test_what_was_measured_is_shown_and_not_asked() -> None:
    phone = await a_phone()
    await phone.visit.count("ring_count", 2)
    drawn = drawn_question(phone, "PA2")
    assert drawn.texts == ["Rings before the first answer.", "2", "from the stamps"]
    assert drawn.names == ["More: note, photo, clear, PA2"]
    await drawn.tap("More: note, photo, clear, PA2")
    drawn.look()
    assert "Correct by hand, PA2" in drawn.names


async def test_what_is_still_to_be_measured_is_said_by_its_count_alone() -> None:
    phone = await a_phone()
    await phone.visit.dial()
    drawn = drawn_question(phone, "PA2")
    assert drawn.texts == ["Rings before the first answer.", "Rings heard before first answer", "?"]
    await drawn.tap("More: Rings heard before first answer")
    assert phone.visit.assessment.answers["PA2"].value == 1


async def test_a_filed_question_is_asked_in_its_own_words() -> None:
    phone = await a_phone()
    filed = phone.visit.assignment.filed_faqs[0]
    drawn = drawn_question(phone, "PD1")
    assert drawn.texts[:3] == [filed.question["en"], "Filed answer", filed.answer["en"]]
    assert drawn_question(phone, "PD3").texts[0] == phone.visit.sheet.all_items["PD3"].question.text["en"]


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
async def test_a_question_begins_with_its_words_and_its_code_stands_last(language: Any) -> None:
    phone = await a_phone()
    with reading(language):
        drawn = drawn_question(phone, "PA1")
        assert not any(text.startswith("PA1") for text in (*drawn.texts, *drawn.names))
        assert all(name.endswith("PA1") for name in drawn.names)


async def test_wanted_words_are_a_chip_that_a_phrase_satisfies_with_one_tap() -> None:
    phone = await a_phone()
    await phone.visit.answer("PD1", "wrong")
    drawn = drawn_question(phone, "PD1")
    assert "Verbatim quote needed, PD1" in drawn.names
    await drawn.tap("Nothing of the kind was said., PD1")
    assert phone.visit.assessment.notes["PD1"] == {"verbatim": "Nothing of the kind was said."}
    after = drawn_question(phone, "PD1")
    assert "Verbatim quote, PD1" in after.names
    assert "Verbatim quote (required), PD1" in after.fields()


async def test_a_chip_opens_the_field_of_the_words_it_wants() -> None:
    drawn = Drawn(WantedEvidence, Wanted(key="PA1", kinds=("note",)), keeping_of(await a_phone()))
    assert list(drawn.fields()) == []
    await drawn.tap("Note needed, PA1")
    drawn.look()
    assert [(label, field.autofocus) for label, field in drawn.fields().items()] == [("Note (required), PA1", True)]


async def test_a_note_that_nobody_wants_is_written_by_a_phrase_too() -> None:
    phone = await a_phone()
    wanted = Wanted(key="PA1", kinds=(), phrases=phone.app.phrases, adding=True)
    await Drawn(WantedEvidence, wanted, keeping_of(phone)).tap("I had to ask twice., PA1")
    assert phone.visit.assessment.notes["PA1"] == {"note": "I had to ask twice."}


async def test_a_phrase_is_kept_newest_first_offered_and_forgotten() -> None:
    """PHR-1: those the app offers stay until they are put away; too many push the oldest out; long words are none."""
    phone = await a_phone()
    offered = phone.app.phrases
    assert await phone.app.keep_phrase("  Very friendly. ")
    assert phone.app.phrases == ("Very friendly.", *offered)
    assert not await phone.app.keep_phrase("x" * (LONGEST_PHRASE + 1))
    assert await phone.app.forget_phrase(offered[0])
    assert offered[0] not in phone.app.phrases
    for number in range(MOST_PHRASES + 3):
        await phone.app.keep_phrase(f"Phrase {number}")
    assert len(phone.app.phrases) == MOST_PHRASES
    assert phone.app.phrases[0] == f"Phrase {MOST_PHRASES + 2}"


async def test_a_note_of_ones_own_can_be_kept_as_a_phrase() -> None:
    phone = await a_phone()
    await phone.visit.note("PA1", "note", "Very friendly.")
    drawn = drawn_question(phone, "PA1")
    await drawn.tap("More: note, photo, clear, PA1")
    drawn.look()
    await drawn.tap("Keep as a phrase, PA1")
    assert phone.app.phrases[0] == "Very friendly."


@pytest.mark.parametrize(
    ("kinds", "adding", "opens", "kind"),
    [
        pytest.param(("verbatim",), False, "Verbatim quote needed, PA1", "verbatim", id="words that are wanted"),
        pytest.param(("note", "verbatim"), False, "Note needed, PA1", "note", id="the first of two kinds"),
        pytest.param((), True, "Add note, PA1", "note", id="a note that was added"),
    ],
)
async def test_nothing_moves_when_words_are_kept_that_were_typed(
    kinds: tuple[str, ...], adding: bool, opens: str, kind: str
) -> None:
    """The thumb is on its way to the next tap by then, which would be lost or meant for another (see the journeys)."""
    phone = await a_phone()
    wanted = Wanted(key="PA1", kinds=kinds, phrases=phone.app.phrases, adding=adding)
    drawn = Drawn(WantedEvidence, wanted, keeping := keeping_of(phone))
    await drawn.tap(opens)
    drawn.look()
    before = [type(control) for control in drawn.controls]
    drawn.whole.args = (replace(wanted, notes=((kind, "Very friendly."),)), keeping)
    drawn.look()
    assert [type(control) for control in drawn.controls] == before


async def test_a_finished_visit_can_be_opened_again() -> None:
    phone = await a_phone()
    await phone.visit.attempt(Outcome.CONNECTED)
    await complete(phone)
    await phone.visit.finish()
    assert phone.visit.assessment.status is RecordStatus.FINISHED
    assert await phone.visit.reopen()
    assert phone.visit.is_draft
