"""Every form of every page. FORM ids are those in sync_server/pages/drawing.py."""

from __future__ import annotations

import pytest

from sync_server.config import Config
from sync_server.pages.records import LONG
from sync_server.people.permissions import Role
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import browser, signed_in
from tests.sync_server.whole_desk import Form, WholeDesk, forms_of, whole_desk

# Enter sends these: they ask who somebody is, and decide nothing about anybody else.
ENTER_SENDS = {"sign-in", "invitation", "reset", "account", "preferences", "sign-out"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    config = Config(data_dir=tmp_path_factory.mktemp("whole"))
    set_season_up(config)
    for running in run_server(config):
        yield whole_desk(running)


@pytest.fixture(scope="module")
def decisions(whole: WholeDesk) -> list[tuple[str, Form]]:
    """Each form that decides something, with the page it is on."""
    with browser(whole.server) as visitor:
        to_visitors = {path: visitor.get(path).text for path in whole.pages if path.startswith("/sign-in")}
    return [
        (path, form)
        for path, page in (whole.texts | to_visitors).items()
        for form in forms_of(page)
        if form.method == "post" and (form.action or path).split("/")[1] not in ENTER_SENDS
    ]


def is_guard(button: dict[str, str | None]) -> bool:
    """What a browser takes for the default button and cannot press."""
    return "disabled" in button


def test_enter_in_a_field_decides_nothing(decisions):
    """FORM-1: the first button is the one Enter presses, and a browser does not press one that is disabled."""
    open_to_enter = [(path, form.action) for path, form in decisions if not is_guard(form.buttons[0])]
    assert open_to_enter == []
    seen = {form.action.rpartition("/")[2] for _, form in decisions}
    assert seen >= {"review", "decisions", "consistency", "rules", "invitations", "disable", "revoke", "imports"}


OF_CELLS = (
    "/records/",
    "/enrol",
    "/enrolments/",
    "/index/",
    "/proposal",
    "/consortium/",
    "/csqs/holders",
)  # they hold names, figures and codes


def test_what_a_person_writes_in_a_decision_has_room_for_a_line(decisions):
    """FORM-1: Enter makes a line there, where somebody expects one."""
    one_line = {name for _, form in decisions for name in form.typed if form.kinds[name] == "text"}
    cells = {name for _, form in decisions if form.action.startswith(OF_CELLS) for name in form.typed}
    assert one_line - cells <= {"points"}
    # Of the cells of a table, those that hold sentences.
    assert not one_line & {f"f-{column}" for column in LONG}


# What makes something new, about which nobody can have decided; what is done again; what carries a basis of its own.
OTHERWISE = (
    "/accounts/invitations",
    "/assignments/week",
    "/assessments/downloads",
    "/imports",
    "/letters/again",
    "/notices",
    "/plan",
    "/records/",
    "/survey/",
)
VISITORS = {"/enrol", "/enrol/again", "/proposal", "/proposal/again"}


def test_every_decision_says_what_it_was_based_on(decisions):
    """BAS-1"""
    without = {form.action for _, form in decisions if not form.fields.get("basis", "").isdigit()}
    assert [action for action in without - VISITORS if not action.startswith(OTHERWISE)] == []


def test_a_list_is_come_back_to_as_it_was_narrowed(whole):
    with signed_in(whole.server, Role.ADMIN) as client:
        narrowed = "channel=phone_in&state=finished"
        page = client.get(f"/assessments?{narrowed}").text
        link = page.split('role="rowheader"><a href="')[1].split('"')[0].replace("&amp;", "&")
        opened = client.get(link).text
        assert f'href="/assessments?{narrowed.replace("&", "&amp;")}"' in opened
        strange = client.get(f"{link.partition('?')[0]}?list=%22%3E%3Cb%3E%26state%3Dvoid").text
    assert 'href="/assessments?state=void"' in strange
    assert "<b>" not in strange
