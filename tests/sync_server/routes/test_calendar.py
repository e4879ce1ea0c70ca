"""VIC: the calendar an assessor subscribes to, over real HTTP. Ids are those in routes/calendar.py."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database import tables
from tests.builders import NOON
from tests.sync_server.desk import add_accounts
from tests.sync_server.openrosa_kit import collect_token, phone
from tests.sync_server.season_kit import OTHER_ASSESSOR

VISITS = "/calendar/visits.ics"


@pytest.fixture
def program(server: Any) -> httpx.Client:
    """A calendar program with the token of an assessor."""
    add_accounts(server)
    return phone(server, collect_token(server, scopes=("calendar",)))


def names(answer: httpx.Response) -> list[str]:
    return sorted(str(each["uid"]) for each in Calendar.from_ical(answer.content).walk("VEVENT"))


def test_an_assessor_has_own_visits_by_an_address_that_is_the_same_for_all(server, program):
    """VIC-1"""
    answer = program.get(VISITS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert names(answer) == ["assignment-1@visits", "assignment-recorded@visits"]
    other = phone(server, collect_token(server, OTHER_ASSESSOR, ("calendar",)))
    assert names(other.get(VISITS)) == ["assignment-2@visits"]
    with server.client(collect_token(server, scopes=("calendar",))) as bearer:
        assert names(bearer.get(VISITS)) == names(answer)
    head = program.head(VISITS)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    with server.services.database.reading() as db:
        assert db.execute(select(tables.api_tokens.c.last_used_at)).scalars().first() is not None


@pytest.mark.parametrize(
    ("token", "status"),
    [("", 401), ("fieldtool_wrong", 401), ("collect", 403)],
    ids=["none", "wrong", "of another kind"],
)
def test_nobody_else_comes_in(server, program, token, status):
    """VIC-1"""
    shown = collect_token(server) if token == "collect" else token
    with server.client(None) as nobody:
        answer = phone(server, shown).get(VISITS) if shown else nobody.get(VISITS)
    assert answer.status_code == status
    assert ("basic" in answer.headers.get("www-authenticate", "").lower()) == (status == 401)


def test_what_did_not_change_is_not_sent_again_and_a_change_is(server, program):
    """VIC-2"""
    first = program.get(VISITS)
    assert first.headers["cache-control"] == "private, no-cache"
    held = {"If-None-Match": first.headers["etag"]}
    again = program.get(VISITS, headers=held)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    with server.services.database.transaction() as db:
        a = tables.assignments
        db.execute(update(a).where(a.c.id == "assignment-1").values(withdrawn=True, updated_at=NOON))
    changed = program.get(VISITS, headers=held)
    assert (changed.status_code, names(changed)) == (200, ["assignment-recorded@visits"])


def test_the_language_is_the_addresss_or_the_programs(server, program):
    """VIC-3"""
    with server.services.database.reading() as db:
        body = db.execute(select(tables.assignments.c.body)).scalars().first()
    name = decode(body, Assignment).entrant_name["zh-Hant"]
    assert name in program.get(VISITS, params={"language": "zh-Hant"}).text
    assert name in program.get(VISITS, headers={"Accept-Language": "zh-HK"}).text
    assert name not in program.get(VISITS, params={"language": "en"}, headers={"Accept-Language": "zh-HK"}).text
