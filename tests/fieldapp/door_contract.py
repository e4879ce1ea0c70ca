"""What every door promises: a list of checks that need nothing but a door and an address.

`test_doors` runs them on `requests` here, and on `fetch` in the browser's own Python.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from fieldapp.errors import Unreachable
from fieldapp.sync.door import Door, Request

EVERY_BYTE = bytes(range(256)) * 2400
Check = Callable[[Door, str], Awaitable[None]]


async def gives_every_byte_out_and_back(door: Door, address: str) -> None:
    answer = await door.ask(Request(method="PUT", url=f"{address}/echo", body=EVERY_BYTE))
    assert answer.status == 200
    assert answer.body == EVERY_BYTE
    assert type(answer.body) is bytes


async def sends_headers_and_reads_them_in_lower_case(door: Door, address: str) -> None:
    headers = {"Authorization": "Bearer t", "Upload-Offset": "7", "Device-Time": "2021-03-01T04:00:00+00:00"}
    answer = await door.ask(Request(method="POST", url=f"{address}/headers", headers=headers, body=b"x"))
    seen = {name.lower(): value for name, value in json.loads(answer.body).items()}
    assert {name: seen.get(name.lower()) for name in headers} == headers
    assert answer.headers["upload-offset"] == "9"


async def speaks_every_method(door: Door, address: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "HEAD"):
        body = b"chunk" if method in ("POST", "PUT", "PATCH") else None
        answer = await door.ask(Request(method=method, url=f"{address}/method", body=body))
        assert answer.status == 200
        assert answer.headers["x-method"] == method


async def gives_any_status_as_it_is(door: Door, address: str) -> None:
    for status in (200, 201, 204, 400, 401, 404, 409, 410, 413, 422, 429, 460, 500, 503, 507):
        answer = await door.ask(Request(method="GET", url=f"{address}/status/{status}"))
        assert answer.status == status


async def follows_no_redirect(door: Door, address: str) -> None:
    answer = await door.ask(Request(method="GET", url=f"{address}/redirect"))
    assert 300 <= answer.status < 400


async def keeps_no_cookies(door: Door, address: str) -> None:
    await door.ask(Request(method="GET", url=f"{address}/cookie"))
    answer = await door.ask(Request(method="GET", url=f"{address}/headers"))
    assert "cookie" not in {name.lower() for name in json.loads(answer.body)}


async def says_unreachable_when_the_connection_breaks(door: Door, address: str) -> None:
    await _unreachable(door, Request(method="GET", url=f"{address}/break"))


async def says_unreachable_when_the_body_breaks_off(door: Door, address: str) -> None:
    await _unreachable(door, Request(method="GET", url=f"{address}/half"))


async def says_unreachable_when_nobody_is_there(door: Door, _address: str) -> None:
    await _unreachable(door, Request(method="GET", url="http://127.0.0.1:9/nobody"))


async def says_unreachable_when_the_answer_takes_too_long(door: Door, address: str) -> None:
    await _unreachable(door, Request(method="GET", url=f"{address}/never", timeout_s=1))


async def says_unreachable_for_an_address_that_is_none(door: Door, _address: str) -> None:
    await _unreachable(door, Request(method="GET", url="/api/v1/changes"))


CHECKS: tuple[Check, ...] = (
    gives_every_byte_out_and_back,
    sends_headers_and_reads_them_in_lower_case,
    speaks_every_method,
    gives_any_status_as_it_is,
    follows_no_redirect,
    keeps_no_cookies,
    says_unreachable_when_the_connection_breaks,
    says_unreachable_when_the_body_breaks_off,
    says_unreachable_when_nobody_is_there,
    says_unreachable_when_the_answer_takes_too_long,
    says_unreachable_for_an_address_that_is_none,
)


async def _unreachable(door: Door, request: Request) -> None:
    problem = None
    try:
        await door.ask(request)
    except Unreachable as raised:  # no pytest in the browser's Python
        problem = raised
    assert problem is not None
    assert problem.code == "no-answer"
