"""Customers of the demo: a survey that is open, companies, their answers, and the table of 18 industries as printed.

CUST-1  Some industries have enough answers to show figures and some have not; the same seed gives the same answers.
CUST-2  Of the year before there are enough in all 18, and its index is out.

The printed table is that of the Hong Kong CRE index of 2020/2021, published on 4 May 2022.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.index.survey import CONTACTS, Industry, pulse_survey
from checklists.index.table import IndexRow, IndexTable
from checklists.language import Text
from sync_server.database.queries import survey as queries
from sync_server.database.queries import users
from sync_server.database.queries.survey import CompanyRow, SurveyRow
from sync_server.demo.signing import SIGNERS
from sync_server.exchange.index_table import read_index
from sync_server.publication import apart
from sync_server.review.outcome import By
from sync_server.survey.printed import Print, keep_printed
from sync_server.survey.publishing import figures_to_publish, what_of
from sync_server.survey.taking import Given, Taking, keep_answers

SOURCE = "《都會情報》2022 年 5 月 4 日：香港 18 個行業在傑出顧客關係服務指數調查中的指數表現"
# Code, industry, name, answers, and how content its customers are: 0 to 1.
COMPANIES: tuple[tuple[str, str, Text, int, float], ...] = (
    ("lotus-market", "supermarkets", {"en": "Lotus Market", "zh-Hant": "蓮花超市"}, 75, 0.8),
    ("corner-basket", "supermarkets", {"en": "Corner Basket", "zh-Hant": "街角菜籃"}, 40, 0.7),
    ("jade-peak-mobile", "mobile", {"en": "Jade Peak Mobile", "zh-Hant": "翠峰流動通訊"}, 85, 0.55),
    ("tidewave-mobile", "mobile", {"en": "Tidewave Mobile", "zh-Hant": "潮湧通訊"}, 28, 0.4),
    ("harbour-bank", "banks", {"en": "Harbour Bank", "zh-Hant": "海港銀行"}, 60, 0.6),
    ("kapok-fibre", "broadband", {"en": "Kapok Fibre", "zh-Hant": "木棉光纖"}, 20, 0.35),
)

# Two more companies of each industry, asked about last year: prefixes of their names, their answers, and by how much
# their customers are more content than those of the industry; in two of three industries it is the other way round.
OTHERS: tuple[tuple[str, str, str, int, float], ...] = (
    ("lion-rock", "Lion Rock", "獅子山", 64, 0.03),
    ("clear-water", "Clear Water", "清水", 52, -0.04),
)


class Crowd(NamedTuple):
    """Customers of a company: how their answers' ids begin, how many they are, how content."""

    company: str
    begin: str
    answers: int
    content: float


def add_customers(db: Connection, seed: int, now: datetime) -> None:
    """Keep the survey of this year with its answers, and the printed table."""
    chance = Random(f"customers {seed}")  # noqa: S311 - a demo
    opens = now - timedelta(days=20)
    queries.set_survey(db, SurveyRow(now.year, opens, now + timedelta(days=70)))
    for code, industry, name, count, content in COMPANIES:
        queries.set_company(db, CompanyRow(code, industry, name, opens))
        _answer(db, chance, Crowd(code, code, count, content), opens, 20)
    printed = read_index((files("sync_server.demo") / "files" / "index_2020_2021.csv").read_bytes(), "index.csv").table
    if printed is None:
        return
    keep_printed(db, Print("2020-2021", SOURCE, 18), printed, now)
    # As content as those of the printed table, industry by industry: both have the 18 in one order.
    content_of = {industry.code: float(row.satisfaction.value) / 100 for industry, row in _beside(printed)}
    _last_year(db, chance, now, content_of)


def _beside(printed: IndexTable) -> list[tuple[Industry, IndexRow]]:
    return list(zip(pulse_survey().industries, printed.rows, strict=True))


def _answer(db: Connection, chance: Random, crowd: Crowd, opens: datetime, days: int) -> None:
    """Keep the answers of a crowd, given in the first `days` of a survey."""
    takings = [
        Taking(
            _given(chance, f"{crowd.begin}-{number}".ljust(24, "-"), crowd.company, crowd.content),
            opens + timedelta(minutes=chance.randrange(days * 24 * 60)),
        )
        for number in range(crowd.answers)
    ]
    keep_answers(db, takings)


def _last_year(db: Connection, chance: Random, now: datetime, content_of: Mapping[str, float]) -> None:
    """Keep the survey of the year before, and publish its index where two people can sign it."""
    edition, opens = now.year - 1, now - timedelta(days=360)
    queries.set_survey(db, SurveyRow(edition, opens, opens + timedelta(days=60)))
    for code, _industry, _name, count, content in COMPANIES[:2]:
        _answer(db, chance, Crowd(code, f"last-{code}", count, content - 0.1), opens, 50)
    for place, industry in enumerate(pulse_survey().industries):
        for begin, en, zh, count, more in OTHERS:
            code = f"{begin}-{industry.code}".replace("_", "-")
            name = {"en": f"{en} {industry.name['en']}", "zh-Hant": f"{zh}{industry.name['zh-Hant']}"}
            queries.set_company(db, CompanyRow(code, industry.code, name, opens))
            _answer(
                db,
                chance,
                Crowd(code, code, count, content_of[industry.code] + (-more if place % 3 else more)),
                opens,
                50,
            )
    people = [account for account in (users.user_named(db, name) for name in SIGNERS) if account is not None]
    if len(people) < len(SIGNERS):
        return
    what, by = what_of(edition), [By(account.id, now) for account in people]
    copy = apart.take(db, what, figures_to_publish(db, edition), audience="public", by=by[0])
    for one in by:
        apart.sign(db, what, copy.digest, one)
    apart.issue(db, what, by[0])


def _given(chance: Random, ident: str, company: str, content: float) -> Given:
    answers: dict[str, int | str] = {}
    for question in pulse_survey().questions:
        if question.scale:
            span = question.scale[-1] - question.scale[0]
            mark = round(question.scale[0] + span * min(1.0, max(0.0, chance.gauss(content, 0.18))))
            answers[question.key] = mark
        elif question.choices:
            answers[question.key] = chance.choice(question.choices).code
    origin = "visitor" if chance.random() < 0.1 else "local"
    return Given(ident, company, chance.choice(CONTACTS), origin, answers)
