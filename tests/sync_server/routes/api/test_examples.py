"""APIX: the examples of the API's description, sent to a real server. The id is in routes/api/examples.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from sync_server.clock import now
from sync_server.database.queries.changes import last_seq
from sync_server.feed.phones import tell_device_revoked
from sync_server.people.enrolment_codes import issue_code
from sync_server.routes.api.described import DOORS as FAILING
from sync_server.routes.api.described import codes_of
from sync_server.routes.api.examples import CHANGES, COUNTER, NAME, VARYING
from sync_server.routes.catalogue import CATALOGUE
from sync_server.survey.counters import set_counter
from tests.sync_server.season_kit import ASSESSOR, TOKEN, device_id
from tests.sync_server.survey.survey_kit import add_survey

COUNTERS = "/api/v1/counter-answers/{answer_id}"
pytestmark = pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)
# In the order in which a phone comes to them.
DOORS = (
    ("post", "/api/v1/enrol"),
    ("get", "/api/v1/changes"),
    ("put", "/api/v1/assessments/{assessment_id}"),
    ("get", "/api/v1/assessments/{assessment_id}/receipt"),
    ("post", "/api/v1/media"),
    ("head", "/api/v1/media/{upload_id}"),
    ("patch", "/api/v1/media/{upload_id}"),
    ("delete", "/api/v1/media/{upload_id}"),
    ("put", COUNTERS),
)


def settled(value: Any) -> Any:
    """The value without what differs each time, and without null, which a description leaves out of its examples."""
    if isinstance(value, dict):
        told = {key: one for key, one in value.items() if one is not None}
        return {key: type(one).__name__ if key.lower() in VARYING else settled(one) for key, one in told.items()}
    return [settled(one) for one in value] if isinstance(value, list) else value


def examples(content: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(kind, media["examples"][NAME]["value"]) for kind, media in content.items() if "examples" in media]


def request_of(method: str, path: str, operation: dict[str, Any], made: dict[str, str]) -> dict[str, Any]:
    """What the example sends, with what the server itself has `made` in its place."""
    asked: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for parameter in operation.get("parameters", ()):
        asked[parameter["in"]][parameter["name"]] = made.get(parameter["name"], parameter["example"])
    content = b""
    for kind, example in examples(operation.get("requestBody", {}).get("content", {})):
        whole = example | {"code": made["code"]} if "code" in example else example
        content = whole.encode() if isinstance(whole, str) else msgspec.json.encode(whole)
        asked["header"]["Content-Type"] = kind
    url = path.format(**asked["path"])
    return {"method": method, "url": url, "params": asked["query"], "headers": asked["header"], "content": content}


def stand_at_a_counter(server) -> None:
    with server.services.database.transaction() as db:
        add_survey(db)
        set_counter(db, device_id(TOKEN), COUNTER.body["company"], now())


def test_the_server_takes_each_example_and_answers_as_it_says(server):
    """APIX-1"""
    with server.services.database.transaction() as db:
        lasts = timedelta(hours=1)
        made = {"code": issue_code(db, assessor_id=ASSESSOR, created_by="command", now=now(), lasts=lasts).code}
        made["cursor"] = str(last_seq(db))
        tell_device_revoked(db, ASSESSOR, CHANGES.answer["changes"][0]["id"], now())
    with server.client(TOKEN) as client:
        described = client.get("/api/v1/schema/openapi.json").json()["paths"]
        for method, path in DOORS:
            operation = described[path][method]
            if path == COUNTERS:
                stand_at_a_counter(server)
            answer = client.request(**request_of(method, path, operation, made))
            status, said = next(iter(operation["responses"].items()))
            assert answer.status_code == int(status), f"{method} {path}: {answer.text}"
            given = {name: answer.headers.get(name, "none") for name in said.get("headers", {})}
            assert "none" not in given.values()
            expected = {name: header["example"] for name, header in said.get("headers", {}).items()}
            assert settled(given) == settled(expected), f"{method} {path}"
            for _, example in examples(said.get("content", {})):
                assert settled(answer.json()) == settled(example), f"{method} {path}"
            if "Location" in given:
                made["upload_id"] = given["Location"].rpartition("/")[2]


def test_every_door_of_the_devices_has_an_example(server):
    with server.client(None) as client:
        described = client.get("/api/v1/schema/openapi.json").json()["paths"]
    for method, path in DOORS:
        operation = described[path][method]
        said = next(iter(operation["responses"].values()))
        assert said.get("headers") or examples(said["content"]), f"{method} {path}"
        assert all("example" in parameter for parameter in operation.get("parameters", ())), f"{method} {path}"


def test_every_failure_of_every_door_has_its_example_with_code_and_sentence(server):
    """DSC-1: that a door fails in no other way, each test that speaks as a phone holds (described_doors.py)."""
    with server.client(None) as client:
        described = client.get("/api/v1/schema/openapi.json").json()["paths"]
    for door in FAILING:
        method, _, path = door.partition(" ")
        answers = described[path][method.lower()]["responses"]
        shown = {
            code: (int(status), example["value"])
            for status, answer in answers.items()
            if int(status) >= 400
            for code, example in answer["content"]["application/json"]["examples"].items()
        }
        assert set(shown) == set(codes_of(door)), door
        for code, (status, body) in shown.items():
            assert (status, body["code"]) == (CATALOGUE[code].status, code)
            assert body["message"].startswith(str(CATALOGUE[code].sentence).partition("{")[0]), code
            assert "{" not in body["message"], code
    assert {f"{method.upper()} {path}" for method, path in DOORS} <= set(FAILING)
