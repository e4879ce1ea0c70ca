"""A visit at the desk, as people send its forms: rated blind, settled, decided by two, in the register for anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from checklists.csqs.standard import csqs
from sync_server import clock
from sync_server.csqs.deciding import confirm, decide, withdraw
from sync_server.csqs.moderating import Doer
from sync_server.custody.word_retention import WordErasure, WordsDue
from sync_server.database.queries import csqs_decisions
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.users import list_users
from sync_server.people.permissions import Role
from tests.sync_server.csqs.csqs_kit import a_visit, asked, handed_out, moderated
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
        assert "waits for its second rating" in client.get("/csqs").text
        assert "Before you rate it" in client.get(page).text
        assert "S204" not in client.get(page).text
        done(client, page, "tie", {"tie": "no"})
        asked_of = client.get(page).text
        short = done(client, page, "ratings", ratings | {"S204": "", "act": "final"})
        final = done(client, page, "ratings", ratings | {"act": "final"})
        settled = done(client, page, "settle", {"item": "S101", "rating": "2", "reason": "x"})
    with signed_in(desk, Role.COORDINATOR) as client:
        waits, twice = client.get(page).text, client.get("/csqs").text
        send(client, "/account/ties", {"organisations": ""})
        early = done(client, page, "decide", {"begins_on": "2026-11-27", "reason": "agreed"})
        done(client, page, "settle", {"item": "S101", "rating": "2", "reason": "Looked again."})
        card = client.get(page).text
        soon = done(client, page, "decide", {"begins_on": "soon", "reason": "agreed"})
        made = done(client, page, "decide", {"begins_on": f"{clock.now():%Y-%m-%d}", "reason": "agreed"})
        half = client.get("/csqs").text
    with desk.services.database.reading() as db:
        (row,) = csqs_decisions.decisions(db)
    with browser(desk) as anybody:
        before = anybody.get("/register").text
    with signed_in(desk, Role.ADMIN) as client:
        send(client, "/account/ties", {"organisations": ""})
        confirmed = done(client, page, "confirm", {"decision": row.id})
        certificate = client.get(f"/csqs/certificates/{row.id}")
        whole = client.get("/csqs").text
    with browser(desk, language="zh-Hant") as anybody:
        after = anybody.get("/register").text

    assert "Seen, dated this month." in asked_of
    assert "How the assessor rated it is shown once" in asked_of
    assert (short.status_code, final.status_code, settled.status_code) == (409, 303, 403)
    assert "S204" in short.text
    assert "to be settled" in waits
    assert "rated twice: to be decided" in twice
    assert "decided: waits for a second person" in half
    assert "level 3, Strategic business unit" in whole
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


@pytest.mark.parametrize("page", ["/assessments", "/bench"])
def test_mdr_4_whoever_may_rate_it_second_is_warned_and_reading_it_rules_that_out(desk: Any, page: str) -> None:
    own = arrived(desk)
    visit = own.rpartition("/")[2]
    with signed_in(desk, Role.REVIEWER) as client:
        warned = client.get(f"{page}/{visit}").text
        done(client, own, "tie", {"tie": "no"})
        free = client.get(own).text
        read = client.get(f"{page}/{visit}?look=yes").text
        ruled_out = client.get(own).text
        again = client.get(f"{page}/{visit}").text
    with signed_in(desk, Role.VIEWER) as client:
        viewer = client.get(f"/assessments/{visit}").text
    assert "waits for its second rating" in warned
    assert "S101" not in warned
    assert "Your rating of S101" in free
    assert "S101" in read
    assert "You have read this visit with its ratings" in ruled_out
    assert "S101" in again
    assert "S101" in viewer, "a viewer rates nothing"


def test_dcd_4_a_company_reads_its_own_level_from_the_second_name_on(desk: Any) -> None:
    with desk.services.database.transaction() as db:
        record = a_visit(handed_out(db, company="harbour-ferry"), 3)
    push(desk, record)
    now = clock.now()
    with desk.services.database.transaction() as db:
        people = {row.role: row.id for row in list_users(db)}
        for person in people.values():
            add_declaration(db, person, Declaration((), None, now))
        moderated(db, record.id, people[Role.REVIEWER], 3)
        row = decide(db, csqs(), record.id, (now.date(), "agreed"), Doer(people[Role.COORDINATOR], now))
    own, paper = f"/csqs/levels/{row.id}", f"/csqs/certificates/{row.id}"
    with signed_in(desk, Role.ENTRANT) as client:
        early = [client.get(path).status_code for path in (own, paper)]
        listed_early = own in client.get("/reports").text
        with desk.services.database.transaction() as db:
            confirm(db, row.id, Doer(people[Role.ADMIN], now))
        page, listed = client.get(own), own in client.get("/reports").text
        certificate = client.get(paper)
        with desk.services.database.transaction() as db:
            withdraw(db, row.id, "A mistake.", Doer(people[Role.ADMIN], now))
        late = client.get(own).status_code
        visit = client.get(f"/csqs/visits/{record.id}").status_code
    assert (early, listed_early, late, visit) == ([404, 404], False, 404, 403)
    assert (page.status_code, listed) == (200, True)
    assert all(words in page.text for words in ("Scorecard", "Digest (SHA-256)", row.digest))
    assert not any(words in page.text for words in ("The reviewer", "The coordinator", "agreed"))
    assert certificate.content.startswith(b"%PDF")


def test_a_site_visit_is_read_where_other_visits_are(desk: Any) -> None:
    visit = arrived(desk).rpartition("/")[2]
    with signed_in(desk, Role.REVIEWER) as client:
        shown = {path: client.get(path).status_code for path in (f"/assessments/{visit}", "/bench", f"/bench/{visit}")}
    assert set(shown.values()) == {200}, shown


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "after the retention period"), ("zh-Hant", "保存期")],
    ids=["en", "zh-Hant"],
)
@pytest.mark.parametrize("is_rated", [False, True], ids=["being rated", "rated"])
def test_words_whose_time_is_over_are_a_sentence_and_no_mark(
    standing_desk: Any, language: str, told: str, is_rated: bool
) -> None:
    desk = standing_desk
    page = arrived(desk)
    visit = page.rpartition("/")[2]
    with desk.services.database.transaction() as db:
        reviewer = next(one.id for one in list_users(db) if one.role == "reviewer")
        if is_rated:
            notes = {f"{item}-note": "As I saw it." for item in asked()}
            moderated(db, visit, reviewer, dict.fromkeys(asked(), "3") | notes)
    with signed_in(desk, Role.REVIEWER, language=language) as client:
        if is_rated:
            assert "As I saw it." in client.get(page).text
        else:
            done(client, page, "tie", {"tie": "no"})
        erasing = WordErasure(desk.services.database, desk.services.forms)
        assert erasing.erase(WordsDue(visit, "csqs-company-1", clock.now(), "words"), clock.now())
        after = client.get(page).text
    assert "[erased]" not in after
    assert told in after
    assert "S101" in after
