"""KSQ: what customers answered leaves once the server has it. Ids are those in fieldapp/sync/counter_queue.py."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checklists.language import N_, sentence
from fieldapp.errors import Unreachable
from fieldapp.kept import Counter, CounterAnswer
from fieldapp.server_replies import CounterOrder
from fieldapp.sync.counter_queue import CounterQueue
from tests.builders import at
from tests.fieldapp.worker_kit import Bench

LOST = Unreachable("no-answer", sentence(N_("no")))
ORDER = CounterOrder(company="market", name={"en": "Market"}, opens_at=at(0), closes_at=at(9))


async def keep(bench: Bench, *names: str) -> None:
    for minute, name in enumerate(names):
        answer = CounterAnswer(id=name, company="market", answers={"nps": "9"}, answered_at=at(minute))
        await bench.device.store.save_counter_answer(answer)


def waiting(bench: Bench) -> list[str]:
    return [answer.id for answer in bench.device.store.counter_answers()]


@pytest.mark.parametrize("after", [False, True], ids=["the request is lost", "the reply is lost"])
async def test_ksq_1_a_cut_loses_nothing_and_nothing_is_kept_twice(bench: Bench, *, after: bool) -> None:
    await keep(bench, "one", "two")
    queue = CounterQueue(bench.device.store, bench.server)
    bench.server.use(address="http://server", token="known")
    bench.server.failures = [(LOST, after)]
    with pytest.raises(Unreachable):
        await queue.send()
    assert waiting(bench) == ["one", "two"]
    await CounterQueue(bench.device.store, bench.server).send()  # the app was killed, and starts again
    assert waiting(bench) == []
    assert list(bench.double.customers) == ["one", "two"]
    assert bench.double.customers["one"] == {
        "company": "market", "answers": {"nps": "9"}, "answered_at": at(0).isoformat().replace("+00:00", "Z"),
    }  # fmt: skip


async def test_ksq_2_a_refused_one_stays_with_its_reason_until_the_office_changes_the_order(bench: Bench) -> None:
    await keep(bench, "one", "two")
    bench.server.use(address="http://server", token="known")
    bench.double.refused["one"] = "survey-not-open"
    queue = CounterQueue(bench.device.store, bench.server)
    for _ in range(3):
        await queue.send()
    assert waiting(bench) == ["one"]
    assert bench.device.store.counter_answers()[0].reason is not None
    bench.double.refused.clear()
    await queue.send()
    assert waiting(bench) == ["one"], "nothing has changed yet"
    feed = bench.device.store.feed()
    standing = Counter(company="market", name={"en": "Market"}, opens_at=at(0), closes_at=at(99))
    await bench.device.store.save_feed(replace(feed, counter=standing))
    await queue.send()
    assert waiting(bench) == []


async def test_the_worker_sends_them_and_hears_where_the_phone_stands(bench: Bench) -> None:
    await keep(bench, "one")
    bench.double.counter = ORDER
    await bench.run()
    assert waiting(bench) == []
    counter = bench.device.store.feed().counter
    assert counter is not None
    assert (counter.company, counter.closes_at) == ("market", at(9))
    bench.double.counter = None
    bench.clock.pass_s(61)
    await bench.run()
    assert bench.device.store.feed().counter is None
