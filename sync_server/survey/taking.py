"""Taking answers: is the survey open, about whom, and keeping an answer once, together with its sums.

SVY-5  An answer is taken from the moment its survey opens until before the moment it closes, about a company there is.
SVY-6  An answer that is sent twice is kept once; it and its sums are written together, or neither is.
SVY-7  Of an answer the hour is kept, never the minute, and nothing of who sent it.
SVY-16 What a customer typed is read in one way, however it came, and everything wrong is said at once, by its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.index.survey import CONTACTS, ORIGINS, Answers, pulse_survey, read_answers
from checklists.index.tallies import tally_of
from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server.database.queries import survey as queries
from sync_server.database.queries.survey import AnswerRow, SurveyRow


class NotTakenError(SentenceError):
    """No answer is taken now."""


class NotWholeError(Exception):
    """Something is missing or wrong in what was typed; `problems` say what, by field."""

    def __init__(self, problems: Mapping[str, Sentence]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class Given(NamedTuple):
    """What a customer answered, and how it came."""

    id: str
    company: str
    contact: str
    origin: str
    answers: Answers
    came_by: str = "page"  # or "kiosk": a phone at a counter


def given_in(typed: Mapping[str, str], answer: str, company: str, came_by: str = "page") -> Given:
    """Return what a customer answered, read out of what was typed.

    Raises:
        NotWholeError: something is missing or wrong (SVY-16).
    """
    answers, wrong = read_answers(pulse_survey(), typed)
    contact, origin = typed.get("contact", ""), typed.get("origin", "")
    problems = dict(wrong)
    for name, value, among in (("contact", contact, CONTACTS), ("origin", origin, ORIGINS)):
        if value not in among:
            problems[name] = sentence(N_("Choose one of the answers."))
    if problems:
        raise NotWholeError(problems)
    return Given(answer, company, contact, origin, answers, came_by)


def open_survey(db: Connection, now: datetime) -> SurveyRow:
    """Return the survey that is open.

    Raises:
        NotTakenError: none is (SVY-5).
    """
    rows = queries.survey_rows(db)
    for row in rows:
        if row.opens_at <= now < row.closes_at:
            return row
    raise NotTakenError(_why_closed(rows, now))


def _why_closed(rows: Sequence[SurveyRow], now: datetime) -> Sentence:
    if any(now < row.opens_at for row in rows):
        return sentence(N_("The survey is not open yet. Thank you for coming; please come again."))
    return sentence(N_("The survey is closed: no more answers are taken. Thank you for coming."))


def keep_answer(db: Connection, given: Given, now: datetime) -> bool:
    """Keep one answer and add it to its sums; False where it is kept already (SVY-6).

    Raises:
        NotTakenError: the survey is closed, or there is no such company.
    """
    survey = open_survey(db, now)
    if queries.company_of(db, given.company) is None:
        raise NotTakenError(sentence(N_("There is no such company in the survey.")))
    hour = now.replace(minute=0, second=0, microsecond=0)
    answers: Mapping[str, int | str] = dict(given.answers)
    row = AnswerRow(given.id, survey.edition, given.company, given.contact, given.origin, given.came_by, answers, hour)
    if not queries.add_answer(db, row):
        return False
    tally, at_counter = tally_of(answers, pulse_survey()), given.came_by == "kiosk"
    queries.add_to_tally(db, survey.edition, given.company, tally, from_counter=int(at_counter))
    return True
