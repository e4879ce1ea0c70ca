"""The worker and its server: news kept and told, the clock, enrolment, waking, letting go and faults."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import msgspec
import pytest

from checklists import wire
from checklists.language import N_, sentence
from checklists.record.assessment import SyncState
from fieldapp.errors import Refused, SignInNeeded, Unreachable
from fieldapp.kept import Feed, Programme
from fieldapp.line import LineState
from fieldapp.server_replies import Page
from fieldapp.storage import Keeper, TinyStore
from fieldapp.sync.worker import wait_for
from tests.builders import a_form, an_assignment, an_attempt
from tests.fieldapp.sync_double import TIME, SyncDouble
from tests.fieldapp.waiting import wait_until
from tests.fieldapp.worker_kit import Bench, Device, a_device, kept_on_device

SERVER_FAILS = Unreachable("http-500", sentence(N_("no")), network=False)


async def test_news_are_kept_before_the_cursor_moves_and_told_once(bench: Bench) -> None:
    bench.double.page = 2
    bench.double.told = [
        ("form", "phone_in@1", a_form()),
        ("programme", "2021", Programme(name="2021", digest="d", rules={"attempts.needed": 6})),
        ("assignment", "a1", an_assignment(id="a1")),
        ("attempts", "a1", {"attempts": [an_attempt()]}),
        ("review", "one", {"id": "r1", "assessment_id": "one", "revision": 1, "decision": "returned", "comments": {}}),
        ("revocation", "a0", {"reason": "handed-on"}),
        ("from-the-future", "x", {}),
        ("assignment", "broken", {"id": 7}),
    ]
    bench.clock.store = Device().store
    await bench.run()
    feed = bench.device.store.feed()
    assert (feed.cursor, list(feed.assignments), feed.handed_on) == ("8", ["a1"], ("a0",))
    assert feed.programme
    assert feed.programme.rules == {"attempts.needed": 6}
    assert feed.attempts == {"a1": (an_attempt(),)}
    assert feed.reviews["one"].decision == "returned"
    assert feed.unread == ("from-the-future x", "assignment broken")
    assert bench.device.store.form("phone_in@1") == a_form()
    assert len(bench.listener.feeds) == 4, "once a page"
    await bench.run()
    assert len(bench.listener.feeds) == 4, "and nothing when there are no news"


@pytest.mark.parametrize(
    ("body", "days"),
    [
        pytest.param({"name": "2021", "digest": "d", "rules": {}}, None, id="of a server of the last version"),
        pytest.param({"name": "2021", "digest": "d", "rules": {}, "audio_kept_days": 30}, 30, id="of this version"),
    ],
)
async def test_how_long_sound_is_kept_comes_with_the_programme_and_outlives_a_restart(
    body: dict[str, object], days: int | None, bench: Bench
) -> None:
    bench.double.told = [("programme", "2021", body)]
    bench.clock.store = Device().store
    await bench.run()
    restarted = TinyStore(Keeper(bench.device.folder.reopened()))
    await restarted.open()
    assert restarted.feed().programme == Programme(name="2021", digest="d", rules={}, audio_kept_days=days)


class LastProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone of the last version reads and keeps of the programme."""

    name: str
    digest: str
    rules: dict[str, object] = {}


def test_a_phone_of_the_last_version_reads_what_this_one_is_told_and_keeps() -> None:
    told = wire.encode({"name": "2021", "digest": "d", "rules": {"attempts.needed": 6}, "audio_kept_days": 30})
    kept = wire.encode(wire.decode(told, Programme))
    for body in (told, kept):
        assert wire.decode(body, LastProgramme) == LastProgramme(name="2021", digest="d", rules={"attempts.needed": 6})


async def test_what_could_not_be_read_is_asked_for_again_at_the_next_start(bench: Bench) -> None:
    bench.double.told = [("assignment", "a1", an_assignment(id="a1")), ("assignment", "a2", an_assignment(id="a2"))]
    await bench.device.store.save_feed(Feed(cursor="2", unread=("assignment a1",)))
    bench.clock.store = Device().store
    await bench.run()
    feed = bench.device.store.feed()
    assert (list(feed.assignments), feed.unread, feed.cursor) == (["a1", "a2"], (), "2")


async def test_the_clock_of_the_server_is_noted_and_a_wrong_one_is_borne(bench: Bench) -> None:
    bench.clock.moment = TIME + timedelta(days=365)
    await kept_on_device(bench.device, "one", [])
    await bench.run()
    assert bench.device.store.device().clock_offset_s == -365 * 86400
    assert bench.state() is SyncState.SAFE


async def test_a_clock_set_back_does_not_stop_the_worker(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [])
    bench.server.failures = [(None, False), (SERVER_FAILS, False)]
    original = bench.clock.until_idle

    async def set_back(woken: asyncio.Event, longest_s: int | None) -> None:
        bench.clock.moment -= timedelta(days=365)
        await original(woken, longest_s)

    bench.worker._wait = set_back
    await bench.run()
    assert bench.state() is SyncState.SAFE


async def test_enrolling_for_another_assessor_begins_with_an_empty_feed(bench: Bench) -> None:
    await bench.device.store.save_feed(Feed(cursor="9", assignments={"a1": an_assignment(id="a1")}))
    bench.double.codes["K7QF"] = "assessor-2"
    device = await bench.worker.enrol("K7QF")
    assert (device.assessor_id, device.assessor_name, device.token) == ("assessor-2", "陳大文", "token-1")
    assert bench.device.store.feed() == Feed()


