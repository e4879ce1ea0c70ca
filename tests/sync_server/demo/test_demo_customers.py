"""The demo's customers. Ids are those in sync_server/demo/customers.py."""

from __future__ import annotations

from sync_server.database.engine import Database
from sync_server.demo.customers import add_customers
from sync_server.survey.measured import company_lines, industry_lines
from sync_server.survey.printed import printed_tables
from tests.builders import NOON


def test_cust_1_some_industries_show_figures_and_cust_2_last_years_are_all_out(database: Database) -> None:
    with database.transaction() as db:
        add_customers(db, 1, NOON)
        shown = {line.code for line in industry_lines(db, NOON.year) if line.is_published}
        asked = [line for line in company_lines(db, NOON.year, "mobile") if line.tally.n]
        (printed,) = printed_tables(db)
        last_year = [line for line in industry_lines(db, NOON.year - 1) if line.is_published]
    assert shown == {"supermarkets", "mobile"}
    assert len(last_year) == 18
    assert [line.code for line in asked if not line.is_published] == ["tidewave-mobile"]
    assert [flag.code for flag in printed.flags][2] == "figures-transposed"
