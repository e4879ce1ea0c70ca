"""GRP, GRE and IMP-8: the industry group of an entrant, decided with its effects shown; locked once it closed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sync_server.database.queries import season
from sync_server.database.queries.groupings import groupings_by_entrant
from sync_server.exchange.csv.season_import import import_files
from sync_server.people.permissions import Role
from tests.builders import NOON
from tests.sync_server.desk import signed_in
from tests.sync_server.enrolment_kit import add_edition
from tests.sync_server.whole_desk import forms_of

CHOICE = {"entrant": "harbour-ferry", "industry": "commerce", "reason": "They sell goods."}


def show(client: httpx.Client, **choice: str) -> httpx.Response:
    form = next(form for form in forms_of(client.get("/grouping").text) if form.action == "/grouping")
    return client.post("/grouping", data={**form.fields, **CHOICE, **choice})


def confirm(client: httpx.Client, shown: httpx.Response, **changes: str) -> httpx.Response:
    form = next(form for form in forms_of(shown.text) if form.action == "/grouping")
    return client.post("/grouping", data={**form.fields, "reason": CHOICE["reason"], **changes})


def group_of(server: Any) -> str:
    with server.services.database.reading() as db:
        return str(next(row["industry"] for row in season.rows_of(db, "entrants") if row["id"] == "harbour-ferry"))


def test_gre_1_the_effects_are_shown_first_and_then_decided_with_who_when_and_why(desk) -> None:
    with desk.services.database.transaction() as db:
        add_edition(db, enrolment_closes="2021-02-10")
    with signed_in(desk, Role.COORDINATOR) as client:
        shown = show(client)
        assert shown.status_code == 200
        assert ("Commerce" in shown.text, "unchanged" in shown.text) == (True, True)
        assert group_of(desk) == "transport_logistics"
        assert confirm(client, shown).status_code == 303
        page = client.get("/grouping").text
    assert group_of(desk) == "commerce"
    assert ("The coordinator" in page, "They sell goods." in page, "ruling" in page) == (True, True, True)
    with desk.services.database.reading() as db:
        kept = groupings_by_entrant(db)["harbour-ferry"][0].row
    assert (kept.is_ruling, ["harbour-ferry", "fee", "unchanged", "unchanged"] in kept.effects) == (True, True), "GRP-1"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"reason": " "}, 409, id="GRP-1 without a reason"),
        pytest.param({"effects": "others"}, 200, id="GRP-2 other effects than were shown: they are shown again"),
    ],
)
def test_nothing_is_decided(desk, changes, status) -> None:
    with signed_in(desk, Role.COORDINATOR) as client:
        assert confirm(client, show(client), **changes).status_code == status
    assert group_of(desk) == "transport_logistics"


@pytest.mark.parametrize(
    ("closes", "codes"),
    [
        pytest.param("2021-01-01", ["industry-locked"], id="IMP-8 after the close a file changes no group"),
        pytest.param("2189-01-01", [], id="IMP-8 before it a file may"),
    ],
)
def test_the_group_is_locked_at_the_close(database, closes, codes) -> None:
    files = {"entrants.csv": b"entrant,name_en,industry\npeak,Peak,commerce\n"}
    with database.transaction() as db:
        import_files(db, files, now=NOON)
        add_edition(db, enrolment_closes=closes)
        files = {"entrants.csv": files["entrants.csv"].replace(b"commerce", b"telecommunications")}
        assert [each.code for each in import_files(db, files, now=NOON).problems] == codes
