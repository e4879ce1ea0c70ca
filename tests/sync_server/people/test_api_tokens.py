"""TOK: the life of an API token. Ids are those in people/api_tokens.py."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from sync_server.database import tables
from sync_server.database.queries import api_tokens as queries
from sync_server.people import api_tokens
from sync_server.people.api_tokens import TokenProblemError, TokenState, caller_of, issue, listed, state_of, token_in
from sync_server.people.permissions import Role
from tests.sync_server.desk import add_account, count, form_token, send, signed_in
from tests.sync_server.season_kit import ASSESSOR, add_season

NOW = datetime(2021, 3, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def season(database):
    with database.transaction() as db:
        add_season(db)
        user = add_account(db, Role.REVIEWER)
    return database, user


def made(db, user, **options):
    typed = {"name": "Power BI", "speaks_for": ("user", user), "scopes": ["assessments"], "lasts_days": 30}
    return issue(db, created_by=user, now=NOW, **{**typed, **options})


def test_a_token_is_kept_as_its_hash_and_its_last_characters(season):
    """TOK-1"""
    database, user = season
    with database.transaction() as db:
        _, token = made(db, user)
        kept = db.execute(select(tables.api_tokens)).one()
    assert token not in str(kept)
    assert kept.hint == token[-4:]
    assert len(token) > len(api_tokens.PREFIX) + 42


def test_an_accounts_token_speaks_with_its_role_and_scopes(season):
    """TOK-3"""
    database, user = season
    with database.transaction() as db:
        _, token = made(db, user, scopes=["answers", "assessments"])
        caller = caller_of(db, token, NOW)
    assert caller is not None
    assert (caller.user_id, caller.role, caller.scopes) == (user, Role.REVIEWER, {"answers", "assessments"})


ENDS = [
    pytest.param(lambda db, token_id: None, NOW + timedelta(days=30), id="TOK-2 its time is over"),
    pytest.param(lambda db, token_id: queries.end_token(db, token_id, NOW), NOW, id="TOK-2 revoked"),
    pytest.param(
        lambda db, token_id: db.execute(update(tables.users).values(disabled_at=NOW)), NOW, id="TOK-2 account disabled"
    ),
]


@pytest.mark.parametrize(("end", "at"), ENDS)
def test_a_token_that_ended_lets_nobody_in(season, end, at):
    database, user = season
    with database.transaction() as db:
        token_id, token = made(db, user)
        assert caller_of(db, token, NOW + timedelta(days=30) - MOMENT) is not None
        end(db, token_id)
        assert caller_of(db, token, at) is None


def test_a_token_of_an_assessor_ends_when_the_assessor_leaves(season):
    """TOK-2"""
    database, user = season
    with database.transaction() as db:
        _, token = made(db, user, speaks_for=("assessor", ASSESSOR), scopes=["collect"])
        caller = caller_of(db, token, NOW)
        assert caller is not None
        assert caller.assessor_id == ASSESSOR
        db.execute(update(tables.assessors).values(left_at=NOW))
        assert caller_of(db, token, NOW) is None
        assert [state for _, state in listed(db, NOW)] == [TokenState.REVOKED]


REFUSED = [
    pytest.param({"name": " "}, id="without a name"),
    pytest.param({"speaks_for": ("user", "")}, id="for nobody"),
    pytest.param({"scopes": []}, id="without a scope"),
    pytest.param({"scopes": ["collect"]}, id="an account does not collect"),
    pytest.param({"speaks_for": ("assessor", ASSESSOR)}, id="an assessor does not read"),
    pytest.param({"scopes": ["calendar"]}, id="an account has no visits"),
    pytest.param({"lasts_days": 36500}, id="for ever"),
]


@pytest.mark.parametrize("options", REFUSED)
def test_a_token_that_means_nothing_is_not_made(season, options):
    """TOK-3"""
    database, user = season
    with database.transaction() as db, pytest.raises(TokenProblemError):
        made(db, user, **options)


def basic(words: str) -> str:
    return "Basic " + b64encode(words.encode()).decode()


@pytest.mark.parametrize(
    ("header", "token"),
    [
        pytest.param("Bearer abc", "abc", id="TOK-4 bearer"),
        pytest.param("bearer abc", "abc", id="TOK-4 in small letters"),
        pytest.param(basic("anybody:abc"), "abc", id="TOK-4 password of Basic"),
        pytest.param(basic(":a:b"), "a:b", id="TOK-4 a colon in it"),
        pytest.param("Basic !!", "", id="TOK-4 no base64"),
        pytest.param("Basic /w==", "", id="TOK-4 no text"),
        pytest.param("Digest abc", "", id="TOK-4 another scheme"),
        pytest.param("", "", id="TOK-4 none"),
    ],
)
def test_a_token_is_read_from_its_header(header, token):
    assert token_in(header) == token


def test_an_administrator_makes_a_token_sees_it_once_and_revokes_it(desk):
    """TOK-1"""
    with desk.services.database.reading() as db:
        reviewer = db.execute(select(tables.users.c.id).where(tables.users.c.role == "reviewer")).scalar_one()
    with signed_in(desk, Role.ADMIN) as client:
        typed = {"name": "R", "speaks_for": f"user:{reviewer}", "scope": ["answers"], "lasts_days": "90"}
        shown = send(client, "/tokens", typed, page="/tokens")
        token = re.search(r"<code>(fieldtool_[^<]+)</code>", shown.text)
        assert token is not None
        again = client.get("/tokens").text
        assert token[1] not in again
        with desk.services.database.reading() as db:
            ((row, state),) = listed(db, desk.services.clock())
            assert state is TokenState.OPEN
        csrf = form_token(client, "/tokens")
        assert client.post(f"/tokens/{row.id}/revoke", data={"csrf": csrf}).status_code == 303
    with desk.services.database.reading() as db:
        assert caller_of(db, token[1], desk.services.clock()) is None
        assert state_of(queries.list_tokens(db)[0], desk.services.clock()) is TokenState.REVOKED
    log = tables.audit_log.c
    for action in ("api-token-made", "api-token-revoked"):
        assert count(desk, tables.audit_log, log.action == action) == 1
    assert count(desk, tables.audit_log, log.details.contains(token[1][-20:])) == 0


def test_what_was_typed_stays_where_a_token_cannot_be_made(desk):
    with signed_in(desk, Role.ADMIN) as client:
        answer = send(client, "/tokens", {"name": "Nightly R", "speaks_for": "user:nobody"}, page="/tokens")
    assert answer.status_code == 400
    assert "Nightly R" in answer.text
    assert "Choose the account" in answer.text


def test_no_token_is_made_for_an_account_that_may_read_no_table(desk):
    """TOK-3"""
    u = tables.users.c
    with desk.services.database.reading() as db:
        entrant = db.execute(select(u.id).where(u.username == Role.ENTRANT.value)).scalar_one()
    with signed_in(desk, Role.ADMIN) as client:
        page = client.get("/tokens").text
        assert (f'"user:{entrant}"' in page, 'value="user:' in page) == (False, True)
        typed = {"name": "R", "speaks_for": f"user:{entrant}", "scope": ["season"], "lasts_days": "30"}
        assert send(client, "/tokens", typed, page="/tokens").status_code == 400
    assert count(desk, tables.api_tokens) == 0
