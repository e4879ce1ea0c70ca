"""Signing in, sessions, forms, invitations. Ids are those in people/ and routes/gate.py."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from sync_server.config import Config
from sync_server.database import tables
from sync_server.people import accounts, passwords
from sync_server.people.permissions import Role
from sync_server.people.secret import secret_hash
from sync_server.people.throttle import ADDRESS, PAIR
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import PASSWORD, add_accounts, browser, form_token, send, signed_in

NOW = datetime(2021, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def public_desk(tmp_path_factory):
    """A server that knows the address people type; nothing is kept in it between tests but sessions."""
    config = Config(data_dir=tmp_path_factory.mktemp("public"), public_url="http://field.example")
    set_season_up(config)
    for running in run_server(config):
        add_accounts(running)
        yield running


def test_signing_in_and_out(desk):
    with signed_in(desk, Role.COORDINATOR) as client:
        assert client.get("/assessments").status_code == 200
        assert send(client, "/sign-out").headers["location"] == "/sign-in"
        assert client.get("/assessments").headers["location"] == "/sign-in?next=%2Fassessments"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_kept_as_a_hash(desk):
    """AUTH-2"""
    with browser(desk) as client:
        answer = send(client, "/sign-in", {"username": "admin", "password": PASSWORD}, page="/sign-in")
        (cookie,) = [
            c for c in answer.headers.get_list("set-cookie") if c.startswith("session=") and "Max-Age=0" not in c
        ]
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()
        secret = client.cookies["session"]
    with desk.services.database.reading() as db:
        kept = db.execute(select(tables.sessions.c.secret_hash)).scalars().all()
    assert secret_hash(secret) in kept
    assert secret not in kept


def test_signing_in_again_makes_a_new_session_and_ends_the_old_one(desk):
    """AUTH-2"""
    with signed_in(desk, Role.VIEWER) as client:
        first = client.cookies["session"]
        send(client, "/sign-in", {"username": "viewer", "password": PASSWORD}, page="/account")
        assert client.cookies["session"] != first
        with browser(desk) as thief:
            thief.cookies.set("session", first)
            assert thief.get("/assessments").status_code == 303


@pytest.mark.parametrize(
    ("username", "password"),
    [
        pytest.param("admin", "wrong password here", id="a wrong password"),
        pytest.param("nobody", PASSWORD, id="PASS-2 an unknown user name"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_every_failure_reads_the_same(desk, username, password):
    with browser(desk) as client:
        answer = send(client, "/sign-in", {"username": username, "password": password}, page="/sign-in")
    assert answer.status_code == 401
    assert "The user name or the password is not right." in answer.text


def test_wrong_passwords_are_slowed_down_with_a_sentence(desk):
    with browser(desk, language="zh-Hant") as client:
        for _ in range(PAIR.free):
            assert send(client, "/sign-in", {"username": "admin", "password": "x"}, page="/sign-in").status_code == 401
        answer = send(client, "/sign-in", {"username": "admin", "password": PASSWORD}, page="/sign-in")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert "嘗試次數過多" in answer.text


def test_a_disabled_account_cannot_sign_in_and_its_sessions_end(desk):
    with signed_in(desk, Role.VIEWER) as viewer, signed_in(desk, Role.ADMIN) as admin:
        with desk.services.database.reading() as db:
            viewer_id = db.execute(select(tables.users.c.id).where(tables.users.c.username == "viewer")).scalar_one()
        assert send(admin, f"/accounts/{viewer_id}/disable").status_code == 303
        assert viewer.get("/assessments").status_code == 303
        again = send(viewer, "/sign-in", {"username": "viewer", "password": PASSWORD}, page="/sign-in")
        assert again.status_code == 401


def test_a_form_sent_after_the_session_ended_says_so_and_offers_to_sign_in(desk):
    with browser(desk) as client:
        answer = client.post("/devices/some-phone/revoke", data={})
    assert answer.status_code == 401
    assert "You are not signed in any more" in answer.text
    assert 'href="/sign-in">Sign in' in answer.text


def test_whoever_is_sent_to_sign_in_reads_why(desk):
    with browser(desk) as client:
        assert "Sign in to see that page." in client.get("/sign-in?next=%2Fstandings").text
        assert "Sign in to see that page." not in client.get("/sign-in").text


def test_the_last_administrator_cannot_be_disabled(desk):
    with signed_in(desk, Role.ADMIN) as admin:
        with desk.services.database.reading() as db:
            own = db.execute(select(tables.users.c.id).where(tables.users.c.username == "admin")).scalar_one()
        assert send(admin, f"/accounts/{own}/disable").headers["location"] == "/accounts?problem=last-admin"
        assert admin.get("/accounts").status_code == 200


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        pytest.param({}, {}, id="GATE-3 no token"),
        pytest.param({"csrf": "made-up"}, {}, id="GATE-3 another token"),
        pytest.param({"csrf": "own"}, {"Sec-Fetch-Site": "cross-site"}, id="GATE-3 sent from another site"),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(desk, fields, headers):
    with signed_in(desk, Role.COORDINATOR) as client:
        if fields.get("csrf") == "own":
            fields = {"csrf": form_token(client)}
        answer = client.post("/enrolment-codes", data={**fields, "assessor": "assessor-1"}, headers=headers)
        assert answer.status_code == 403
        assert "This form has expired" in answer.text
    with desk.services.database.reading() as db:
        assert db.execute(select(func.count()).select_from(tables.enrolment_codes)).scalar() == 0


@pytest.mark.parametrize(
    ("headers", "is_let_in"),
    [
        pytest.param({}, True, id="GATE-3 a caller that tells nothing has the token to show"),
        pytest.param({"Origin": "OWN"}, True, id="GATE-3 our own page"),
        pytest.param({"Origin": "http://field.example"}, True, id="GATE-3 our page at the address people type"),
        pytest.param({"Origin": "https://evil.example"}, False, id="GATE-3 a page elsewhere"),
        pytest.param({"Origin": "OWN.evil.example"}, False, id="GATE-3 a page elsewhere with our name in front"),
        pytest.param({"Origin": "http://127.0.0.1:9"}, False, id="GATE-3 another program on our machine"),
        pytest.param({"Origin": "null"}, False, id="GATE-3 a page that hides where it is from"),
        pytest.param({"Origin": ""}, False, id="GATE-3 an empty origin"),
        pytest.param({"Origin": "http://[::1"}, False, id="GATE-3 an origin that cannot be read"),
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True, id="GATE-3 the surer word decides"),
        pytest.param({"Sec-Fetch-Site": "none"}, True, id="GATE-3 typed by hand"),
        pytest.param({"Sec-Fetch-Site": "same-site", "Origin": "OWN"}, False, id="GATE-3 a neighbouring site"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, False, id="GATE-3 another site"),
    ],
)
def test_signing_in_is_for_our_own_pages(public_desk, headers, is_let_in):
    own = {name: value.replace("OWN", public_desk.url) for name, value in headers.items()}
    with browser(public_desk) as client:
        fields = {"username": "admin", "password": PASSWORD, "csrf": form_token(client, "/sign-in")}
        answer = client.post("/sign-in", data=fields, headers=own)
    assert answer.status_code == (303 if is_let_in else 403)
    assert is_let_in == ("session" in answer.cookies)
    assert is_let_in != ("This form has expired" in answer.text)


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        pytest.param("/devices", "/devices", id="a page of this site"),
        pytest.param("https://elsewhere.example/", "/", id="another site"),
        pytest.param("//elsewhere.example/", "/", id="another site without a scheme"),
        pytest.param("/\\elsewhere.example", "/", id="another site with a backslash"),
        pytest.param("javascript:alert(1)", "/", id="a script"),
    ],
)
def test_after_signing_in_the_reader_stays_on_this_site(desk, wanted, goes_to):
    with browser(desk) as client:
        fields = {"username": "admin", "password": PASSWORD, "next": wanted}
        assert send(client, "/sign-in", fields, page="/sign-in").headers["location"] == goes_to


def test_a_session_ends_by_itself(desk):
    with signed_in(desk, Role.VIEWER) as client:
        with desk.services.database.transaction() as db:
            db.execute(update(tables.sessions).values(expires_at=NOW))
        assert client.get("/assessments").status_code == 303


def test_changing_the_password_signs_every_other_browser_out(desk):
    """AUTH-2"""
    with signed_in(desk, Role.REVIEWER) as here, signed_in(desk, Role.REVIEWER) as there:
        new = "a much longer secret"
        wrong = send(here, "/account/password", {"current": "no", "password": new, "again": new})
        assert "The present password is not right." in wrong.text
        short = send(here, "/account/password", {"current": PASSWORD, "password": "short", "again": "short"})
        assert "Use at least 12 characters." in short.text
        assert send(here, "/account/password", {"current": PASSWORD, "password": new, "again": new}).status_code == 303
        assert here.get("/account").status_code == 200
        assert there.get("/account").status_code == 303


def test_the_first_administrator_comes_by_a_link_that_works_once(server):
    """AUTH-3"""
    database = server.services.database
    with database.transaction() as db:
        ended = accounts.first_administrator_link(db, datetime.now(UTC), server.url)
        link = accounts.first_administrator_link(db, datetime.now(UTC), server.url)
    assert link is not None
    fields = {"name": "May Chan", "username": "may.chan", "password": PASSWORD, "again": PASSWORD}
    with browser(server) as client:
        assert client.get(ended).status_code == 410
        assert "Administrator" in client.get(link).text
        assert send(client, link, fields, page=link).status_code == 303
        assert client.get("/accounts").status_code == 200
    with browser(server) as client:
        assert client.get(link).status_code == 410
    with database.transaction() as db:
        assert accounts.first_administrator_link(db, datetime.now(UTC), server.url) is None


@pytest.mark.parametrize(
    ("role", "words"), [(Role.ENTRANT, "Entrant"), (Role.ENTRANT_READER, "Entrant, reads only")]
)  # fmt: skip
def test_an_invitation_makes_an_entrants_account_with_its_entrant(desk, role, words):
    """AUTH-3"""
    with signed_in(desk, Role.ADMIN) as admin:
        page = send(admin, "/accounts/invitations", {"role": role.value, "entrant": "harbour-ferry"}).text
    link = page.split("<code>")[1].split("</code>")[0]
    fields = {"name": "Ferry", "username": "ferry", "password": PASSWORD, "again": PASSWORD}
    with browser(desk) as client:
        assert f"You will sign in as: {words}." in client.get(link).text
        assert send(client, link, fields | {"again": "other"}, page=link).status_code == 200
        assert send(client, link, fields, page=link).status_code == 303
    with desk.services.database.reading() as db:
        made = db.execute(select(tables.users).where(tables.users.c.username == "ferry")).one()
    assert (made.role, made.entrant_id, made.reads_only) == ("entrant", "harbour-ferry", role is Role.ENTRANT_READER)


@pytest.mark.parametrize("username", [Role.VIEWER.value, "nobody-yet", "NO NAME"])
def test_a_made_up_invitation_tells_nothing(desk, monkeypatch, username):
    """AUTH-4: the same answer for every name; hashing would raise."""
    monkeypatch.delattr(passwords, "hashed")
    fields = {"name": "Eve", "username": username, "password": PASSWORD, "again": PASSWORD}
    with browser(desk) as client:
        answers = [send(client, "/invitation/made-up", fields, page="/sign-in") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert username not in answers[0].text


def test_the_holder_of_an_invitation_cannot_try_all_names(desk):
    """AUTH-4"""
    with desk.services.database.transaction() as db:
        link = accounts.invitation_link(desk.url, accounts.invite(db, Role.VIEWER, datetime.now(UTC)))
    fields = {"name": "Eve", "username": Role.VIEWER.value, "password": PASSWORD, "again": PASSWORD}
    with browser(desk) as client:
        token = form_token(client, link)
        answers = [client.post(link, data={"csrf": token, **fields}) for _ in range(ADDRESS.free + 1)]
    assert [answer.status_code for answer in answers] == [200] * ADDRESS.free + [429]
    assert answers[-1].headers["Retry-After"] == "1"


def test_accepting_an_invitation_ends_the_session_before(desk):
    """AUTH-2"""
    with signed_in(desk, Role.ADMIN) as admin:
        page = send(admin, "/accounts/invitations", {"role": "viewer"}).text
        link = page.split("<code>")[1].split("</code>")[0]
        before = admin.cookies["session"]
        fields = {"name": "Vi", "username": "vi", "password": PASSWORD, "again": PASSWORD}
        assert send(admin, link, fields).status_code == 303
    with browser(desk) as copied:
        copied.cookies.set("session", before)
        assert copied.get("/assessments").status_code == 303


@pytest.mark.parametrize("address", ["//[", "http://[", "/\\[", "//[::1", "/%00[", "[", "//evil.example/"])
def test_whatever_stands_in_the_address_is_no_fault_of_the_server(desk, address):
    with browser(desk) as client:
        answer = client.get("/sign-in", params={"next": address})
        assert answer.status_code == 200
        assert 'name="next" value="/' in answer.text


def test_no_secret_is_in_the_audit_log(desk):
    with signed_in(desk, Role.ADMIN) as admin:
        send(admin, "/sign-in", {"username": "admin", "password": "a wrong secret"}, page="/account")
        export = admin.get("/audit/export").text
    assert "sign-in-failed" in export
    assert "a wrong secret" not in export
    assert PASSWORD not in export
