"""TYP, APR: rows of the season typed, edited, withdrawn and approved on pages; the edition's page and its notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update

from sync_server.database import tables
from sync_server.people.permissions import Role
from tests.builders import both
from tests.sync_server.desk import add_accounts, signed_in
from tests.sync_server.whole_desk import forms_of

PAGE = "/records/entrants/row?key=harbour-ferry"


@pytest.fixture
def desk(server) -> Iterator[httpx.Client]:
    add_accounts(server)
    with signed_in(server, Role.COORDINATOR) as client:
        yield client


def fields(client: httpx.Client, page: str, action: str) -> dict[str, str]:
    """The fields of the form of a page, as a browser would send them unchanged."""
    text = client.get(page).text
    form = next(form for form in forms_of(text) if form.action == action)
    chosen = dict(re.findall(r'<select id="[^"]+" name="([^"]+)".*?<option value="([^"]*)" selected', text, re.DOTALL))
    written = re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    return {**form.fields, **chosen, **{name: unescape(words) for name, words in written}}


def typed(client: httpx.Client, table: str, key: str = "", **cells: str) -> httpx.Response:
    action = f"/records/{table}/row"
    sent = fields(client, f"{action}?key={key}" if key else action, action)
    return client.post(action, data=sent | {f"f-{name}": value for name, value in cells.items()})


def row(server: Any, table: Any, *where: Any) -> Any:
    with server.services.database.reading() as db:
        return db.execute(select(table).where(*where)).first()


def test_typ_1_a_new_row_is_written_with_its_history_and_the_same_form_again_changes_nothing(server, desk) -> None:
    answer = typed(desk, "entrants", entrant="peak-tram", name_en="Peak Tram", industry="transport_logistics")
    assert (answer.status_code, answer.headers["location"]) == (303, "/records/entrants/row?key=peak-tram&note=written")
    assert row(server, tables.entrants, tables.entrants.c.id == "peak-tram").name["en"] == "Peak Tram"
    page = desk.get(answer.headers["location"]).text
    assert "The coordinator" in page
    assert "Typed on a page" in page
    assert typed(desk, "entrants", "peak-tram").headers["location"].endswith("note=same")


def test_typ_1_what_an_import_refuses_is_refused_at_its_field_and_the_words_stay(server, desk) -> None:
    answer = typed(desk, "entrants", entrant="peak tram", name_en="Peak Tram", industry="transport_logistics")
    assert answer.status_code == 422
    assert "is not a code" in answer.text
    assert 'value="Peak Tram"' in answer.text
    unknown = typed(desk, "branches", branch="peak", entrant="nobody", name_en="Peak", address_en="Peak")
    assert "nobody" in unknown.text
    assert row(server, tables.branches, tables.branches.c.id == "peak") is None


def test_typ_2_what_reaches_assignments_is_previewed_before_it_is_written(server, desk) -> None:
    answer = typed(desk, "entrants", "harbour-ferry", name_en="Harbour Ferry Line")
    assert re.fullmatch(r"/imports/[0-9a-f]{16}", answer.headers["location"])
    assert "Write" in desk.get(answer.headers["location"]).text
    assert row(server, tables.entrants, tables.entrants.c.id == "harbour-ferry").name["en"] != "Harbour Ferry Line"


def test_typ_3_a_row_that_moved_since_keeps_the_words_and_writes_nothing(server, desk) -> None:
    typed(desk, "branches", branch="peak", entrant="harbour-ferry", name_en="Peak", address_en="Peak")
    old = fields(desk, "/records/branches/row?key=peak", "/records/branches/row")
    assert desk.post("/records/branches/row", data=old | {"f-district": "Central"}).status_code == 303
    late = desk.post("/records/branches/row", data=old | {"f-district": "Islands"})
    assert (late.status_code, 'value="Islands"' in late.text) == (409, True)
    assert row(server, tables.branches, tables.branches.c.id == "peak").district == "Central"


def test_typ_4_a_new_row_takes_nobodys_place(server, desk) -> None:
    answer = typed(desk, "entrants", entrant="harbour-ferry", name_en="Another", industry="transport_logistics")
    assert (answer.status_code, "such a row already" in answer.text) == (409, True)


def test_typ_5_a_row_others_name_stays_and_any_other_goes_and_can_be_taken_back(server, desk) -> None:
    kept = fields(desk, PAGE, "/records/entrants/withdraw")
    refused = desk.post("/records/entrants/withdraw", data=kept)
    assert (refused.status_code, "names it" in refused.text) == (409, True)
    typed(desk, "branches", branch="peak", entrant="harbour-ferry", name_en="Peak", address_en="Peak")
    gone = fields(desk, "/records/branches/row?key=peak", "/records/branches/withdraw")
    assert desk.post("/records/branches/withdraw", data=gone).headers["location"] == "/records/branches"
    assert row(server, tables.branches, tables.branches.c.id == "peak") is None
    sets = desk.get("/imports").text
    undo = re.findall(r'href="/imports/([0-9a-f]{16})"', sets)[0]
    token = fields(desk, f"/imports/{undo}", f"/imports/{undo}/undo")
    assert desk.post(f"/imports/{undo}/undo", data=token).status_code == 303
    assert row(server, tables.branches, tables.branches.c.id == "peak") is not None


def test_apr_1_two_different_people_approve_and_typ_6_other_words_need_new_approvals(server, desk) -> None:
    typed(desk, "scenarios", scenario="lost-card", channel="phone_in", title_en="Lost card", briefing_en="A card.")
    page = "/records/scenarios/row?key=lost-card"

    def approve(client: httpx.Client) -> int:
        return client.post(
            "/records/scenarios/approve", data=fields(client, page, "/records/scenarios/approve")
        ).status_code

    def names() -> list[str]:
        return list(row(server, tables.scenarios, tables.scenarios.c.id == "lost-card").approved_by)

    assert (approve(desk), approve(desk)) == (303, 409)
    with signed_in(server, Role.ADMIN) as other:
        assert approve(other) == 303
        assert names() == ["The coordinator (coordinator)", "The admin (admin)"]
        assert approve(other) == 409
    assert typed(desk, "scenarios", "lost-card").headers["location"].endswith("note=same")
    typed(desk, "scenarios", "lost-card", briefing_en="You are seriously ill.")
    assert names() == []
    refused = desk.post("/records/scenarios/approve", data=fields(desk, page, "/records/scenarios/approve"))
    assert (refused.status_code, "ill" in refused.text) == (409, True)


def test_a_viewer_sees_the_edition_and_no_record_and_an_edition_stands_under_every_page(server) -> None:
    add_accounts(server)
    with server.services.database.transaction() as db:
        values = {"title": both("Award 2021"), "contact": {"email": "desk@example.org"}, "milestones": {}}
        db.execute(insert(tables.editions).values(year=2021, created_at=datetime(2021, 1, 1, tzinfo=UTC), **values))
    with signed_in(server, Role.VIEWER) as client:
        assert client.get("/records").status_code == 403
        page = client.get("/edition").text
        assert "No day is set." in page
        assert "Edit the edition" not in page
        assert "desk@example.org" in client.get("/assessments").text


def test_apv_3_a_page_says_that_only_a_file_names_who_approved_until_two_have_signed(server, desk) -> None:
    with server.services.database.transaction() as db:
        scenario = db.execute(select(tables.scenarios.c.id)).scalars().first()
        db.execute(update(tables.scenarios).values(approved_by=["May Chan", "K. T. Lo"]))
    page = f"/records/scenarios/row?key={scenario}"
    assert "Only a file says" in desk.get(page).text
    with signed_in(server, Role.ADMIN) as other:
        for client in (desk, other):
            form = fields(client, page, "/records/scenarios/approve")
            assert client.post("/records/scenarios/approve", data=form).status_code == 303
    approved = row(server, tables.scenarios, tables.scenarios.c.id == scenario).approved_by
    assert approved[-2:] == ["The coordinator (coordinator)", "The admin (admin)"]


def test_rcw_1_the_lists_say_words_and_the_code_in_small_print(server, desk) -> None:
    """RCW-1, RCW-2"""
    desk.cookies.set("language", "en")
    page = desk.get("/records/entries").text
    assert " · Phone-in</span>" in page, "the key by its parts"
    with server.services.database.transaction() as db:
        db.execute(update(tables.assessors).values(languages=["yue", "en"]))
    people = re.sub(r"\s+", " ", desk.get("/records/assessors").text)
    found = re.search(r">Cantonese, English <span class=.why mono.>(.*?)<", people)
    assert found is not None
    assert re.split(r"; ?", found[1]) == ["yue", "en"]
    desk.cookies.set("language", "zh-Hant")
    assert re.search(r">廣東話, 英語 <span", re.sub(r"\s+", " ", desk.get("/records/assessors").text)) is not None
