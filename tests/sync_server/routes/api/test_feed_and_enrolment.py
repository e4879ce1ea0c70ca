"""The devices' feed and enrolment over HTTP, on both engines."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta

import httpx
import pytest

from sync_server.clock import now
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries.changes import NewChange, append_changes, changes_for_assessor, changes_for_office
from sync_server.fieldwork.handing_out import tell_assignment
from sync_server.people.enrolment_codes import code_hash, issue_code, revoke_code
from tests.builders import NOON, an_assignment
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.season_kit import ASSESSOR, OTHER_TOKEN, TOKEN, device_id

LASTS = timedelta(hours=1)


def issue(server, **options):
    with server.services.database.transaction() as db:
        return issue_code(db, assessor_id=ASSESSOR, created_by="command", now=now(), **{"lasts": LASTS, **options}).code


def enrol(server, code, device=None):
    with server.client(None) as client:
        body = {"code": code, "device": {"id": device or str(uuid.uuid4()), "name": "My phone"}}
        return client.post("/api/v1/enrol", json=body)


def test_a_code_is_traded_for_a_token_that_works(server):
    answer = enrol(server, issue(server))
    assert answer.status_code == 201
    enrolled = answer.json()
    assert enrolled["assessor"] == {"id": ASSESSOR, "name": f"Name of {ASSESSOR}"}
    with server.client(enrolled["token"]) as client:
        assert client.get("/api/v1/changes").status_code == 200


def test_a_lost_answer_may_be_asked_for_again_and_the_first_token_ends(server):
    code, device = issue(server), str(uuid.uuid4())
    first, again = enrol(server, code, device), enrol(server, code.lower().replace("-", " "), device)
    assert (first.status_code, again.status_code) == (201, 201)
    with server.client(first.json()["token"]) as client:
        assert client.get("/api/v1/changes").status_code == 401
    with server.client(again.json()["token"]) as client:
        assert client.get("/api/v1/changes").status_code == 200


def test_a_code_used_by_another_phone_or_too_long_ago_is_409(server):
    code, device = issue(server), str(uuid.uuid4())
    enrol(server, code, device)
    other = enrol(server, code)
    assert (other.status_code, other.json()["code"]) == (409, "enrolment-code-used")
    with server.services.database.transaction() as db:
        codes = tables.enrolment_codes
        db.execute(codes.update().values(used_at=now() - timedelta(minutes=11)))
    assert enrol(server, code, device).status_code == 409


def test_ended_and_unknown_codes_are_refused(server):
    expired = issue(server, lasts=timedelta(seconds=-1))
    revoked = issue(server)
    with server.services.database.transaction() as db:
        revoke_code(db, code_hash(revoked), now())
    answers = {code: enrol(server, code) for code in (expired, revoked, "AAAA-BBBB-CCCC")}
    assert [(answer.status_code, answer.json()["code"]) for answer in answers.values()] == [
        (410, "enrolment-code-expired"),
        (410, "enrolment-code-revoked"),
        (404, "enrolment-code-unknown"),
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"code":1,"device":{}}', b'{"code":"","device":{"id":"x","name":"y"}}'],
)
def test_an_enrolment_that_cannot_be_read_is_400(server, body):
    with server.client(None) as client:
        answer = client.post("/api/v1/enrol", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "details"}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        pytest.param("application/json", 201, id="JSON"),
        pytest.param("application/json; charset=utf-8", 201, id="JSON with a parameter"),
        pytest.param("Application/JSON;charset=latin1", 201, id="in capitals, whatever the parameter"),
        pytest.param(None, 201, id="not told"),
        pytest.param("application/x-www-form-urlencoded", 415, id="a form"),
        pytest.param("text/plain", 415, id="what another site's page may send unasked"),
        pytest.param("application/jsonp", 415, id="a longer word"),
        pytest.param("json", 415, id="no type at all"),
    ],
)
def test_an_enrolment_is_json(server, content_type, status):
    body = {"code": issue(server), "device": {"id": str(uuid.uuid4()), "name": "My phone"}}
    headers = {"Content-Type": content_type} if content_type else {}
    with server.client(None) as client:
        answer = client.post("/api/v1/enrol", content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == status
    assert status == 201 or answer.json()["code"] == "content-type-not-accepted"


def test_a_revoked_device_reads_401_and_its_token_is_nowhere_in_clear(server):
    with server.services.database.transaction() as db:
        db.execute(tables.devices.update().where(tables.devices.c.id == device_id(TOKEN)).values(revoked_at=now()))
        assert TOKEN not in {row.token_hash for row in db.execute(tables.devices.select())}
    with server.client() as client:
        answer = client.get("/api/v1/changes")
    assert (answer.status_code, answer.json()["code"]) == (401, "token-not-valid")


def walk(client, cursor=""):
    """Every change from `cursor` on, page by page."""
    while True:
        page = client.get("/api/v1/changes", params={"cursor": cursor}).json()
        assert len(page["changes"]) <= 200
        yield from page["changes"]
        cursor = page["cursor"]
        if not page["more"]:
            return


def test_a_phone_is_told_what_concerns_it_and_nothing_else(server):
    with server.client() as mine, server.client(OTHER_TOKEN) as others:
        changes, other = list(walk(mine)), list(walk(others))
    assert {change["kind"] for change in changes} == {"form", "programme", "assignment"}
    assert {c["id"] for c in changes if c["kind"] == "assignment"} == {"assignment-1", "assignment-recorded"}
    assert {c["id"] for c in other if c["kind"] == "assignment"} == {"assignment-2"}
    assert [c["id"] for c in changes if c["kind"] == "form"] == [c["id"] for c in other if c["kind"] == "form"]


def test_pages_of_200_give_each_change_once(server):
    with server.services.database.transaction() as db:
        append_changes(
            db,
            [
                NewChange("assessor", "review", f"r{n}", NOON, "{}", ASSESSOR if n % 2 else "assessor-2")
                for n in range(1001)
            ],
        )
    with server.client() as client:
        reviews = [c["id"] for c in walk(client) if c["kind"] == "review"]
    assert reviews == [f"r{n}" for n in range(1, 1001, 2)]


def test_the_last_cursor_gives_nothing_until_something_changes(server):
    with server.client() as client:
        cursor = client.get("/api/v1/changes").json()["cursor"]
        assert client.get("/api/v1/changes", params={"cursor": cursor}).json()["changes"] == []
        with server.services.database.transaction() as db:
            tell_assignment(db, an_assignment(withdrawn=True), NOON)
        fresh = client.get("/api/v1/changes", params={"cursor": cursor}).json()["changes"]
    assert [(c["kind"], c["body"]["withdrawn"]) for c in fresh] == [("assignment", True)]


def test_a_cursor_from_before_a_restore_begins_again(server):
    with server.client() as client:
        assert list(walk(client, "999999999")) == list(walk(client))


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "٣", "9" * 30])
def test_a_cursor_that_is_none_is_400(server, cursor):
    with server.client() as client:
        assert client.get("/api/v1/changes", params={"cursor": cursor}).json()["code"] == "cursor-not-valid"


def counted_steps(db):
    """From now on, one for each hundred steps of SQLite."""
    steps = []
    db.connection.driver_connection.set_progress_handler(lambda: steps.append(1), 100)
    return steps


def test_reading_on_at_the_end_costs_the_same_however_long_the_feed_is(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'sync.sqlite3'}")
    upgrade(database)
    with database.transaction() as db:
        db.execute(tables.assessors.insert().values(id=ASSESSOR, name="A", created_at=NOON))
        others = [NewChange("office", "assessment", str(number), NOON) for number in range(5_000)]
        others += [NewChange("assessor", "assignment", str(number), NOON, "{}", ASSESSOR) for number in range(5_000)]
        append_changes(db, others)
    for read in (changes_for_office, lambda db, after: changes_for_assessor(db, ASSESSOR, after)):
        with database.reading() as db:
            read(db, 0)
            steps = counted_steps(db)
            assert read(db, 10_000) == []
            assert len(steps) < 20, f"{len(steps)} hundred steps of the database to find nothing"
    database.close()


def test_a_reader_beside_many_writers_sees_each_change_once(database):
    """DB-1: writers in transactions of their own, of different length; the numbers must still appear in order."""
    writers, each = 6, 60
    done = threading.Event()
    seen: list[str] = []

    def write(name: int) -> None:
        for n in range(each):
            with database.transaction() as db:
                append_changes(db, [NewChange("office", "media", f"{name}-{n}-{part}", NOON) for part in range(3)])

    def read() -> None:
        cursor, last_look = 0, False
        while True:
            with database.reading() as db:
                page = changes_for_office(db, cursor)
            seen.extend(change.subject_id for change in page)
            if page:
                cursor = page[-1].seq
            elif last_look:
                return
            else:
                last_look = done.is_set()

    reader = threading.Thread(target=read)
    threads = [threading.Thread(target=write, args=(name,)) for name in range(writers)]
    for thread in (reader, *threads):
        thread.start()
    for thread in threads:
        thread.join(60)
    done.set()
    reader.join(60)
    assert len(seen) == len(set(seen)) == writers * each * 3


@pytest.fixture
def watched(config, standing_clock):
    set_season_up(config)
    yield from run_server(config, clock=standing_clock)


def wrong(server) -> httpx.Response:
    return enrol(server, "AAAA-BBBB-CCCC")


def test_enr_6_an_address_that_tries_many_unknown_codes_is_slowed_down(watched, standing_clock):
    assert [wrong(watched).status_code for _ in range(20)] == [404] * 20
    late, code = wrong(watched), issue(watched)
    assert (late.status_code, late.json()["code"], late.headers["Retry-After"]) == (429, "too-many-requests", "1")
    assert enrol(watched, code).status_code == 429
    standing_clock.at += timedelta(seconds=1)
    assert enrol(watched, code).status_code == 201


def test_enr_6_nobody_behind_the_same_address_waits_long(watched, standing_clock):
    for _ in range(30):
        if wrong(watched).status_code == 429:
            standing_clock.at += timedelta(seconds=10)
    assert int(wrong(watched).headers["Retry-After"]) <= 10
    code = issue(watched)
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(base_url=watched.url, transport=elsewhere, timeout=30) as client:
        device = {"id": str(uuid.uuid4()), "name": "Another phone"}
        assert client.post("/api/v1/enrol", json={"code": code, "device": device}).status_code == 201
    standing_clock.at += timedelta(minutes=10, seconds=1)
    assert [wrong(watched).status_code for _ in range(20)] == [404] * 20
