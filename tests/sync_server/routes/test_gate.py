"""GATE: what the guard lets pass, asked directly. Ids are those in routes/gate.py; which role may call what is PERM."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from litestar import Litestar, Request
from litestar.exceptions import NotFoundException, ValidationException
from litestar.testing import RequestFactory

from sync_server import clock
from sync_server.app import create_app
from sync_server.config import Config
from sync_server.errors import RefusedError
from sync_server.people import accounts, sessions
from sync_server.people.permissions import Role
from sync_server.routes.gate import FormExpiredError, NotAllowedError, SignInNeededError, gate

CODES, DEVICES_PAGE, PUSH = "/enrolment-codes", "/devices", "/api/v1/assessments/{assessment_id}"
LOGIN = "/sign-in"


class Desk(NamedTuple):
    """An application that is not running, and the session of one coordinator."""

    app: Litestar
    secret: str
    csrf: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    app = create_app(Config(data_dir=tmp_path_factory.mktemp("data"), public_url="https://field.example"))
    with app.state.services.database.transaction() as db:
        made = accounts.add_account(
            db, username="may", name="May", role=Role.COORDINATOR, password_hash="-", now=clock.now()
        )
        secret = sessions.open_session(db, made.id, clock.now(), lasts=timedelta(hours=1))
        session = sessions.find_session(db, secret, clock.now())
    assert session is not None
    return Desk(app, secret, session.csrf)


def a_call(desk: Desk, method: str, template: str, **more: Any) -> Request[Any, Any, Any]:
    """A call as the router hands it to the guard; OWN stands for the session's secret or form token."""
    sent_along = {"Host": "field.example"} | more.pop("headers", {})
    headers = {name: value.replace("OWN", desk.csrf) for name, value in sent_along.items()}
    cookies = {name: value.replace("OWN", desk.secret) for name, value in more.pop("cookies", {}).items()}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    data = {name: value.replace("OWN", desk.csrf) for name, value in more.pop("data", {}).items()}
    query = more.pop("query", None)
    factory = RequestFactory(app=desk.app)
    make = getattr(factory, method.lower() if method != "HEAD" else "get")
    sent: dict[str, Any] = {"headers": headers}
    if data:
        sent |= {"data": data, "request_media_type": "application/x-www-form-urlencoded"}
    request: Request[Any, Any, Any] = make(more.pop("path", template), **sent)
    request.scope["method"] = method
    request.scope["path_template"] = template
    if query is not None:
        request.scope["query_string"] = query
    return request


MAY = {"session": "OWN"}
VISIT = {"visit": "the-token-of-this-visit"}


@pytest.mark.parametrize(
    ("method", "template", "sent", "refusal"),
    [
        pytest.param("GET", LOGIN, {}, None, id="GATE-1 a page for anybody"),
        pytest.param("GET", DEVICES_PAGE, {"cookies": MAY}, None, id="GATE-1 a role of the row"),
        pytest.param("HEAD", DEVICES_PAGE, {"cookies": MAY}, None, id="GATE-1 HEAD follows GET"),
        pytest.param("GET", DEVICES_PAGE, {}, SignInNeededError, id="GATE-1 a visitor is asked to sign in"),
        pytest.param(
            "GET", DEVICES_PAGE, {"cookies": {"session": "old"}}, SignInNeededError, id="GATE-1 an old session"
        ),
        pytest.param("GET", "/audit", {"cookies": MAY}, NotAllowedError, id="GATE-1 another role"),
        pytest.param("GET", "/no-row", {"cookies": MAY}, NotAllowedError, id="GATE-1 no row, no answer"),
        pytest.param("DELETE", DEVICES_PAGE, {"cookies": MAY}, NotAllowedError, id="GATE-1 a row is of one method"),
        pytest.param("PUT", PUSH, {}, None, id="GATE-2 left to the device's token"),
        pytest.param("POST", CODES, {"cookies": MAY}, FormExpiredError, id="GATE-3 no token"),
        pytest.param(
            "POST", CODES, {"cookies": MAY, "data": {"csrf": "x"}}, FormExpiredError, id="GATE-3 another token"
        ),
        pytest.param(
            "POST", CODES, {"cookies": MAY, "data": {"csrf": "OWN"}}, None, id="GATE-3 the session's, in the form"
        ),
        pytest.param(
            "POST", CODES, {"cookies": MAY, "headers": {"Form-Token": "OWN"}}, None, id="GATE-3 or in the header"
        ),
        pytest.param(
            "POST",
            CODES,
            {"cookies": MAY | VISIT, "data": {"csrf": VISIT["visit"]}},
            FormExpiredError,
            id="GATE-3 the visit's is not enough once signed in",
        ),
        pytest.param(
            "POST", LOGIN, {"data": {"csrf": ""}}, FormExpiredError, id="GATE-3 nothing is not equal to nothing"
        ),
        pytest.param(
            "POST", LOGIN, {"cookies": VISIT, "data": {"csrf": VISIT["visit"]}}, None, id="GATE-3 the visit's, before"
        ),
        pytest.param(
            "POST",
            CODES,
            {"cookies": MAY, "headers": {"Form-Token": "OWN", "Sec-Fetch-Site": "cross-site"}},
            FormExpiredError,
            id="GATE-3 another site, whatever it knows",
        ),
        pytest.param(
            "POST",
            CODES,
            {"cookies": MAY, "headers": {"Form-Token": "OWN", "Origin": "https://evil.example"}},
            FormExpiredError,
            id="GATE-3 another origin",
        ),
        pytest.param(
            "POST",
            CODES,
            {"cookies": MAY, "headers": {"Form-Token": "OWN", "Origin": "https://FIELD.example"}},
            None,
            id="GATE-3 the origin of the public address",
        ),
        pytest.param(
            "GET", DEVICES_PAGE, {"cookies": MAY, "path": "/a\0b"}, NotFoundException, id="GATE-4 in the address"
        ),
        pytest.param(
            "GET", DEVICES_PAGE, {"cookies": MAY, "query": b"a=%00"}, ValidationException, id="GATE-4 in the query"
        ),
        pytest.param(
            "POST",
            CODES,
            {"cookies": MAY, "data": {"csrf": "OWN", "assessor": "a\0b"}},
            ValidationException,
            id="GATE-4 in a form",
        ),
        pytest.param(
            "GET", LOGIN, {"headers": {"Host": "evil.example"}}, RefusedError, id="GATE-6 a name that is not ours"
        ),
        pytest.param(
            "POST",
            CODES,
            {"cookies": MAY, "headers": {"Form-Token": "OWN", "Host": "evil.example", "Origin": "http://evil.example"}},
            RefusedError,
            id="GATE-6 whatever origin agrees with it",
        ),
        pytest.param("GET", "/healthz", {"headers": {"Host": "evil.example"}}, None, id="GATE-6 but for how it is"),
    ],
)
async def test_the_gate(desk, method, template, sent, refusal):
    request = a_call(desk, method, template, **sent)
    if refusal is None:
        await gate(request, None)
        return
    with pytest.raises(refusal):
        await gate(request, None)


async def test_whoever_passes_is_known_to_the_route(desk):
    """GATE-1"""
    request = a_call(desk, "GET", DEVICES_PAGE, cookies=MAY)
    await gate(request, None)
    assert request.user.account.username == "may"


async def test_a_session_is_nobody_at_the_devices_doors(desk):
    """GATE-2"""
    request = a_call(desk, "PUT", PUSH, cookies=MAY)
    await gate(request, None)
    assert request.scope["user"] is None
