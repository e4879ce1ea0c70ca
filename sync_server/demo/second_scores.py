"""The demo's second scores: all of the round that is closed, and of the next some, with a gap of every kind.

DTW-1  The coordinator scores second, for the reviewer has looked at every visit; the administrator is the third person.
DTW-2  In round 1 every visit drawn was scored, every pair is settled, and what was settled counts: it can be closed.
DTW-3  In round 2 half of those drawn were. One pair waits for a third person, one for its two to talk, one is settled
       by a median; the rest are for whoever tries it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from sqlalchemy import Connection

from checklists.record.assessment import NOT_APPLICABLE
from checklists.score.double_scoring import AGREED_WITHIN, RESCORED_WITHIN
from sync_server.database.queries import users
from sync_server.demo.signing import SIGNERS
from sync_server.pages.answers import choices_of
from sync_server.review import second_scores, settling
from sync_server.review.correcting import answer_of
from sync_server.review.outcome import By, current_assessment
from sync_server.season.forms import FormBook

BOOK = FormBook()
# Gaps as a pair has them: over the first, and at most the second.
ALIKE, TALKED, APART = (Fraction(-1), AGREED_WITHIN), (AGREED_WITHIN, RESCORED_WITHIN), (RESCORED_WITHIN, Fraction(100))
SAME = 0.4  # of those who agree, how many answer alike throughout
WHY = "Scored twice, and settled as the rules say. 經第二次評分，並按規則定分。"
THIRD, MEDIAN, TALK = range(3)  # which of round 2's pairs are apart
GAPS = {THIRD: APART, MEDIAN: APART, TALK: TALKED}


def score_twice(db: Connection, now: datetime) -> None:
    """Do it. Inside a write transaction, before the first round is closed."""
    people = [account for account in (users.user_named(db, name) for name in SIGNERS) if account is not None]
    if len(people) < len(SIGNERS):
        return
    # The second before the third: of one moment, their order would be that of their ids.
    second, third = By(people[0].id, now - timedelta(minutes=1)), By(people[1].id, now)
    for visit in second_scores.owed(db, 1):
        _score(db, visit, second, gap=ALIKE)
    if settling.waiting(db, 1):
        settling.let_count(db, 1, WHY, second)
    for number, visit in enumerate(second_scores.owed(db, 2)[::2]):
        _score(db, visit, second, gap=GAPS.get(number, ALIKE))
        if number == MEDIAN:
            _score(db, visit, third, gap=ALIKE)


def _score(db: Connection, visit: str, by: By, *, gap: tuple[Fraction, Fraction]) -> None:
    """Have a visit scored with as many answers changed as take its base as far away as `gap` says."""
    assessment = current_assessment(db, visit)
    record = second_scores.record_of(db, assessment)
    scorer = second_scores.scorer_of(db, BOOK, assessment, record)
    items = second_scores.asked_of(scorer, record)
    whole = {key: answer.value for key, answer in record.answers.items()}
    typed = {item.key: _typed(whole[item.key]) for item in items}
    first, chance = scorer.base(whole) or Fraction(0), Random(visit)  # noqa: S311 - a demo
    is_same = gap == ALIKE and chance.random() < SAME
    for item in () if is_same else chance.sample(items, len(items)):
        before = typed[item.key]
        others = [code for code, _ in choices_of(item.question) if code not in (before, NOT_APPLICABLE)]
        if not others or before == NOT_APPLICABLE:
            continue
        typed[item.key] = others[0] if gap == ALIKE else others[-1]
        after = whole | {each.key: answer_of(each, typed[each.key]) for each in items}
        away = abs((scorer.base(after) or Fraction(0)) - first)
        if away > gap[1]:
            typed[item.key] = before
        elif away > gap[0]:
            break
    second_scores.say_tie(db, visit, is_tied=False, by=by)
    second_scores.score(db, BOOK, visit, typed, is_final=True, by=by)


def _typed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
