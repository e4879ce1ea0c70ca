"""PRE: an application below a prefix, without a server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sync_server.machine.prefixed import ADDRESSED_AT, Prefixed

PAGE = (b"content-type", b"text/html; charset=utf-8")


def answered(
    headers: list[tuple[bytes, bytes]], *parts: bytes, method: str = "GET", cookie: bytes = b""
) -> tuple[dict[str, Any], dict[bytes, bytes], bytes]:
    """Return the scope that the application saw, and the headers and body that left."""
    seen: dict[str, Any] = {}
    sent: list[Any] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        seen.update(scope)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for at, part in enumerate(parts):
            await send({"type": "http.response.body", "body": part, "more_body": at + 1 < len(parts)})

    async def keep(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": "/e/a/x",
        "raw_path": b"/e/a/x",
        "headers": [(b"cookie", cookie)],
    }
    asyncio.run(Prefixed(app, "/e/a")(scope, None, keep))  # type: ignore[arg-type]
    return seen, dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


def test_pre_1_inside_the_address_stands_alone_and_the_prefix_is_told() -> None:
    seen, _, _ = answered([PAGE], b"")
    assert (seen["path"], seen["raw_path"], seen["state"][ADDRESSED_AT]) == ("/x", b"/x", "/e/a")


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        pytest.param(b'<a href="/today">', b'<a href="/e/a/today">', id="a link"),
        pytest.param(b"<form action='/x'>", b"<form action='/e/a/x'>", id="a form in single quotes"),
        pytest.param(b'<a href="/">', b'<a href="/e/a/">', id="the first page"),
        pytest.param(b'<a href="/e/b/">', b'<a href="/e/b/">', id="another edition"),
        pytest.param(b'<a href="//else.example">', b'<a href="//else.example">', id="another host"),
        pytest.param(b'<a href="#x"> <a href="x">', b'<a href="#x"> <a href="x">', id="no path of the server"),
        pytest.param(b'<input value="/today">', b'<input value="/today">', id="PRE-3 a value"),
        pytest.param(b'<p data-note="/x">', b'<p data-note="/x">', id="PRE-3 words in data"),
        pytest.param(b"<p>href=&#34;/x&#34;", b"<p>href=&#34;/x&#34;", id="PRE-3 quotes that were typed"),
    ],
)
def test_pre_2_addresses_of_a_page_carry_the_prefix(inside: bytes, outside: bytes) -> None:
    half = len(inside) // 2
    _, headers, body = answered([PAGE, (b"content-length", b"1")], inside[:half], inside[half:])
    assert body == outside
    assert headers[b"content-length"] == str(len(outside)).encode()


@pytest.mark.parametrize(
    ("header", "left"),
    [
        pytest.param((b"location", b"/x?next=%2Fy"), b"/e/a/x?next=%2Fy", id="a redirect"),
        pytest.param((b"Location", b"/e/b/x"), b"/e/b/x", id="to another edition"),
        pytest.param((b"location", b"https://else.example/"), b"https://else.example/", id="elsewhere"),
        pytest.param((b"set-cookie", b"s=1; Path=/; HttpOnly"), b"s=1; Path=/e/a; HttpOnly", id="a cookie"),
        pytest.param((b"set-cookie", b"s=1; path=/"), b"s=1; path=/e/a", id="its path at the end"),
        pytest.param((b"service-worker-allowed", b"/app/"), b"/e/a/app/", id="a service worker"),
    ],
)
def test_pre_2_headers_carry_the_prefix(header: tuple[bytes, bytes], left: bytes) -> None:
    _, headers, body = answered([header, (b"content-type", b"text/plain")], b' href="/x"')
    assert headers[header[0]] == left
    assert body == b' href="/x"'


def test_pre_4_of_two_cookies_of_a_name_the_first_counts() -> None:
    seen, _, _ = answered([PAGE], b"", cookie=b"session=ours; visit=v; session=older")
    assert seen["headers"] == [(b"cookie", b"session=ours; visit=v")]


def test_the_head_of_a_page_promises_no_length() -> None:
    _, headers, body = answered([PAGE, (b"content-length", b"123")], b"", method="HEAD")
    assert b"content-length" not in headers
    assert body == b""
