"""A visit at the desk, as people send its forms: rated blind, settled, decided by two, in the register for anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx

from sync_server import clock
from sync_server.database.queries import csqs_decisions
from sync_server.people.permissions import Role
from tests.sync_server.csqs.csqs_kit import a_visit, asked, handed_out
from tests.sync_server.desk import browser, push, send, signed_in


def arrived(desk: Any) -> str:
    with desk.services.database.transaction() as db:
        record = a_visit(handed_out(db), 3)
    push(desk, record)
    return f"/csqs/visits/{record.id}"


def done(client: httpx.Client, page: str, what: str, fields: Mapping[str, str]) -> httpx.Response:
    """Send a form of `page` as it stands there now."""
    basis = re.search(r'name="basis" value="([0-9]+)"', client.get(page).text)
    return send(client, f"{page}/{what}", {**fields, "basis": basis[1] if basis else ""}, page=page)


def test_two_people_make_a_level_of_a_visit_and_anybody_reads_it(desk: Any) -> None:
    """RTD-1: what the assessor rated is not on the page of whoever rates it a second time."""
    page = arrived(desk)
    ratings = dict.fromkeys(asked(), "3") | {"S101": "1"}
    with signed_in(desk, Role.REVIEWER) as client:
        assert "Before you rate it" in client.get(page).text
        assert "S204" not in client.get(page).text
        done(client, page, "tie", {"tie": "no"})
        asked_of = client.get(page).text
        short = done(client, page, "ratings", ratings | {"S204": "", "act": "final"})
        final = done(client, page, "ratings", ratings | {"act": "final"})
        settled = done(client, page, "settle", {"item": "S101", "rating": "2", "reason": "x"})
    with signed_in(desk, Role.COORDINATOR) as client:
        waits = client.get(page).text
        send(client, "/account/ties", {"organisations": ""})
        early = done(client, page, "decide", {"begins_on": "2026-11-27", "reason": "agreed"})
        done(client, page, "settle", {"item": "S101", "rating": "2", "reason": "Looked again."})
        card = client.get(page).text
        soon = done(client, page, "decide", {"begins_on": "soon", "reason": "agreed"})
        made = done(client, page, "decide", {"begins_on": f"{clock.now():%Y-%m-%d}", "reason": "agreed"})
    with desk.services.database.reading() as db:
        (row,) = csqs_decisions.decisions(db)
    with browser(desk) as anybody:
        before = anybody.get("/register").text
    with signed_in(desk, Role.ADMIN) as client:
        send(client, "/account/ties", {"organisations": ""})
        confirmed = done(client, page, "confirm", {"decision": row.id})
        certificate = client.get(f"/csqs/certificates/{row.id}")
    with browser(desk, language="zh-Hant") as anybody:
        after = anybody.get("/register").text

    assert "Seen, dated this month." in asked_of
    assert "How the assessor rated it is shown once" in asked_of
    assert (short.status_code, final.status_code, settled.status_code) == (409, 303, 403)
    assert "S204" in short.text
    assert "to be settled" in waits
    assert (early.status_code, soon.status_code, made.status_code) == (409, 409, 303)
    assert "Level 3, Strategic business unit" in card
    assert "Scorecard" in card
    assert "Lantern Service Centre" not in before
    assert "DIALOG TELEKOM" in before
    assert confirmed.status_code == 303
    assert certificate.content.startswith(b"%PDF")
    assert "明燈服務中心" in after
    assert "有效" in after


def test_a_tied_moderator_does_not_see_what_is_to_be_rated(desk: Any) -> None:
    page = arrived(desk)
    with signed_in(desk, Role.REVIEWER) as client:
        done(client, page, "tie", {"tie": "yes"})
        seen = client.get(page).text

    assert "You are tied to this organisation" in seen
    assert "S101" not in seen


def test_a_holder_is_entered_and_the_gate_opens_further(desk: Any) -> None:
    page = arrived(desk)
    typed = {"company": "csqs-company-1", "person": "Chan Tai Man", "number": "CCSM-7", "held_on": "2020-05-01"}
    with signed_in(desk, Role.COORDINATOR) as client:
        lacking = client.get("/csqs/holders").text
        wrong = send(client, "/csqs/holders", typed | {"held_on": "soon"}, page="/csqs/holders")
        send(client, "/csqs/holders", typed, page="/csqs/holders")
        after = client.get("/csqs/holders").text
        absent = client.get("/csqs/visits/none")
        listed = client.get("/csqs").text

    assert "Nobody of the organisation holds a CCSM" in lacking
    assert wrong.status_code == 409
    assert "Chan Tai Man" in wrong.text
    assert "Nobody of the organisation holds a CCSM" not in after
    assert "No CSQS visit of the organisation was decided" in after
    assert absent.status_code == 404
    assert page in listed


def test_a_site_visit_is_read_where_other_visits_are(desk: Any) -> None:
    visit = arrived(desk).rpartition("/")[2]
    with signed_in(desk, Role.REVIEWER) as client:
        shown = {path: client.get(path).status_code for path in (f"/assessments/{visit}", "/bench", f"/bench/{visit}")}
    assert set(shown.values()) == {200}, shown
