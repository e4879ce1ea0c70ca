"""The worker: what it does, keeps and tells when the server takes things, fails, refuses, or sends news."""

from __future__ import annotations

import asyncio
from datetime import timedelta

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
from fieldapp.sync.worker import PAGES_AT_ONCE, Worker, wait_for
from tests.builders import a_form, an_assessment, an_assignment, an_attempt
from tests.fieldapp.sync_double import TIME, FakeServer, SyncDouble
from tests.fieldapp.waiting import wait_until
from tests.fieldapp.worker_kit import Device, Listener, StoppedClock, a_device, kept_on_device, name_of

PHOTO = b"a photo of a counter"
LOST = Unreachable("no-answer", sentence(N_("no")))
SERVER_FAILS = Unreachable("http-500", sentence(N_("no")), network=False)


class Bench:
    """A device, a server and a worker between them."""

    def __init__(self, device: Device, double: SyncDouble) -> None:
        self.device, self.double = device, double
        self.server = FakeServer(double)
        self.clock = StoppedClock()
        self.listener = Listener()
        self.worker = self.new_worker()

    def new_worker(self) -> Worker:
        worker = Worker(
            store=self.device.store,
            media=self.device.media,
            server=self.server,
            clock=self.clock,
            wait=self.clock.until_idle,
            chance=lambda: 500,
        )
        self.clock.worker, self.clock.store = worker, self.device.store
        worker.listen(self.listener)
        return worker

    async def run(self) -> None:
        """Let the worker run until nothing is left to do."""
        self.clock.idle.clear()
        await self.worker.start("http://server")
        await self.clock.idle.wait()
        await self.worker.stop()

    def state(self, name: str = "one") -> SyncState:
        return self.device.store.delivery(name).state


@pytest.fixture
async def bench() -> Bench:
    return Bench(await a_device(), SyncDouble(tokens={"known"}))


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
    before = bench.device.store.device()
    with pytest.raises(Refused, match="enrolment-code-unknown"):
        await bench.worker.enrol("WRONG")
    assert bench.device.store.device() == before


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


async def test_progress_of_a_file_is_told(bench: Bench) -> None:
    await kept_on_device(bench.device, "one", [PHOTO])
    await bench.run()
    seen = [(line.sending, line.sent_bytes) for line in bench.listener.lines if line.total_bytes == len(PHOTO)]
    assert seen == [("one", n) for n in range(4, len(PHOTO) + 1, 4)]


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
