"""The transport over real HTTP, the fake beside it, and what comes back on bad days."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from checklists import wire
from fieldapp.clock import SystemClock
from fieldapp.errors import Refused, SignInNeeded, SyncError, Unreachable
from fieldapp.ports import Server
from fieldapp.sync.door_requests import RequestsDoor
from fieldapp.sync.transport import HttpServer
from tests.fieldapp.server_contract import PHOTO, RECORD, ServerContract, begin
from tests.fieldapp.sync_double import FakeServer, Served, SyncDouble, served


@pytest.fixture
def double() -> SyncDouble:
    return SyncDouble(tokens={"known"})


@pytest.fixture
def web(double: SyncDouble) -> Iterator[Served]:
    with served(double) as held:
        yield held


@pytest.fixture
def server(web: Served) -> Server:
    made = HttpServer(RequestsDoor(), SystemClock())
    made.use(address=f"{web.address}/", token="known")
    return made


class TestHttpServer(ServerContract):
    pass


class TestFakeServer(ServerContract):
    @pytest.fixture
    def server(self, double: SyncDouble) -> Server:
        made = FakeServer(double)
        made.use(address="", token="known")
        made.chunk = 512 * 1024
        return made


JSON = {"Content-Type": "application/json"}
BAD_DAYS = [
    pytest.param(None, "no-answer", True, id="the connection breaks off"),
    pytest.param((500, JSON, b'{"code": "internal", "message": "?"}'), "internal", False, id="the server fails"),
    pytest.param((503, {}, b"<html>"), "http-503", False, id="a proxy says the server is away"),
    pytest.param((507, JSON, b'{"code": "storage-full"}'), "storage-full", False, id="the server's disk is full"),
    pytest.param((429, JSON, b'{"code": "too-many-requests"}'), "too-many-requests", False, id="slow down"),
    pytest.param((200, JSON, b'{"changes": [{"se'), "half-an-answer", False, id="half an answer"),
    pytest.param((200, JSON, b'{"changes": []}'), "half-an-answer", False, id="not the whole answer"),
    pytest.param((200, {"Content-Type": "text/html"}, b"<h1>Welcome"), "not-our-server", True, id="a sign-in page"),
    pytest.param((302, {"Location": "http://hotel.example/"}, b""), "not-our-server", True, id="a redirect"),
    pytest.param((404, {}, b"nothing here"), "not-our-server", True, id="another program"),
]


@pytest.mark.parametrize(("answer", "code", "network"), BAD_DAYS)
async def test_what_proves_nothing_is_tried_again(
    server: Server, web: Served, answer: tuple[int, dict[str, str], bytes] | None, code: str, network: bool
) -> None:
    web.raw = [answer, answer]
    with pytest.raises(Unreachable, match=code) as told:
        await server.changes("")
    assert told.value.network is network


async def test_a_server_that_is_not_there_is_unreachable(server: Server) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.use(address=f"http://127.0.0.1:{free.getsockname()[1]}", token="known")
        with pytest.raises(Unreachable, match="no-answer"):
            await server.changes("")


async def test_the_wish_of_the_server_is_kept(server: Server, web: Served) -> None:
    web.raw = [(503, {"Retry-After": "120"}, b"")]
    with pytest.raises(Unreachable) as told:
        await server.changes("")
    assert told.value.retry_after_s == 120


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        pytest.param(422, b'{"code": "record-not-valid", "message": "PA1"}', Refused, "record-not-valid", id="ours"),
        pytest.param(413, b"<html>too large</html>", Refused, "http-413", id="a proxy's limit"),
        pytest.param(403, b'{"code": "device-revoked"}', SignInNeeded, "device-revoked", id="a revoked device"),
        pytest.param(401, b"", SignInNeeded, "sign-in-needed", id="no reason given"),
    ],
)
async def test_what_will_never_be_taken_says_why(
    server: Server, web: Served, *, status: int, body: bytes, kind: type[SyncError], code: str
) -> None:
    web.raw = [(status, JSON, body)]
    with pytest.raises(kind, match=code):
        await server.put(RECORD.id, wire.encode(RECORD))


async def test_an_upload_survives_a_chunk_that_was_taken_but_never_confirmed(
    server: Server, web: Served, double: SyncDouble
) -> None:
    upload = await begin(server)
    name = next(iter(double.uploads))
    double.append(name, 0, PHOTO[:100])
    web.raw = [(200, {"Upload-Offset": "0"}, b""), (409, JSON, b'{"code": "offset-wrong"}')]
    assert await server.send_file(upload, PHOTO)
    assert PHOTO in double.media.values()


@pytest.mark.parametrize("offset", ["", "x", "-1", "99999999999999999999"])
async def test_an_offset_that_is_none_proves_nothing(server: Server, web: Served, offset: str) -> None:
    upload = await begin(server)
    web.raw = [(200, {"Upload-Offset": offset}, b"")]
    with pytest.raises(Unreachable, match="half-an-answer"):
        await server.send_file(upload, PHOTO)


async def test_clock_and_token_travel_in_headers_and_only_to_our_server(server: Server, web: Served) -> None:
    await server.changes("")
    _, path, headers = web.requests[-1]
    assert path == "/api/v1/changes?cursor="
    assert headers["authorization"] == "Bearer known"
    assert headers["device-time"].endswith("+00:00")
    assert headers["device-monotonic"].isdigit()
    with served(SyncDouble()) as other:
        with pytest.raises(SyncError):
            await server.send_file(f"{other.address}/api/v1/media/1", PHOTO)
        assert "authorization" not in other.requests[-1][2]
