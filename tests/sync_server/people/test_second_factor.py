"""TFA: the second step of signing in. Ids are those in people/second_factor.py."""

from __future__ import annotations

import html
import logging
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import delete, select

from sync_server.config import Config, ConfigError
from sync_server.database import tables
from sync_server.database.queries import second_factors as queries
from sync_server.people import second_factor
from sync_server.people.permissions import ACCOUNT_ROLES, Role
from sync_server.setting_readers import ACCOUNT_ROLES as KNOWN_ROLES
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import PASSWORD, add_account, add_accounts, browser, count, send, signed_in
from tests.sync_server.season_kit import add_season

NOW = datetime(2021, 3, 1, 12, tzinfo=UTC)
HALF_MINUTE = timedelta(seconds=30)
# RFC 6238, appendix B: the key "12345678901234567890", the last six digits.
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PUBLISHED = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


@pytest.fixture
def account(database):
    with database.transaction() as db:
        add_season(db)
        user = add_account(db, Role.ADMIN)
    return database, user


def confirmed(db, user: str, now: datetime = NOW) -> tuple[str, list[str]]:
    secret = second_factor.begin(db, user, now)
    codes = second_factor.confirm(db, user, second_factor.code_at(secret, now), now)
    assert codes is not None
    return secret, codes


@pytest.mark.parametrize(("at_s", "code"), PUBLISHED)
def test_codes_are_those_of_the_standard(at_s, code):
    """TFA-2"""
    assert second_factor.code_at(KEY, datetime.fromtimestamp(at_s, UTC)) == code


@pytest.mark.parametrize(
    ("offset", "is_right"),
    [
        pytest.param(-2, False, id="TFA-2 two half minutes ago"),
        pytest.param(-1, True, id="TFA-2 the half minute before"),
        pytest.param(0, True, id="TFA-2 now"),
        pytest.param(1, True, id="TFA-2 a phone that is ahead"),
        pytest.param(2, False, id="TFA-2 two half minutes ahead"),
    ],
)
def test_a_code_holds_for_a_moment_and_works_once(account, offset, is_right):
    database, user = account
    later = NOW + 10 * HALF_MINUTE
    with database.transaction() as db:
        secret, _ = confirmed(db, user)
        code = second_factor.code_at(secret, later + offset * HALF_MINUTE)
        assert second_factor.is_right(db, user, code, later) is is_right
        assert not second_factor.is_right(db, user, code, later), "once"


def test_a_recovery_code_works_once_however_it_is_typed(account):
    """TFA-3"""
    database, user = account
    with database.transaction() as db:
        _, codes = confirmed(db, user)
        kept = db.execute(select(tables.second_factors)).one()
        assert len(codes) == 10
        assert not any(code.replace("-", "") in str(kept) for code in codes)
        assert second_factor.is_right(db, user, f" {codes[0].lower()} ", NOW)
        assert not second_factor.is_right(db, user, codes[0], NOW)
        assert second_factor.is_right(db, user, codes[1], NOW)
        assert not second_factor.is_right(db, user, "", NOW)


def test_a_secret_that_was_never_confirmed_asks_for_nothing(account):
    """TFA-1"""
    database, user = account
    with database.transaction() as db:
        first = second_factor.begin(db, user, NOW)
        assert second_factor.begin(db, user, NOW) != first
        assert not queries.has_factor(db, user)
        assert second_factor.confirm(db, user, "000000", NOW) is None


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    config = Config(data_dir=tmp_path_factory.mktemp("office"), second_factor="coordinator")
    set_season_up(config)
    for server in run_server(config):
        add_accounts(server)
        yield server


def set_up(client: httpx.Client, server) -> tuple[str, list[str]]:
    page = send(client, "/account/second-factor", {"act": "begin"}, page="/account/second-factor").text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret is not None
    code = second_factor.code_at(secret[1], server.services.clock())
    done = send(client, "/account/second-factor", {"act": "confirm", "code": code}, page="/account/second-factor")
    return secret[1], re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", done.text)


def sign_in(client: httpx.Client, role: Role) -> httpx.Response:
    return send(client, "/sign-in", {"username": role.value, "password": PASSWORD, "next": "/audit"}, page="/sign-in")


def give_code(client: httpx.Client, asked: httpx.Response, code: str) -> httpx.Response:
    hidden = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', asked.text)}
    return client.post("/sign-in/code", data={**hidden, "code": code})


def test_after_the_password_the_code_and_nothing_before_it(office, caplog):
    """TFA-1, TFA-4"""
    with caplog.at_level(logging.DEBUG), signed_in(office, Role.ADMIN) as client:
        secret, codes = set_up(client, office)
        with browser(office) as other:
            asked = sign_in(other, Role.ADMIN)
            assert (asked.status_code, "session" in other.cookies) == (200, False)
            assert other.get("/audit").status_code == 303
            wrong = give_code(other, asked, "000000")
            assert (wrong.status_code, "session" in other.cookies) == (401, False)
            right = give_code(other, wrong, codes[0])
            assert (right.status_code, right.headers["location"]) == (303, "/audit")
            assert other.get("/audit").status_code == 200
        pending = re.search(r'name="pending" value="([^"]+)"', asked.text)
        assert pending is not None
        with browser(office) as other:
            again = send(other, "/sign-in/code", {"pending": pending[1], "code": codes[1]}, page="/sign-in")
            assert again.status_code == 410, "a sign-in is finished once"
        taken_off = send(
            client, "/account/second-factor", {"act": "remove", "code": codes[2]}, page="/account/second-factor"
        )
        assert taken_off.status_code == 303
    assert secret not in caplog.text
    log = tables.audit_log.c
    assert count(office, tables.audit_log, log.details.contains(secret)) == 0
    assert count(office, tables.audit_log, log.action == "second-factor-removed") == 1


def test_wrong_codes_are_slowed_down_as_wrong_passwords_are(office):
    """TFA-4"""
    with signed_in(office, Role.REVIEWER) as client:
        set_up(client, office)
    with browser(office) as other:
        asked = sign_in(other, Role.REVIEWER)
        statuses = [give_code(other, asked, "000000").status_code for _ in range(5)]
        assert statuses[-1] == 429
    with office.services.database.transaction() as db:
        db.execute(delete(tables.sign_in_throttles))


def test_a_role_that_must_have_it_opens_nothing_else_before(office):
    """TFA-5, TFA-6"""
    with signed_in(office, Role.COORDINATOR) as client:
        for page in ("/today", "/account", "/standings"):
            answer = client.get(page)
            assert (answer.status_code, answer.headers["location"]) == (303, "/account/second-factor")
        assert "nothing else opens before" in client.get("/account/second-factor").text
        set_up(client, office)
        assert client.get("/today").status_code == 200
        with office.services.database.reading() as db:
            u = tables.users.c
            user = db.execute(select(u.id).where(u.username == Role.COORDINATOR.value)).scalar_one()
        with signed_in(office, Role.ADMIN) as admin:
            basis = re.search(r'name="basis" value="([0-9]+)"', admin.get("/accounts").text)
            assert basis is not None
            taken_off = send(admin, f"/accounts/{user}/second-factor", {"basis": basis[1]}, page="/accounts")
            assert taken_off.status_code == 303
        assert client.get("/today").status_code == 303


def test_a_role_that_is_none_is_refused_at_start():
    """TFA-5"""
    assert set(KNOWN_ROLES) == {role.value for role in ACCOUNT_ROLES}
    with pytest.raises(ConfigError, match="no role"):
        Config.from_environment({"SYNC_SERVER_SECOND_FACTOR": "admin,boss"})
