"""PUSH: the door before the router and the router's own route tell the same. Ids are those in routes/api/push.py."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from sync_server.config import Config
from tests.sync_server.conftest import Running, run_server, set_season_up
from tests.sync_server.season_kit import TOKEN, a_call, body_of

LIMIT = 20_000
CALL = a_call()
# The door takes ids in lower case only; every other form of the address is the router's.
ADDRESSES = {"door": CALL.id, "router": CALL.id.upper()}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("door")
    config = Config(data_dir=data, max_body_bytes=LIMIT)
    set_season_up(config)
    yield from run_server(config)


def put(server: Running, address: str, body: object, **headers: str) -> httpx.Response:
    with server.client(None) as client:
        headers = {"Authorization": f"Bearer {TOKEN}"} | headers
        return client.put(f"/api/v1/assessments/{ADDRESSES[address]}", content=body, headers=headers)


CALLS = [
    pytest.param(body_of(CALL), {}, (200, None), id="kept"),
    pytest.param(body_of(CALL), {"Content-Type": "application/json; charset=utf-8"}, (200, None), id="said-to-be-json"),
    pytest.param(body_of(CALL), {"Content-Type": "text/plain"}, (415, "content-type-not-accepted"), id="not-json"),
    pytest.param(body_of(CALL), {"Authorization": "Bearer no"}, (401, "token-not-valid"), id="no-token"),
    pytest.param(b"{", {}, (400, "body-not-json"), id="broken"),
    pytest.param(b"[]", {}, (422, "record-not-valid"), id="not-a-record"),
    pytest.param(b" " * (LIMIT + 1), {}, (413, "body-too-large"), id="announced-too-large"),
    pytest.param(iter([b" " * LIMIT, b" "]), {}, (413, "body-too-large"), id="turns-out-too-large"),
    pytest.param(
        body_of(CALL).replace(b'"assignment-1"', b'"assignment-9"'), {}, (403, "assignment-not-yours"), id="not-yours"
    ),
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(("body", "headers", "told"), CALLS)
def test_both_ways_in_answer_alike(server, address, body, headers, told):
    """PUSH-1, PUSH-2: one address is the door's, the other the router's."""
    if not isinstance(body, bytes):
        body = iter([b" " * LIMIT, b" "])  # one is used up by the other address
    answer = put(server, address, body, **headers)
    assert (answer.status_code, answer.json().get("code")) == told
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
    assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_content_of_the_same_revision_is_a_conflict_either_way(server, address):
    kept = put(server, address, body_of(CALL))
    other = put(server, address, body_of(CALL, door=address))
    assert (kept.status_code, other.status_code, other.json()["code"]) == (200, 409, "revision-conflict")


def test_a_phone_that_leaves_in_the_middle_hurts_nobody(server):
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as phone:
        head = f"PUT /api/v1/assessments/{CALL.id} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n"
        phone.sendall(f"{head}Authorization: Bearer {TOKEN}\r\n\r\n{{".encode())
    assert put(server, "door", body_of(CALL)).status_code == 200


def test_both_ways_in_are_counted_under_the_route(server):
    for address in ADDRESSES:
        put(server, address, body_of(CALL))
    told = server.services.metrics.text().decode()
    assert 'sync_requests_total{method="PUT",route="/api/v1/assessments/{assessment_id}",status="200"}' in told
    assert "/api/v1/assessments/{assessment_id:str}" not in told
