"""Customers of the demo: a survey that is open, companies, their answers, and the table of 18 industries as printed.

CUST-1  Some industries have enough answers to show figures and some have not; the same seed gives the same answers.

The printed table is that of the Hong Kong CRE index of 2020/2021, published on 4 May 2022.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files
from random import Random

from sqlalchemy import Connection

from checklists.index.survey import CONTACTS, pulse_survey
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
from sync_server.survey.taking import Given, keep_answer

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


def add_customers(db: Connection, seed: int, now: datetime) -> None:
    """Keep the survey of this year with its answers, and the printed table."""
    chance = Random(f"customers {seed}")  # noqa: S311 - a demo
    opens = now - timedelta(days=20)
    queries.set_survey(db, SurveyRow(now.year, opens, now + timedelta(days=70)))
    for code, industry, name, count, content in COMPANIES:
        queries.set_company(db, CompanyRow(code, industry, name, opens))
        for number in range(count):
            at = opens + timedelta(minutes=chance.randrange(20 * 24 * 60))
            keep_answer(db, _given(chance, f"{code}-{number}".ljust(24, "-"), code, content), at)
    _last_year(db, chance, now)
    printed = read_index((files("sync_server.demo") / "files" / "index_2020_2021.csv").read_bytes(), "index.csv").table
    if printed is not None:
        keep_printed(db, Print("2020-2021", SOURCE, 18), printed, now)


def _last_year(db: Connection, chance: Random, now: datetime) -> None:
    """Keep the survey of the year before, and publish its index where two people can sign it."""
    edition, opens = now.year - 1, now - timedelta(days=360)
    queries.set_survey(db, SurveyRow(edition, opens, opens + timedelta(days=60)))
    for code, _industry, _name, count, content in COMPANIES[:2]:
        for number in range(count):
            at = opens + timedelta(minutes=chance.randrange(50 * 24 * 60))
            keep_answer(db, _given(chance, f"last-{code}-{number}".ljust(24, "-"), code, content - 0.1), at)
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
