"""The index as it is published: its copy, awards, editions compared. Ids are those in sync_server/survey."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Connection

from checklists.index.tallies import Tally
from sync_server.clock import now
from sync_server.database.engine import Database
from sync_server.database.queries import survey as queries
from sync_server.database.queries.survey import CompanyRow, SurveyRow
from sync_server.exchange.index_published import published_blocks, published_document, published_rows
from sync_server.exchange.spreadsheet import lines
from sync_server.print.document import Listed, Rows
from sync_server.survey.publishing import compared, figures_to_publish, leaders
from tests.sync_server.survey.survey_kit import add_survey


def many(n: int, sixths: int = 36, promoters: int = 0) -> Tally:
    """Sums of n answers that are all alike."""
    return Tally(n, n, n * sixths, n * sixths**2, n, n * sixths, n * sixths**2, n, promoters, 0)


def add_companies(db: Connection, edition: int = 2021, **tallies: Tally) -> None:
    for name, tally in tallies.items():
        queries.set_company(db, CompanyRow(name, "supermarkets", {"en": name.title(), "zh-Hant": "超市"}, now()))
        queries.add_to_tally(db, edition, name, tally)


def rows_of(copy: dict[str, Any], code: str = "supermarkets") -> dict[str, Any]:
    (row,) = [one for one in copy["industries"] if one["code"] == code]
    return row


def test_svy_11_a_copy_holds_figures_from_the_least_number_on(database: Database) -> None:
    with database.transaction() as db:
        add_survey(db)
        add_companies(db, lotus=many(71), corner=many(29))
        copy = figures_to_publish(db, 2021)
        add_companies(db, lotus=many(500))
    row, companies = rows_of(copy), {one["code"]: one for one in copy["companies"]["supermarkets"]}
    assert (row["n"], row["satisfaction"], row["satisfaction_half"]) == (100, "66.67", 0.0)
    assert (companies["lotus"]["n"], companies["lotus"]["satisfaction"]) == (71, "66.67")
    assert (companies["corner"]["n"], companies["corner"]["satisfaction"]) == (29, None)
    assert copy["awards"] == {}
    assert "lotus" in copy["about"]


def company(code: str, satisfaction: str | None) -> dict[str, Any]:
    return {"code": code, "satisfaction": satisfaction}


@pytest.mark.parametrize(
    ("companies", "winners"),
    [
        pytest.param([company("a", "70.00"), company("b", "70.01")], ["b"], id="SVY-12 the highest"),
        pytest.param([company("a", "70.00"), company("b", "70.00")], ["a", "b"], id="SVY-12 alike: shared"),
        pytest.param([company("a", "9.90"), company("b", "10.00")], ["b"], id="SVY-12 as a number"),
        pytest.param([company("a", "70.00"), company("b", None)], [], id="SVY-12 one alone leads nobody"),
        pytest.param([], [], id="SVY-12 none"),
    ],
)
def test_the_highest_satisfaction_of_an_industry_leads(companies: list[dict[str, Any]], winners: list[str]) -> None:
    assert leaders(companies) == winners


def industry(value: str | None, half: float | None) -> dict[str, Any]:
    figures = dict.fromkeys(("satisfaction", "loyalty", "nps"), value)
    halves = {f"{name}_half": half for name in figures}
    return {"code": "x", "name": {"en": "X"}, "n": 100, **figures, **halves}


@pytest.mark.parametrize(
    ("later", "earlier", "step"),
    [
        pytest.param(("75.00", 3.0), ("70.00", 4.0), (5.0, False), id="SVY-13 exactly what chance allows"),
        pytest.param(("75.01", 3.0), ("70.00", 4.0), (5.01, True), id="SVY-13 more than chance allows"),
        pytest.param(("64.00", 3.0), ("70.00", 4.0), (-6.0, True), id="SVY-13 a fall"),
        pytest.param((None, None), ("70.00", 4.0), None, id="SVY-13 hidden in one"),
    ],
)
def test_editions_are_compared_where_both_show_figures(
    later: tuple[str | None, float | None], earlier: tuple[str | None, float | None], step: tuple[float, bool] | None
) -> None:
    (one,) = compared({"industries": [industry(*later)]}, {"industries": [industry(*earlier)]})
    found = one.steps["satisfaction"]
    assert (None if found is None else (round(found.by, 2), found.is_beyond_chance)) == step


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_idx_16_page_paper_and_file_hold_the_figures_of_the_copy(database: Database, language: str) -> None:
    with database.transaction() as db:
        add_survey(db)
        add_companies(db, lotus=many(71, 40, 60), corner=many(31))
        copy = figures_to_publish(db, 2021)
    blocks = published_blocks(copy, compared(copy, copy), "2020", language)  # type: ignore[arg-type]
    document = published_document(blocks, copy, language, digest="d" * 64, at=now())  # type: ignore[arg-type]
    tables = [block for block in document.blocks if isinstance(block, Rows)]
    assert [len(table.rows) for table in tables] == [len(copy["industries"])] * 2 + [3]
    (awards,) = [block for block in document.blocks if isinstance(block, Listed)]
    assert len(awards.items) == 1
    text = lines(published_rows(copy)).decode()
    assert rows_of(copy)["satisfaction"] in text
    assert [line.split(",")[1] for line in text.splitlines() if line.endswith("yes")] == ["lotus"]


def test_two_surveys_never_share_their_answers(database: Database) -> None:
    with database.transaction() as db:
        add_survey(db)
        add_companies(db, lotus=many(120))
        queries.set_survey(db, SurveyRow(2022, now(), now() + timedelta(days=1)))
        add_companies(db, 2022, lotus=many(100, 54))
        later, earlier = figures_to_publish(db, 2022), figures_to_publish(db, 2021)
    (step,) = [one.steps["satisfaction"] for one in compared(later, earlier) if one.code == "supermarkets"]
    assert step is not None
    assert round(step.by, 2) == round(float(Fraction(100, 3)), 2)
