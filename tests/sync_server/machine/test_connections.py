"""CON: what one caller may hold, by real sockets against a running server. Ids are those in machine/connections.py."""

from __future__ import annotations

import contextlib
import resource
import select
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sync_server.clock import monotonic_s
from sync_server.config import Config
from sync_server.machine import connections
from tests.sync_server.conftest import Running, run_server

MB = 1_000_000
OPENING = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SOON_S = 0.3


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times that a test can wait for."""
    monkeypatch.setattr(connections, "HEAD_S", SOON_S)
    monkeypatch.setattr(connections, "IDLE_S", SOON_S)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    yield from run_server(Config(data_dir=tmp_path, max_connections=60, max_connections_per_address=40))


@contextlib.contextmanager
def link(server: Running) -> Iterator[socket.socket]:
    address = urlsplit(server.url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=20) as made:
        yield made


def heard(made: socket.socket, *, within_s: float = 10) -> bytes:
    """What comes until the server closes."""
    said, until = b"", monotonic_s() + within_s
    while (left := until - monotonic_s()) > 0:
        if select.select([made], [], [], left)[0]:
            try:
                piece = made.recv(65_536)
            except ConnectionError:
                return said
            if not piece:
                return said
            said += piece
    raise AssertionError(f"still open after {within_s} s: {said[:200]!r}")


def sent(made: socket.socket, piece: bytes, times: int) -> int:
    """How many bytes went before the server closed."""
    for count in range(times):
        try:
            made.sendall(piece)
        except OSError:
            return count * len(piece)
    return times * len(piece)


@pytest.mark.parametrize(
    ("head", "piece", "status"),
    [
        pytest.param(b"GET /", b"a" * 65_536, b"414", id="CON-1 a line"),
        pytest.param(b"GET /healthz HTTP/1.1\r\nX: ", b"a" * 65_536, b"431", id="CON-1 one header"),
        pytest.param(b"GET /healthz HTTP/1.1\r\n", b"a: b\r\n" * 10_000, b"431", id="CON-1 many headers"),
        pytest.param(b"GET /healthz HTTP/1.1\r\n" + b"a" * 70_000, b"a" * 65_536, b"431", id="CON-1 a header's name"),
        pytest.param(
            b"POST /sign-in HTTP/1.1\r\nTransfer-Encoding: chunked\r\nCookie: visit=x\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n1\r\na\r\n0\r\n",
            b"a: b\r\n" * 10_000,
            b"",
            id="CON-1 what follows a body",
        ),
        pytest.param(
            b"POST /sign-in HTTP/1.1\r\nTransfer-Encoding: chunked\r\nCookie: visit=x\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n1;",
            b"a" * 65_536,
            b"",
            id="CON-1 what stands between its parts",
        ),
    ],
)
def test_a_head_that_never_ends_is_refused(server: Running, head: bytes, piece: bytes, status: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = monotonic_s()
    with link(server) as made:
        made.sendall(head)
        went = sent(made, piece, 300 * MB // len(piece))
    assert went < 20 * MB
    with link(server) as made:
        made.sendall(head + (piece * 2)[:100_000])
        said = heard(made)
    if status:
        assert said.startswith(b"HTTP/1.1 " + status)
    assert monotonic_s() - begun < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_head_of_nearly_32_kb_is_answered(server: Running) -> None:
    with link(server) as made:
        made.sendall(OPENING + b"X: " + b"a" * 32_000 + b"\r\nConnection: close\r\n\r\n")
        assert heard(made).startswith(b"HTTP/1.1 200"), "CON-1"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"GET /?" + b"a&" * 1_000 + b" HTTP/1.1\r\n\r\n", id="of its query"),
        pytest.param(b"GET / HTTP/1.1\r\nCookie: " + b"a;" * 1_000 + b"\r\n\r\n", id="of its cookies"),
        pytest.param(OPENING + b"\r\n" + b"GET / HTTP/1.1\r\n\r\n" * 3_000, id="of its requests"),
    ],
)
def test_a_head_of_many_parts_is_no_request(server: Running, head: bytes) -> None:
    with link(server) as made:
        made.sendall(head)
        said = heard(made)
    assert b"HTTP/1.1 400" in said, "CON-6"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param(b"127.0.0.1", 303, id="an address"),
        pytest.param(b"[::1]:8000", 303, id="an address of IPv6"),
        pytest.param(b"localhost:", 303, id="a port left out"),
        pytest.param(b"127.0.0.1:abc", 400, id="a port that is none"),
        pytest.param(b"127.0.0.1:65536", 400, id="a port beyond all"),
        pytest.param(b"127.0.0.1:80:80", 400, id="two ports"),
        pytest.param(b"[::1", 400, id="a bracket left open"),
        pytest.param(b"[:::]", 400, id="no address between them"),
        pytest.param(b"evil.example:abc", 400, id="of another name"),
        pytest.param(b"a@127.0.0.1", 400, id="somebody before it"),
        pytest.param("１２７.0.0.1".encode(), 400, id="full-width figures"),
    ],
)
def test_a_badly_written_host_is_no_request(server: Running, host: bytes, status: int) -> None:
    """CON-7."""
    with link(server) as made:
        made.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n")
        said = heard(made)
    assert said.startswith(b"HTTP/1.1 %d" % status)


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"", id="CON-2 nothing"),
        pytest.param(b"GET / HTTP/1.1\r\nHo", id="CON-2 a part of a head"),
        pytest.param(OPENING + b"\r\n" + OPENING, id="CON-2 a part of the second head"),
        pytest.param(b"\r\n", id="CON-2 empty lines"),
        pytest.param(
            b"POST /sign-in HTTP/1.1\r\nCookie: visit=x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 100\r\n\r\na=b",
            id="CON-3 a part of a body",
        ),
    ],
)
@pytest.mark.usefixtures("hasty")
def test_a_connection_on_which_nothing_more_comes_is_closed(server: Running, begun: bytes) -> None:
    with link(server) as made:
        if begun.count(OPENING) == 2:
            made.sendall(OPENING + b"\r\n")
            made.recv(65_536)
            made.sendall(OPENING)
        else:
            made.sendall(begun)
        heard(made, within_s=5)


@pytest.mark.usefixtures("hasty")
def test_an_answer_that_nobody_takes_is_given_up(server: Running) -> None:
    """CON-3: without it, this would send for ever."""
    with link(server) as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        asking = b"GET /static/dashboard.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        with contextlib.suppress(OSError):
            while True:
                made.sendall(asking)


def test_many_silent_connections_shut_nobody_out(server: Running) -> None:
    with contextlib.ExitStack() as links:
        for _ in range(500):
            links.enter_context(link(server))
        with server.client(None) as other:
            assert other.get("/readyz").status_code == 200, "CON-4"
            assert other.get("/sign-in").status_code == 200, "CON-4"


def test_beyond_the_limit_a_server_still_says_how_it_is(server: Running) -> None:
    asking = (
        b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: visit=x\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n"
    )
    with contextlib.ExitStack() as links:
        for _ in range(200):
            made = links.enter_context(link(server))
            with contextlib.suppress(OSError):
                made.sendall(asking)
        with server.client(None) as other:
            assert other.get("/readyz").status_code == 200, "CON-4"
            assert other.get("/sign-in").status_code == 503, "CON-4"
    with server.client(None) as other:
        assert other.get("/sign-in").status_code == 200, "CON-4"


def test_a_proxy_is_no_place(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path, max_connections=60, max_connections_per_address=10, trusted_proxies="127.0.0.1")
    asking = b"GET /events HTTP/1.1\r\n"
    for running in run_server(config):
        with contextlib.ExitStack() as links:
            made = [links.enter_context(link(running)) for _ in range(40)]
            for one in made:
                one.sendall(asking)
            with running.client(None) as other:
                assert other.get("/healthz").status_code == 200
            assert not select.select(made, [], [], 0.1)[0], "CON-5"


@pytest.mark.parametrize(
    ("proxies", "waits"),
    [
        pytest.param("", True, id="a caller's word on who calls is not taken"),
        pytest.param("127.0.0.1", False, id="a trusted proxy's is"),
    ],
)
def test_who_calls_is_who_connects(tmp_path: Path, proxies: str, waits: bool) -> None:
    for running in run_server(Config(data_dir=tmp_path, trusted_proxies=proxies)):
        with running.client(None) as other:
            statuses = {
                other.post(
                    "/api/v1/enrol",
                    json={"code": "AAAA-BBBB-CCCC", "device": {"id": DEVICE, "name": "a phone"}},
                    headers={"X-Forwarded-For": f"203.0.113.{number}"},
                ).status_code
                for number in range(25)
            }
        assert (429 in statuses) is waits, "CON-5"


DEVICE = "0190b6f0-0000-7000-8000-000000000001"
