"""The API's own description, and requests made from it: whatever is sent, no 5xx and always the error body."""

from __future__ import annotations

import httpx
import pytest

from tests.sync_server.described_doors import fails_as_described
from tests.sync_server.made_requests import check_no_5xx
from tests.sync_server.season_kit import TOKEN

DESCRIBED = {
    ("post", "/api/v1/enrol"),
    ("get", "/api/v1/changes"),
    ("put", "/api/v1/assessments/{assessment_id}"),
    ("get", "/api/v1/assessments/{assessment_id}/receipt"),
    ("put", "/api/v1/counter-answers/{answer_id}"),
    ("post", "/api/v1/media"),
    ("head", "/api/v1/media/{upload_id}"),
    ("patch", "/api/v1/media/{upload_id}"),
    ("delete", "/api/v1/media/{upload_id}"),
}


def test_the_description_names_every_call_of_the_protocol(server):
    with server.client(None) as client:
        paths = client.get("/api/v1/schema/openapi.json").json()["paths"]
    assert {(method, path) for path, methods in paths.items() for method in methods} >= DESCRIBED


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/assessments", "/api/v1"])
def test_an_address_that_is_not_there_has_the_error_body(server, path):
    with server.client() as client:
        answer = client.get(path)
    assert answer.status_code in (404, 405)
    assert set(answer.json()) == {"code", "message", "details"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_requests_made_from_the_description_find_no_5xx(server, tmp_path):
    headers = {"Authorization": f"Bearer {TOKEN}", "Tus-Resumable": "1.0.0"}
    paths = ("--include-path-regex", "^/api/v1/")
    check_no_5xx(f"{server.url}/api/v1/schema/openapi.json", tmp_path, headers, examples=25, options=paths)


def test_a_failure_that_is_not_described_fails_the_test_that_meets_it():
    """DSC-1"""
    asked = httpx.Request("GET", "http://desk.example/api/v1/changes")
    fails_as_described(httpx.Response(400, json={"code": "cursor-not-valid"}, request=asked))
    with pytest.raises(AssertionError, match="offset-differs"):
        fails_as_described(httpx.Response(409, json={"code": "offset-differs"}, request=asked))
