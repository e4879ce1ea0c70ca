"""What the answers say by industry, and by company within one: figures with intervals, hidden below the least n.

SVY-8  What is too few to be published is hidden from the office's table too, with how many there are: an eye that has
       seen a figure cannot unsee it. An industry counts every answer, also those of companies that are hidden.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.index.survey import pulse_survey
from checklists.index.tallies import Tally, total
from checklists.language import Text
from sync_server.database.queries import survey as queries


class Line(NamedTuple):
    """An industry or a company; `needs` is how many answers it is published from on."""

    code: str
    name: Text
    tally: Tally
    needs: int
    from_counter: int = 0  # of the answers, those that a phone at a counter took

    @property
    def is_published(self) -> bool:
        """Are there enough answers?"""
        return self.tally.n >= self.needs


def industry_lines(db: Connection, edition: int) -> list[Line]:
    """Return a line for each industry of an edition, in the order of the survey."""
    survey, tallies, counters = pulse_survey(), queries.tallies_of(db, edition), queries.from_counters(db, edition)
    by_industry: dict[str, list[Tally]] = defaultdict(list)
    at_counters: dict[str, int] = defaultdict(int)
    for company in queries.company_rows(db):
        if company.id in tallies:
            by_industry[company.industry].append(tallies[company.id])
            at_counters[company.industry] += counters[company.id]
    return [
        Line(one.code, one.name, total(by_industry[one.code]), survey.min_industry, at_counters[one.code])
        for one in survey.industries
    ]


def company_lines(db: Connection, edition: int, industry: str) -> list[Line]:
    """Return a line for each company of an industry."""
    survey, tallies, counters = pulse_survey(), queries.tallies_of(db, edition), queries.from_counters(db, edition)
    nothing = Tally()
    return [
        Line(
            company.id,
            company.name,
            tallies.get(company.id, nothing),
            survey.min_company,
            counters.get(company.id, 0),
        )
        for company in queries.company_rows(db)
        if company.industry == industry
    ]
