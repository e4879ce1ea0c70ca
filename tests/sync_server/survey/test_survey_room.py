"""Answers kept and tallied, printed tables beside them. Ids are those in sync_server/survey."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import insert, select

from checklists.index.tallies import Tally
from sync_server.clock import now
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import survey as queries
from sync_server.exchange.index_lines import index_document, lines_csv
from sync_server.exchange.index_table import read_index
from sync_server.survey.measured import company_lines, industry_lines
from sync_server.survey.printed import Print, changes, keep_printed, printed_tables
from sync_server.survey.taking import NotTakenError, Taking, keep_answer, keep_answers
from tests.sync_server.survey.survey_kit import add_survey, given

HEAD = "industry,satisfaction,loyalty,nps\n"


def test_svy_6_an_answer_sent_twice_is_kept_once_with_its_sums(database: Database) -> None:
    with database.transaction() as db:
        add_survey(db)
        assert [keep_answer(db, given(1), now()) for _ in range(2)] == [True, False]
        keep_answer(db, given(2, nps=3), now())
        tally = queries.tallies_of(db, 2021)["supermarkets-a"]
        assert (tally.n, tally.promoters, tally.detractors) == (2, 1, 1)
        assert queries.count_answers(db, 2021) == 2


def test_svy_6_a_batch_keeps_each_answer_once_and_one_that_is_not_taken_harms_no_other(database: Database) -> None:
    with database.transaction() as db:
        opens = add_survey(db).opens_at
        keep_answer(db, given(9), now())
        sent = [
            Taking(given(1, nps=3), now()),
            Taking(given(2, company="no-such-company"), now()),
            Taking(given(1), now()),
            Taking(given(3), opens - timedelta(seconds=1)),
            Taking(given(9), now()),
            Taking(given(4, company="banks-a"), now()),
            Taking(given(5), now()),
        ]
        kept = [str(one) if isinstance(one, NotTakenError) else one for one in keep_answers(db, sent)]
        tallies = queries.tallies_of(db, 2021)
        count = queries.count_answers(db, 2021)
    assert [kept[place] for place in (0, 2, 4, 5, 6)] == [True, False, False, True, True]
    assert "no such company" in str(kept[1])
    assert "not open yet" in str(kept[3])
    assert (tallies["supermarkets-a"].n, tallies["supermarkets-a"].detractors, tallies["banks-a"].n) == (3, 1, 1)
    assert count == 4


def test_svy_7_the_hour_is_kept_and_nobody(database: Database) -> None:
    with database.transaction() as db:
        add_survey(db)
        keep_answer(db, given(1), now())
        hour = db.execute(select(tables.survey_answers.c.hour)).scalar_one()
        assert (hour.minute, hour.second, hour.microsecond) == (0, 0, 0)
    assert not {"address", "ip", "name"} & set(tables.survey_answers.c.keys())


@pytest.mark.parametrize(
    ("at", "words"),
    [
        pytest.param(timedelta(seconds=-1), "not open yet", id="SVY-5 a second before it opens"),
        pytest.param(timedelta(0), "", id="SVY-5 the moment it opens"),
        pytest.param(timedelta(days=30, seconds=-1), "", id="SVY-5 the last second"),
        pytest.param(timedelta(days=30), "closed", id="SVY-5 the moment it closes"),
    ],
)
def test_an_answer_is_taken_while_the_survey_is_open(database: Database, at: timedelta, words: str) -> None:
    with database.transaction() as db:
        opens = add_survey(db).opens_at
        if not words:
            assert keep_answer(db, given(1), opens + at)
            return
        with pytest.raises(NotTakenError, match=words):
            keep_answer(db, given(1), opens + at)


def test_svy_5_about_a_company_there_is(database: Database) -> None:
    with database.transaction() as db:
        add_survey(db)
        with pytest.raises(NotTakenError, match="no such company"):
            keep_answer(db, given(1, company="elsewhere"), now())


@pytest.mark.parametrize(
    ("company_n", "shown"),
    [
        pytest.param(29, (False, False), id="seed 000: 29 answers, the company is hidden"),
        pytest.param(30, (True, False), id="SVY-4 30 answers of a company"),
        pytest.param(99, (True, False), id="SVY-8 99 answers of an industry"),
        pytest.param(100, (True, True), id="SVY-4 100 answers of an industry"),
    ],
)
def test_figures_are_hidden_below_the_least_number(
    database: Database, company_n: int, shown: tuple[bool, bool]
) -> None:
    with database.transaction() as db:
        add_survey(db)
        queries.add_to_tally(db, 2021, "supermarkets-a", Tally(company_n, nps_n=company_n, promoters=company_n))
        (company,) = company_lines(db, 2021, "supermarkets")
        industry = industry_lines(db, 2021)[0]
    assert (company.is_published, industry.is_published) == shown
    row = lines_csv([industry]).decode().splitlines()[1].split(",")
    assert (row[3], row[4], row[9]) == (str(company_n), "yes" if shown[1] else "no", "100.0" if shown[1] else "")


def a_printed_table(db: object, edition: str, rows: str, at: datetime) -> None:
    table = read_index(f"{HEAD}{rows}".encode(), "t.csv").table
    assert table is not None
    keep_printed(db, Print(edition, "A newspaper", 3), table, at)  # type: ignore[arg-type]


def test_svy_9_a_printed_table_is_kept_as_printed_with_what_is_odd(database: Database) -> None:
    with database.transaction() as db:
        a_printed_table(db, "2020-2021", "超市,75.08,84.00,(9.38)\n", now())
        a_printed_table(db, "2020-2021", "超市,75.08,84.00,9.38\n藥房,74.97,79.71,(5.08)\n", now())
        (kept,) = printed_tables(db)
    assert [row.nps.printed for row in kept.table.rows] == ["9.38", "(5.08)"]
    assert [flag.code for flag in kept.flags] == ["bracket-negative", "count-differs"]


def test_svy_10_two_editions_are_compared_by_industry(database: Database) -> None:
    with database.transaction() as db:
        a_printed_table(db, "2020-2021", "超市,75.08,84.00,9.38\n銀行,67.76,66.18,(7.17)\n", now())
        a_printed_table(db, "2022", "超市,76.08,83.00,9.38\n藥房,74.97,79.71,5.08\n", now())
        later, earlier = printed_tables(db)
    found = changes(later.table, earlier.table)
    assert [(one.industry, one.later is None, one.earlier is None) for one in found] == [
        ("超市", False, False), ("藥房", False, True), ("銀行", True, False),
    ]  # fmt: skip
    assert list(found[0].steps) == [Fraction(1), Fraction(-1), 0]


def test_idx_15_the_document_holds_figures_only_where_they_are_published(database: Database) -> None:
    with database.transaction() as db:
        survey = add_survey(db)
        queries.add_to_tally(db, 2021, "supermarkets-a", Tally(100, nps_n=100, promoters=40, detractors=25))
        queries.add_to_tally(db, 2021, "banks-a", Tally(99, nps_n=99, promoters=40, detractors=25))
        document = index_document(industry_lines(db, 2021), [], {}, [survey], "en")
    rows = {row[0]: row for row in document.blocks[1].rows}  # type: ignore[union-attr]
    assert rows["Supermarkets"][4] == "15.0 ± 15.5"
    assert rows["Banks"][1:] == ["99", "–", "–", "–"]


def test_the_table_of_18_industries_with_100_000_answers_each_is_read_from_sums(database: Database) -> None:
    """CPU time, as the machine is busy: a third of a second would be too much, and it takes milliseconds."""
    with database.transaction() as db:
        survey = add_survey(db)
        companies = [row.id for row in queries.company_rows(db)]
        for company in companies:
            sums = Tally(100_000, 100_000, 3_000_000, 9 * 10**7, 100_000, 3_000_000, 9 * 10**7, 100_000, 40_000, 25_000)
            queries.add_to_tally(db, survey.edition, company, sums)
    begun = time.process_time()
    with database.reading() as db:
        lines = industry_lines(db, 2021)
    assert [line.tally.n for line in lines] == [100_000] * 18
    assert time.process_time() - begun < 0.3


def test_answers_beside_a_survey_without_sums_begin_them(database: Database) -> None:
    """A first answer of a company makes its row, a second adds to it, each of its own edition."""
    with database.transaction() as db:
        add_survey(db)
        db.execute(insert(tables.surveys).values(edition=2020, opens_at=now() - timedelta(9), closes_at=now()))
        queries.add_to_tally(db, 2020, "banks-a", Tally(5))
        keep_answer(db, given(1, company="banks-a"), now())
        assert queries.tallies_of(db, 2020)["banks-a"].n == 5
        assert queries.tallies_of(db, 2021)["banks-a"].n == 1
