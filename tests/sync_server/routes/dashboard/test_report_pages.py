"""Reports as pages: an entrant reads its own once they are out, and they do not change with the season."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from sync_server.database import tables
from sync_server.people.permissions import Role
from tests.builders import NOON
from tests.sync_server.conftest import Running
from tests.sync_server.desk import signed_in
from tests.sync_server.season_kit import ASSESSOR
from tests.sync_server.signed_round import before_release, release

OWN = "/reports/harbour-ferry/phone_in/1"


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Running]:
    yield from before_release(tmp_path)


def test_an_entrant_reads_its_own_report_from_its_moment_on(quiet: Any) -> None:
    with signed_in(quiet, Role.ENTRANT) as entrant, signed_in(quiet, Role.VIEWER) as office:
        assert "No report yet" in entrant.get("/reports").text
        assert [entrant.get(path).status_code for path in (OWN, f"{OWN}/pdf")] == [404, 404]
        assert "Draft" in office.get(OWN).text
        release(quiet)
        assert OWN in entrant.get("/reports").text
        page = entrant.get(OWN).text
        assert ("Draft" in page, "Round score" in page, f"Name of {ASSESSOR}" in page) == (False, True, False)
        assert "notice bad" not in page
        assert "Is it ready?" not in office.get("/release/round-1").text
        pdf = entrant.get(f"{OWN}/pdf")
        assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    with signed_in(quiet, Role.ENTRANT, language="zh-Hant") as entrant:
        assert "回合分數" in entrant.get(OWN).text


def test_an_entrant_reads_nobody_elses(quiet: Any) -> None:
    """PERM-3"""
    release(quiet)
    with quiet.services.database.transaction() as db:
        rival = {"id": "rival", "organisation": "rival", "name": {"en": "Rival"}, "industry": "telecommunications"}
        db.execute(insert(tables.entrants).values(**rival, created_at=NOON))
        db.execute(update(tables.users).where(tables.users.c.role == "entrant").values(entrant_id="rival"))
    with signed_in(quiet, Role.ENTRANT) as client:
        assert OWN not in client.get("/reports").text
        assert [client.get(path).status_code for path in (OWN, f"{OWN}/pdf", "/release")] == [404, 404, 403]


def test_a_report_that_is_out_does_not_change_with_the_season(quiet: Any) -> None:
    """RPC-1"""
    release(quiet)
    with signed_in(quiet, Role.ENTRANT) as client:
        before = client.get(OWN).text.partition("<main")[2]
        with quiet.services.database.transaction() as db:
            db.execute(update(tables.assessments).values(status="void"))
            db.execute(update(tables.entrants).values(name={"en": "Another name"}))
        assert client.get(OWN).text.partition("<main")[2] == before


def test_there_is_no_report_of_what_is_not_there(quiet: Any) -> None:
    with signed_in(quiet, Role.ADMIN) as client:
        paths = ("/reports/nobody/phone_in/1", "/reports/harbour-ferry/phone_in/9", "/reports/harbour-ferry/onsite/1")
        assert [client.get(path).status_code for path in paths] == [404, 404, 404]
