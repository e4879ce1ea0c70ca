"""CKP: records checked in a process of its own, one that really runs, ends, hangs and is started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from sync_server.app import create_app
from sync_server.config import Config
from sync_server.errors import RefusedError
from sync_server.fieldwork.checking import Checking
from sync_server.fieldwork.push import Arrival, Push
from sync_server.services import Services
from tests.builders import NOON
from tests.sync_server.conftest import set_season_up
from tests.sync_server.season_kit import ASSESSOR, OTHER_ASSESSOR, TOKEN, a_call, body_of, device_id

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="records are checked in the server there"),
    pytest.mark.slow,
]
CROWD = 100


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    config = Config(data_dir=tmp_path)
    set_season_up(config)
    parts: Services = create_app(config).state.services
    yield parts
    parts.database.close()


def checking(services: Services, *, url: str | None = None, waiting: int = CROWD, stuck_s: float = 30) -> Checking:
    address = services.config.database if url is None else url
    return Checking(services.records, address, threading.Lock(), lambda: waiting, stuck_s=stuck_s)


def arrival(ident: str, by: str = ASSESSOR) -> Arrival:
    return Arrival(ident, by, device_id(TOKEN), NOON, device_time="2026-01-01", clock_offset_ms=300_000)


async def outcome(checks: Checking, ident: str, raw: bytes, by: str = ASSESSOR) -> Push | tuple[Any, ...]:
    try:
        return await checks.push_of(arrival(ident, by), raw)
    except RefusedError as refused:
        return refused.code, refused.message, refused.details, refused.values, refused.wait_s


async def in_its_own_process(checks: Checking) -> int:
    """Let the process start, and return its number."""
    call = a_call()
    async with asyncio.timeout(60):
        while checks.process is None:
            await outcome(checks, call.id, body_of(call))
            await asyncio.sleep(0)
    return checks.process


CALL = a_call()
RECORDS = {
    "a finished call": (CALL.id, body_of(CALL), ASSESSOR),
    "an id in capitals": (CALL.id, body_of(CALL).replace(CALL.id.encode(), CALL.id.upper().encode()), ASSESSOR),
    "another's assignment": (CALL.id, body_of(CALL), OTHER_ASSESSOR),
    "not JSON": (CALL.id, b"{", ASSESSOR),
    "nothing": (CALL.id, b"", ASSESSOR),
    "of a later schema": (CALL.id, body_of(CALL, schema=99), ASSESSOR),
    "several problems": (CALL.id, body_of(CALL, revision=0, form=""), ASSESSOR),
    "an answer missing": (CALL.id, body_of(a_call(id=CALL.id, answers={})), ASSESSOR),
    "a form nobody has": (CALL.id, body_of(CALL, form="phone_in@99"), ASSESSOR),
}


async def test_each_record_comes_out_the_same_in_the_process_and_in_the_server(services):
    """CKP-1"""
    here, there = checking(services, waiting=0), checking(services)
    await in_its_own_process(there)
    for name, (ident, raw, by) in RECORDS.items():
        assert await outcome(there, ident, raw, by) == await outcome(here, ident, raw, by), name
    assert here.process is None
    await there.close()


@pytest.mark.parametrize("stopped_by", [signal.SIGKILL, signal.SIGSTOP], ids=["ends", "hangs"])
async def test_records_sent_to_a_process_that_stops_are_checked_in_the_server(services, stopped_by):
    """CKP-2"""
    checks = checking(services, stuck_s=0.2)
    process = await in_its_own_process(checks)
    os.kill(process, stopped_by)
    sent = [outcome(checks, ident, raw, by) for ident, raw, by in list(RECORDS.values()) * 8]
    here = checking(services, waiting=0)
    expected = [await outcome(here, ident, raw, by) for ident, raw, by in RECORDS.values()] * 8
    async with asyncio.timeout(20):
        assert await asyncio.gather(*sent) == expected
        await checks.close()
    assert not psutil.pid_exists(process)


async def test_a_process_that_cannot_read_the_database_leaves_the_records_to_the_server(services, tmp_path):
    """CKP-2"""
    empty = tmp_path / "empty.sqlite3"
    checks = checking(services, url=f"sqlite:///{empty}")
    await in_its_own_process(checks)
    assert isinstance(await outcome(checks, CALL.id, body_of(CALL)), Push)
    await checks.close()


async def test_the_process_is_told_no_address_on_its_command_line_and_ends_with_the_server(services):
    """CKP-3"""
    checks = checking(services)
    process = psutil.Process(await in_its_own_process(checks))
    assert str(services.config.data_dir) not in " ".join(process.cmdline())
    async with asyncio.timeout(20):
        await checks.close()
    assert not process.is_running()


async def test_few_records_start_no_process(services):
    checks = checking(services, waiting=2)
    assert isinstance(await outcome(checks, CALL.id, body_of(CALL)), Push)
    assert checks.process is None
    await checks.close()
