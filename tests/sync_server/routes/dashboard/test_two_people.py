"""Two people at one thing: the later one is told, and decides again. Ids are those in sync_server/review/basis.py."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec
import pytest
from sqlalchemy import select

from sync_server.config import Config
from sync_server.database import tables
from sync_server.pages.action_labels import ACTIONS
from sync_server.people.permissions import Role
from sync_server.review.basis import LOOKS
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import add_accounts, push, rule_anew, send, signed_in
from tests.sync_server.season_kit import OTHER_TOKEN, a_call, device_id
from tests.sync_server.whole_desk import forms_of

TOLD = "Something was done here after you opened the page"


class Case(NamedTuple):
    """A page, the form on it that ends with `action`, what the first and the second fill in, and what stays typed."""

    page: str
    action: str
    first: dict[str, str]
    second: dict[str, str]
    stays: str
    told: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    config = Config(data_dir=tmp_path_factory.mktemp("two"))
    set_season_up(config)
    for running in run_server(config):
        add_accounts(running)
        with running.services.database.transaction() as db:
            rule_anew(db, {"consistency.method": "manual"})
        yield running


def id_of(desk: Any, role: str) -> str:
    with desk.services.database.reading() as db:
        return str(db.execute(select(tables.users.c.id).where(tables.users.c.username == role)).scalar_one())


RETURNED = {"verdict": "returned", "reason": "Please check PA3."}
ENTRY = "/standings/harbour-ferry/phone_in"
POINTS = {"round": "1", "points": "2", "reason": "Even calls."}
CASES = [
    pytest.param(
        Case("/assessments/CALL", "/review", RETURNED, {"verdict": "accepted"}, "", "Returned an assessment"),
        id="BAS-2 returned, then accepted",
    ),
    pytest.param(
        Case(
            "/assessments/CALL",
            "/review",
            {"verdict": "accepted"},
            RETURNED | {"comment-PA3": "Which branch?"},
            "Which branch?",
            "Accepted an assessment",
        ),
        id="BAS-2 accepted, then returned",
    ),
    pytest.param(
        Case(
            "/assessments/CALL",
            "/decisions",
            {"decision": "penalty", "reason": "Six tries."},
            {"decision": "void", "reason": "Recognised at the door."},
            "Recognised at the door.",
            "Decided on a penalty",
        ),
        id="BAS-2 ruled on, then void",
    ),
    pytest.param(
        Case(
            "/assessments/CALL",
            "/decisions",
            {"decision": "void", "reason": "Recognised."},
            {"decision": "ease", "reason": "Answered at once."},
            "Answered at once.",
            "Declared an assessment void",
        ),
        id="BAS-2 void, then ruled on",
    ),
    pytest.param(
        Case(ENTRY, "/consistency", POINTS, POINTS | {"points": "1", "reason": "Less even."}, "Less even.", "bonus"),
        id="BAS-2 a consistency bonus",
    ),
    pytest.param(
        Case(
            "/what-if?changes=grade.dp%3D3",
            "/rules",
            {"changes": "grade.dp=3", "reason": "More exact."},
            {"changes": "grade.dp=1", "reason": "Less exact."},
            "Less exact.",
            "Changed the rules",
        ),
        id="BAS-2 the rules",
    ),
    pytest.param(
        Case("/accounts", "/VIEWER/disable", {}, {}, "", "Disabled an account"), id="BAS-2 an account is disabled"
    ),
    pytest.param(Case("/devices", "/DEVICE/revoke", {}, {}, "", "Withdrew a device"), id="BAS-2 a device is revoked"),
]


@pytest.mark.parametrize("case", CASES)
def test_the_later_one_is_told_and_decides_again(desk, case):
    call = a_call()
    push(desk, call)

    def filled(text: str) -> str:
        return text.replace("CALL", call.id).replace("VIEWER", id_of(desk, "viewer")).replace("DEVICE", OTHER)

    def form_on(client: Any) -> Any:
        page = client.get(filled(case.page)).text
        return next(form for form in forms_of(page) if form.action.endswith(filled(case.action)))

    def carried(form: Any) -> dict[str, str]:
        return {name: value for name, value in form.fields.items() if form.kinds[name] == "hidden"}

    with signed_in(desk, Role.ADMIN) as one, signed_in(desk, Role.COORDINATOR) as two:
        other = one if case.page.startswith(("/accounts", "/what-if")) else two  # of the same account, in another tab
        mine, theirs = form_on(one), form_on(other)
        assert one.post(mine.action, data={**carried(mine), **case.first}).status_code == 303
        late = other.post(theirs.action, data={**carried(theirs), **case.second})
        assert late.status_code == 409
        assert TOLD in late.text
        assert re.search(rf"The admin: [^<]*{case.told}", late.text)
        assert case.stays in late.text
        again = [form for form in forms_of(late.text) if form.action == theirs.action]
        if again and case.stays:
            assert other.post(again[0].action, data={**carried(again[0]), **case.second}).status_code in (303, 409)


OTHER = device_id(OTHER_TOKEN)


def test_a_revision_that_comes_meanwhile_is_told_too(desk):
    """BAS-2"""
    call = a_call()
    push(desk, call)
    with signed_in(desk, Role.COORDINATOR) as client:
        void = next(f for f in forms_of(client.get(f"/assessments/{call.id}").text) if f.action.endswith("/decisions"))
        push(desk, msgspec.structs.replace(call, revision=2))
        hidden = {name: void.fields[name] for name in ("csrf", "basis")}
        late = client.post(void.action, data={**hidden, "decision": "void", "reason": "Recognised."})
    assert late.status_code == 409
    assert "A device sent an assessment" in late.text
    assert "Recognised." in late.text


@pytest.mark.parametrize(
    ("first", "status"),
    [
        pytest.param(Role.COORDINATOR, 303, id="BAS-3 after one's own"),
        pytest.param(Role.ADMIN, 409, id="BAS-3 not after somebody else's"),
    ],
)
def test_a_form_that_tells_of_no_page_follows_its_own_author_alone(desk, first, status):
    call = a_call()
    push(desk, call)
    where = f"/assessments/{call.id}/decisions"
    with signed_in(desk, first) as one:
        assert send(one, where, {"decision": "penalty", "reason": "Six tries."}).status_code == 303
    with signed_in(desk, Role.COORDINATOR) as two:
        assert send(two, where, {"decision": "no_penalty", "reason": "It was another."}).status_code == status


def test_what_somebody_looked_at_is_no_decision():
    """BAS-2: whatever is not listed as a look is one."""
    assert set(ACTIONS) >= LOOKS
    assert not {action for action in LOOKS if action.startswith(("assessment-a", "assessment-r", "account-d"))}