async def test_a_phone_whose_id_is_another_assessors_goes_on_under_a_new_one(bench: Bench) -> None:
    before = bench.device.store.device()
    bench.double.codes["K7QF"] = "assessor-2"
    bench.double.phones[before.id] = "assessor-1"
    device = await bench.worker.enrol("K7QF")
    assert (device.id != before.id, device.assessor_id, device.name) == (True, "assessor-2", before.name or device.name)
    assert bench.device.store.device() == device


async def test_an_enrolment_that_is_refused_changes_nothing(bench: Bench) -> None:
    await bench.run()
    before, token = bench.device.store.device(), bench.server.token
    with pytest.raises(Refused, match="enrolment-code-unknown"):
        await bench.worker.enrol("WRONG")
    assert bench.device.store.device() == before
    assert bench.server.token == token == before.token, "what is sent next is sent as before"


async def test_storage_that_is_full_is_said_and_tried_again(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [])
    bench.device.folder.refuses = True
    original = bench.clock.until_idle

    async def make_room(woken: asyncio.Event, longest_s: int | None) -> None:
        assert bench.listener.lines[-1].code == "storage-refused" or not bench.device.folder.refuses
        bench.device.folder.refuses = False
        await original(woken, longest_s)

    bench.worker._wait = make_room
    await bench.run()
    assert bench.state() is SyncState.SAFE


async def test_without_a_token_the_worker_waits_to_be_woken() -> None:
    bench = Bench(await a_device(token=""), SyncDouble())
    bench.clock.store = bench.device.store
    await bench.run()
    assert bench.listener.lines[-1].state is LineState.NOT_ENROLLED
    assert bench.clock.waits == [None]


async def test_a_fault_in_the_app_is_said_and_a_wake_begins_again(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bench.server, "changes", None)
        await bench.worker.start("http://server")
        await wait_until(lambda: bench.listener.lines[-1].code == "sync-stopped")
    await bench.run()
    assert bench.state() is SyncState.SAFE


async def test_the_wait_ends_when_woken_or_when_it_is_long_enough() -> None:
    woken = asyncio.Event()
    await asyncio.wait_for(wait_for(woken, 0), 1)
    woken.set()
    await asyncio.wait_for(wait_for(woken, None), 1)


def test_a_sign_in_error_is_a_value_of_its_own() -> None:
    problem = SignInNeeded("token-not-valid", sentence(N_("Enrol again.")))
    assert str(problem) == "token-not-valid: Enrol again."


async def test_a_token_goes_to_the_server_that_gave_it_and_to_no_other(bench: Bench) -> None:
    """WKR-1"""
    await kept_on_device(bench.device, "one", [])
    await bench.run()
    assert bench.device.store.device().server == "http://server", "an older release did not keep it"
    await kept_on_device(bench.device, "two", [])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bench.worker, "_wait", wait_for)
        await bench.worker.start("https://other.example")
        await wait_until(lambda: bench.listener.lines[-1].state is LineState.NOT_ENROLLED)
        await bench.worker.stop()
    assert "http://server" in str(bench.listener.lines[-1].reason)
    assert bench.server.used[-1] == ("https://other.example", "")
    assert ("put", "two r1") not in bench.double.calls
    await bench.run()
    assert bench.server.used[-1] == ("http://server", "known")
    assert ("put", "two r1") in bench.double.calls


async def test_another_server_begins_with_an_empty_feed(bench: Bench) -> None:
    """WKR-1"""
    await bench.run()
    await bench.device.store.save_feed(Feed(cursor="7"))
    await bench.worker.start("https://other.example")
    await bench.worker.stop()
    device = await bench.worker.enrol("AAAA")
    assert device.server == "https://other.example"
    assert bench.device.store.feed().cursor == ""


async def test_a_stop_is_heeded_between_two_pages(bench: Bench) -> None:
    """WKR-2"""
    asked: list[str] = []

    async def more_for_ever(_cursor: str) -> Page:
        asked.append("")
        bench.worker._stopping = True
        return Page(changes=(), cursor=str(len(asked)), more=True)

    bench.server.changes = more_for_ever  # type: ignore[method-assign]
    await bench.worker.start("http://server")
    await wait_until(lambda: bool(asked))
    await bench.worker.stop()
    assert len(asked) == 1


async def test_a_rest_before_the_first_look_holds_up_neither_the_end_nor_who_sends_now(bench: Bench) -> None:
    await bench.worker.start("https://server", rest=partial(asyncio.sleep, 3600))
    async with asyncio.timeout(10):
        await bench.worker.stop()  # before its task has had a turn
    await bench.worker.start("https://server", rest=partial(asyncio.sleep, 3600))
    bench.worker.wake(spends=True)
    await wait_until(lambda: any(line.state is not LineState.IDLE for line in bench.listener.lines))
    await bench.worker.stop()


async def test_nothing_is_asked_before_the_first_screen_has_had_its_time(bench: Bench) -> None:
    await bench.worker.start("https://server", rest=partial(asyncio.sleep, 3600))
    for _ in range(5):
        await asyncio.sleep(0)
    assert {line.state for line in bench.listener.lines} == {LineState.IDLE}
    bench.worker.let_go()
