"""ODR: a client of OData that others keep, python-odata, reads the season as the author of a program would."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
from odata import ODataService
from python_calamine import CalamineWorkbook

from sync_server.database.queries.open_tables import open_sets
from sync_server.people.permissions import Role
from tests.sync_server.odata_kit import token_for
from tests.sync_server.season_kit import score_all_twice
from tests.sync_server.workbooks import xlsx

# What the door answers from either database is shown by test_odata.
pytestmark = pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)


@pytest.fixture
def service(desk: Any) -> ODataService:
    session = requests.Session()
    session.trust_env = False
    session.auth = ("anybody", token_for(desk, Role.VIEWER))
    session.headers["Prefer"] = "odata.maxpagesize=3"
    return ODataService(f"{desk.url}/odata/v4/", session=session, reflect_entities=True, quiet_progress=True)


def test_a_public_client_finds_every_table_and_reads_it_to_its_end(arrived, service):
    """ODR-2"""
    assert set(service.entities) == set(open_sets("sqlite"))
    for name, kind in service.entities.items():
        keys = [key for key, field in vars(kind.__mro__[1]).items() if getattr(field, "primary_key", False)]
        assert set(keys) == set(open_sets("sqlite")[name].key), name
        rows = service.query(kind).all()
        assert len(rows) == service.query(kind).count(), name
        held = [tuple(getattr(row, key) for key in keys) for row in rows]
        assert len(set(held)) == len(held), f"{name}: a row on two pages"


def test_a_public_client_filters_orders_chooses_and_expands(arrived, desk, service):
    """ODR-1 ODR-2"""
    call, _ = arrived
    with desk.services.database.transaction() as db:
        score_all_twice(db)
    visits, answers = service.entities["Assessments"], service.entities["Answers"]
    (visit,) = service.query(visits).filter((visits.Round == 1) & (visits.Id == call.id)).expand(visits.Answers).all()
    of_visit = service.query(answers).filter(answers.AssessmentId == call.id)
    chosen = [row["Question"] for row in of_visit.order_by(answers.Question.desc()).select(answers.Question).all()]
    assert set(chosen) <= set(call.answers)
    assert chosen == sorted((answer.Question for answer in visit.Answers), reverse=True) != []
    assert service.query(visits).get(call.id).StartedAt == visit.StartedAt
    assert service.query(visits).filter(visits.Round == 2).all() == []


def test_a_spreadsheet_made_of_what_the_client_read_opens_with_numbers_dates_and_names(arrived, service):
    """ODR-2: as a person keeps the feed who asks it once a month."""
    call, _ = arrived
    visits = service.entities["Assessments"]
    columns = ("Id", "EntrantName", "EntrantNameZh", "Round", "StartedAt")
    rows = [[getattr(row, name) for name in columns] for row in service.query(visits).all()]
    typed = [[cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell for cell in row] for row in rows]
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx({"Assessments": [list(columns), *typed]})))
    head, *opened = book.get_sheet_by_name("Assessments").to_python()
    assert tuple(head) == columns
    assert call.id in [row[0] for row in opened]
    assert [row[:4] for row in opened] == [row[:4] for row in typed]
    started = list(zip([row[4] for row in opened], [row[4] for row in typed], strict=True))
    assert all(abs(there - read) < timedelta(milliseconds=1) for there, read in started)
