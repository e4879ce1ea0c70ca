"""The consortium over HTTP: a finding is its members' alone, then public; votes, approvals, the access log."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from sync_server.consortium.findings import what_of
from sync_server.database.queries import consortium as queries
from sync_server.database.queries import publications, users
from sync_server.people.permissions import Role
from sync_server.season.observed_time import confirm_clock
from tests.sync_server.conftest import Running, StandingClock
from tests.sync_server.consortium.consortium_kit import (
    BEFORE,
    ISSUED,
    STARTS,
    TYPED,
    a_draft,
    add_consortium,
    independent,
    issued,
)
from tests.sync_server.desk import browser, send, sign_in, signed_in

SECOND = timedelta(seconds=1)


@pytest.fixture
def begins_at() -> datetime:
    return BEFORE


@pytest.fixture
def server(standing_desk: Running) -> Running:
    with standing_desk.services.database.transaction() as db:
        confirm_clock(db, BEFORE)
        add_consortium(db)
        member = users.user_named(db, Role.MEMBER.value)
        assert member is not None
        queries.set_person(db, member.id, "harbour", member.id, BEFORE)
    return standing_desk


def based(client: Any, page: str, path: str, fields: dict[str, Any] | None = None) -> Any:
    """Send a form of an office's page, with what the page was based on."""
    basis = re.search(r'name="basis" value="(\d+)"', client.get(page).text)
    assert basis is not None, client.get(page).text
    return send(client, path, {**(fields or {}), "basis": basis[1]}, page=page)


def status(server: Any, role: Role | None, path: str) -> int:
    with browser(server) as client:
        if role is not None:
            sign_in(client, role)
        return int(client.get(path).status_code)


