"""KIO: one customer after the other. Ids are those in fieldapp/state/kiosk.py."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from checklists.index.survey import pulse_survey, read_answers
from fieldapp.kept import Counter
from fieldapp.state.kiosk import LEFT_ALONE_S, THANKS_S, Kiosk, Step
from tests.builders import NOON
from tests.fieldapp.app_kit import Phone
from tests.fieldapp.memory_store import MemoryFolder

VALUES = {
    "sat_overall": "8", "sat_expect": "7", "sat_ideal": "7", "loy_stay": "9", "loy_first": "8", "nps": "9", "ces": "6",
    "solved": "not_yet", "origin": "visitor",
}  # fmt: skip


async def kiosk_of(phone: Phone, *, opens: timedelta = timedelta(days=-1)) -> Kiosk:
    await phone.worker.stop()
    counter = Counter(
        company="market", name={"en": "Market"}, opens_at=NOON + opens, closes_at=NOON + opens + timedelta(days=9)
    )
    await phone.store.save_feed(replace(phone.store.feed(), counter=counter))
    return phone.app.kiosk()


async def answer_all(kiosk: Kiosk) -> None:
    kiosk.begin("en")
    for question in kiosk.questions:
        if question.key in VALUES:
            kiosk.choose(VALUES[question.key])
        await kiosk.go_on()


async def test_kio_2_thanks_are_said_once_the_answers_are_kept(phone: Phone) -> None:
    kiosk = await kiosk_of(phone)
    assert kiosk.step is Step.STATEMENT
    await answer_all(kiosk)
    assert (kiosk.step, dict(kiosk.answers)) == (Step.THANKS, {})
    (kept,) = phone.store.counter_answers()
    assert (kept.company, kept.answers["contact"], kept.answers["origin"]) == ("market", "branch", "visitor")
    assert read_answers(pulse_survey(), kept.answers)[1] == {}


async def test_kio_2_without_room_nothing_is_thanked_for_and_nothing_typed_is_lost(phone: Phone) -> None:
    kiosk = await kiosk_of(phone)
    assert isinstance(phone.folder, MemoryFolder)
    phone.folder.refuses = True
    await answer_all(kiosk)
    assert (kiosk.step, len(kiosk.answers)) == (Step.QUESTION, len(VALUES))
    assert phone.app.notice is not None
    phone.folder.refuses = False
    assert await kiosk.go_on()
    assert len(phone.store.counter_answers()) == 1


async def test_kio_1_a_question_waits_for_its_answer_unless_it_may_be_left(phone: Phone) -> None:
    kiosk = await kiosk_of(phone)
    kiosk.begin("en")
    assert not await kiosk.go_on()
    assert kiosk.wrong is not None
    kiosk.choose("11")
    assert not await kiosk.go_on()
    kiosk.choose("10")
    assert await kiosk.go_on()
    assert (kiosk.place, kiosk.wrong) == (1, None)
    kiosk.back()
    kiosk.back()
    assert (kiosk.step, dict(kiosk.answers), phone.store.counter_answers()) == (Step.STATEMENT, {}, ())


@pytest.mark.parametrize(
    ("is_done", "seconds", "step"),
    [
        pytest.param(False, LEFT_ALONE_S - 1, Step.QUESTION, id="a customer who thinks"),
        pytest.param(False, LEFT_ALONE_S, Step.STATEMENT, id="a customer who left"),
        pytest.param(True, THANKS_S - 1, Step.THANKS, id="thanks still stand"),
        pytest.param(True, THANKS_S, Step.STATEMENT, id="thanks are over"),
    ],
)
async def test_kio_3_the_next_customer_begins(phone: Phone, *, is_done: bool, seconds: int, step: Step) -> None:
    kiosk = await kiosk_of(phone)
    if is_done:
        await answer_all(kiosk)
    else:
        kiosk.begin("en")
        kiosk.choose("3")
    phone.clock.pass_(seconds=seconds)
    kiosk.look()
    assert kiosk.step is step
    assert bool(kiosk.answers) is (step is Step.QUESTION)


@pytest.mark.parametrize(
    ("opens", "is_taken"),
    [
        pytest.param(timedelta(seconds=1), False, id="a second before it opens"),
        pytest.param(timedelta(0), True, id="the moment it opens"),
        pytest.param(timedelta(days=-9), False, id="the moment it closes"),
    ],
)
async def test_kio_4_answers_are_taken_while_the_survey_is_open(
    phone: Phone, opens: timedelta, *, is_taken: bool
) -> None:
    kiosk = await kiosk_of(phone, opens=opens)
    kiosk.begin("en")
    assert (kiosk.step is Step.QUESTION) is is_taken


async def test_kio_2_a_button_pressed_twice_keeps_the_answers_once(phone: Phone) -> None:
    kiosk = await kiosk_of(phone)
    kiosk.begin("en")
    for question in kiosk.questions[:-1]:
        if question.key in VALUES:
            kiosk.choose(VALUES[question.key])
        await kiosk.go_on()
    kiosk.choose(VALUES["origin"])
    await asyncio.gather(kiosk.go_on(), kiosk.go_on())
    await kiosk.go_on()
    assert (kiosk.step, kiosk.wrong, len(phone.store.counter_answers())) == (Step.THANKS, None, 1)


async def test_kio_4_what_was_answered_about_one_company_is_never_kept_about_another(phone: Phone) -> None:
    kiosk = await kiosk_of(phone)
    kiosk.begin("en")
    kiosk.choose("3")
    feed = phone.store.feed()
    assert feed.counter is not None
    await phone.store.save_feed(replace(feed, counter=replace(feed.counter, company="bank")))
    kiosk.look()
    assert (kiosk.step, dict(kiosk.answers)) == (Step.STATEMENT, {})


async def test_answers_that_are_only_here_keep_the_phone_from_being_emptied(phone: Phone) -> None:
    kiosk = await kiosk_of(phone)
    assert phone.app.may_sign_out
    await answer_all(kiosk)
    assert not phone.app.may_sign_out
    assert not await phone.app.sign_out()
    assert phone.app.notice is not None
    assert phone.app.notice.code == "unsent-work"
    assert len(phone.store.counter_answers()) == 1
