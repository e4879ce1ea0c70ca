"""The index of an edition as it is published: a copy of its figures, whose companies lead, and two editions compared.

SVY-11  A copy holds every industry with how many answered it, and figures to two places with their intervals only from
        the least number on; companies as well. What is answered later is not in it.
SVY-12  An index award goes to the company with the highest satisfaction of its industry, where two of it at least have
        figures; who is alike to two places shares it, and that is told. (A rule of ours: the seed names the award and
        no rule.)
SVY-13  Two editions are compared by industry where both show figures; a step is told to be beyond chance when it is
        larger than the two intervals together allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any, NamedTuple

from sqlalchemy import Connection

from checklists.index.survey import pulse_survey
from checklists.index.tallies import Measure
from checklists.number import shown
from sync_server.database.queries import survey as queries
from sync_server.survey.measured import Line, company_lines, industry_lines

Json = dict[str, Any]
MEASURES = ("satisfaction", "loyalty", "nps")
LEAST_COMPANIES = 2


class Step(NamedTuple):
    """One figure of an industry, later less earlier, and whether it is beyond chance."""

    by: float
    is_beyond_chance: bool


class Compared(NamedTuple):
    """An industry in two editions, by measure; None: one of them shows no figure."""

    code: str
    name: Mapping[str, str]
    steps: Mapping[str, Step | None]


def what_of(edition: int) -> str:
    """Return what the copies of an edition's index are called."""
    return f"index-{edition}"


def figures_to_publish(db: Connection, edition: int) -> Json:
    """Return the index of an edition as it stands now (SVY-11). `about` names the companies in it."""
    industries = [_plain(line) for line in industry_lines(db, edition)]
    companies = {
        one.code: [_plain(line) for line in company_lines(db, edition, one.code)] for one in pulse_survey().industries
    }
    return {
        "index": edition,
        "industries": industries,
        "companies": {code: rows for code, rows in companies.items() if rows},
        "awards": {code: winners for code, rows in companies.items() if (winners := leaders(rows))},
        "about": sorted(row.id for row in queries.company_rows(db)),
    }


def leaders(companies: Sequence[Json]) -> list[str]:
    """Return the codes of the companies that lead an industry (SVY-12)."""
    with_figures = [one for one in companies if one["satisfaction"] is not None]
    if len(with_figures) < LEAST_COMPANIES:
        return []
    best = max(float(one["satisfaction"]) for one in with_figures)
    return [one["code"] for one in with_figures if float(one["satisfaction"]) == best]


def compared(later: Json, earlier: Json) -> list[Compared]:
    """Return the industries of the later copy beside those of the earlier one (SVY-13)."""
    before = {one["code"]: one for one in earlier["industries"]}
    return [
        Compared(one["code"], one["name"], {name: _step(one, before[one["code"]], name) for name in MEASURES})
        for one in later["industries"]
        if one["code"] in before
    ]


def _step(later: Json, earlier: Json, name: str) -> Step | None:
    if later[name] is None or earlier[name] is None:
        return None
    by = float(later[name]) - float(earlier[name])
    return Step(by, abs(by) > hypot(later[f"{name}_half"], earlier[f"{name}_half"]))


def _plain(line: Line) -> Json:
    measures: Sequence[Measure | None] = (line.tally.satisfaction, line.tally.loyalty, line.tally.nps)
    plain: Json = {"code": line.code, "name": dict(line.name), "n": line.tally.n}
    for name, measure in zip(MEASURES, measures, strict=True):
        is_shown = line.is_published and measure is not None
        plain[name] = shown(measure.value) if is_shown and measure is not None else None
        plain[f"{name}_half"] = round(measure.half, 2) if is_shown and measure is not None else None
    return plain
