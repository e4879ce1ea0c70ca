"""How questions are asked: one widget for each kind, answers with names of their own, N/A only with its reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from fractions import Fraction
from functools import partial
from typing import Any

import flet as ft
import pytest

from checklists.forms.form import Kind, MeasurementKind, Option, Question
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from fieldapp.views.questions import WIDGETS, QuestionItem, words_field
from fieldapp.views.questions.figure import figure_in, figure_words
from fieldapp.views.questions.words_field import Typing, WordsField
from fieldapp.views.tappable import Tappable
from fieldapp.views.visit.measurements import ROWS
from fieldapp.views.visit_hooks import Keeping
from tests.builders import both
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn, mounted, reading
from tests.fieldapp.memory_store import MemoryFolder
from tests.fieldapp.waiting import wait_until

REASON = both("No IVRS", "沒有系統")


def a_question(kind: Kind, **changes: Any) -> Question:
    options = (
        Option(code="both", label=both("Both"), share=Fraction(1)),
        Option(code="neither", label=both("Neither"), share=Fraction(0)),
    )
    fields: dict[str, Any] = {"id": "PA1", "text": both("Was it so?"), "kind": kind, "options": options}
    return Question(**(fields | changes))


class Answers:
    """Takes what a widget answers."""

    def __init__(self) -> None:
        self.given: list[tuple[str, AnswerValue | None]] = []

    async def __call__(self, key: str, value: AnswerValue | None) -> bool:
        self.given.append((key, value))
        return True


def ask(kind: Kind, answers: Answers | None = None, *, question: dict[str, Any] | None = None, **asked: Any) -> Drawn:
    shown = QuestionItem(key="PA1", question=a_question(kind, **(question or {})), **asked)
    return Drawn(WIDGETS[kind], shown, answers or Answers())


def test_every_kind_of_question_has_a_widget() -> None:
    assert set(WIDGETS) == set(Kind)


def test_every_kind_of_measurement_has_a_row() -> None:
    assert set(ROWS) == set(MeasurementKind)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_widget_draws_in_either_language(kind: Kind) -> None:
    with reading("zh-Hant"):
        assert ask(kind, question={"not_applicable": REASON}).controls


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        pytest.param(Kind.YES_NO, "Yes, PA1", True, id="yes"),
        pytest.param(Kind.YES_NO, "No, PA1", False, id="no"),
        pytest.param(Kind.YES_NO, "Not applicable, PA1", NOT_APPLICABLE, id="not applicable"),
        pytest.param(Kind.SCALE, "0 Poor, PA1", 0, id="the bottom of the scale"),
        pytest.param(Kind.SCALE, "3 Meets, PA1", 3, id="the standard"),
        pytest.param(Kind.MATURITY, "0 Nothing seen, PA1", 0, id="nothing seen"),
        pytest.param(Kind.MATURITY, "1 Intent: written and communicated, PA1", 1, id="a step of maturity"),
        pytest.param(Kind.CHOICE, "Both, PA1", "both", id="a choice by its code"),
        pytest.param(Kind.FAQ, "Neither, PA1", "neither", id="an FAQ verdict by its code"),
    ],
)
async def test_a_tap_answers(kind: Kind, name: str, value: AnswerValue) -> None:
    answers = Answers()
    await ask(kind, answers, question={"not_applicable": REASON}).tap(name)
    assert answers.given == [("PA1", value)]


async def test_a_tap_on_the_chosen_answer_says_the_same_again() -> None:
    answers = Answers()
    await ask(Kind.YES_NO, answers, value=True).tap("Yes, PA1")
    assert answers.given == [("PA1", True)]


@pytest.mark.parametrize(
    ("kind", "value", "chosen"),
    [
        pytest.param(Kind.YES_NO, True, ["Yes, PA1"], id="yes"),
        pytest.param(Kind.SCALE, 1, ["1 Weak, PA1"], id="one is not yes"),
        pytest.param(Kind.SCALE, True, [], id="yes is not one"),
        pytest.param(Kind.CHOICE, "both", ["Both, PA1"], id="a choice"),
        pytest.param(Kind.YES_NO, None, [], id="unanswered"),
    ],
)
def test_only_the_held_answer_is_marked(kind: Kind, value: AnswerValue | None, chosen: list[str]) -> None:
    assert ask(kind, value=value).chosen() == chosen


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param(None, ["1 of 3", "2 of 3", "3 of 3"], id="none yet"),
        pytest.param(False, ["1 of 3", "Chosen, 2 of 3", "3 of 3"], id="an answer"),
        pytest.param(NOT_APPLICABLE, ["1 of 3", "2 of 3", "Chosen, 3 of 3"], id="N/A counts among them"),
    ],
)
def test_an_answer_says_which_it_is_of_how_many(value: AnswerValue | None, told: list[str]) -> None:
    drawn = ask(Kind.YES_NO, question={"not_applicable": REASON}, value=value)
    assert [control.hint for control in drawn.controls if isinstance(control, Tappable)] == told


def test_not_applicable_is_shown_with_its_only_reason() -> None:
    assert "Not applicable: No IVRS" in ask(Kind.SCALE, question={"not_applicable": REASON}).texts


def test_not_applicable_is_absent_where_it_is_not_allowed() -> None:
    assert not any("Not applicable" in text for text in ask(Kind.YES_NO).texts)


def test_a_finished_question_takes_no_tap() -> None:
    assert ask(Kind.YES_NO, value=True, locked=True).names == []


def test_a_measured_figure_names_its_source() -> None:
    drawn = ask(Kind.BANDS, value=125, measured=125, measured_from="Wait for an agent", unit_seconds=True)
    assert drawn.texts[:2] == ["2 min 05 s", "Measured: Wait for an agent"]


def test_a_figure_by_hand_stands_beside_the_measured_one() -> None:
    drawn = ask(Kind.BANDS, value=30, measured=25, measured_from="Wait", unit_seconds=True)
    assert drawn.texts[:2] == ["30 s", "Entered by hand; measured: 25 s"]


async def test_a_corrected_figure_can_be_taken_back() -> None:
    answers = Answers()
    await ask(Kind.BANDS, answers, value=30, measured=25, measured_from="Wait").tap("Use the measured figure, PA1")
    assert answers.given == [("PA1", 25)]


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        pytest.param("25", 25, id="whole"),
        pytest.param("25.50", "25.5", id="decimal stays exact text"),
        pytest.param(" 3 ", 3, id="spaces around"),
        pytest.param("-1", None, id="below nought"),
        pytest.param("soon", None, id="words"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_typed_figure_is_exact(typed: str, figure: AnswerValue | None) -> None:
    assert figure_in(typed) == figure


def test_seconds_are_shown_as_people_say_them() -> None:
    assert [figure_words(8, True), figure_words("8.5", True), figure_words(8, False)] == ["8 s", "8.5 s", "8"]


class Storage:
    """Keeps words while it works."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.asked: list[str] = []

    async def __call__(self, words: str) -> bool:
        self.asked.append(words)
        await asyncio.sleep(0)
        return self.works


