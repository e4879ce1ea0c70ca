"""RST: a forgotten password. Ids are those in sync_server/people/password_reset.py."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from sync_server import clock
from sync_server.__main__ import main
from sync_server.commands import status
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.people import accounts, password_reset, passwords
from sync_server.people.permissions import Role
from sync_server.people.throttle import ENROLMENT
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import PASSWORD, add_account, add_accounts, browser, send, signed_in

NEW = "another horse, another battery"
CODE = re.compile(r"/reset#([\w-]+)<")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    config = Config(data_dir=tmp_path_factory.mktemp("reset"))
    set_season_up(config)
    for server in run_server(config):
        add_accounts(server)
        yield server


def id_of(server, role):
    with server.services.database.reading() as db:
        return db.execute(select(tables.users.c.id).where(tables.users.c.username == role)).scalar_one()


def code_for(server, role):
    with signed_in(server, Role.ADMIN) as admin:
        page = send(admin, f"/accounts/{id_of(server, role)}/reset").text
    return CODE.search(page)[1]


def choose(server, code, password=NEW, again=None):
    with browser(server) as client:
        fields = {"code": code, "password": password, "again": password if again is None else again}
        return send(client, "/reset", fields, page="/reset")


def test_a_code_sets_a_new_password_once_and_ends_every_session(running, caplog):
    """RST-1, RST-2, RST-4"""
    with caplog.at_level(logging.DEBUG), signed_in(running, Role.VIEWER) as before:
        code = code_for(running, Role.VIEWER)
        assert "Your password was changed" in choose(running, code).text
        assert before.get("/account").status_code == 303
        assert choose(running, code).status_code == 410
    assert code not in caplog.text
    with browser(running) as client:
        assert send(client, "/sign-in", {"username": "viewer", "password": NEW}, page="/sign-in").status_code == 303
        assert (
            send(client, "/sign-in", {"username": "viewer", "password": PASSWORD}, page="/account").status_code == 401
        )
    with running.services.database.reading() as db:
        log = db.execute(select(tables.audit_log.c.action, tables.audit_log.c.details)).all()
    assert {"password-reset-issued", "password-reset"} <= {action for action, _ in log}
    assert code not in str(log)


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        pytest.param("short", None, "Use at least 12 characters", id="too short"),
        pytest.param(NEW, "other", "The two passwords are not the same", id="not the same"),
    ],
)
def test_a_password_that_cannot_be_leaves_the_code_good(running, password, again, words):
    code = code_for(running, Role.REVIEWER)
    assert words in choose(running, code, password, again).text
    with running.services.database.reading() as db:
        assert password_reset.user_of(db, code, clock.now()).username == "reviewer"


@pytest.fixture
def database(tmp_path):
    config = Config(data_dir=tmp_path / "data")
    set_season_up(config)
    opened = Database(config.database)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("later", "is_disabled", "is_newest", "is_good"),
    [
        pytest.param(0, False, True, True, id="RST-1 a fresh code"),
        pytest.param(24, False, True, False, id="RST-1 a day later"),
        pytest.param(0, False, False, False, id="RST-1 ended by a newer one"),
        pytest.param(0, True, True, False, id="RST-2 of a disabled account"),
    ],
)
def test_which_codes_are_good(database, later, is_disabled, is_newest, is_good):
    now = clock.now()
    with database.transaction() as db:
        user_id = add_account(db, Role.COORDINATOR)
        code = password_reset.issue(db, user_id, now)
        if not is_newest:
            password_reset.issue(db, user_id, now + timedelta(seconds=1))
        if is_disabled:
            db.execute(update(tables.users).values(disabled_at=now))
        then = now + timedelta(hours=later, seconds=2)
        assert (password_reset.user_of(db, code, then) is not None) is is_good
        used = password_reset.use(db, code, passwords.hashed(NEW), then, address="198.51.100.7")
        assert (used is not None) is is_good
        assert password_reset.user_of(db, "guessed", now) is None


def test_guessing_is_slowed_down_by_address_alone(database):
    """RST-3"""
    now = clock.now()
    with database.transaction() as db:
        waits = [password_reset.reserve_try(db, "198.51.100.7", now) for _ in range(ENROLMENT.free + 1)]
        assert (waits[:-1], waits[-1] > 0) == ([0] * ENROLMENT.free, True)
        assert password_reset.reserve_try(db, "203.0.113.7", now) == 0


@pytest.mark.parametrize(
    ("disabled", "words", "printed"),
    [
        pytest.param(False, [], "chooses a new password", id="the last administrator"),
        pytest.param(True, [], "--enable", id="RST-2 a disabled one is told how"),
        pytest.param(True, ["--enable"], "chooses a new password", id="RST-2 let in again"),
    ],
)
def test_whoever_owns_the_server_is_never_locked_out(capsys, database, disabled, words, printed):
    with database.transaction() as db:
        user_id = add_account(db, Role.ADMIN)
        if disabled:
            db.execute(update(tables.users).values(disabled_at=clock.now()))
    folder = str(Path(database.url.removeprefix("sqlite:///")).parent)
    ended = main(["reset-password", "Admin", *words, "--data", folder])
    told = capsys.readouterr()
    assert printed in told.out + told.err
    assert ended == (status.CANNOT if printed == "--enable" else status.DONE)
    if ended == status.DONE:
        code = told.out.splitlines()[1].strip()
        with database.reading() as db:
            assert password_reset.user_of(db, code, clock.now()).id == user_id
            logged = db.execute(select(tables.audit_log.c.actor_kind, tables.audit_log.c.action)).all()
        assert ("command", "password-reset-issued") in logged


def test_nobody_is_made_an_account_by_a_reset(database, tmp_path, capsys):
    assert main(["reset-password", "nobody", "--data", str(tmp_path / "data")]) == status.CANNOT
    assert "There is no account nobody." in capsys.readouterr().err
    with database.transaction() as db:
        assert password_reset.issue(db, "nobody", clock.now()) is None
        assert accounts.first_administrator_link(db, clock.now(), "") is not None
