"""DBL: a visit scored by a second person, blind, and what a pair comes to."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from checklists.language import SentenceError
from checklists.score.double_scoring import DoubleScore, drawn, settle, wanted
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import second_scores as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.pages.quality_agreement import agreement_view
from sync_server.panel.marking import CannotMarkError, TieNotDeclaredError
from sync_server.publication.readiness import Weight, readiness
from sync_server.review import second_scores
from sync_server.review.outcome import By, current_assessment
from sync_server.review.second_scores import apart, pair_of
from tests.sync_server.closed_season import BOOK, add_person, desk_of
from tests.sync_server.review.review_kit import LATER, a_visit, correct, judged
from tests.sync_server.season_kit import ANSWERS, add_season


@pytest.fixture
def by(database: Database) -> By:
    with database.transaction() as db:
        add_season(db)
        return By(add_person(db, "wong"), LATER)


@pytest.mark.parametrize(("visits", "count"), [(0, 0), (1, 1), (2, 2), (6, 2), (20, 2), (21, 3), (40, 4), (120, 12)])
def test_r_dbl_4_a_tenth_is_scored_twice_and_two_at_least(visits: int, count: int) -> None:
    ids = [f"visit-{number}" for number in range(visits)]
    found = drawn(ids, (), "seed")
    assert (wanted(visits), len(found), set(found) <= set(ids)) == (count, count, True)
    assert drawn(ids, found, "seed") == []
    assert drawn(ids[::-1], (), "seed") == found
    if count > 2:
        assert drawn(ids, (), "another") != found


@pytest.mark.parametrize(
    ("first", "scores", "again", "step", "base"),
    [
        pytest.param(80, [85], None, "agreed", "82.5", id="DBL-4 five points are the mean"),
        pytest.param(80, [86], None, "score_again", None, id="DBL-4 six are talked over"),
        pytest.param(80, [86], 84, "agreed", "82", id="DBL-4 and agreed after it"),
        pytest.param(80, [86], 86, "third_assessor", None, id="DBL-4 or still apart"),
        pytest.param(80, [86, 70], 86, "median", "80", id="DBL-4 then the third's median"),
        pytest.param(80, [91], None, "third_assessor", None, id="DBL-4 over ten a third"),
        pytest.param(80, [91, 84], None, "median", "84", id="DBL-4 whose median is used"),
    ],
)
def test_a_gap_is_settled(first: int, scores: list[int], again: int | None, step: str, base: str | None) -> None:
    found = settle(Fraction(first), [Fraction(each) for each in scores], None if again is None else Fraction(again))
    assert (found.step, found.base) == (DoubleScore(step), None if base is None else Fraction(base))


def person(db: Connection, name: str) -> By:
    return By(add_person(db, name), LATER + timedelta(hours=1))


def score(db: Connection, visit: str, who: By, *, is_final: bool = True, **changes: str) -> None:
    second_scores.score(db, BOOK, visit, judged(**changes), is_final=is_final, by=who)


def pair(db: Connection, visit: str) -> Any:
    return pair_of(db, current_assessment(db, visit))


def test_a_second_person_scores_blind_and_what_is_final_stays(database: Database, by: By) -> None:
    """DBL-2, DBL-5, PAN-1, PAN-3"""
    with database.transaction() as db:
        visit = a_visit(db)
        with pytest.raises(TieNotDeclaredError):
            score(db, visit, by)
        second_scores.say_tie(db, visit, is_tied=False, by=by)
        with pytest.raises(SentenceError, match="Answer every question first: PA1"):
            score(db, visit, by, PA1="")
        with pytest.raises(SentenceError, match="whole number from 0 to 4"):
            score(db, visit, by, PC1="9")
        score(db, visit, by, PC1="0", is_final=False)
        assert pair(db, visit) is None
        score(db, visit, by, PC1="2")
        found = pair(db, visit)
        assert (found.settled.step, found.scores[0].answers["PC1"]) == (DoubleScore.AGREED, (2, 4))
        assert found.settled.base == (found.first + found.scores[0].base) / 2
        assert "PA3" not in found.scores[0].answers  # measured by the clock
        with pytest.raises(SentenceError, match="final"):
            score(db, visit, by)
        other = person(db, "ho")
        second_scores.say_tie(db, visit, is_tied=False, by=other)
        with pytest.raises(SentenceError, match="settled"):
            score(db, visit, other)
        db.execute(update(tables.assessments).where(tables.assessments.c.id == visit).values(revision=2))
        assert pair(db, visit) is None


def test_who_knows_the_visit_does_not_score_it(database: Database, by: By) -> None:
    """DBL-2"""
    with database.transaction() as db:
        visit, reader, tied = a_visit(db), person(db, "ho"), person(db, "lam")
        correct(db, visit, "PC1", "3", by)
        row = AuditRow(LATER, "user", reader.user_id, "assessment-viewed", "assessment", visit, {}, "r")
        append_audit(db, [row])
        second_scores.say_tie(db, visit, is_tied=True, by=tied)
        for who, why in ((by, "corrected it"), (reader, "looked at this visit")):
            second_scores.say_tie(db, visit, is_tied=False, by=who)
            with pytest.raises(SentenceError, match=why):
                score(db, visit, who)
        with pytest.raises(CannotMarkError, match="tied"):
            score(db, visit, tied)


FAR = dict.fromkeys(("PA1", "PA4", "PB1", "PB2", "PB3", "PC3", "PC4", "PE5"), "false") | {"PC1": "0", "PC2": "0"}


def test_far_apart_a_third_person_scores_and_the_round_waits_for_it(database: Database, by: By) -> None:
    """DBL-4, RDY-1"""
    with database.transaction() as db:
        visit, third = a_visit(db), person(db, "ho")
        for who, changes in ((by, FAR), (third, {})):
            second_scores.say_tie(db, visit, is_tied=False, by=who)
            score(db, visit, who, **changes)
            if who is by:
                assert (pair(db, visit).settled.step, apart(db, 1)) == (DoubleScore.THIRD_ASSESSOR, [visit])
                stops = [line.open for line in readiness(desk_of(db), 1, LATER).open_of(Weight.STOPS)]
                assert stops
        assert pair(db, visit).settled == settle(
            pair(db, visit).first, [one.base for one in pair(db, visit).scores], None
        )
        assert (pair(db, visit).settled.step, apart(db, 1)) == (DoubleScore.MEDIAN, [])


def test_after_talking_the_second_scores_once_more(database: Database, by: By) -> None:
    """DBL-4"""
    with database.transaction() as db:
        visit = a_visit(db)
        second_scores.say_tie(db, visit, is_tied=False, by=by)
        score(db, visit, by, PA1="false", PC1="0", PB1="false")
        assert pair(db, visit).settled.step is DoubleScore.SCORE_AGAIN
        other = person(db, "ho")
        second_scores.say_tie(db, visit, is_tied=False, by=other)
        with pytest.raises(SentenceError, match="talk first"):
            score(db, visit, other)
        score(db, visit, by)
        assert pair(db, visit).settled == (
            pair(db, visit).settled.__class__(base=pair(db, visit).first, step=DoubleScore.AGREED)
        )


def test_another_assessors_visit_stands_as_the_second(database: Database, by: By) -> None:
    """DBL-3"""
    with database.transaction() as db:
        first, second, same = a_visit(db, 1), a_visit(db, 2, answers=ANSWERS | {"PC1": 3}), a_visit(db, 3)
        db.execute(insert(tables.assessors).values(id="another", name="Another", languages=["yue"], created_at=LATER))
        chosen = tables.assessments.c.id == second
        db.execute(update(tables.assessments).where(chosen).values(assessor_id="another"))
        with pytest.raises(SentenceError, match="another assessor"):
            second_scores.pair_visits(db, BOOK, first, same, by)
        assert [one.id for one in queries.partners(db, first)] == [second]
        assert {one.id for one in queries.partners(db, second)} == {first, same}
        second_scores.pair_visits(db, BOOK, first, second, by)
        assert pair(db, first).scores[0].answers["PC1"] == (3, 4)
        with pytest.raises(SentenceError, match="already"):
            second_scores.pair_visits(db, BOOK, first, second, by)


def test_the_page_of_agreement_shows_pairs_questions_and_what_is_owed(database: Database, by: By) -> None:
    """AGR-1, AGR-2, AGR-3, DBL-1"""
    with database.transaction() as db:
        visits = [a_visit(db, number, answers=ANSWERS | {"PC1": number % 5}) for number in range(1, 4)]
        for number, visit in enumerate(visits[:2], 1):
            second_scores.say_tie(db, visit, is_tied=False, by=by)
            score(db, visit, by, PC1=str(number % 5))
        view = agreement_view(
            queries.countable(db, 1), queries.final_marks(db, 1), queries.again_bases(db, 1),
            names={}, forms=BOOK.forms(db), seed="s",
        )  # fmt: skip
        empty = agreement_view(queries.countable(db, 1), (), {}, names={}, forms={}, seed="s")
    assert ([line.id for line in view.pairs], view.apart, view.owed) == (visits[:2], 0, [])
    item = next(line for line in view.items if line.key == "PC1")
    assert (item.n, item.observed, item.kappa, item.is_weighted) == (2, 1.0, 1.0, True)
    assert view.totals is not None
    assert (view.totals.icc, view.totals.bias) == (1.0, 0.0)
    assert (empty.pairs, empty.totals, [len(line.drawn) for line in empty.owed]) == ([], None, [2])
