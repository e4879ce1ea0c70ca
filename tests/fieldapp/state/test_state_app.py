"""The whole app: enrolling, starting anew, damage, sending and its failures."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from checklists import wire
from checklists.forms.file import shipped_forms
from checklists.language import N_, sentence
from checklists.record.assessment import RecordStatus, SyncState
from fieldapp.app import lost
from fieldapp.errors import Unreachable
from fieldapp.line import LineState
from fieldapp.state import Phase
from fieldapp.sync.door import no_reply
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill, finished_visit, programme
from tests.fieldapp.memory_store import MemoryFolder
from tests.fieldapp.waiting import wait_until


async def test_an_enrolment_that_nobody_answered_is_not_said_to_go_on_by_itself() -> None:
    phone = Phone()
    await phone.app.start()
    phone.server.failures.append((no_reply(), False))
    assert not await phone.app.enrol("K7QF")
    assert phone.app.notice
    assert phone.app.notice.code == "no-answer"
    assert "tap again" in phone.app.notice.message.in_language("en")


def phase(phone: Phone) -> Phase:
    return phone.app.phase


def enrolled_double(phone: Phone) -> None:
    """The server knows what a fresh device must be told."""
    phone.double.told = [
        *(("form", form.id, form) for form in shipped_forms().values()),
        ("programme", "mystery_caller_2021", programme()),
        ("assignment", "assignment-1", an_assignment()),
    ]


async def test_a_fresh_device_enrols_hears_the_news_does_a_visit_and_is_safe() -> None:
    phone = Phone()
    enrolled_double(phone)
    assert await phone.app.start()
    assert phase(phone) is Phase.ENROL
    assert await phone.app.enrol("K7QF")
    assert phase(phone) is Phase.READY
    await wait_until(lambda: phone.app.rows)
    await finished_visit(phone)
    assert phone.app.unsent == 1
    await wait_until(lambda: phone.app.items and phone.app.items[0].state is SyncState.SAFE)
    assert phone.app.unsent == 0
    assert phone.visit.delivery
    assert phone.visit.delivery.safe_at
    assert phone.app.rows[0].sync is SyncState.SAFE
    assert phone.app.device
    assert phone.app.device.assessor_name == "陳大文"
    await phone.worker.stop()
    held = phone.double.records[phone.visit.assessment.id][1]
    assert wire.decode(held, type(phone.visit.assessment)) == phone.visit.assessment


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        pytest.param("ZZZZ", "enrolment-code-unknown", id="unknown"),
        pytest.param("used", "enrolment-code-used", id="used elsewhere"),
    ],
)
async def test_a_bad_code_is_told_and_nothing_is_lost(code: str, problem: str) -> None:
    phone = Phone()
    phone.double.codes["used"] = "assessor-1"
    phone.double.used["used"] = "another device"
    await phone.app.start()
    assert not await phone.app.enrol(code)
    assert phone.app.notice
    assert phone.app.notice.code == problem
    assert phone.app.phase is Phase.ENROL
    assert await phone.app.enrol("http://server/app/#/enrol?code=K7QF"), "the printed link will do"
    assert phone.app.notice is None
    await phone.worker.stop()


async def test_a_double_tap_enrols_once() -> None:
    phone = Phone()
    await phone.app.start()
    assert sorted(await asyncio.gather(phone.app.enrol("K7QF"), phone.app.enrol("K7QF"))) == [False, True]
    assert (phase(phone), phone.app.notice, len(phone.double.tokens)) == (Phase.READY, None, 1)
    await phone.worker.stop()


async def test_a_link_of_another_server_moves_the_app_there() -> None:
    phone = Phone()
    await phone.app.start()
    assert await phone.app.enrol("https://Award.example:8443/app/#/enrol?code=K7QF")
    assert phone.app.server == "https://award.example:8443"
    await phone.worker.stop()


async def test_everything_is_there_after_a_restart(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await phone.visit.answer("PB1", True)
    await phone.app.choose_language("zh-Hant")
    after = phone.restarted()
    assert await after.app.start()
    assert after.app.settings.language == "zh-Hant"
    assert after.app.rows == phone.app.rows
    assert after.app.rows[0].status is RecordStatus.DRAFT


async def test_a_second_tab_is_told_and_touches_nothing() -> None:
    folder = MemoryFolder()
    await fill(Phone(folder))
    folder.reopened()
    second = Phone(folder)
    assert not await second.app.start()
    assert second.app.phase is Phase.BLOCKED
    assert "another tab" in str(second.app.blocked)


async def test_a_tab_that_lost_the_storage_sends_nothing_more() -> None:
    phone = await fill(Phone(), token="known")
    phone.double.tokens.add("known")
    phone.server.failures = [(Unreachable("no-answer", sentence(N_("No answer."))), False)] * 9
    await phone.app.start()
    await phone.app.open_visit("assignment-1")
    await phone.visit.void("recognised")
    await wait_until(lambda: phone.app.line.state is LineState.WAITING)
    phone.server.failures.clear()
    task = phone.worker._task
    assert task
    lost(phone.app)
    phone.worker.wake()  # the network is back
    await wait_until(task.done)
    assert phone.double.calls == []
    assert phase(phone) is Phase.BLOCKED
    assert "another tab" in str(phone.app.blocked)


async def test_damaged_files_are_told_once(phone: Phone) -> None:
    assert isinstance(phone.folder, MemoryFolder)
    (phone.folder.root / "assessments" / "x.json").write_bytes(b"{")
    await phone.folder.flush()
    after = phone.restarted()
    assert await after.app.start()
    assert after.app.notice
    assert after.app.notice.code == "files-set-aside"
    assert [one.name for one in after.app.set_aside] == ["x.json"]


async def test_a_refused_visit_says_why_and_can_be_sent_again() -> None:
    phone = await fill(Phone(), token="known")
    phone.double.tokens.add("known")
    await phone.app.start()
    await phone.app.open_visit("assignment-1")
    await phone.visit.void("recognised")
    await phone.worker.stop()
    name = phone.visit.assessment.id
    phone.double.refused[name] = "recording-not-allowed"
    phone.double.records.clear()
    await phone.store.save_delivery(replace(phone.store.delivery(name), state=SyncState.WAITING, recorded=False))
    await phone.worker.start("http://server")
    await wait_until(lambda: phone.app.items[0].state is SyncState.REFUSED)
    assert "Ask the coordinator" in str(phone.app.items[0].reason)
    assert phone.app.notice
    assert phone.app.notice.code == "recording-not-allowed"
    phone.double.refused.clear()
    assert await phone.app.retry(name)
    await wait_until(lambda: phone.app.items[0].state is SyncState.SAFE)
    await phone.worker.stop()


async def test_a_lost_network_is_shown_with_its_next_try() -> None:
    phone = await fill(Phone(), token="known")
    phone.server.failures = [(Unreachable("no-answer", sentence(N_("No answer."))), False)]
    await phone.app.start()
    await wait_until(lambda: phone.app.line.state is LineState.WAITING)
    assert phone.app.line.reason == sentence(N_("No answer."))
    assert phone.app.line.next_try_at
    await phone.worker.stop()