async def test_words_are_kept_once_when_typing_pauses_and_the_field_is_left() -> None:
    storage = Storage()
    typing = Typing("")
    typing.typed = "clear and kind"
    await asyncio.gather(typing.leave(storage), typing.leave(storage))
    await typing.leave(storage)
    assert storage.asked == ["clear and kind"]


async def test_words_that_were_not_kept_are_tried_again() -> None:
    storage = Storage(works=False)
    typing = Typing("")
    typing.typed = "clear and kind"
    await typing.leave(storage)
    assert (typing.typed, typing.kept) == ("clear and kind", "")
    storage.works = True
    await typing.leave(storage)
    assert storage.asked == ["clear and kind"] * 2
    assert typing.kept == "clear and kind"


async def test_words_taken_back_while_they_are_on_their_way_are_taken_back_there_too() -> None:
    storage = Storage()
    typing = Typing("")
    typing.typed = "clear"
    first = asyncio.create_task(typing.leave(storage))
    await asyncio.sleep(0)
    typing.typed = ""
    await typing.leave(storage)
    await first
    assert storage.asked == ["clear", ""]


TYPING = ft.Event(name="change", control=ft.TextField(value="clear"))


async def leave_field(drawn: Drawn, name: str) -> None:
    await drawn.fields()[name].on_blur(None)  # type: ignore[misc, operator]


async def type_on(drawn: Drawn, name: str) -> None:
    await drawn.fields()[name].on_change(TYPING)  # type: ignore[misc, operator]


async def only_leave_the_page(_drawn: Drawn, _name: str) -> None:
    pass


@pytest.mark.parametrize(
    "do",
    [
        pytest.param(leave_field, id="when the field is left"),
        pytest.param(type_on, id="with the next key"),
        pytest.param(only_leave_the_page, id="when the page is left"),
    ],
)
async def test_a_field_that_storage_refused_keeps_its_words_and_tries_again(
    do: Callable[[Drawn, str], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words_field, "PAUSE_S", 0)
    phone = await fill(Phone())
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    assert isinstance(phone.folder, MemoryFolder)
    keep = partial(Keeping(phone.visit).note, "PB1", "note")
    async with mounted(WordsField, "Note", "", keep, "note-PB1") as drawn:
        phone.folder.refuses = True
        await type_on(drawn, "Note")
        assert phone.app.notice
        assert phone.app.notice.code == "storage-refused"
        phone.folder.refuses = False
        await do(drawn, "Note")
    await wait_until(lambda: phone.visit.assessment.notes == {"PB1": {"note": "clear"}})
