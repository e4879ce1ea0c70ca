"""IDP: signing in by a provider, from the page to the session. Ids are those in sync_server/people/vouching.py."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, select, update

from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.queries.users import user_named
from sync_server.people import accounts, second_factor, vouching
from sync_server.people.permissions import Role
from sync_server.people.throttle import ADDRESS
from tests.sync_server.conftest import Running, run_server, set_season_up
from tests.sync_server.desk import add_accounts, browser, count, form_token, password_hash, send, signed_in
from tests.sync_server.people.stand_in_provider import CLIENT, CODE, SECRET, StandIn, stand_in
from tests.sync_server.season_kit import SET_UP_AT

MAY = "may@office.example"
LOG = tables.audit_log.c
NOT_OURS = ("httpx", "httpcore", "uvicorn.access")


@pytest.fixture(scope="module")
def there() -> Iterator[StandIn]:
    with stand_in() as provider:
        yield provider


@pytest.fixture(scope="module")
def office(tmp_path_factory, there) -> Iterator[Running]:
    config = Config(
        data_dir=tmp_path_factory.mktemp("office"),
        oidc_issuer=there.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_label="the Office",
    )
    set_season_up(config)
    for server in run_server(config):
        add_accounts(server)
        yield server


@pytest.fixture(autouse=True)
def afresh(request) -> Iterator[None]:
    """Nothing is left of a test but accounts."""
    yield
    if "office" in request.fixturenames:
        it, server = request.getfixturevalue("there"), request.getfixturevalue("office")
        it.person = {"sub": "s-1", "email": MAY, "email_verified": True}
        it.token = it.userinfo = None
        it.answers.clear()
        with server.services.database.transaction() as db:
            for table in (
                tables.provider_links,
                tables.provider_tries,
                tables.second_factors,
                tables.sign_in_throttles,
            ):
                db.execute(delete(table))
            db.execute(update(tables.users).values(disabled_at=None))


@pytest.fixture
def may(office) -> str:
    """An account whose user name is an e-mail address; its id."""
    return account(office, MAY)


def account(server: Running, username: str, role: Role = Role.REVIEWER) -> str:
    with server.services.database.transaction() as db:
        if user := user_named(db, username):
            return user.id
        entrant = "harbour-ferry" if role is Role.ENTRANT else None
        made = {"username": username, "name": "May", "role": role, "entrant_id": entrant, "now": SET_UP_AT}
        return accounts.add_account(db, **made, password_hash=password_hash()).id


def begin(client: httpx.Client, **fields: str) -> httpx.Response:
    return send(client, "/sign-in/provider", {"next": "/audit", **fields}, page="/sign-in")


def address_in(page: httpx.Response) -> str:
    """Where the page leads."""
    found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


def come_in(client: httpx.Client, there: StandIn, **fields: str) -> httpx.Response:
    """Sign in as whom the provider vouches for."""
    return client.get(there.back(address_in(begin(client, **fields))))


def test_the_page_offers_the_provider_beside_the_password(office):
    with browser(office) as client:
        page = client.get("/sign-in?next=%2Fstandings").text
    assert "Sign in with the Office" in page
    assert page.count('name="next" value="/standings"') == 2
    assert 'name="password"' in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_provider_nothing_of_it_is_there(server):
    with browser(server) as client:
        assert "/sign-in/provider" not in client.get("/sign-in").text
        assert begin(client).status_code == 404
        assert client.get("/sign-in/provider/back?code=a&state=b").status_code == 404


def test_who_comes_the_first_time_is_linked_and_is_that_subject_from_then_on(office, there, may, caplog):
    """IDP-2, IDP-3, VOU-4"""
    with caplog.at_level(logging.DEBUG), browser(office) as client:
        led = begin(client)
        address = address_in(led)
        came = client.get(there.back(address))
        assert (came.status_code, came.headers["location"]) == (303, "/audit")
        assert client.get("/standings").status_code == 200
        assert client.get("/accounts").status_code == 403, "the role is the account's"
        assert send(client, "/sign-out").headers["location"] == "/sign-in"
        there.person = {"sub": "s-1", "email": "married@office.example", "email_verified": False}
        assert come_in(client, there).status_code == 303, "the name counts no more"
        there.person = {"sub": "s-2", "email": MAY, "email_verified": True}
        with browser(office) as other:
            assert come_in(other, there).status_code == 403, "an address that somebody else was given"
    assert count(office, tables.audit_log, LOG.action == "provider-linked", LOG.subject_id == may) == 1
    assert count(office, tables.audit_log, LOG.action == "signed-in", LOG.details.contains("provider")) == 2
    state = re.search(r"state=([^&]+)", address)
    assert state is not None
    # The test's own client logs what it asks for; uvicorn would log addresses, and is told not to (LOG-1).
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith(NOT_OURS)]
    for secret in (SECRET, CODE, state[1], there.nonce):
        assert not any(secret in line for line in logged)
        assert count(office, tables.audit_log, LOG.details.contains(secret)) == 0


def not_verified(there: StandIn, _server: Running) -> None:
    there.person["email_verified"] = False


def somebody_else(there: StandIn, _server: Running) -> None:
    there.person["email"] = "nobody@office.example"


def of_an_entrant(there: StandIn, server: Running) -> None:
    account(server, "lead@entrant.example", Role.ENTRANT)
    there.person["email"] = "lead@entrant.example"


def disabled(_there: StandIn, server: Running) -> None:
    with server.services.database.transaction() as db:
        db.execute(update(tables.users).where(tables.users.c.username == MAY).values(disabled_at=SET_UP_AT))


@pytest.mark.parametrize(
    "change", [not_verified, somebody_else, of_an_entrant, disabled], ids=lambda f: f"IDP-3 {f.__name__}"
)
def test_who_has_no_account_that_may_come_in_is_told(office, there, may, change):
    change(there, office)
    before = count(office, tables.users)
    with browser(office, language="zh-Hant") as client:
        came = come_in(client, there)
        assert came.status_code == 403
        assert "這裏沒有與你連結的帳戶" in came.text
        assert "session" not in client.cookies
    assert count(office, tables.users) == before
    assert count(office, tables.provider_links) == 0


@pytest.mark.parametrize(
    ("broken", "answered"),
    [
        pytest.param({"state": "made-up"}, (400, "Begin again"), id="IDP-1 another state"),
        pytest.param({"state": ""}, (400, "Begin again"), id="IDP-1 no state"),
        pytest.param({"error": "access_denied", "code": ""}, (401, "broken off"), id="IDP-1 somebody said no"),
        pytest.param({"code": "another"}, (401, "could not be checked"), id="IDP-1 another code"),
    ],
)
def test_an_answer_that_does_not_fit_opens_nothing_and_says_why(office, there, may, broken, answered):
    status, said = answered
    with browser(office) as client:
        came = client.get(there.back(address_in(begin(client)), **broken))
        assert (came.status_code, "session" in client.cookies) == (status, False)
        assert said in came.text
        assert "Sign in with the Office" in came.text


def test_a_sign_in_is_finished_by_the_browser_that_began_it_once_and_in_time(office, there, may):
    """IDP-1"""
    with browser(office) as client, browser(office) as other:
        back = there.back(address_in(begin(client)))
        begin(other)
        assert other.get(back).status_code == 400, "another browser"
        assert client.get(back).status_code == 303
        assert client.get(back).status_code == 400, "once"
        late = there.back(address_in(begin(client)))
        with office.services.database.transaction() as db:
            db.execute(update(tables.provider_tries).values(expires_at=office.services.clock() - timedelta(seconds=1)))
        assert client.get(late).status_code == 400, "too late"


def test_a_provider_that_is_away_is_told_and_the_password_goes_on(tmp_path_factory):
    config = Config(data_dir=tmp_path_factory.mktemp("away"), oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT)
    set_season_up(config)
    for server in run_server(config):
        add_accounts(server)
        with browser(server) as client:
            answer = begin(client)
            assert answer.status_code == 503
            assert "127.0.0.1 does not answer" in answer.text
            assert 'name="password"' in answer.text
        assert count(server, tables.sign_in_throttles, tables.sign_in_throttles.c.failures > 0) == 0


@pytest.mark.parametrize(
    ("wanted", "there_to"),
    [
        pytest.param("/standings?round=1", "/standings?round=1", id="a page of ours"),
        pytest.param("https://elsewhere.example/", "/", id="another site"),
        pytest.param("//elsewhere.example/", "/", id="another site without a scheme"),
        pytest.param("/\\elsewhere.example", "/", id="another site with a backslash"),
    ],
)
def test_a_sign_in_goes_on_to_pages_of_ours_alone(office, there, may, wanted, there_to):
    with browser(office) as client:
        assert come_in(client, there, next=wanted).headers["location"] == there_to


def test_the_second_factor_is_asked_for_whatever_the_provider_has_asked_for(office, there, may):
    """IDP-4"""
    there.person |= {
        "amr": ["pwd", "mfa", "otp"],
        "acr": "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    }
    with office.services.database.transaction() as db:
        secret = second_factor.begin(db, may, SET_UP_AT)
        second_factor.confirm(db, may, second_factor.code_at(secret, SET_UP_AT), SET_UP_AT)
    with browser(office) as client:
        asked = come_in(client, there)
        assert (asked.status_code, "session" in client.cookies) == (200, False)
        hidden = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', asked.text)}
        code = second_factor.code_at(secret, office.services.clock())
        done = client.post("/sign-in/code", data={**hidden, "code": code})
        assert (done.status_code, done.headers["location"]) == (303, "/audit")


def test_words_of_a_form_whose_session_had_ended_come_along(office, there, may):
    """KEPT-1, KEPT-2: also by way of the provider."""
    with signed_in(office, MAY) as client:
        form = {"csrf": form_token(client), "by": may, "reason": "a long day"}
        client.cookies.delete("session")
        client.get("/sign-in")
        asked = client.post("/disputes/d-1/decide", data=form)
        kept = re.search(r'action="/sign-in/provider".*?name="kept" value="([^"]+)"', asked.text, re.DOTALL)
        assert kept is not None, asked.text
        came = come_in(client, there, kept=html.unescape(kept[1]))
        assert came.headers["location"] == "/disputes/d-1"
    with office.services.database.reading() as db:
        words = db.execute(select(tables.sessions.c.kept_words).where(tables.sessions.c.user_id == may)).scalars().all()
    assert any(one and one["fields"] == {"reason": "a long day"} for one in words)


def decide(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    basis = re.search(r'name="basis" value="([0-9]+)"', client.get("/accounts").text)
    assert basis is not None
    return send(client, path, {**fields, "basis": basis[1]}, page="/accounts")


def link(client: httpx.Client, user_id: str, name: str) -> httpx.Response:
    return decide(client, "/accounts/provider-links", account=user_id, name=name)


def test_an_administrator_links_an_account_whose_user_name_is_no_address_and_takes_the_link_off(office, there):
    """IDP-2"""
    ann = account(office, "ann")
    there.person["email"] = "ann.chan@office.example"
    with signed_in(office, Role.ADMIN) as admin, browser(office) as client:
        assert come_in(client, there).status_code == 403
        assert link(admin, ann, " Ann.Chan@office.example ").status_code == 303
        assert "waits for the first sign-in" in admin.get("/accounts").text
        assert come_in(client, there).status_code == 303
        assert "waits for the first sign-in" not in admin.get("/accounts").text
        assert decide(admin, f"/accounts/{ann}/provider-link").status_code == 303
        assert come_in(client, there).status_code == 403
    assert count(office, tables.audit_log, LOG.subject_id == ann, LOG.action.like("provider-%")) == 3


@pytest.mark.parametrize(
    ("who", "name", "said"),
    [
        pytest.param("ann", "", "Write how the provider names the person", id="no name"),
        pytest.param("ann", "taken@office.example", "Another account is linked", id="a name that is taken"),
        pytest.param("bob", "bob@office.example", "This account has a link", id="an account that has one"),
        pytest.param(
            "lead@entrant.example", "lead@entrant.example", "an account of the office", id="IDP-3 an entrant's"
        ),
    ],
)
def test_a_link_that_cannot_be_made_says_why_and_keeps_what_was_typed(office, who, name, said):
    roles = {"lead@entrant.example": Role.ENTRANT}
    ids = {username: account(office, username, roles.get(username, Role.VIEWER)) for username in ("ann", "bob", who)}
    with office.services.database.transaction() as db:
        vouching.link(db, ids["bob"], "taken@office.example", SET_UP_AT)
    with signed_in(office, Role.ADMIN) as admin:
        answer = link(admin, ids[who], name)
    assert answer.status_code == 400
    assert said in answer.text
    assert f'value="{name}"' in answer.text


def test_a_linked_name_is_nobody_elses_user_name(office, there, may):
    """IDP-2: an administrator gave the name to another account."""
    ann = account(office, "ann")
    with office.services.database.transaction() as db:
        vouching.link(db, ann, MAY, SET_UP_AT)
    with browser(office) as client:
        come_in(client, there)
        assert "May" in client.get("/account").text
    with office.services.database.reading() as db:
        linked = db.execute(select(tables.provider_links.c.user_id, tables.provider_links.c.subject)).all()
    assert linked == [(ann, "s-1")]


def test_many_sign_ins_begun_from_one_place_are_slowed_down(office):
    with browser(office) as client:
        statuses = [begin(client).status_code for _ in range(ADDRESS.free + 1)]
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {200}
