"""IMP: a season from CSV files, all or nothing. Ids are those in sync_server/exchange/csv/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database.engine import Database
from sync_server.database.queries.changes import ChangeRow, changes_for_assessor
from sync_server.database.queries.season import rows_of
from sync_server.database.tables import entrants, entries, form_versions, jobs, scenarios
from sync_server.exchange.csv.plan import Checked
from sync_server.exchange.csv.sheets import SHEETS
from tests.sync_server.season_files import changed, example_season, with_row
from tests.sync_server.season_kit import SET_UP_AT

NOW = datetime(2021, 3, 10, 2, 0, tzinfo=UTC)
Files = Mapping[str, bytes]
Import = Callable[[Files], Checked]


def told(database: Database, assessor: str = "A-07") -> list[ChangeRow]:
    with database.reading() as db:
        return list(changes_for_assessor(db, assessor, 0))


def held(database: Database, name: str) -> list[dict[str, object]]:
    with database.reading() as db:
        return list(rows_of(db, name))


def problems(checked: Checked) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in checked.problems]


def test_the_templates_examples_are_a_season(bring_in: Import, database: Database) -> None:
    checked = bring_in(example_season())
    assert problems(checked) == []
    assert {name: len(held(database, name)) for name in ("entrants", "entries", "faqs", "assignments")} == {
        "entrants": 1, "entries": 1, "faqs": 1, "assignments": 1,
    }  # fmt: skip
    assert held(database, "entries")[0]["history"] == [
        {"year": 2020, "industry": "transport_logistics", "channel": "phone_in", "final": "88.2", "grade": "silver"}
    ]


def test_a_phone_is_told_everything_it_needs_offline(bring_in: Import, database: Database) -> None:
    bring_in(example_season())
    (change,) = told(database)
    body = decode(change.body, Assignment)
    assert (change.kind, change.subject_id) == ("assignment", "r1-harbour-ferry-01")
    assert body.entrant_name["zh-Hant"] == "港灣渡輪熱線"
    assert [point.value for point in body.contact_points] == ["+852 2000 0001"]
    assert [(faq.number, faq.version) for faq in body.filed_faqs] == [(1, 1)]
    assert body.service is not None
    assert body.service.hours == (("09:00", "18:00"),)
    assert body.due_until.isoformat() == "2021-03-20T00:00:00+08:00"


def test_the_same_files_again_change_nothing(bring_in: Import, database: Database) -> None:
    bring_in(example_season())
    again = bring_in(example_season())
    assert again.plan is not None
    assert (dict(again.plan.added), dict(again.plan.changed)) == ({}, {})
    assert len(told(database)) == 1


@pytest.mark.parametrize(
    ("file", "cells"),
    [
        pytest.param("entrants.csv", {"name_en": "Harbour Ferry Careline"}, id="IMP-4 the entrant's name"),
        pytest.param("faqs.csv", {"answer_en": "At Pier 8."}, id="IMP-4 a filed answer"),
        pytest.param("scenarios.csv", {"briefing_zh": "新的情境"}, id="IMP-4 the briefing"),
        pytest.param("contact_points.csv", {"value": "+852 2000 0002"}, id="IMP-4 a number"),
        pytest.param("entries.csv", {"service_hours": "08:00-20:00"}, id="IMP-4 the service hours"),
        pytest.param("assignments.csv", {"due_until": "2021-03-25"}, id="IMP-4 the assignment itself"),
    ],
)
def test_a_change_reaches_the_phones_that_show_it(
    bring_in: Import, database: Database, file: str, cells: dict[str, Any]
) -> None:
    bring_in(example_season())
    bring_in(changed(example_season(), file, **cells))
    assert [change.subject_id for change in told(database)] == ["r1-harbour-ferry-01"] * 2


def test_a_change_no_phone_shows_tells_no_phone(bring_in: Import, database: Database) -> None:
    bring_in(example_season())
    bring_in(changed(example_season(), "assessors.csv", name="Wong Mei Yi"))
    assert len(told(database)) == 1
    assert held(database, "assessors")[0]["name"] == "Wong Mei Yi"


def test_a_newer_answer_is_handed_out_once_it_is_in_force(bring_in: Import, database: Database) -> None:
    bring_in(example_season())
    newer = with_row(example_season(), "faqs.csv", version=2, answer_en="At Pier 8.", in_force_from="2021-03-09")
    later = with_row(newer, "faqs.csv", version=3, answer_en="At Pier 9.", in_force_from="2021-04-01")
    bring_in(later)
    body = decode(told(database)[-1].body, Assignment)
    assert [(faq.version, faq.answer["en"]) for faq in body.filed_faqs] == [(2, "At Pier 8.")]


def test_an_assignment_given_to_another_is_taken_from_the_first(bring_in: Import, database: Database) -> None:
    files = with_row(example_season(), "assessors.csv", assessor="A-08", name="Lee Ka Ho")
    bring_in(files)
    bring_in(changed(files, "assignments.csv", assessor="A-08"))
    assert [(change.kind, change.subject_id) for change in told(database, "A-07")] == [
        ("assignment", "r1-harbour-ferry-01"),
        ("revocation", "r1-harbour-ferry-01"),
    ]
    assert [decode(change.body, Assignment).assessor_id for change in told(database, "A-08")] == ["A-08"]


def test_an_old_spelling_of_an_industry_is_written_as_todays(bring_in: Import, database: Database) -> None:
    files = changed(example_season(), "entrants.csv", industry="Public_Service_Utilities")
    bring_in(changed(files, "history.csv", industry="public_service_utilities"))
    with database.reading() as db:
        assert db.execute(select(entrants.c.industry)).scalars().all() == ["public_utilities"]
        (history,) = db.execute(select(entries.c.history)).scalars().all()
    assert [past["industry"] for past in history] == ["public_utilities"]
    assert decode(told(database)[-1].body, Assignment).industry == "public_utilities"


ASSIGNMENT = "assignments.csv: row 2"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            changed(example_season(), "entrants.csv", industry="ferries", seats="many"),
            [("entrants.csv: row 2: industry", "not-a-choice"), ("entrants.csv: row 2: seats", "not-a-whole-number")],
            id="every bad cell of a row at once",
        ),
        pytest.param(
            changed(changed(example_season(), "faqs.csv", in_force_from="soon"), "assessors.csv", name=""),
            [("faqs.csv: row 2: in_force_from", "not-a-date"), ("assessors.csv: row 2: name", "cell-missing")],
            id="every file at once",
        ),
        pytest.param(
            with_row(example_season(), "entrants.csv"),
            [("entrants.csv: row 3", "row-repeated")],
            id="IMP-1 a row named twice",
        ),
        pytest.param(
            changed(example_season(), "entries.csv", entrant="harbor-ferry"),
            [
                ("entries.csv: row 2: entrant", "reference-unknown"),
                ("history.csv: row 2: entrant", "reference-unknown"),
                (f"{ASSIGNMENT}: entrant", "reference-unknown"),
            ],
            id="IMP-2 an entrant nobody knows",
        ),
        pytest.param(
            changed(example_season(), "history.csv", year="2021"),
            [("history.csv: row 2: year", "year-of-edition")],
            id="the edition's own year",
        ),
        pytest.param(
            changed(example_season(), "scenarios.csv", approved_by="May Chan"),
            [(f"{ASSIGNMENT}: scenario", "scenario-not-approved")],
            id="IMP-A1 one name of approval",
        ),
        pytest.param(
            changed(example_season(), "contact_points.csv", channel="onsite"),
            [(f"{ASSIGNMENT}: entrant", "contact-point-missing")],
            id="IMP-A2 no filed number",
        ),
        pytest.param(
            changed(example_season(), "entrants.csv", staff_notice_on=""),
            [(f"{ASSIGNMENT}: entrant", "staff-notice-missing")],
            id="IMP-A3 staff were not told",
        ),
        pytest.param(
            changed(example_season(), "scenarios.csv", faqs="lost-property;refund"),
            [(f"{ASSIGNMENT}: scenario", "faq-not-filed")],
            id="IMP-A4 a FAQ that was not filed",
        ),
        pytest.param(
            changed(example_season(), "assignments.csv", subchannel="chat", variant="branch"),
            [
                (f"{ASSIGNMENT}: subchannel", "subchannel-not-online"),
                (f"{ASSIGNMENT}: variant", "variant-not-onsite"),
                (f"{ASSIGNMENT}: branch", "branch-missing"),
            ],
            id="IMP-A5 parts of other channels",
        ),
        pytest.param(
            changed(example_season(), "assignments.csv", form="phone_in@9"),
            [(f"{ASSIGNMENT}: form", "form-unknown")],
            id="a form nobody made",
        ),
        pytest.param(
            changed(example_season(), "assignments.csv", due_until="2021-03-01"),
            [(f"{ASSIGNMENT}: due_until", "ends-before-it-begins")],
            id="due before it begins",
        ),
        pytest.param(
            {**example_season(), "entrant.csv": b"entrant\n"},
            [("entrant.csv", "file-unknown")],
            id="a file of another name",
        ),
        pytest.param({}, [("import", "no-files")], id="no file"),
    ],
)
def test_imp_3_a_problem_names_its_place_and_nothing_is_written(
    bring_in: Import, database: Database, files: Files, expected: list[tuple[str, str]]
) -> None:
    checked = bring_in(files)
    assert problems(checked) == expected
    assert checked.plan is None
    assert all(held(database, sheet.name) == [] for sheet in SHEETS if sheet.name != "history")


def test_the_newest_annex_on_the_server_is_handed_out(bring_in: Import, season: Database) -> None:
    with season.transaction() as db:
        db.execute(
            insert(form_versions).values(
                id="ivrs_annex@2", name="ivrs_annex", version=2, body="{}", digest="0" * 64, created_at=SET_UP_AT
            )
        )
    bring_in(changed(example_season(), "assignments.csv", ivrs="yes"))
    assert decode(told(season)[-1].body, Assignment).annex == "ivrs_annex@2"


def test_an_annex_that_the_server_does_not_hold_cannot_be_handed_out(bring_in: Import, season: Database) -> None:
    with season.transaction() as db:
        db.execute(delete(form_versions).where(form_versions.c.name == "ivrs_annex"))
    checked = bring_in(changed(example_season(), "assignments.csv", ivrs="yes"))
    assert problems(checked) == [(f"{ASSIGNMENT}: ivrs", "form-unknown")]


def test_a_change_that_breaks_an_assignment_handed_out_is_told(bring_in: Import, database: Database) -> None:
    bring_in(example_season())
    breaking = changed(
        {"scenarios.csv": example_season()["scenarios.csv"]}, "scenarios.csv", faqs="lost-property;refund"
    )
    assert problems(bring_in(breaking)) == [("assignment r1-harbour-ferry-01: scenario", "faq-not-filed")]
    assert len(told(database)) == 1


def test_what_was_wrong_before_does_not_stop_an_import(bring_in: Import, database: Database) -> None:
    bring_in(example_season())
    with database.transaction() as db:
        db.execute(update(scenarios).values(approved_by=[]))
    renamed = changed(
        {"entrants.csv": example_season()["entrants.csv"]}, "entrants.csv", name_en="Harbour Ferry Careline"
    )
    assert problems(bring_in(renamed)) == []
    assert decode(told(database)[-1].body, Assignment).entrant_name["en"] == "Harbour Ferry Careline"


STANDING = "standing/harbour-ferry/phone_in"


@pytest.mark.parametrize(
    ("file", "cells", "asked"),
    [
        pytest.param("entries.csv", {"faq_filed_at": "2021-02-25"}, [STANDING], id="filed late"),
        pytest.param("entries.csv", {"withdrawn": "yes"}, [STANDING], id="withdrawn"),
        pytest.param("entries.csv", {"service_hours": "10:00-17:00"}, [STANDING], id="other service hours"),
        pytest.param("history.csv", {"final": "91"}, [STANDING], id="another past result"),
        pytest.param("entrants.csv", {"seats": "400"}, [STANDING], id="another size"),
        pytest.param("assessors.csv", {"name": "Somebody else"}, [], id="nothing a score is made of"),
    ],
)
def test_imp_5_sch_5_what_an_entry_is_scored_by_asks_for_its_standing(
    bring_in: Import, season: Database, file: str, cells: dict[str, Any], asked: list[str]
) -> None:
    bring_in(example_season())
    with season.transaction() as db:
        assert STANDING in db.execute(select(jobs.c.name)).scalars().all()
        db.execute(delete(jobs))
    assert problems(bring_in(changed(example_season(), file, **cells))) == []
    with season.reading() as db:
        assert db.execute(select(jobs.c.name)).scalars().all() == asked


def test_fnt_1_a_name_that_no_paper_can_print_is_told_and_written(bring_in: Import, database: Database) -> None:
    checked = bring_in(changed(example_season(), "entrants.csv", name_en="Ferry 𓀀"))
    (remark,) = (str(one) for one in checked.remarks if "printed papers" in str(one))
    assert "such as harbour-ferry. The font has no 𓀀 (U+13000)." in remark
    assert held(database, "entrants")[0]["name"]["en"] == "Ferry 𓀀"  # type: ignore[index]
