"""A survey with companies, and customers who answer it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from checklists.index.survey import pulse_survey, read_answers
from sync_server.clock import now
from sync_server.database.queries import survey as queries
from sync_server.database.queries.survey import CompanyRow, SurveyRow
from sync_server.survey.taking import Given

TYPED = {
    "contact": "phone", "origin": "local", "sat_overall": "8", "sat_expect": "7", "sat_ideal": "7", "loy_stay": "9",
    "loy_first": "8", "loy_more": "", "nps": "9", "ces": "6", "solved": "not_yet", "comment": "快啲 please",
}  # fmt: skip
ANSWERS = read_answers(pulse_survey(), TYPED)[0]


def add_survey(db: Connection, *, opens_in: timedelta = timedelta(days=-1), days: int = 30) -> SurveyRow:
    """A survey of this moment, with a company in each industry."""
    at = now()
    row = SurveyRow(2021, at + opens_in, at + opens_in + timedelta(days=days))
    queries.set_survey(db, row)
    for industry in pulse_survey().industries:
        queries.set_company(db, CompanyRow(f"{industry.code}-a".replace("_", "-"), industry.code, industry.name, at))
    return row


def given(number: int, company: str = "supermarkets-a", **changed: Any) -> Given:
    return Given(f"{number:024d}", company, "phone", "local", {**ANSWERS, **changed})
