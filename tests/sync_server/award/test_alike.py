"""ALK: a standing tells what other rules would make of it. Ids are those in sync_server/award/alike.py."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

import msgspec
import pytest
from sqlalchemy import insert, select, update

from checklists import wire
from checklists.record.assessment import Attempt, Measurement, Outcome
from checklists.score.ease import EaseFigures, EaseTest
from checklists.season.what_if import what_if
from sync_server.award.alike import scored_alike
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import season_of
from sync_server.award.facts import KeptFacts
from sync_server.award.rule_effects import compared
from sync_server.award.settled import Settled
from sync_server.award.standings import Standings
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.jobs import ask_for, forget_job
from sync_server.database.queries.round_rules import OWN, name_of
from sync_server.jobs.wishes import standing_job
from sync_server.people.permissions import Role
from sync_server.review.outcome import By
from sync_server.review.rulings import rule_on_counting
from sync_server.season.forms import FormBook
from sync_server.season.rules import rules_if
from sync_server.season.set_up import set_up
from tests.builders import NOON, an_assignment, at
from tests.sync_server.award.standing_kit import PHONE, unanswered
from tests.sync_server.desk import add_account
from tests.sync_server.season_kit import MARKS, a_call, add_assignment, add_season, keep_record

EASE: dict[str, object] = {"ease.points.phone_in": 3}
EVERY_ROUND = (OWN, *map(name_of, (1, 2, 3)))
FOLLOW: tuple[dict[str, object], ...] = (
    EASE,
    {"attempts.needed": 1},
    {"attempts.needed": 2, "attempts.late_connect": "waive"},
    {"attempts.modes": ["onsite"]},
    {"unreachable.penalty": 9, "unreachable.max_penalty": 9, "unreachable.score_mode": "round_deduct"},
    {"critical.effect": "assessment_cap", "critical.cap": 30},
    {"critical.effect": "flag_only"},
    {"cap.assessment": 60, "cap.floor": 50},
    {"consistency.method": "share_within", "consistency.within": 9, "consistency.min_n": 1},
)
TESTS: tuple[dict[str, object], ...] = (
    {"ease.test.agent_wait_s": 1, "ease.points.phone_in": 9},
    {"ease.test.agent_wait_s": 30},
    {"ease.test.first_attempt": False},
    {"ease.test.first_attempt": False, "ease.test.agent_wait_s": 25},
    {"ease.test.menu_levels": 0},
)


@pytest.fixture
def season(database: Database) -> Database:
    """Ten calls in rounds 1 and 2, some answered late or at the second try."""
    with database.transaction() as db:
        add_season(db)
        set_up(db, NOON)
        add_account(db, Role.COORDINATOR)
        for number in range(10):
            marks = MARKS | {"t_agent": Measurement(at=at(0, seconds=(25, 35, 45, 45)[number % 4]))}
            tries = (*unanswered(number // 5), Attempt(at=at(40), outcome=Outcome.CONNECTED))
            add_assignment(db, an_assignment(id=f"call-{number}", round=1 + number % 2))
            keep_record(db, a_call(assignment_id=f"call-{number}", measurements=marks, attempts=tries))
        a = tables.assessments
        db.execute(
            update(a).where(a.c.assignment_id.in_([f"call-{number}" for number in (1, 3, 5, 7, 9)])).values(round=2)
        )
    made(database)
    return database


def made(database: Database) -> None:
    """Make the standing, as the worker does."""
    write = Standings(database, lambda: NOON, FormBook())(["/".join(PHONE)])
    with database.transaction() as db:
        write(db)
        forget_job(db, standing_job(*PHONE))


def rule(database: Database, *kinds: str) -> None:
    """Rule about as many visits."""
    with database.transaction() as db:
        by = By(db.execute(select(tables.users.c.id)).scalars().first(), NOON)
        names = db.execute(select(tables.assessments.c.id).order_by(tables.assessments.c.id)).scalars()
        for name, kind in zip(list(names), kinds, strict=False):
            rule_on_counting(db, name, kind, "heard the recording", by)


def some_facts(chance: random.Random, facts: KeptFacts) -> KeptFacts:
    """Return facts of which many are alike."""
    outcomes = [chance.choice(list(Outcome)) for _ in range(chance.choice((0, 0, 1, 3)))]
    log = [Attempt(at=NOON + timedelta(hours=5 * place), outcome=each) for place, each in enumerate(outcomes)]
    if chance.random() < 0.3:
        return KeptFacts(form=facts.form, is_complete=True, attempts=tuple(log))
    waited = chance.choice((None, "5", "40", "121/2"))
    figures = EaseFigures((("agent_wait_s", waited), ("menu_levels", "2")), chance.choice((None, 0, 1)))
    failed = chance.random() < 0.3
    return msgspec.structs.replace(
        facts,
        base=chance.choice((Fraction(40), Fraction(250, 3))),
        base_unzeroed=Fraction(90) if failed else None,
        critical_failed=failed,
        attempts=tuple(log),
        figures=figures,
        ease_met=figures.met(EaseTest()),
    )


def change_facts(database: Database, change: Callable[[KeptFacts], KeptFacts]) -> None:
    """Put other facts in the place of those that are kept, and make the standing of them."""
    f = tables.assessment_facts
    with database.transaction() as db:
        for name, body in db.execute(select(f.c.assessment_id, f.c.body).order_by(f.c.assessment_id)).all():
            other = wire.encode(change(wire.decode(body, KeptFacts))).decode()
            db.execute(update(f).where(f.c.assessment_id == name).values(body=other))
    made(database)


def followed(database: Database, overrides: dict[str, object]) -> bool:
    """Say whether the standing tells what comes of `overrides`; what the page shows is what every visit says."""
    with database.reading() as db:
        desk = SeasonDesk.of(db, FormBook())
        other = SeasonDesk(db, rules_if(db, overrides, EVERY_ROUND), desk.book)
        assert compared(desk, overrides, EVERY_ROUND) == what_if(season_of(desk), season_of(other)), overrides
        return [one.key for one in scored_alike(desk, other, [PHONE], frozenset(overrides))] == [PHONE]


@pytest.mark.parametrize("seed", range(4))
def test_alike_visits_tell_what_every_visit_scored_by_itself_does(season: Database, seed: int) -> None:
    """ALK-1"""
    chance = random.Random(seed)
    rule(season, "ease", "penalty", "unreached", "no_ease")
    change_facts(season, lambda facts: some_facts(chance, facts))
    assert all(followed(season, overrides) for overrides in FOLLOW)


def test_another_ease_test_is_judged_by_what_was_measured(season: Database) -> None:
    """ALK-3"""
    assert all(followed(season, overrides) for overrides in TESTS)
    rule(season, "ease", "no_ease")
    made(season)
    assert all(followed(season, overrides) for overrides in TESTS)


def test_what_does_not_follow_is_read_visit_by_visit(season: Database) -> None:
    """ALK-4"""
    assert not followed(season, {"consistency.method": "manual"})
    change_facts(season, lambda facts: msgspec.structs.replace(facts, figures=None))
    assert followed(season, EASE)
    assert not followed(season, TESTS[0])
    with season.transaction() as db:
        db.execute(update(tables.standings).values(visits='{"inputs":"","rounds":7}'))
    assert not followed(season, EASE)


def test_a_settled_score_stands_for_the_base_it_was_settled_under(season: Database) -> None:
    """ALK-4"""
    chance = random.Random(0)
    with season.transaction() as db:
        by = db.execute(select(tables.users.c.id)).scalars().first()
        name, digest = db.execute(select(tables.assessments.c.id, tables.assessments.c.digest)).first() or ("", "")
        value = wire.encode(
            Settled(digest=digest, first=Fraction(40), scores=(Fraction(44),), base=Fraction(42))
        ).decode()
        settled = {"assessment_id": name, "kind": "settled", "value": value}
        db.execute(
            insert(tables.decisions).values(
                entrant_id=PHONE[0], channel=PHONE[1], decided_by=by, decided_at=NOON, reason="agreed", **settled
            )
        )
    change_facts(season, lambda facts: some_facts(chance, facts))
    assert followed(season, EASE)
    assert not followed(season, {"critical.effect": "flag_only"})


def test_a_standing_that_is_out_of_date_tells_nothing(season: Database) -> None:
    """ALK-2"""
    assert followed(season, EASE)
    rule(season, "ease")
    assert not followed(season, EASE)
    made(season)
    assert followed(season, EASE)
    with season.transaction() as db:
        ask_for(db, [standing_job(*PHONE)], NOON)
    assert not followed(season, EASE)