def test_a_finding_is_exclusive_then_public(server: Any, standing_clock: StandingClock) -> None:
    with server.services.database.transaction() as db:
        marked, plain = issued(db, marked=True), a_draft(db, independent(db, "third"))
    path = f"/findings/{marked}"
    standing_clock.at = ISSUED
    whose = [status(server, role, path) for role in (Role.MEMBER, Role.COORDINATOR, Role.ENTRANT, Role.JUDGE, None)]
    assert whose == [200, 200, 403, 403, 403]
    with browser(server) as visitor:
        assert "30 Jun 2027 10:00:00" in visitor.get(path).text
        assert visitor.get(f"/findings/{plain}").status_code == 404
        standing_clock.at = datetime(2027, 6, 30, 9, 59, 59, tzinfo=ISSUED.tzinfo)
        assert (visitor.get(path).status_code, visitor.get(f"{path}/pdf").status_code) == (403, 403)
        standing_clock.at += SECOND
        page, listed, pdf = visitor.get(path), visitor.get("/findings"), visitor.get(f"{path}/pdf")
    assert (page.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert "They wait for a person." in page.text
    assert "What callers wait for" in listed.text
    with signed_in(server, Role.COORDINATOR) as office:
        log = office.get(f"/consortium/findings/{marked}").text
    assert log.count("The member") == 1


def test_a_finding_that_is_not_marked_stays_its_members(server: Any, standing_clock: StandingClock) -> None:
    with server.services.database.transaction() as db:
        name = issued(db)
    standing_clock.at = datetime(2027, 6, 30, 10, tzinfo=ISSUED.tzinfo)
    assert status(server, None, f"/findings/{name}") == 403
    assert status(server, Role.MEMBER, f"/findings/{name}") == 200


def test_a_member_puts_a_challenge_votes_once_and_is_refused_by_name_after_the_close(
    server: Any, standing_clock: StandingClock
) -> None:
    with signed_in(server, Role.COORDINATOR) as office:
        page = "/consortium"
        opens, closes = BEFORE + timedelta(hours=1), BEFORE + timedelta(hours=2)
        fields = {"opens": opens.isoformat(), "closes": closes.isoformat()}
        assert based(office, page, "/consortium/ballots", fields).status_code == 303
        for topic in range(5):
            fields = {"ballot": "1", "title_en": f"Topic {topic}", "challenge": ""}
            assert based(office, page, "/consortium/topics", fields).status_code == 303
    with signed_in(server, Role.MEMBER) as member:
        assert member.get("/").headers["Location"] == "/consortium"
        send(member, "/consortium/challenges", {"words": "Why do callers wait?"}, page=page)
        early = send(member, "/consortium/ballots/1", {"topic": ["1"]}, page=page)
        standing_clock.at = opens
        five = send(member, "/consortium/ballots/1", {"topic": list("12345")}, page=page)
        cast = send(member, "/consortium/ballots/1", {"topic": list("1234")}, page=page)
        standing_clock.at = closes
        late = send(member, "/consortium/ballots/1", {"topic": ["5"]}, page=page)
        over = member.get(page).text
    assert (early.status_code, five.status_code, cast.status_code, late.status_code) == (409, 409, 303, 409)
    assert "you chose 5" in five.text
    assert "it was not counted" in late.text
    assert over.count("chosen") == 4
    with server.services.database.reading() as db:
        assert [list(row.topics) for row in queries.vote_rows(db, 1)] == [[1, 2, 3, 4]]
        assert [row.words for row in queries.challenge_rows(db)] == ["Why do callers wait?"]


def test_a_finding_is_drafted_approved_by_two_and_issued_by_the_office(
    server: Any, standing_clock: StandingClock
) -> None:
    with signed_in(server, Role.COORDINATOR) as office:
        unknown = based(office, "/consortium", "/consortium/findings", {**TYPED, "due_on": "2026-06-29"})
        fields = {**TYPED, "due_on": "2026-06-30", "topic": ""}
        page = based(office, "/consortium", "/consortium/findings", fields).headers["Location"]
        assert based(office, page, f"{page}/copy").status_code == 303
        refused = based(office, page, f"{page}/issue")
        unsaid = office.get(page).text
    assert unknown.status_code == 409
    assert (refused.status_code, "two people have to approve it first, and 0 did" in refused.text) == (409, True)
    assert "Declare for 2026" in unsaid
    finding_id = int(page.rpartition("/")[2])
    copy_of_it = what_of(finding_id)
    for role in (Role.COORDINATOR, Role.ADMIN):
        with signed_in(server, role) as office:
            send(office, "/account/ties", {"organisations": ""})
            digest = re.search(r'name="digest" value="(\w{64})"', office.get(page).text)
            assert digest is not None, office.get(page).text
            assert based(office, page, f"{page}/sign", {"digest": digest[1]}).status_code == 303
    with server.services.database.reading() as db:
        assert publications.published(db, copy_of_it) is None
    standing_clock.at = BEFORE + timedelta(minutes=5)
    with signed_in(server, Role.ADMIN) as office:
        assert based(office, page, f"{page}/issue").status_code == 303
        assert based(office, page, f"{page}/open", {"open": "yes"}).status_code == 303
    with server.services.database.reading() as db:
        out = publications.published(db, copy_of_it)
    assert out is not None
    assert (out.audience, out.published_at, len(out.signatures)) == ("members", standing_clock.at, 2)
    assert status(server, Role.MEMBER, f"/findings/{finding_id}") == 200


def test_the_office_sets_members_people_and_events(server: Any, standing_clock: StandingClock) -> None:
    page = "/consortium"
    with signed_in(server, Role.COORDINATOR) as office:
        with server.services.database.reading() as db:
            (user,) = [row[0] for row in queries.people_of_members(db)]
        ends = {"organisation": "harbour", "from_on": STARTS, "until_on": "2026-05-31"}
        done = [
            based(office, page, "/consortium/term", {"starts_on": "2028-04-01"}),
            based(
                office,
                page,
                "/consortium/gatherings",
                {"kind": "luncheon", "title_en": "Lunch", "starts": "2026-06-01 11:00"},
            ),
            based(office, page, "/consortium/people", {"user": user, "organisation": "lotus"}),
            based(office, page, "/consortium/members", ends),
        ]
        wrong = [
            based(office, page, "/consortium/term", {"starts_on": "soon"}),
            based(
                office, page, "/consortium/gatherings", {"kind": "party", "title_en": "x", "starts": "2026-06-01 11:00"}
            ),
            based(office, page, "/consortium/people", {"user": user, "organisation": "nobody"}),
            based(office, page, "/consortium/people", {"user": "x", "organisation": "lotus"}),
            based(office, page, "/consortium/members", {**ends, "organisation": "nobody"}),
            based(office, page, "/consortium/ballots", {"opens": "2020-01-01", "closes": "2020-01-02"}),
            based(office, page, "/consortium/came", {"event": "1", "organisation": "lotus", "people": "2"}),
        ]
        with signed_in(server, Role.MEMBER) as member:
            come = send(member, "/consortium/events/1", {"people": "3"}, page=page)
            many = send(member, "/consortium/events/1", {"people": "a lot"}, page=page)
        standing_clock.at = BEFORE + timedelta(hours=2)
        came = based(office, page, "/consortium/came", {"event": "1", "organisation": "lotus", "people": "2"})
        board = office.get(page).text
    assert [one.status_code for one in (*done, come, came)] == [303] * 6
    assert [one.status_code for one in (*wrong, many)] == [409] * 8
    assert "3 said, 2 came" in board
    assert "2028-06-30" in board


def test_whoever_speaks_for_nobody_is_told(server: Any) -> None:
    with server.services.database.transaction() as db:
        member = users.user_named(db, Role.MEMBER.value)
        assert member is not None
        queries.set_person(db, member.id, None, member.id, BEFORE)
    with signed_in(server, Role.MEMBER) as client:
        page = client.get("/consortium")
        put = send(client, "/consortium/challenges", {"words": "x"})
    assert (page.status_code, put.status_code) == (200, 409)
    assert "does not speak for a member yet" in page.text
