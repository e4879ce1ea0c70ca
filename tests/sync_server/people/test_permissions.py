"""Every route has a rule, and the rule is what happens. Ids are those in people/permissions.py and routes/gate.py."""

from __future__ import annotations

import contextlib
import http.client
import re
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest
from litestar import Litestar
from litestar.routes import BaseRoute

from sync_server.app import create_app
from sync_server.config import Config
from sync_server.pages.navigation import NAVIGATION, first_page
from sync_server.people.permissions import ACCOUNT_ROLES, ADMINS, DEVICES, ENTRANTS, RULES, Role, permits
from tests.sync_server.desk import add_accounts, browser, form_token, signed_in
from tests.sync_server.season_kit import TOKEN

# What the application adds by itself to say which methods a path has; it gives nothing away.
AUTOMATIC = "OPTIONS"
# Answers nothing but its own machine or a token of its own, whatever the table says.
OWN_KEY = {("GET", "/metrics")}
NOBODY = "00000000-0000-4000-8000-000000000000"

FIRST = {Role.JUDGE: "/judging", Role.MEMBER: "/consortium"}


def methods_of(route: BaseRoute) -> set[str]:
    return set(getattr(route, "methods", {"GET"}))


def declared(app: Litestar) -> set[tuple[str, str]]:
    return {
        (method, route.path_format)
        for route in app.routes
        for method in methods_of(route)
        if method != AUTOMATIC or (method, route.path_format) in RULES
    }


def test_every_route_has_a_rule(tmp_path):
    """PERM-1"""
    web_app = tmp_path / "web"
    web_app.mkdir()
    app = create_app(Config(data_dir=tmp_path / "data"), web_app=web_app)
    without = {(m, p) for m, p in declared(app) if (m, p) not in RULES and not (m == "HEAD" and ("GET", p) in RULES)}
    assert without == set()


def test_a_route_without_a_rule_answers_nobody():
    """PERM-1"""
    assert not any(permits("GET", "/secret", role) for role in Role)


def test_every_page_at_the_side_that_is_in_the_table_can_be_opened_by_an_administrator():
    paths = [place.path for group in NAVIGATION for place in group.places]
    assert [path for path in paths if ("GET", path) in RULES and not permits("GET", path, Role.ADMIN)] == []


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_the_office_begins_with_today_an_entrant_with_its_reports_and_a_judge_with_what_to_mark(role: Role) -> None:
    page = first_page(role)
    assert page == (FIRST.get(role, "/reports" if role in ENTRANTS else "/today"))
    assert permits("GET", page, role)


class Caller:
    """Somebody's connection, kept open, and the least that a request of theirs costs: the walk makes thousands."""

    def __init__(self, client: httpx.Client) -> None:
        self._connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port or 0, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        self._headers = {name: value for name, value in client.headers.items() if name in ("accept", "authorization")}
        self._headers |= {"cookie": cookies} if cookies else {}

    def call(self, method: str, template: str, token: str | None) -> Answer:
        path = re.sub(r"\{[^}]+\}", NOBODY, template)
        self._connection.request(method, path, headers=self._headers | ({"Form-Token": token} if token else {}))
        answer = self._connection.getresponse()
        if template == "/events" and answer.status == 200:  # never ends by itself
            self._connection.close()
        else:
            answer.read()
        return Answer(answer.status, answer.getheader("location", ""))

    def close(self) -> None:
        self._connection.close()


class Answer(NamedTuple):
    status: int
    location: str

    @property
    def is_refused(self) -> bool:
        to_sign_in = self.status == 303 and self.location.startswith("/sign-in?next=")
        return self.status in (401, 403) or to_sign_in


@pytest.fixture
def clients(server) -> Iterator[dict[Role, httpx.Client]]:
    add_accounts(server)
    with contextlib.ExitStack() as open_ones:
        in_office = {role: open_ones.enter_context(signed_in(server, role)) for role in ACCOUNT_ROLES}
        yield in_office | {Role.VISITOR: browser(server), Role.DEVICE: server.client(TOKEN)}


# Signing out, or disabling and changing accounts, would end the walk; they come last.
WALK = sorted(RULES.items(), key=lambda row: (row[0][1] == "/sign-out", row[0]))


@pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)
def test_each_route_opens_for_exactly_the_roles_of_its_rule(server, clients):
    """PERM-2. Who may is asked of the table of rules, whatever the database: the walk's thousands are on one."""
    app_routes = declared(create_app(server.services.config))
    tokens = {role: form_token(clients[role]) for role in ACCOUNT_ROLES}
    tokens[Role.VISITOR] = form_token(clients[Role.VISITOR], "/sign-in")
    callers = {role: Caller(client) for role, client in clients.items()}  # once each has its cookies
    wrong: list[str] = []
    for (method, template), rule in WALK:
        if (method, template) not in app_routes or (method, template) in OWN_KEY:
            continue
        for role, caller in callers.items():
            answer = caller.call(method, template, tokens.get(role))
            # A form that is right in rank but wrong in what it says is refused later, with another status.
            may = role in rule
            if template == "/sign-in" and method == "POST":
                continue  # its own answer to a wrong password is 401; test_sign_in looks at it
            if may == answer.is_refused and not (may and template == "/sign-out"):
                wrong.append(f"{method} {template} as {role}: {answer.status}, the table says {may}")
    for caller in callers.values():
        caller.close()
    assert not wrong, "\n".join(wrong)


def test_a_device_token_opens_no_page_and_a_session_opens_no_api(server):
    """PERM-2"""
    add_accounts(server)
    with server.client(TOKEN) as phone, signed_in(server, Role.ADMIN) as admin:
        assert phone.get("/audit").status_code in (303, 401)
        assert admin.get("/api/v1/changes").status_code == 401


def test_the_audit_log_is_for_administrators_alone():
    assert RULES["GET", "/audit"] == RULES["GET", "/audit/export"] == ADMINS


def test_pushing_is_for_devices_alone():
    assert RULES["PUT", "/api/v1/assessments/{assessment_id}"] == DEVICES
