"""The list of assessments as CSV. Ids are those in routes/dashboard/assessment_export.py."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, update

from checklists import wire
from checklists.forms.file import shipped_forms
from sync_server.database import tables
from sync_server.database.queries import assessment_export
from sync_server.exchange import spreadsheet
from sync_server.exchange.answer_columns import answer_cells, answer_columns
from sync_server.people.permissions import Role
from tests.builders import an_assignment, both
from tests.sync_server.desk import push, signed_in
from tests.sync_server.season_kit import ASSESSOR, a_call, add_assignment, add_entrant, score_all_twice


def table(answer):
    """The rows of an answer, the header first."""
    assert answer.status_code == 200
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def records(answer):
    header, *rows = table(answer)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        pytest.param(
            "en",
            {
                "Entrant": "Harbour Ferry Hotline", "Channel": "Phone-in", "State": "Finished", "Contact": "Connected",
                "Scenario": "Lost", "With a conflict": "No", "Started (Asia/Hong_Kong)": "2021-03-01 12:00:00",
                "Industry": "Transports and Logistics",
            },
            id="English",
        ),
        pytest.param(
            "zh-Hant",
            {
                "參賽單位": "港灣渡輪熱線", "渠道": "電話", "狀態": "已完成", "情境": "（Lost）", "有衝突": "否",
                "開始時間 (Asia/Hong_Kong)": "2021-03-01 12:00:00",
            },
            id="Traditional Chinese",
        ),
    ],
)  # fmt: skip
def test_an_assessment_is_one_line_in_the_readers_language(desk, language, told):
    call = a_call()
    push(desk, call)
    with signed_in(desk, Role.COORDINATOR, language=language) as client:
        answer = client.get("/assessments/export")
    (line,) = records(answer)
    assert call.id in line.values()
    assert {"88.25", "harbour-ferry", f"Name of {ASSESSOR}", "phone_in@1"} <= set(line.values())
    assert {name: line[name] for name in told} == told
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="assessments-')


def test_the_workbook_beside_the_csv_has_its_columns_and_says_what_questions_ask(desk):
    """TBF-1"""
    push(desk, a_call())
    with signed_in(desk, Role.COORDINATOR) as client:
        heads, line = table(client.get("/assessments/export"))
        answer = client.get("/assessments/export?as=xlsx")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    texts = dict(zip(sheet[0], sheet[1], strict=True))
    assert sheet[0] == heads
    assert (texts["Entrant"], len(texts["PC1"]) > 20) == ("", True)
    assert [sheet[2][heads.index(name)] for name in ("Number", "State")] == [line[0], "Finished"]


def test_each_assessment_is_there_once_however_many_pages_it_takes(desk, monkeypatch):
    """LEX-1, LEX-2"""
    monkeypatch.setattr(assessment_export, "PAGE", 2)
    sent = []
    for _ in range(5):
        call = a_call()
        push(desk, call)
        sent.append(call.id)
    with signed_in(desk, Role.COORDINATOR) as client:
        assert [line["Number"] for line in records(client.get("/assessments/export"))] == sorted(sent)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("channel=phone_in&round=1&state=finished&search=ferry", 1, id="all filters"),
        pytest.param("state=files-missing", 1, id="files missing"),
        pytest.param("channel=online", 0, id="another channel"),
        pytest.param("search=zz-no-such", 0, id="nothing of that name"),
    ],
)
def test_the_filters_of_the_list_count(desk, query, count):
    """LEX-1"""
    push(desk, a_call())
    with signed_in(desk, Role.COORDINATOR) as client:
        page = client.get(f"/assessments?{query}").text
        assert f'href="/assessments/export?{query.replace("&", "&amp;")}"' in page
        assert len(records(client.get(f"/assessments/export?{query}"))) == count


def test_names_that_look_like_formulas_stay_text(desk):
    """LEX-3"""
    with desk.services.database.transaction() as db:
        add_entrant(db, "sly")
        db.execute(update(tables.entrants).where(tables.entrants.c.id == "sly").values(name=both("=1+1", "＝1+1")))
        db.execute(update(tables.assessors).where(tables.assessors.c.id == ASSESSOR).values(name="@SUM(A1)"))
        db.execute(
            insert(tables.scenarios).values(id="two", channel="phone_in", title=both('-2","=3'), briefing=both("b"))
        )
        assignment = an_assignment(id="sly-1", entrant_id="sly")
        add_assignment(db, assignment)
        db.execute(update(tables.assignments).where(tables.assignments.c.id == "sly-1").values(scenario_id="two"))
    push(desk, a_call(assignment_id="sly-1", entrant_id="sly"))
    with signed_in(desk, Role.COORDINATOR) as client:
        (line,) = records(client.get("/assessments/export"))
    assert (line["Entrant"], line["Assessor"], line["Scenario"]) == ("'=1+1", "'@SUM(A1)", '\'-2","=3')


def test_answers_follow_a_column_a_question_and_written_words_do_not(desk):
    """LEX-4, COL-2, COL-4."""
    push(desk, a_call())
    with desk.services.database.transaction() as db:
        score_all_twice(db)
    with signed_in(desk, Role.COORDINATOR) as client:
        answer = client.get("/assessments/export")
    (line,) = records(answer)
    expected = {"PA1": "1", "PA2": "2", "PB4": "asked_and_used", "PB5": "yes", "PD3": "wrong"}
    assert {question: line[question] for question in expected} == expected
    assert "PG5" not in line
    assert "Everything was explained clearly" not in answer.text


def test_col_3_answers_about_several_recordings_stand_in_one_cell():
    told = {"OH1": True, "PB1#1": True, "PB1#10": True, "PB1#2": False, "PB5#1": "na"}
    body = wire.encode({"answers": {key: {"value": value} for key, value in told.items()}})
    assert answer_cells(body, ["OH1", "PB1", "PB5", "PC1"]) == [1, "1; 0; 1", "na", None]


def test_col_1_columns_are_those_of_the_forms_that_occur():
    forms = shipped_forms()
    by_phone, on_site = answer_columns(forms, {"phone_in@1"}), answer_columns(forms, {"onsite@1"})
    assert by_phone[0] == "PA1"
    assert not [column for column in by_phone if column.startswith("O")]
    assert {"OH1", "PB1"} <= set(on_site)
    assert len(set(by_phone)) == len(by_phone)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        *(pytest.param(f"{start}x", f"'{start}x", id=repr(start)) for start in "=+-@\t\r\n＝＋－＠"),
        pytest.param("a=b", "a=b", id="in the middle"),
        pytest.param(-1.5, "-1.5", id="a number is a number"),
        pytest.param("", "", id="empty"),
        pytest.param(None, "", id="none"),
    ],
)
def test_a_cell_is_never_a_formula(value, cell):
    text = spreadsheet.lines([[value, "end"]]).decode()
    assert next(csv.reader(io.StringIO(text, newline=""))) == [cell, "end"]


def test_an_export_is_in_the_audit_log_with_its_filters(desk):
    with signed_in(desk, Role.ADMIN) as client:
        client.get("/assessments/export?channel=phone_in&search=ferry")
        page = client.get("/audit?action=assessments-exported").text
    assert "phone_in" in page
    assert "ferry" in page


def test_the_list_offers_the_export_to_those_who_may_have_it(desk):
    push(desk, a_call())
    with signed_in(desk, Role.VIEWER) as viewer, signed_in(desk, Role.COORDINATOR) as coordinator:
        assert "/assessments/export" not in viewer.get("/assessments").text
        assert "/assessments/export" in coordinator.get("/assessments").text
        assert viewer.get("/assessments/export").status_code == 403
