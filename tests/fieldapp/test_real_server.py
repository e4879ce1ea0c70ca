"""The phone's state, store and transport against the real sync server: one whole visit, and bad codes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from checklists import wire
from checklists.record.assessment import SyncState
from fieldapp.clock import SystemClock
from fieldapp.line import LineState
from fieldapp.state import App, Phase
from fieldapp.storage.files import FileFolder
from fieldapp.sync.door_requests import RequestsDoor
from fieldapp.sync.transport import HttpServer
from sync_server.season.set_up import promise_audio_days
from tests.fieldapp.app_kit import Phone, complete
from tests.fieldapp.real_server import season_server
from tests.sync_server.conftest import Running

LONGEST_S = 20


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Running, str]]:
    yield from season_server(tmp_path)


@dataclass
class Connected:
    """A phone, and its transport."""

    phone: Phone
    transport: HttpServer


def a_phone(folder: Path, address: str) -> Connected:
    transport = HttpServer(RequestsDoor(), SystemClock())
    phone = Phone(FileFolder(folder), server=transport)
    phone.app.origin = address
    return Connected(phone, transport)


async def until(app: App, true: Callable[[], object]) -> None:
    """Return when `true()`, looked at again whenever the app changes."""
    changed = asyncio.Event()

    def watch(*_: object) -> None:
        changed.set()

    stop = app.subscribe(watch)
    async with asyncio.timeout(LONGEST_S):
        while not true():
            changed.clear()
            await changed.wait()
    stop()


async def test_a_visit_made_on_the_phone_is_safe_on_the_real_server(
    running: tuple[Running, str], tmp_path: Path
) -> None:
    server, code = running
    connected = a_phone(tmp_path / "phone", server.url)
    phone = connected.phone
    await phone.app.start()
    assert await phone.app.enrol(f"{server.url}/app/#/enrol?code={code}"), phone.app.notice
    await until(phone.app, lambda: any(row.assignment_id == "assignment-1" for row in phone.app.rows))
    assert phone.store.feed().unread == ()
    assert await phone.app.open_visit("assignment-1"), phone.app.notice
    await complete(phone)
    assert await phone.visit.add_photo(bytes(range(256)) * 4000), "two chunks"
    assert await phone.visit.add_sound(b"OggS" + bytes(20_000), "audio/ogg")
    assert await phone.visit.finish(), phone.app.notice
    await until(phone.app, lambda: phone.app.items[0].safe_at or phone.app.items[0].state is SyncState.REFUSED)
    assert phone.app.items[0].state is SyncState.SAFE, str(phone.app.items[0].reason)
    await phone.worker.stop()
    record = phone.visit.assessment
    acknowledgement = await connected.transport.acknowledgement(record.id)
    assert acknowledgement.digest == wire.digest(wire.encode(record))
    assert {file.sha256 for file in acknowledgement.files if file.held} == {held.sha256 for held in record.evidence}


async def test_a_code_used_on_one_phone_is_refused_on_another(running: tuple[Running, str], tmp_path: Path) -> None:
    server, code = running
    first, second = (a_phone(tmp_path / name, server.url).phone for name in ("first", "second"))
    for phone in (first, second):
        await phone.app.start()
    assert await first.app.enrol(code)
    assert not await second.app.enrol(code)
    assert second.app.notice
    assert second.app.notice.code == "enrolment-code-used"
    assert second.app.phase is Phase.ENROL
    assert not await second.app.enrol("NO-SUCH-CODE")
    assert second.app.notice.code == "enrolment-code-unknown"
    await first.worker.stop()
    await second.worker.stop()


async def test_a_token_the_server_does_not_know_keeps_everything(running: tuple[Running, str], tmp_path: Path) -> None:
    server, code = running
    connected = a_phone(tmp_path / "phone", server.url)
    phone = connected.phone
    await phone.app.start()
    await phone.app.enrol(code)
    await until(phone.app, lambda: phone.app.rows)
    server.services.devices.forget()
    connected.transport.use(address=server.url, token="withdrawn")
    phone.worker.wake()
    await until(phone.app, lambda: phone.app.line.state is LineState.SIGN_IN_NEEDED)
    assert phone.app.rows
    await phone.worker.stop()


async def test_a_phone_promises_how_long_this_server_keeps_sound(running: tuple[Running, str], tmp_path: Path) -> None:
    """FEED-1, from the setting to the screen, while a visit is open."""
    server, code = running
    phone = a_phone(tmp_path / "phone", server.url).phone
    await phone.app.start()
    await phone.app.enrol(code)
    await until(phone.app, lambda: any(row.assignment_id == "assignment-1" for row in phone.app.rows))
    assert await phone.app.open_visit("assignment-1")
    assert phone.visit.audio_kept_days is None
    with server.services.database.transaction() as db:
        promise_audio_days(db, 30, SystemClock().now())
    phone.worker.wake()
    await until(phone.app, lambda: phone.visit.audio_kept_days == 30)
    await phone.worker.stop()


def phone_server(phone: Phone) -> HttpServer:
    server = phone.worker._server
    assert isinstance(server, HttpServer)
    return server
