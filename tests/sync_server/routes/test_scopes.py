"""TOK-3: the doors of other programs by scope. One that RULES opens to tokens is in this table, or the test fails."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sync_server.people.permissions import RULES, TOKENS, Role
from tests.sync_server.desk import add_accounts
from tests.sync_server.odata_kit import ALL, token_for
from tests.sync_server.openrosa_kit import collect_token

DOORS = sorted(door for door, rule in RULES.items() if rule is TOKENS)
# A token of an account reads tables; one of an assessor collects, or has the calendar. None does what another does.
OPENS = {"/odata/": "reads", "/openrosa/": "collects", "/calendar/": "subscribes"}
LIST = "/odata/v4"  # names the tables that a token may read: any token is told, if only that there are none
FILLED = {"resource": "Assessments", "assignment_id": "assignment-1"}

pytestmark = pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)


def test_each_door_opens_for_the_scope_it_is_for_and_for_no_other(server: Any) -> None:
    add_accounts(server)
    tokens = {
        "reads": token_for(server, Role.ADMIN, ALL),
        "collects": collect_token(server),
        "subscribes": collect_token(server, scopes=("calendar",)),
        "nothing": "fieldtool_x",
    }
    told = {}
    for name, token in tokens.items():
        with server.client(token) as program:
            for method, template in DOORS:
                path = re.sub(r"\{(\w+)\}", lambda found: FILLED[found[1]], template)
                told[method, template, name] = program.request(method, path).status_code
    wrong = {}
    for (method, template, name), status in told.items():
        opens = next(by for start, by in OPENS.items() if template.startswith(start))
        refused = 401 if name == "nothing" else 200 if template == LIST else 403
        expected = {True: status not in (401, 403), False: status == refused}
        if not expected[name == opens]:
            wrong[method, template, name] = status
    assert wrong == {}
    with server.client(tokens["collects"]) as program:
        assert program.get(LIST).json()["value"] == []
