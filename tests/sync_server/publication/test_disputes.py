"""DSP, WDY-2: what an entrant disputes, who decides, and what it does. Ids are those in publication/disputes.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select, update

from checklists.number import exact
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.disputes import all_disputes, dispute_of
from sync_server.database.queries.panel import BLIND, MarkRow, keep_mark
from sync_server.database.queries.publications import published
from sync_server.database.queries.second_scores import base_of
from sync_server.pages.release import life_line
from sync_server.pages.today import today_view
from sync_server.publication.dispute_effects import RoundIf
from sync_server.publication.disputes import (
    decide,
    may_open,
    open_dispute,
    unsettled,
    waited_days,
    waits_for_correction,
)
from sync_server.publication.life import STATE_WORDS, RoundState
from sync_server.publication.readiness import Weight, readiness_of_results
from sync_server.publication.rounds import standing_of_what
from sync_server.publication.working_days import working_days
from sync_server.reports.kept import copy_of
from sync_server.reports.participant import participant_report
from sync_server.review import correcting
from sync_server.review.outcome import By, CannotDecideError
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rule_changes import set_release_moments
from tests.builders import NOON
from tests.sync_server.closed_season import BOOK, ENDED, a_round_that_ended, add_person, closed, desk_of, signed
from tests.sync_server.season_kit import ASSESSOR

KEY = ("harbour-ferry", "phone_in")
MOMENT = ENDED + timedelta(days=1)
OPEN_AT = MOMENT + timedelta(days=3)
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


class Released(NamedTuple):
    """Round 1 is out: who signed it, and one of its visits."""

    people: tuple[By, By]
    visit: str


@pytest.fixture
def released(database: Database) -> Released:
    with database.transaction() as db:
        people = a_round_that_ended(db)
        confirm_clock(db, ENDED)
        signed(db, closed(db, people[0]), *people)
        set_release_moments(db, {1: MOMENT}, created_by="admin", now=NOON)
        assert release_due(db, MOMENT, MOMENT) == [1]
        confirm_clock(db, OPEN_AT)
        visit = db.execute(select(tables.assessments.c.id).order_by(tables.assessments.c.id)).scalars().all()[-1]
        db.execute(update(tables.assessments).where(tables.assessments.c.id == visit).values(base_shown="70.00"))
    return Released((By(people[0].user_id, OPEN_AT), By(people[1].user_id, OPEN_AT)), visit)


def disputed(db: Connection, released: Released, question: str = "PC1", words: str = "It was restated.") -> int:
    by = By(released.people[1].user_id, OPEN_AT)
    return open_dispute(db, KEY, 1, released.visit, question=question, words=words, by=by)


def decided(
    db: Connection, number: int, by: By, outcome: str, *, reason: str = "Heard again.", answer: str = ""
) -> None:
    decide(db, BOOK, number, outcome, reason=reason, answer=answer, by=by)


def test_a_dispute_is_opened_in_its_window_alone(database: Database, released: Released) -> None:
    """DSP-1"""
    with database.transaction() as db:
        ends_at = may_open(db, 1, OPEN_AT)
        assert ends_at is not None
        assert may_open(db, 2, OPEN_AT) is None
        with pytest.raises(CannotDecideError, match="Say what"):
            disputed(db, released, words=" ")
        disputed(db, released)
        with pytest.raises(CannotDecideError, match="disputed already"):
            disputed(db, released)
        disputed(db, released, question="")
        confirm_clock(db, ends_at)
        late = By(released.people[0].user_id, ends_at)
        with pytest.raises(CannotDecideError, match="not open"):
            open_dispute(db, KEY, 1, released.visit, question="PC2", words="Late.", by=late)


@pytest.mark.parametrize(
    ("outcome", "answer", "is_changed"),
    [
        pytest.param("stands", "", False, id="DSP-3 it stands"),
        pytest.param("corrected", "4", True, id="DSP-3 the answer is corrected"),
        pytest.param("voided", "", True, id="DSP-3 the visit is void"),
    ],
)
def test_a_decision_keeps_its_reason_and_what_it_changed(
    database: Database, released: Released, outcome: str, answer: str, *, is_changed: bool
) -> None:
    """DSP-4 PRT-5: and what it changed waits for a numbered correction, which says what changed for the entry."""
    with database.transaction() as db:
        number = disputed(db, released)
        decider = By(add_person(db, "decider"), OPEN_AT)  # who corrects an answer does not sign (SGN-3)
        decided(db, number, decider, outcome, answer=answer)
        kept = dispute_of(db, number)
        assert kept is not None
        assert (kept.outcome, kept.reason, kept.decided_by) == (outcome, "Heard again.", "Name of decider")
        assert (kept.before != kept.after) == is_changed
        assert waits_for_correction(kept, published(db, "round-1")) == is_changed
        if is_changed:
            later = By(released.people[0].user_id, OPEN_AT + timedelta(hours=1))
            confirm_clock(db, later.now)
            copy = closed(db, later, reason="A dispute was upheld.")
            assert copy.correction == 1
            signed(db, copy, later, By(released.people[1].user_id, later.now))
            assert not waits_for_correction(kept, published(db, "round-1"))
            standing = standing_of_what(db, "round-1", later.now)
            assert standing is not None
            closed_at = [one.at for one in life_line(standing).steps if one.name == STATE_WORDS[RoundState.CLOSED]]
            assert closed_at == [ENDED], "a correction does not close the round again"
            report = copy_of(desk_of(db), 1)
            said = participant_report(report, KEY, "en").subject[3]
            assert said.startswith("Correction 1: A dispute was upheld. Round score:")
            untouched = participant_report(replace(report, before=report), KEY, "en").subject
            assert "Correction 1: nothing of this entry changed." in untouched
        with pytest.raises(CannotDecideError, match="no such dispute"):
            decided(db, number, released.people[0], "stands")


@pytest.mark.parametrize(
    ("outcome", "reason", "answer", "why"),
    [
        pytest.param("praised", "Heard.", "", "Choose what", id="no such outcome"),
        pytest.param("stands", " ", "", "Give a reason", id="DSP-3 without a reason"),
        pytest.param("corrected", "Heard.", "9", "whole number", id="DSP-3 no such answer"),
    ],
)
def test_a_decision_that_cannot_be_leaves_it_open(
    database: Database, released: Released, outcome: str, reason: str, *, answer: str, why: str
) -> None:
    with database.transaction() as db:
        number = disputed(db, released)
        with pytest.raises(CannotDecideError, match=why):
            decided(db, number, released.people[0], outcome, reason=reason, answer=answer)
        assert [one.outcome for one in all_disputes(db)] == [None]


def test_nobody_decides_about_what_they_scored_or_whom_they_are_tied_to(database: Database, released: Released) -> None:
    """DSP-2"""
    with database.transaction() as db:
        number = disputed(db, released)
        maker, tied = (By(add_person(db, name), OPEN_AT) for name in ("maker", "tied"))
        add_declaration(db, maker.user_id, Declaration((), ASSESSOR, OPEN_AT))
        add_declaration(db, tied.user_id, Declaration(("harbour-ferry",), None, OPEN_AT))
        corrector = By(add_person(db, "corrector"), OPEN_AT)
        digest = db.execute(select(tables.assessments.c.digest).where(tables.assessments.c.id == released.visit))
        correcting.correct(
            db, BOOK, released.visit, "PC2", "0", digest=digest.scalar_one(), reason="Heard.", by=corrector
        )
        second = By(add_person(db, "second"), OPEN_AT)
        keep_mark(db, MarkRow(BLIND + released.visit, second.user_id, "total", "70", "", 1, True, OPEN_AT))
        for by, why in (
            (maker, "made this visit"),
            (tied, "tied"),
            (corrector, "corrected an answer"),
            (second, "scored this visit a second time"),
        ):
            with pytest.raises(CannotDecideError, match=why):
                decided(db, number, by, "stands")
        decided(db, number, released.people[0], "stands")


@pytest.mark.parametrize(("outcome", "answer"), [("corrected", "4"), ("voided", "")])
def test_dsp_7_what_a_decision_would_make_of_the_round_is_what_it_makes(
    database: Database, released: Released, outcome: str, answer: str
) -> None:
    with database.transaction() as db:
        number = disputed(db, released)

        def would() -> RoundIf:
            dispute = dispute_of(db, number)
            assert dispute is not None
            return RoundIf(desk_of(db), dispute)

        before = would()
        decided(db, number, released.people[0], outcome, answer=answer)
        base = base_of(db, released.visit)
        assert base is not None
        told = before.voided() if outcome == "voided" else before.with_base(exact(base))
        assert told == would().now() != before.now()


def test_results_wait_for_disputes_of_rounds_before_the_last(database: Database, released: Released) -> None:
    """DSP-5"""

    def stops(db: Connection) -> bool:
        lines = readiness_of_results(desk_of(db), [1], 2, OPEN_AT).open_of(Weight.STOPS)
        return any("Disputes" in line.name for line in lines)

    with database.transaction() as db:
        assert not stops(db)
        number = disputed(db, released)
        assert stops(db)
        decided(db, number, released.people[0], "stands")
        assert not stops(db)
        second = disputed(db, released, question="PC2")
        decided(db, second, released.people[0], "voided")
        assert stops(db)
        assert [one.id for one in unsettled(db, [1])] == [second]
        assert list(unsettled(db, [2])) == []


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        pytest.param("2021-03-01T09:00+08:00", "2021-03-01T18:00+08:00", 0, id="WDY-2 the same day"),
        pytest.param("2021-03-05T09:00+08:00", "2021-03-08T09:00+08:00", 1, id="WDY-2 over a weekend"),
        pytest.param("2021-04-01T09:00+08:00", "2021-04-07T09:00+08:00", 1, id="WDY-2 over Ching Ming and Easter"),
    ],
)
def test_waiting_is_counted_in_working_days(start: str, end: str, days: int) -> None:
    """DSP-6"""
    assert working_days(datetime.fromisoformat(start), datetime.fromisoformat(end), HONG_KONG) == days


def test_the_clock_stops_with_the_decision(database: Database, released: Released) -> None:
    """DSP-6"""
    with database.transaction() as db:
        number = disputed(db, released)
        decided(db, number, By(released.people[0].user_id, OPEN_AT + timedelta(days=7)), "stands")
        kept = dispute_of(db, number)
        assert kept is not None
        assert waited_days(db, kept, OPEN_AT + timedelta(days=300)) == waited_days(
            db, kept, OPEN_AT + timedelta(days=7)
        )


def test_tdy_5_an_open_dispute_stands_on_today_until_it_is_decided(database: Database, released: Released) -> None:
    with database.transaction() as db:
        number = disputed(db, released)
        asked = OPEN_AT + timedelta(days=7)
        (line,) = today_view(db, asked).disputed
        assert (line.id, line.round, line.days) == (number, 1, 5)
        decided(db, number, released.people[0], "stands")
        assert list(today_view(db, asked).disputed) == []
