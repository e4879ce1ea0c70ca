"""The customer survey: when it is open, companies, answers and their sums, tables printed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from checklists.index.tallies import Tally
from checklists.language import Text
from sync_server.database.queries.portable import insert_ignoring_duplicates, insert_or_update
from sync_server.database.tables import printed_indexes, survey_answers, survey_companies, survey_tallies, surveys


class SurveyRow(NamedTuple):
    """When the survey of an edition is open: from a moment to before another."""

    edition: int
    opens_at: datetime
    closes_at: datetime


class CompanyRow(NamedTuple):
    """A company that customers are asked about."""

    id: str
    industry: str
    name: Text
    added_at: datetime


class AnswerRow(NamedTuple):
    """One customer's answers; nothing says whose."""

    id: str
    edition: int
    company: str
    contact: str
    origin: str
    came_by: str
    answers: Mapping[str, int | str]
    hour: datetime


class PrintedRow(NamedTuple):
    """A table printed elsewhere, every figure as printed."""

    edition: str
    source: str
    stated: int | None
    rows: Sequence[Sequence[str]]
    kept_at: datetime


def set_survey(db: Connection, row: SurveyRow) -> None:
    """Set when the survey of an edition is open."""
    changed = ["opens_at", "closes_at"]
    db.execute(insert_or_update(db, surveys, ["edition"], changed).values(**row._asdict()))


def survey_rows(db: Connection) -> Sequence[SurveyRow]:
    """Return every survey, the newest edition first."""
    columns = [surveys.c[name] for name in SurveyRow._fields]
    return [SurveyRow(*row) for row in db.execute(select(*columns).order_by(surveys.c.edition.desc()))]


def set_company(db: Connection, row: CompanyRow) -> None:
    """Add a company, or change the industry and name it has."""
    changed = ["industry", "name"]
    db.execute(insert_or_update(db, survey_companies, ["id"], changed).values(**row._asdict()))


def company_rows(db: Connection) -> Sequence[CompanyRow]:
    """Return every company, in the order of their ids."""
    columns = [survey_companies.c[name] for name in CompanyRow._fields]
    return [CompanyRow(*row) for row in db.execute(select(*columns).order_by(survey_companies.c.id))]


def company_of(db: Connection, company: str) -> CompanyRow | None:
    """Return one company, or None."""
    columns = [survey_companies.c[name] for name in CompanyRow._fields]
    row = db.execute(select(*columns).where(survey_companies.c.id == company)).first()
    return CompanyRow(*row) if row else None


def companies_there(db: Connection, companies: Iterable[str]) -> frozenset[str]:
    """Return those of `companies` that customers are asked about."""
    ids = survey_companies.c.id
    return frozenset(db.execute(select(ids).where(ids.in_(sorted(companies)))).scalars())


def add_answers(db: Connection, rows: Sequence[AnswerRow]) -> list[str]:
    """Keep answers; return the ids that are new. Where an id is kept already, nothing is written."""
    if not rows:
        return []
    statement = insert_ignoring_duplicates(db, survey_answers).returning(survey_answers.c.id)
    return list(db.execute(statement, [row._asdict() for row in rows]).scalars())


def add_to_tally(db: Connection, edition: int, company: str, tally: Tally, *, from_counter: int = 0) -> None:
    """Add `tally` to the sums of a company, in the transaction that keeps the answer."""
    which = (survey_tallies.c.edition == edition) & (survey_tallies.c.company == company)
    sums = {**tally._asdict(), "from_counter": from_counter}
    more = {name: survey_tallies.c[name] + value for name, value in sums.items() if value}
    if not db.execute(update(survey_tallies).where(which).values(**more)).rowcount:
        db.execute(insert(survey_tallies).values(edition=edition, company=company, **sums))


def tallies_of(db: Connection, edition: int) -> Mapping[str, Tally]:
    """Return the sums of each company of an edition."""
    columns = [survey_tallies.c[name] for name in Tally._fields]
    statement = select(survey_tallies.c.company, *columns).where(survey_tallies.c.edition == edition)
    return {company: Tally(*sums) for company, *sums in db.execute(statement)}


def from_counters(db: Connection, edition: int) -> Mapping[str, int]:
    """Return how many answers of each company came from a counter."""
    c = survey_tallies.c
    rows = db.execute(select(c.company, c.from_counter).where(c.edition == edition))
    return {company: int(count) for company, count in rows}


def count_answers(db: Connection, edition: int) -> int:
    """Return how many answers are kept, counted one by one: for whoever compares them with the sums."""
    statement = select(func.count()).select_from(survey_answers).where(survey_answers.c.edition == edition)
    return int(db.execute(statement).scalar_one())


def set_printed(db: Connection, row: PrintedRow) -> None:
    """Keep a printed table in the place of an earlier one of its edition."""
    changed = ["source", "stated", "rows", "kept_at"]
    values = {**row._asdict(), "rows": [list(each) for each in row.rows]}
    db.execute(insert_or_update(db, printed_indexes, ["edition"], changed).values(**values))


def printed_rows(db: Connection) -> Sequence[PrintedRow]:
    """Return every printed table, the newest edition first."""
    columns = [printed_indexes.c[name] for name in PrintedRow._fields]
    return [PrintedRow(*row) for row in db.execute(select(*columns).order_by(printed_indexes.c.edition.desc()))]
