"""LCK: the lock on the screen. Ids are those in fieldapp/state/screen_lock.py."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from fieldapp.state import Phase
from fieldapp.views.lock import LockCard, Locked
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn

PIN = "2580"


async def a_phone(*, after_min: int = 5) -> Phone:
    phone = await fill(Phone(), token="token")
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.lock.choose(PIN, after_min)
    return phone


def is_locked(phone: Phone) -> bool:
    return phone.app.lock.is_locked


@pytest.mark.parametrize(
    ("seconds", "moved_s", "locks"),
    [
        pytest.param(299, 0, False, id="not yet"),
        pytest.param(300, 0, True, id="after the minutes"),
        pytest.param(300, -86_400, True, id="though the clock was put back"),
        pytest.param(0, 400, True, id="by the clock, where the timer slept"),
    ],
)
async def test_lck_1_it_locks_when_nobody_touched_it(seconds: int, moved_s: int, locks: bool) -> None:
    phone = await a_phone()
    phone.clock.pass_(seconds=seconds)
    phone.clock.move(seconds=moved_s)
    phone.app.look_again()
    assert is_locked(phone) is locks


async def test_lck_1_whoever_answers_uses_it_and_a_call_never_waits_for_a_pin() -> None:
    phone = await a_phone(after_min=1)
    await phone.app.open_visit("assignment-1")
    phone.clock.pass_(seconds=50)
    await phone.visit.answer("PA1", True)
    phone.clock.pass_(seconds=50)
    phone.app.look_again()
    assert not is_locked(phone)
    assert await phone.visit.dial()
    phone.clock.pass_(minutes=9)
    phone.app.look_again()
    assert not is_locked(phone)


async def test_lck_2_the_next_start_is_locked_opens_with_the_pin_and_keeps_everything() -> None:
    before = await a_phone()
    await before.app.open_visit("assignment-1")
    await before.visit.answer("PA1", True)
    phone = before.restarted()
    await phone.app.start()
    assert is_locked(phone)
    await Drawn(Locked, phone.app).tap("PIN forgotten?")
    assert not await phone.app.lock.open("0000")
    assert is_locked(phone)
    assert await phone.app.lock.open(PIN)
    assert phone.store.assessments()[0].answers["PA1"].value is True


async def test_lck_2_after_five_wrong_ones_the_next_is_heard_half_a_minute_later() -> None:
    phone = (await a_phone()).restarted()
    await phone.app.start()
    for _try in range(5):
        assert not await phone.app.lock.open("0000")
    assert not await phone.app.lock.open(PIN), "not heard yet"
    phone.clock.pass_(seconds=31)
    assert await phone.app.lock.open(PIN)
    assert phone.app.lock.lock
    assert phone.app.lock.lock.wrong == 0


@pytest.mark.parametrize(("assessor", "opens"), [("assessor-1", True), ("assessor-9", False)])
async def test_lck_3_a_code_for_the_same_assessor_opens_it_and_ends_the_pin(assessor: str, opens: bool) -> None:
    phone = (await a_phone()).restarted()
    await phone.app.start()

    async def enrol() -> bool:
        await phone.store.save_device(replace(phone.store.device(), assessor_id=assessor))
        return True

    assert await phone.app.lock.open_by_code(enrol) is opens
    assert (is_locked(phone), phone.store.device().lock is None) == (not opens, opens)


async def test_lck_4_signing_out_takes_pin_and_phrases_away() -> None:
    phone = await a_phone()
    assert await phone.app.keep_phrase("Very friendly.")
    assert await phone.app.sign_out()
    assert (phone.app.phase, is_locked(phone), phone.store.device().lock) == (Phase.ENROL, False, None)
    assert phone.store.settings().phrases is None


async def test_what_is_no_pin_is_refused_and_the_card_says_what_holds() -> None:
    phone = await a_phone()
    assert not await phone.app.lock.choose("12a4", 5)
    assert "Locks after 5 min without a touch, never during a call." in Drawn(LockCard, phone.app).texts
    await Drawn(LockCard, phone.app).tap("Take the PIN away")
    assert phone.app.lock.lock is None
    assert "New PIN, 4 to 8 digits" in Drawn(LockCard, phone.app).fields()


async def test_lck_2_a_double_tap_tries_a_pin_once() -> None:
    phone = await a_phone()
    phone.app.lock.is_locked = True
    tried = await asyncio.gather(phone.app.lock.open("1111"), phone.app.lock.open("1111"))
    assert phone.app.lock.lock is not None
    assert (tried, phone.app.lock.lock.wrong) == ([False, False], 1)


async def test_lck_3_a_double_tap_uses_a_code_up_once() -> None:
    phone = await a_phone()
    used: list[str] = []

    async def enrol() -> bool:
        used.append("code")
        await asyncio.sleep(0)
        return True

    opened = await asyncio.gather(*(phone.app.lock.open_by_code(enrol) for _tap in range(2)))
    assert (sorted(opened), used, is_locked(phone)) == ([False, True], ["code"], False)
