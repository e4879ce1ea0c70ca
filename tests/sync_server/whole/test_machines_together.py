"""Two server processes that share PostgreSQL and an object store and nothing else, as MORE_THAN_ONE_MACHINE.md says."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import httpx
import pytest
from sqlalchemy import func, select, text

from sync_server import clock
from sync_server.config import PREFIX
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import is_current
from sync_server.people.permissions import Role
from tests.sync_server.command_line import Command
from tests.sync_server.conftest import Running, new_bucket
from tests.sync_server.databases import fresh_postgresql
from tests.sync_server.desk import add_accounts, push, send, signed_in
from tests.sync_server.live_events import events_of, next_assessment
from tests.sync_server.pictures import a_jpeg
from tests.sync_server.season_kit import OTHER_TOKEN, a_call, a_photo, add_season, device_id
from tests.sync_server.uploading import TUS, Upload, sha
from tests.sync_server.waiting import until

pytestmark = pytest.mark.postgresql


class Machines(NamedTuple):
    """Two servers, and the database behind them."""

    one: Running
    other: Running
    database: Database


@pytest.fixture(scope="module")
def machines(postgresql_server: str, s3_endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Both are started at once on an empty database; then there is a season."""
    url = fresh_postgresql(postgresql_server)
    shared = {"database_url": url.replace("+psycopg", ""), **new_bucket(s3_endpoint)}
    environment = {PREFIX + name.upper(): value for name, value in shared.items()}
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "other")]
    commands = [_serve(folder, environment) for folder in folders]
    try:
        addresses = [command.wait_for("Dashboard:").split()[-1].rstrip("/") for command in commands]
        database = Database(url)
        with database.transaction() as db:
            add_season(db)
        services: Any = SimpleNamespace(database=database, clock=clock.now)
        add_accounts(SimpleNamespace(services=services))
        yield Machines(*(Running(address, services) for address in addresses), database)
        database.close()
        assert [command.stop() for command in commands] == [0, 0]
    finally:
        for command in commands:
            command.close()


def _serve(folder: Path, environment: dict[str, str]) -> Command:
    return Command("serve", "--no-app", "--port", "0", "--data", str(folder), environment=environment)


def counted(machines: Machines, table: Any) -> int:
    with machines.database.reading() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


def test_two_that_start_at_once_on_an_empty_database_make_one_schema_and_one_set_of_rules(machines):
    assert is_current(machines.database)
    assert counted(machines, tables.rulesets) == 1
    for machine in (machines.one, machines.other):
        assert httpx.get(f"{machine.url}/readyz", timeout=20).text == "ok\n"


def test_a_push_to_one_is_told_live_by_the_other(machines):
    call = a_call()
    with signed_in(machines.other, Role.VIEWER) as client, client.stream("GET", "/events") as answer:
        events = events_of(answer)
        assert next(events)["event"] == "alive"
        push(machines.one, call)
        assert next_assessment(events)["data"] == call.id


def test_a_session_of_one_is_a_session_of_the_other(machines):
    with signed_in(machines.one, Role.COORDINATOR) as client:
        assert client.get(f"{machines.other.url}/assessments").status_code == 200


def test_the_receipt_of_one_tells_what_came_to_the_other(machines):
    photo = a_photo(data := os.urandom(5_000))
    call = a_call(files=(photo, a_photo(data, "PG4", "call_log")))
    push(machines.one, call)
    with machines.other.client() as phone:
        assert phone.get(f"/api/v1/assessments/{call.id}/receipt").json()["complete"] is False
        assert Upload(phone, data).patch(0, data).status_code == 204
    with machines.one.client() as phone:
        told = phone.get(f"/api/v1/assessments/{call.id}/receipt").json()
    assert (told["complete"], [file["sha256"] for file in told["files"]]) == (True, [photo.sha256])


def test_an_upload_goes_on_wherever_its_next_request_arrives(machines):
    data = os.urandom(90_000)
    with machines.one.client() as here, machines.other.client() as there:
        begun = Upload(here, data)
        same = Upload.__new__(Upload)
        same.client, same.data, same.at = there, data, begun.at
        for at, upload in ((0, begun), (20_000, begun), (40_000, same), (60_000, begun)):
            answer = upload.patch(at, data[at : at + 20_000])
            assert (answer.status_code, answer.headers.get("Upload-Offset")) == (204, str(at + 20_000))
        assert same.patch(40_000, data[40_000:]).status_code == 409
        assert (same.offset(), begun.offset()) == (80_000, 80_000)
        assert same.patch(80_000, data[80_000:]).status_code == 204
        assert begun.offset() == len(data)
        assert Upload(here, data).created.headers["Upload-Offset"] == str(len(data))


def test_an_upload_ended_at_one_is_gone_at_the_other(machines):
    data = os.urandom(10_000)
    with machines.one.client() as here, machines.other.client() as there:
        upload = Upload(here, data)
        upload.patch(0, data[:1_000])
        assert there.delete(upload.at, headers=TUS).status_code == 204
        assert upload.head().status_code == 410


def test_a_device_revoked_at_one_is_refused_by_the_other_within_seconds(machines):
    with machines.other.client(OTHER_TOKEN) as phone, signed_in(machines.one, Role.COORDINATOR) as client:
        assert phone.get("/api/v1/changes").status_code == 200
        page = f"/devices/{device_id(OTHER_TOKEN)}/revoke"
        assert send(client, page, {"reason": "lost"}).status_code == 303
        until(lambda: phone.get("/api/v1/changes").status_code == 401 or None, "its token is refused", timeout_s=10)


# It may be tried again on the same database.
NOTE_WHO_TAKES = """
    DROP TABLE IF EXISTS taken;
    CREATE TABLE taken (name text, taken_by text);
    CREATE OR REPLACE FUNCTION note_taken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.taken_by IS DISTINCT FROM OLD.taken_by AND NEW.taken_by IS NOT NULL THEN
            INSERT INTO taken VALUES (NEW.name, NEW.taken_by);
        END IF;
        RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER note_taken AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION note_taken();
"""


def test_what_follows_from_an_arrival_is_done_by_one_of_them_once(machines):
    with machines.database.transaction() as db:
        db.exec_driver_sql(NOTE_WHO_TAKES)
    width = 200 + secrets.randbelow(1000)  # photos that nobody has sent yet
    photos = [a_jpeg((width + n, 100)) for n in range(6)]
    for n, photo in enumerate(photos):
        machine = (machines.one, machines.other)[n % 2]
        with machine.client() as phone:
            Upload(phone, photo).patch(0, photo)
    jobs = sorted(f"derive/{sha(photo)}" for photo in photos)

    def taken() -> list[str] | None:
        with machines.database.reading() as db:
            left = db.execute(select(tables.jobs.c.name).where(tables.jobs.c.name.in_(jobs))).all()
            names = db.execute(text("SELECT name FROM taken WHERE name LIKE 'derive/%' ORDER BY name")).scalars().all()
        return None if left else list(names)

    assert until(taken, "every photo has its derivatives", timeout_s=60) == jobs
