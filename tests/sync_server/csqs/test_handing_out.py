"""SVT, AWD: a site visit is handed out, comes back once, and is nothing of the award."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select

from checklists import wire
from checklists.csqs.standard import csqs
from checklists.forms.form import Channel, Form
from checklists.record.assignment import Assignment
from sync_server import clock
from sync_server.csqs.handing_out import NotHandedOutError
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import csqs as queries
from sync_server.database.queries import season
from sync_server.database.queries.award_rows import BESIDE
from sync_server.database.queries.releases import round_rows
from sync_server.database.queries.rounds import round_spans
from sync_server.database.queries.standings import entry_rows
from sync_server.people.permissions import Role
from tests.sync_server.csqs.csqs_kit import a_visit, handed_out, wanted
from tests.sync_server.desk import count, push, send, signed_in
from tests.sync_server.season_kit import ASSESSOR, OTHER_TOKEN, TOKEN, add_season


@pytest.fixture
def season_database(database: Database) -> Database:
    """A database with the small season, and nothing that runs."""
    with database.transaction() as db:
        add_season(db)
    return database


def news(server: Any, token: str) -> dict[str, list[Any]]:
    """What a phone reads of the feed, by kind."""
    told: dict[str, list[Any]] = {}
    with server.client(token) as phone:
        for change in phone.get("/api/v1/changes").json()["changes"]:
            told.setdefault(change["kind"], []).append(change["body"])
    return told


def test_a_visit_goes_with_its_form_to_the_phones_of_its_assessor_alone(server: Any) -> None:
    """SVT-1."""
    with server.services.database.transaction() as db:
        assignment = handed_out(db)

    own, other = news(server, TOKEN), news(server, OTHER_TOKEN)

    assert "site_visit@1" in [f"{form['name']}@{form['version']}" for form in own["form"]]
    assert "site_visit@1" not in [f"{form['name']}@{form['version']}" for form in other["form"]]
    (told,) = [body for body in own["assignment"] if body["id"] == assignment.id]
    read = wire.decode(wire.encode(told), Assignment)
    assert (read.channel, read.variant, read.entrant_name["en"]) == (
        Channel.SITE_VISIT,
        "full",
        "Lantern Service Centre",
    )


def test_a_visit_made_offline_arrives_once(server: Any) -> None:
    """The record is sent twice; it is kept once, without a score of the award."""
    with server.services.database.transaction() as db:
        record = a_visit(handed_out(db))

    assert push(server, record) == push(server, record)

    assert count(server, tables.assessment_revisions, tables.assessment_revisions.c.assessment_id == record.id) == 1
    with server.services.database.reading() as db:
        (row,) = queries.visits(db, record.id)
        base = db.execute(select(tables.assessments.c.base).where(tables.assessments.c.id == record.id)).scalar_one()
    assert (row.status, row.module, row.assessor_id, base) == ("finished", "full", ASSESSOR, None)


def test_a_visit_with_an_item_unrated_is_not_taken_as_finished(server: Any) -> None:
    with server.services.database.transaction() as db:
        record = a_visit(handed_out(db))
    answers = {key: answer for key, answer in record.answers.items() if key != "S204"}

    with server.client(TOKEN) as phone:
        answer = phone.put(f"/api/v1/assessments/{record.id}", content=wire.encode(replace(record, answers=answers)))

    assert answer.status_code == 422
    assert "S204" in answer.text


def test_nothing_of_the_award_meets_a_site_visit(server: Any) -> None:
    """AWD-1."""
    with server.services.database.reading() as db:
        before = _award(db)
    with server.services.database.transaction() as db:
        handed_out(db)
        handed_out(db, company="harbour-ferry")

    with server.services.database.reading() as db:
        assert _award(db) == before
        assert db.execute(select(tables.rounds.c.number).where(tables.rounds.c.number == BESIDE)).first() is not None


def _award(db: Any) -> Any:
    """Everything that planning, importing, scoring, closing and billing read of the season, by key."""
    named = {name: [tuple(row[part] for part in key) for row in season.rows_of(db, name)]
             for name, (_, key) in season.KEYS.items() if name not in ("entrants", "organisations")}  # fmt: skip
    return named, season.entry_keys(db), entry_rows(db), round_rows(db), round_spans(db)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        pytest.param({"module": "huge"}, {"module"}, id="an unknown module"),
        pytest.param({"company": "nobody"}, {"company"}, id="an unknown company"),
        pytest.param({"name_en": "", "name_zh": "", "industry": "x"}, {"name_en", "industry"}, id="two at once"),
        pytest.param({"assessor": "nobody"}, {"assessor"}, id="an unknown assessor"),
        pytest.param({"due_from": None}, {"due_until"}, id="a day that is none"),
        pytest.param({"due_until": clock.now() - timedelta(hours=1)}, {"due_until"}, id="a day that has passed"),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(
    season_database: Database, changes: dict[str, Any], fields: set[str]
) -> None:
    """SVT-2."""
    with season_database.transaction() as db, pytest.raises(NotHandedOutError) as refused:
        handed_out(db, **changes)

    assert set(refused.value.problems) == fields
    with season_database.reading() as db:
        assert queries.visits(db) == []
        assert all(not row.id.startswith("csqs") for row in queries.companies(db))


def test_an_assessor_who_is_barred_does_not_visit(season_database: Database) -> None:
    """SVT-3."""
    with season_database.transaction() as db:
        barred = {"assessor_id": ASSESSOR, "organisation": "harbour-ferry", "reason": "worked there"}
        db.execute(insert(tables.conflicts).values(**barred))
    with season_database.transaction() as db, pytest.raises(NotHandedOutError) as refused:
        handed_out(db, company="harbour-ferry")

    assert set(refused.value.problems) == {"assessor"}


def test_the_office_hands_a_visit_out_and_sees_it(desk: Any) -> None:
    days = {"due_from": f"{clock.now():%Y-%m-%d}", "due_until": f"{clock.now() + timedelta(days=5):%Y-%m-%d}"}
    typed = {name: value for name, value in wanted()._asdict().items() if isinstance(value, str)} | days

    with signed_in(desk, Role.COORDINATOR) as client:
        wrong = send(client, "/csqs/visits", typed | {"module": "", "due_until": "soon"}, page="/csqs")
        right = send(client, "/csqs/visits", typed, page="/csqs")
        listed = client.get("/csqs").text
        items = client.get("/csqs/items").text

    assert wrong.status_code == 422
    assert "Choose the module" in wrong.text
    assert "Lantern Service Centre" in wrong.text
    assert right.status_code == 303
    assert listed.count("Not begun") == 1
    assert "第25年" in items
    assert all(key in items for key in csqs().items)


def test_the_form_of_a_visit_is_read_as_it_was_sent(server: Any) -> None:
    with server.services.database.transaction() as db:
        handed_out(db)

    sent = next(body for body in news(server, TOKEN)["form"] if body["name"] == "site_visit")

    assert sum(len(section.questions) for section in wire.decode(wire.encode(sent), Form).sections) == 30
