"""A phone at a counter: what customers see, and how the staff get it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from checklists.language import Language
from fieldapp.kept import Counter
from fieldapp.views.kiosk import KioskBody
from fieldapp.views.today.counter import CounterCard
from tests.builders import NOON
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn

PIN = "2580"
COUNTER = Counter(
    company="market",
    name={"en": "Market", "zh-Hant": "街市"},
    opens_at=NOON - timedelta(days=1),
    closes_at=NOON + timedelta(days=9),
    organiser={"en": "The organiser", "zh-Hant": "主辦機構"},
    contact=("+852 2000 0001", "award@example.org"),
)
# What is tapped, by language: the same customer answers in either.
ANSWERS = ("8", "7", "7", "9", "8", "", "9", "6")
CHOSEN: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Not yet", "I am visiting", "Next", "Send my answers"),
    "zh-Hant": ("尚未", "我是訪客", "下一項", "送出回覆"),
}
THANKS: dict[Language, str] = {"en": "Thank you", "zh-Hant": "多謝"}
NAMES: dict[Language, str] = {"en": "English", "zh-Hant": "繁體中文"}


async def a_phone(phone: Phone | None = None, *, pin: str = PIN) -> Phone:
    phone = phone or await fill(Phone(), token="token")
    await phone.app.start()
    await phone.worker.stop()
    await phone.store.save_feed(replace(phone.store.feed(), counter=COUNTER))
    phone.app.look_again()
    if pin and phone.app.lock.lock is None:
        assert await phone.app.lock.choose(pin, 5)
    return phone


async def customer(phone: Phone, language: Language) -> Drawn:
    """Answer everything that has to be answered; return what stands then."""
    kiosk = phone.app.kiosk()
    solved, origin, forward, send = CHOSEN[language]
    await Drawn(KioskBody, phone.app, kiosk).tap(NAMES[language])
    for answer in (*ANSWERS, solved, "", origin):
        if answer:
            await Drawn(KioskBody, phone.app, kiosk).tap(answer)
        await Drawn(KioskBody, phone.app, kiosk).tap(send if answer == origin else forward)
    return Drawn(KioskBody, phone.app, kiosk)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
async def test_kio_1_and_kio_5_a_customer_reads_the_statement_in_both_languages_and_answers_in_one(
    language: Language,
) -> None:
    phone = await a_phone()
    said = " ".join(Drawn(KioskBody, phone.app, phone.app.kiosk()).texts)
    for words in (
        "街市 Market",
        "The organiser asks you 11 short questions",
        "主辦機構想問你11條",
        "Questions to the organiser: \n+852 2000 0001\naward@example.org",
        "向主辦機構查詢：\n+852 2000 0001\naward@example.org",
        "18 or over",
        "18歲",
    ):
        assert words in said
    assert THANKS[language] in (await customer(phone, language)).texts
    (kept,) = phone.store.counter_answers()
    assert (kept.answers["sat_overall"], kept.answers["nps"], kept.answers["origin"]) == ("8", "9", "visitor")
    assert phone.app.settings.language == "en"


async def test_what_is_missing_is_said_beside_the_question_and_what_was_chosen_is_marked() -> None:
    phone = await a_phone()
    kiosk = phone.app.kiosk()
    await Drawn(KioskBody, phone.app, kiosk).tap("English")
    await Drawn(KioskBody, phone.app, kiosk).tap("Next")
    asked = Drawn(KioskBody, phone.app, kiosk)
    assert {"Question 1 of 11", "Choose an answer.", "1: not satisfied at all"} <= set(asked.texts)
    await asked.tap("4")
    answered = Drawn(KioskBody, phone.app, kiosk)
    assert answered.chosen() == ["4"]
    assert "Choose an answer." not in answered.texts


async def test_lck_5_the_phone_is_left_to_customers_with_a_pin_alone_and_stays_so_after_a_kill() -> None:
    phone = await a_phone(pin="")
    assert "Leave it to the customers" not in Drawn(CounterCard, phone.app).names
    assert not await phone.app.lock.leave_to_customers()
    assert await phone.app.lock.choose(PIN, 5)
    await Drawn(CounterCard, phone.app).tap("Leave it to the customers")
    assert phone.app.lock.is_for_customers
    after = await a_phone(phone.restarted())
    assert after.app.lock.is_for_customers
    await customer(after, "en")
    assert not await after.app.lock.open("0000")
    assert after.app.lock.is_for_customers
    assert await after.app.lock.open(PIN)
    assert (after.app.lock.is_for_customers, after.app.lock.is_locked) == (False, False)
    last = await a_phone(after.restarted())
    assert (last.app.lock.is_for_customers, len(last.store.counter_answers())) == (False, 1)


async def test_the_staff_s_way_out_stands_with_the_statement_and_leads_back() -> None:
    phone = await a_phone()
    kiosk = phone.app.kiosk()
    await Drawn(KioskBody, phone.app, kiosk).tap("For the staff")
    locked = Drawn(KioskBody, phone.app, kiosk)
    assert "PIN" in locked.fields()
    await locked.tap("Back")
    await Drawn(KioskBody, phone.app, kiosk).tap("English")
    assert "For the staff" not in Drawn(KioskBody, phone.app, kiosk).names


async def test_what_is_not_on_the_server_yet_is_counted_where_the_phone_is_left_to_them() -> None:
    phone = await a_phone()
    await customer(phone, "en")
    assert "Answers of customers, not yet on the server: 1" in Drawn(CounterCard, phone.app).texts
