"""Files on a connection that is paid by size."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checklists.record.assessment import SyncState
from fieldapp.sync.outbox import Rest
from fieldapp.sync.thrift import Thrift
from fieldapp.sync.worker import Worker, wait_for
from tests.builders import NOON
from tests.fieldapp.sync_double import SyncDouble
from tests.fieldapp.waiting import wait_until
from tests.fieldapp.worker_kit import Bench, a_device, kept_on_device


async def a_bench(*, is_metered: bool = True, sends: bool = False) -> Bench:
    device = await a_device()
    await device.store.save_settings(replace(device.store.settings(), files_when_metered=sends))
    bench = Bench(device, SyncDouble(tokens={"known"}))
    bench.worker = Worker(
        store=device.store, media=device.media, server=bench.server, clock=bench.clock,
        wait=bench.clock.until_idle if not is_metered or sends else wait_for, chance=lambda: 500,
        is_metered=lambda: is_metered,
    )  # fmt: skip
    bench.clock.worker, bench.clock.store = bench.worker, device.store
    bench.worker.listen(bench.listener)
    await kept_on_device(device, "one", [b"photo"])
    return bench


async def test_files_wait_records_do_not_and_a_tap_sends_them() -> None:
    """R-OUT-7"""
    bench = await a_bench()
    await bench.worker.start("https://server")
    await wait_until(lambda: bench.listener.lines[-1].files_wait)
    assert bench.device.store.delivery("one").recorded
    assert not [call for call in bench.double.calls if call[0] == "begin"]
    bench.worker.wake(spends=True)
    await wait_until(lambda: bench.state() is SyncState.SAFE)
    await bench.worker.stop()
    assert bench.state() is SyncState.SAFE
    assert not bench.listener.lines[-1].files_wait


@pytest.mark.parametrize(
    ("is_metered", "sends"),
    [
        pytest.param(False, False, id="a connection that costs nothing"),
        pytest.param(True, True, id="a person who chose to send"),
    ],
)
async def test_nothing_waits_on(is_metered: bool, sends: bool) -> None:
    """R-OUT-7"""
    bench = await a_bench(is_metered=is_metered, sends=sends)
    await bench.run()
    assert bench.state() is SyncState.SAFE
    assert not any(line.files_wait for line in bench.listener.lines)


@pytest.mark.parametrize(
    ("rest", "still"),
    [
        pytest.param(Rest(until=NOON), True, id="holds while something is tried again"),
        pytest.param(Rest(), False, id="is over once nothing waits"),
    ],
)
async def test_a_tap(rest: Rest, still: bool) -> None:
    """R-OUT-7"""
    thrift = Thrift((await a_device()).store, lambda: True)
    thrift.spend()
    thrift.rests(rest)
    assert thrift.files_wait() is not still
