"""DIG: an industry digest is of what came out in its quarter, names nobody, and is for members alone for a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import Connection, select

from checklists.language import LANGUAGES
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import publications
from sync_server.database.queries.publications import NewPublication
from sync_server.database.queries.releases import ReleaseRow, append_release
from sync_server.people.permissions import Role
from sync_server.print.document import Rows, Words
from sync_server.print.typeset import pdf_of
from sync_server.publication.packed import deflated
from sync_server.reports.industry_digest import Quarter, industry_digest, parts_of, quarter_of, quarters
from sync_server.reports.words import Say
from tests.sync_server.closed_season import add_person, desk_of
from tests.sync_server.desk import signed_in
from tests.sync_server.reports.results_kit import a_results_copy
from tests.sync_server.season_kit import add_season

MAY, JULY, AUGUST = (datetime(2021, month, 14, 1, tzinfo=UTC) for month in (5, 7, 8))
QUARTER = Quarter(2021, 2)


def add_copy(db: Connection, number: int, at: datetime, correction: int = 0) -> None:
    """A signed copy of a round of the results' season, which is out from a moment on."""
    people = [add_person(db, f"signer-{number}-{correction}-{place}") for place in (1, 2)]
    version = db.execute(select(tables.rulesets)).first()
    assert version is not None
    file = a_results_copy().file
    row = NewPublication(
        id=f"round-{number}-{correction + 1}", what=f"round-{number}", round=number, copy=correction + 1,
        correction=correction, audience="entrants", rules_version=version.version, rules_digest=version.digest,
        digest=f"{number}{correction}" * 32, body=deflated(file), reason="A dispute." if correction else "",
        made_at=at, made_by=people[0],
    )  # fmt: skip
    publications.add_publication(db, row)
    for user_id in people:
        publications.sign(db, row.id, user_id, row.digest, at)
    append_release(db, ReleaseRow(number, at, at, people[0]))


@pytest.mark.parametrize(
    ("at", "quarter"),
    [
        pytest.param(datetime(2021, 3, 31, 15, 59, 59, tzinfo=UTC), Quarter(2021, 1), id="the last second of March"),
        pytest.param(datetime(2021, 3, 31, 16, tzinfo=UTC), QUARTER, id="midnight in Hong Kong"),
        pytest.param(datetime(2021, 12, 31, 16, tzinfo=UTC), Quarter(2022, 1), id="the new year"),
    ],
)
def test_a_quarter_is_that_of_the_clock_on_the_wall(at: datetime, quarter: Quarter) -> None:
    zone = ZoneInfo("Asia/Hong_Kong")
    assert quarter_of(at, zone) == quarter
    assert (quarter.begins(zone) <= at, at < quarter.ends(zone)) == (True, True)
    assert QUARTER.is_public_at(zone).isoformat() == "2022-07-01T00:00:00+08:00"


def test_a_digest_is_of_its_quarter_alone_and_of_many(database: Database) -> None:
    """DIG-1, DIG-2"""
    with database.transaction() as db:
        add_season(db)
        add_copy(db, 1, MAY)
        add_copy(db, 1, JULY, correction=1)
        add_copy(db, 2, JULY)
        desk = desk_of(db)
        assert quarters(desk, datetime(2021, 6, 30, 15, tzinfo=UTC)) == []
        assert quarters(desk, AUGUST) == [QUARTER]
        ((number, out, later),) = parts_of(desk, QUARTER)
        assert (number, out.correction, later and later.correction) == (1, 0, 1)
        document = industry_digest(desk, QUARTER, Say("en", desk.zone), AUGUST)
        printed = [industry_digest(desk, QUARTER, Say(language, desk.zone), AUGUST) for language in LANGUAGES]
    words = msgspec.json.encode(document).decode()
    assert [one for one in ("Acorn", "Birch", "Holdings") if one in words] == []
    (table,) = [block for block in document.blocks if isinstance(block, Rows)]
    assert [list(row) for row in table.rows] == [
        ["Banks and Loan Institutions", "–", "–"],
        ["Transports and Logistics", "–", "–"],
        ["All", "6", "83.50"],
    ]
    assert any("correction 1" in block.text for block in document.blocks if isinstance(block, Words))
    assert "For members alone until 1 Jul 2022" in document.confidential
    assert all(pdf_of(one)[:5] == b"%PDF-" for one in printed)


def test_a_digest_is_the_members_and_the_offices_for_a_year(desk: Any) -> None:
    """DIG-3"""
    now = desk.services.clock()
    with desk.services.database.transaction() as db:
        zone = desk_of(db).zone
        recent, old = (quarter_of(now - timedelta(days=days), zone) for days in (100, 500))
        add_copy(db, 1, now - timedelta(days=500))
        add_copy(db, 2, now - timedelta(days=100))
    with signed_in(desk, Role.COORDINATOR) as client:
        assert [one.name in client.get("/digests").text for one in (recent, old)] == [True, True]
        assert f"quarter {recent.number} of {recent.year}" in client.get(f"/digests/{recent.name}").text
        assert client.get(f"/digests/{recent.name}/pdf").content[:5] == b"%PDF-"
        table = client.get(f"/digests/{recent.name}/table").text
        assert ("All,6,83.83" in table, "Acorn" in table) == (True, False)
        assert client.get(f"/digests/{recent.name}/table?as=xlsx").content[:2] == b"PK"
        assert client.get("/digests/2021-Q3").status_code == 404
    with signed_in(desk, Role.ENTRANT) as client:
        assert [one.name in client.get("/digests").text for one in (recent, old)] == [False, True]
        answers = [client.get(f"/digests/{one.name}") for one in (recent, old)]
        tables_ = [client.get(f"/digests/{one.name}/table") for one in (recent, old)]
    assert [(each.status_code, "alone until" in each.text) for each in answers] == [(403, True), (200, False)]
    assert [each.status_code for each in tables_] == [403, 200]
