"""The worker sends: records, files and receipts in their order, once, through failures and refusals."""

from __future__ import annotations

import asyncio

import pytest

from checklists.language import N_, sentence
from checklists.record.assessment import SyncState
from fieldapp.errors import Unreachable
from fieldapp.line import LineState
from fieldapp.server_replies import Page
from fieldapp.sync.worker import PAGES_AT_ONCE
from tests.builders import an_assessment
from tests.fieldapp.waiting import wait_until
from tests.fieldapp.worker_kit import Bench, Device, kept_on_device, name_of

PHOTO = b"a photo of a counter"
LOST = Unreachable("no-answer", sentence(N_("no")))
SERVER_FAILS = Unreachable("http-500", sentence(N_("no")), network=False)


async def test_a_visit_goes_record_first_then_files_then_receipt_and_only_then_is_safe(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    await bench.run()
    assert bench.double.calls == [
        ("put", "one r1"),
        ("begin", name_of(PHOTO)),
        ("file", name_of(PHOTO)),
        ("receipt", "one"),
    ]
    states = [delivery.state for delivery in bench.listener.deliveries]
    assert states[0] is SyncState.SENDING, "marked before the first byte"
    assert states.index(SyncState.SAFE) == len(states) - 1, "safe comes last"


async def test_a_draft_is_never_sent(bench: Bench) -> None:
    await bench.device.store.save(an_assessment(id="draft"))
    bench.clock.store = Device().store  # nothing to wait for
    await bench.run()
    assert bench.double.calls == []


async def test_a_file_the_server_has_already_is_not_begun(bench: Bench) -> None:
    bench.double.media[name_of(PHOTO)] = PHOTO
    await kept_on_device(bench.device, "one", [PHOTO])
    await bench.run()
    assert [verb for verb, _ in bench.double.calls] == ["put", "receipt"]


async def test_after_a_lost_network_everything_goes_on_by_itself_and_nothing_goes_twice(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    await kept_on_device(bench.device, "two", [])
    bench.server.failures = [(LOST, False)] * 3
    await bench.run()
    assert bench.state() is SyncState.SAFE
    assert [call for call in bench.double.calls if call[0] == "put"] == [("put", "one r1"), ("put", "two r1")]
    waiting = [line for line in bench.listener.lines if line.state is LineState.WAITING]
    assert [line.failures for line in waiting] == [1, 2, 3]
    assert all(line.reason and line.next_try_at for line in waiting)


async def test_a_killed_upload_goes_on_where_it_was(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    # changes, put, begin, offset, two chunks of four bytes, then the network goes; and with it the app.
    bench.server.failures = [(None, False)] * 6 + [(LOST, False)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bench.worker, "_wait", lambda *_: asyncio.sleep(3600))
        await bench.worker.start("http://server")
        await wait_until(lambda: any(line.state is LineState.WAITING for line in bench.listener.lines))
        assert bench.worker._task
        bench.worker._task.cancel()
    bench.clock.pass_s(30)
    bench.worker = bench.new_worker()
    await bench.run()
    assert bench.state() is SyncState.SAFE
    assert [verb for verb, _ in bench.double.calls].count("begin") == 1


async def test_an_upload_the_server_forgot_is_begun_again(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    bench.server.failures = [(None, False)] * 4 + [(SERVER_FAILS, False)]
    original = bench.clock.until_idle

    async def forget(woken: asyncio.Event, longest_s: int | None) -> None:
        if not bench.double.media:
            bench.double.uploads.clear()
        await original(woken, longest_s)

    bench.worker._wait = forget
    await bench.run()
    assert bench.state() is SyncState.SAFE
    assert [verb for verb, _ in bench.double.calls].count("begin") == 2


async def test_a_refused_one_is_kept_with_its_reason_and_the_others_go_on(bench: Bench) -> None:
    record = await kept_on_device(bench.device, "one", [PHOTO])
    await kept_on_device(bench.device, "two", [])
    bench.double.refused["one"] = "record-not-valid"
    await bench.run()
    delivery = bench.device.store.delivery("one")
    assert (delivery.state, delivery.code) == (SyncState.REFUSED, "record-not-valid")
    assert delivery.reason
    assert bench.device.store.load("one") == record
    assert bench.device.media.has(name_of(PHOTO))
    assert bench.state("two") is SyncState.SAFE
    del bench.double.refused["one"]
    await bench.worker.retry("one")
    await bench.run()
    assert bench.state() is SyncState.SAFE


async def test_a_withdrawn_token_keeps_everything_until_the_phone_is_enrolled_again(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    bench.double.tokens.clear()

    async def enrol_when_asked(woken: asyncio.Event, longest_s: int | None) -> None:
        if bench.listener.lines[-1].state is LineState.SIGN_IN_NEEDED:
            assert bench.state() is SyncState.WAITING
            await bench.worker.enrol("K7QF")
            return
        await bench.clock.until_idle(woken, longest_s)

    bench.worker._wait = enrol_when_asked
    await bench.run()
    assert bench.state() is SyncState.SAFE
    assert bench.device.store.device().token == "token-0"


async def test_a_file_that_left_the_device_is_told_and_not_tried_for_ever(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    await bench.device.media.drop(frozenset({name_of(PHOTO)}))
    await bench.run()
    assert bench.device.store.delivery("one").code == "file-gone"


async def test_a_server_that_lost_what_it_had_gets_it_again(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    answer = bench.double.receipt

    def lose_once(name: str) -> dict[str, object]:
        bench.double.receipt = answer  # type: ignore[method-assign]
        bench.double.records.clear()
        bench.double.media.clear()
        return answer(name)

    bench.double.receipt = lose_once  # type: ignore[method-assign]
    await bench.run()
    assert bench.state() is SyncState.SAFE
    assert [verb for verb, _ in bench.double.calls].count("put") == 2


@pytest.mark.parametrize("call", ["changes", "put", "begin_file", "send_file", "acknowledgement"])
async def test_a_worker_that_lets_go_ends_what_is_under_way_and_sends_nothing_more(bench: Bench, call: str) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    await kept_on_device(bench.device, "two", [])
    under_way = asyncio.Event()

    async def for_ever(*_: object, **__: object) -> None:
        under_way.set()
        await asyncio.Event().wait()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bench.server, call, for_ever)
        await bench.worker.start("http://server")
        await under_way.wait()
        sent, task = list(bench.double.calls), bench.worker._task
        assert task
        bench.worker.let_go()
    bench.worker.wake()
    await wait_until(task.done)
    assert bench.double.calls == sent
    assert bench.listener.lines[-1].code != "sync-stopped", "it is no fault"


async def test_progress_of_a_file_is_told(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    await bench.run()
    seen = [(line.sending, line.sent_bytes) for line in bench.listener.lines if line.total_bytes == len(PHOTO)]
    assert seen == [("one", n) for n in range(4, len(PHOTO) + 1, 4)]


@pytest.mark.parametrize(
    "moves", [pytest.param(False, id="the same cursor"), pytest.param(True, id="another each time")]
)
async def test_what_waits_is_sent_however_much_the_server_has_to_say(bench: Bench, moves: bool) -> None:
    """WKR-2"""
    asked: list[str] = []

    async def more_for_ever(cursor: str) -> Page:
        asked.append(cursor)
        await asyncio.sleep(0)
        return Page(changes=(), cursor=str(len(asked)) if moves else cursor, more=True)

    bench.server.changes = more_for_ever  # type: ignore[method-assign]
    await kept_on_device(bench.device, "one", [])
    await bench.run()
    assert bench.state() is SyncState.SAFE
    assert len(asked) <= (3 * PAGES_AT_ONCE if moves else 3)
