"""The demo's CSQS company. Ids are those in sync_server/demo/site_visits.py."""

from __future__ import annotations

from sqlalchemy import insert

from checklists.csqs.standard import site_visit_form
from checklists.record.derived import circumstances
from checklists.record.findings import findings
from checklists.record.sheet import sheet_of
from sync_server import clock
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import csqs as queries
from sync_server.demo.site_visits import site_visits
from tests.builders import an_assignment
from tests.sync_server.season_kit import add_season


def test_dsv_1_the_visits_are_whole_and_handed_out_once(database: Database) -> None:
    with database.transaction() as db:
        add_season(db)
        db.execute(insert(tables.assessors).values(id="A-1", name="Yuen", created_at=clock.now()))
        first = site_visits(db, 1, clock.now())
        again = site_visits(db, 1, clock.now())
        assert len(queries.visits(db)) == 2

    assert [one.visit.record for one in first] == [one.visit.record for one in again]
    forms = {site_visit_form().id: site_visit_form()}
    where = circumstances(an_assignment(), "Asia/Hong_Kong")
    for one in first:
        open_still = findings(one.visit.record, sheet_of(one.visit.record, forms), circumstances=where)
        assert [finding.code for finding in open_still if finding.blocks_finish] == []
        assert one.sent_at < clock.now()
