"""Taking answers: is the survey open, about whom, and keeping an answer once, together with its sums.

SVY-5  An answer is taken from the moment its survey opens until before the moment it closes, about a company there is.
SVY-6  An answer that is sent twice is kept once; it and its sums are written together, or neither is.
SVY-7  Of an answer the hour is kept, never the minute, and nothing of who sent it.
SVY-16 What a customer typed is read in one way, however it came, and everything wrong is said at once, by its field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.index.survey import CONTACTS, ORIGINS, Answers, pulse_survey, read_answers
from checklists.index.tallies import Tally, tally_of, total
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
    return open_now(queries.survey_rows(db), now)


def open_now(rows: Sequence[SurveyRow], now: datetime) -> SurveyRow:
    """Return the one of `rows` that is open.

    Raises:
        NotTakenError: none is (SVY-5).
    """
    for row in rows:
        if row.opens_at <= now < row.closes_at:
            return row
    raise NotTakenError(_why_closed(rows, now))


def _why_closed(rows: Sequence[SurveyRow], now: datetime) -> Sentence:
    if any(now < row.opens_at for row in rows):
        return sentence(N_("The survey is not open yet. Thank you for coming; please come again."))
    return sentence(N_("The survey is closed: no more answers are taken. Thank you for coming."))


class Taking(NamedTuple):
    """An answer, and the moment at which it counts."""

    given: Given
    at: datetime


def keep_answers(db: Connection, takings: Sequence[Taking]) -> list[bool | NotTakenError]:
    """Keep answers, each with its sums; a batch of the one writer.

    Returns for each whether it was new, or why it is not taken: True, False where it is kept already (SVY-6), or that
    the survey is closed, or that there is no such company.
    """
    rows, companies = queries.survey_rows(db), queries.companies_there(db, {one.given.company for one in takings})
    kept: list[bool | NotTakenError] = []
    taken: dict[str, tuple[AnswerRow, int]] = {}  # by id, with the place among `takings`
    for place, one in enumerate(takings):
        try:
            survey = open_now(rows, one.at)
        except NotTakenError as error:
            kept.append(error)
            continue
        if one.given.company not in companies:
            kept.append(NotTakenError(sentence(N_("There is no such company in the survey."))))
            continue
        kept.append(False)
        taken.setdefault(one.given.id, (_row(one, survey.edition), place))
    sums: dict[tuple[int, str], list[Tally]] = defaultdict(list)
    at_counters: dict[tuple[int, str], int] = defaultdict(int)
    for new in queries.add_answers(db, [row for row, _place in taken.values()]):
        row, place = taken[new]
        kept[place] = True
        which = (row.edition, row.company)
        sums[which].append(tally_of(row.answers, pulse_survey()))
        at_counters[which] += row.came_by == "kiosk"
    for (edition, company), tallies in sums.items():
        more = at_counters[(edition, company)]
        queries.add_to_tally(db, edition, company, total(tallies), from_counter=more)
    return kept


def keep_answer(db: Connection, given: Given, now: datetime) -> bool:
    """Keep one answer and add it to its sums; False where it is kept already (SVY-6).

    Raises:
        NotTakenError: the survey is closed, or there is no such company.
    """
    (kept,) = keep_answers(db, [Taking(given, now)])
    if isinstance(kept, NotTakenError):
        raise kept
    return kept


def _row(one: Taking, edition: int) -> AnswerRow:
    given, hour = one.given, one.at.replace(minute=0, second=0, microsecond=0)
    return AnswerRow(
        given.id, edition, given.company, given.contact, given.origin, given.came_by, dict(given.answers), hour
    )
