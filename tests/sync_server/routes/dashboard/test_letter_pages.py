"""Reminders sent as mail from their page, the log of letters, and a server without a mail server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from sync_server.config import Config
from sync_server.database import tables
from sync_server.people.permissions import Role
from tests.builders import both
from tests.sync_server.conftest import Running, run_server, set_season_up
from tests.sync_server.desk import add_accounts, send, signed_in
from tests.sync_server.enrolment_kit import add_edition
from tests.sync_server.mail_server import Taken, mail_server
from tests.sync_server.season_kit import SET_UP_AT
from tests.sync_server.waiting import until

ADDRESS = "chan@example.org"


@pytest.fixture(scope="module")
def taken() -> Iterator[Taken]:
    with mail_server({ADDRESS: "550 no such user"}) as taken:
        yield taken


@pytest.fixture(scope="module")
def server(taken: Taken, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    config = Config(data_dir=tmp_path_factory.mktemp("letters"), smtp_url=taken.url)
    set_season_up(config)
    for running in run_server(config):
        add_accounts(running)
        with running.services.database.transaction() as db:
            add_edition(db, 2189, ceremony="2189-11-05")
            contact = {"name": "Chan", "email": ADDRESS}
            values = {"id": "harbour-ferry", "name": both("Harbour Ferry", "港灣渡輪"), "created_at": SET_UP_AT}
            db.execute(insert(tables.organisations).values(**values, contact=contact))
        yield running


def test_reminders_leave_as_mail_and_the_log_shows_which_did_not(server: Running, taken: Taken) -> None:
    with signed_in(server, Role.COORDINATOR) as client:
        assert "Send as mail" in client.get("/reminders").text
        answer = send(client, "/reminders/date/post", {}, page="/reminders")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/letters")
        said = until(lambda: _state(client.get("/letters").text, "has not left"), "it is refused")
        assert "The mail server did not take it." in said
        taken.refuses.clear()
        key = said.partition('name="letter" value="')[2].partition('"')[0]
        send(client, "/letters/again", {"letter": key}, page="/letters")
        until(lambda: _state(client.get("/letters").text, "has left"), "it leaves")
    assert [letter["To"] for letter in taken.letters] == [f"Chan <{ADDRESS}>"]


def _state(page: str, state: str) -> str | None:
    rows = page.partition("<tbody")[2]
    return rows if state in rows else None


def test_a_server_without_a_mail_server_says_so(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path)
    set_season_up(config)
    for running in run_server(config):
        add_accounts(running)
        with signed_in(running, Role.COORDINATOR) as client:
            assert "Send as mail" not in client.get("/reminders").text
            assert "This server has no mail server" in client.get("/letters").text
