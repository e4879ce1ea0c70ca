"""BND: how much of a body a door reads, against a running server. Ids are those in routes/bounds.py."""

from __future__ import annotations

import resource
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from litestar import Litestar
from litestar._parsers import parse_url_encoded_form_data
from litestar.handlers import HTTPRouteHandler

from sync_server.app import create_app
from sync_server.clock import monotonic_s
from sync_server.config import Config
from sync_server.people.permissions import Role
from sync_server.routes.bounds import COUNTER_ANSWER_BYTES, ENROLMENT_BYTES, FILE_DOORS, FORM_BYTES, FORM_FIELDS
from tests.sync_server.desk import browser, form_token, signed_in

SENT = 62_000_000
FORM = "application/x-www-form-urlencoded"
OF_PHONES = {"/api/v1/enrol": ENROLMENT_BYTES, "/api/v1/counter-answers/{answer_id:str}": COUNTER_ANSWER_BYTES}
VISITORS_DOORS = ["/sign-in", "/preferences", "/invitation/made-up"]


@pytest.fixture
def visitor(server: Any) -> Iterator[httpx.Client]:
    """A browser with the cookie and the token of its visit."""
    with browser(server) as client:
        client.params = {"csrf": form_token(client, "/sign-in")}
        yield client


def answer_to(server: Any, head: str, body: bytes = b"") -> bytes:
    """What the server says to a request that is sent as it stands, and stays open."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as link:
        link.sendall(head.encode() + b"\r\n\r\n" + body)
        return link.recv(65_536)


@pytest.mark.parametrize("path", [*VISITORS_DOORS, "/enrol"])
def test_a_form_announced_as_longer_is_refused_before_it_comes(server: Any, path: str) -> None:
    answer = answer_to(
        server, f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nContent-Length: {SENT}"
    )
    assert answer.startswith(b"HTTP/1.1 413 "), "BND-2"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        pytest.param("en", "takes 24 MB at a time, files included", id="en"),
        pytest.param("zh-Hant", "此頁每次最多接收 24 MB", id="zh"),
    ],
)
def test_too_much_at_once_is_told_with_the_bound_and_the_way_back(server: Any, language: str, words: str) -> None:
    with browser(server, language=language) as client:
        token = form_token(client, "/enrol")
        answer = client.post(
            "/enrol", data={"csrf": token}, files={"u1-staff_notice_files": ("a.pdf", bytes(25_000_000))}
        )
    assert (answer.status_code, words in answer.text) == (413, True), answer.text


@pytest.mark.parametrize("path", VISITORS_DOORS)
def test_a_form_of_millions_of_fields_costs_neither_time_nor_memory_of_others(
    server: Any, visitor: httpx.Client, path: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    waits: list[float] = []
    over = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=30) as other:
            while not waits or not over.is_set():
                begun = monotonic_s()
                other.get("/healthz").raise_for_status()
                waits.append(monotonic_s() - begun)

    asking = threading.Thread(target=ask)
    asking.start()
    pieces = (b"a&" * 50_000 for _ in range(SENT // 100_000))
    answer = visitor.post(path, content=pieces, headers={"Content-Type": FORM})
    over.set()
    asking.join()
    assert answer.status_code == 413, "BND-2"
    assert max(waits) < 2, "BND-1"
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) < 100_000, "BND-1: in KB"


def test_a_visitor_without_a_cookie_is_refused_before_a_byte_is_read(server: Any) -> None:
    head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked"
    assert answer_to(server, head).startswith(b"HTTP/1.1 403 "), "GATE-5"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param(FORM_FIELDS - 1, 401, id="as many as may be"),
        pytest.param(FORM_FIELDS, 400, id="one more"),
        pytest.param(FORM_BYTES // 2 - 40, 400, id="as many as its length allows"),
    ],
)
def test_a_form_has_a_thousand_fields_at_most(server: Any, fields: int, status: int) -> None:
    with browser(server) as client:
        body = f"csrf={form_token(client, '/sign-in')}{'&a' * fields}"
        answer = client.post("/sign-in", content=body, headers={"Content-Type": FORM})
    assert answer.status_code == status, "BND-3"


def test_the_framework_keeps_no_form(desk: Any) -> None:
    parse_url_encoded_form_data.cache_clear()
    with signed_in(desk, Role.ADMIN):
        pass
    assert parse_url_encoded_form_data.cache_info().currsize == 0, "BND-3"


def test_a_file_larger_than_a_form_comes_in_by_its_door(desk: Any) -> None:
    with signed_in(desk, Role.COORDINATOR) as client:
        sheet = b"code,name\n" + b"x" * (FORM_BYTES * 2)
        fields = {"csrf": form_token(client, "/imports")}
        answer = client.post("/imports", data=fields, files=[("files", ("entrants.csv", sheet, "text/csv"))])
    assert answer.status_code == 422, "BND-1: read, and found wanting"


def test_every_door_reads_what_the_table_says(tmp_path: Any) -> None:
    config = Config(data_dir=tmp_path, max_body_bytes=1_111, max_chunk_bytes=2_222)
    doors = dict(_doors(create_app(config)))
    assert set(FILE_DOORS) <= set(doors)
    for path, bound in doors.items():
        wanted = FILE_DOORS.get(path, FORM_BYTES)
        if path.startswith("/api/v1/"):
            wanted = config.max_chunk_bytes if "/media" in path else config.max_body_bytes
        assert bound == OF_PHONES.get(path, wanted), f"BND-1 {path}"


def _doors(app: Litestar) -> Iterator[tuple[str, object]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and handler.http_methods & {"POST", "PUT", "PATCH"}:
                yield route.path, handler.resolve_request_max_body_size()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[" * 9_000, id="lists"),
        pytest.param('{"code":' * 1_200, id="maps under a name that is read"),
        pytest.param('{"other":' + "[" * 4_000 + "]" * 4_000 + "}", id="lists under one that is not"),
    ],
)
def test_a_body_nested_deeply_is_refused(server: Any, body: str) -> None:
    with server.client(None) as phone:
        answer = phone.post("/api/v1/enrol", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "request-not-valid"), "BND-4"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        pytest.param("text/plain", b"\xff\xd8", id="a picture without its name"),
        pytest.param("text/plain; charset=nothing", b"a", id="a charset that is none"),
    ],
)
def test_a_part_that_is_no_text_is_refused(server: Any, visitor: httpx.Client, kind: str, words: bytes) -> None:
    head = f'--b\r\nContent-Disposition: form-data; name="username"\r\nContent-Type: {kind}\r\n\r\n'
    body = head.encode() + words + b"\r\n--b--\r\n"
    answer = visitor.post("/sign-in", content=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 400, "BND-4"
