"""REL: rounds are released once. Ids are those in sync_server/season/release.py; RSV-5 is in season/rules.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from checklists.rules.ruleset import RulesetError
from sync_server.database import tables
from sync_server.database.queries.releases import keep_moments_of_csv, release_events
from sync_server.database.writer import Writer
from sync_server.jobs.wishes import RELEASE_JOB
from sync_server.season.observed_time import ObservedTime, confirm_clock
from sync_server.season.release import TICK, ReleaseJob, dated_rounds, release_due
from sync_server.season.rule_changes import add_version, set_release_moments
from sync_server.season.rules import release_moments, version_in_force
from tests.sync_server.closed_season import sign_off
from tests.sync_server.season_kit import SET_UP_AT, add_season

SECOND = timedelta(seconds=1)


@pytest.fixture
def season(database: Any) -> Any:
    with database.transaction() as db:
        add_season(db)
    return database


def moment_of(database: Any, number: int, days_after_end: int = 14) -> datetime:
    """Set the moment of a round, so many days after it ends."""
    with database.transaction() as db:
        at = dated_rounds(db)[number].closes_at + timedelta(days=days_after_end)
        set_release_moments(db, {number: at}, created_by="admin", now=SET_UP_AT)
        sign_off(db, f"round-{number}")
    return at


def released(database: Any, observed: datetime) -> list[int]:
    with database.transaction() as db:
        return release_due(db, observed, observed)


def test_rel_2_a_round_is_released_at_its_moment_to_the_second_and_once(season: Any) -> None:
    at = moment_of(season, 1)
    assert [released(season, at - SECOND), released(season, at), released(season, at + SECOND)] == [[], [1], []]
    with season.reading() as db:
        assert [(event.round, event.release_at, event.released_at) for event in release_events(db).values()] == [
            (1, at, at)
        ]
        logged = db.execute(select(tables.audit_log.c.action, tables.audit_log.c.subject_id)).all()
    assert ("round-released", "1") in logged


def test_rel_2_not_before_its_end_whatever_the_moment_says(season: Any) -> None:
    with season.transaction() as db:
        end = dated_rounds(db)[1].closes_at
        keep_moments_of_csv(db, {1: end - timedelta(days=40)}, SET_UP_AT)  # as an earlier release may have kept it
        sign_off(db, "round-1")
    assert [released(season, end - SECOND), released(season, end)] == [[], [1]]


def test_rel_2_not_without_a_copy_that_two_people_signed(season: Any) -> None:
    with season.transaction() as db:
        at = dated_rounds(db)[1].closes_at + timedelta(days=14)
        set_release_moments(db, {1: at}, created_by="admin", now=SET_UP_AT)
    assert released(season, at) == []
    with season.transaction() as db:
        sign_off(db, "round-1")
        db.execute(delete(tables.signatures).where(tables.signatures.c.user_id == one_signer(db)))
    assert released(season, at) == []


def one_signer(db: Any) -> str:
    return str(db.execute(select(tables.signatures.c.user_id).limit(1)).scalar_one())


def test_rel_3_a_round_without_a_moment_is_never_released(season: Any) -> None:
    assert released(season, SET_UP_AT + timedelta(days=9999)) == []


def test_rel_2_a_moment_changed_later_takes_nothing_away(season: Any) -> None:
    at = moment_of(season, 1)
    assert released(season, at) == [1]
    with season.transaction() as db, pytest.raises(RulesetError, match=r"report\.release_at\.0"):
        set_release_moments(db, {1: None}, created_by="admin", now=at)
    with season.reading() as db:
        assert list(release_events(db)) == [1]


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(lambda end: end - SECOND, id="RSV-5 before its end"),
        pytest.param(lambda end: end + timedelta(days=379), id="RSV-5 the year after"),
    ],
)
def test_a_moment_is_checked_against_its_round_wherever_it_is_set(season: Any, typed: Any) -> None:
    with season.reading() as db:
        at = typed(dated_rounds(db)[2].closes_at)
    with season.transaction() as db, pytest.raises(RulesetError, match=r"report\.release_at\.1"):
        add_version(db, {"report.release_at.1": at.isoformat()}, "agreed", created_by="admin", now=SET_UP_AT)


def test_rel_1_there_is_one_moment_and_the_rules_have_it(season: Any) -> None:
    at = moment_of(season, 2)
    with season.transaction() as db:
        assert version_in_force(db).parameters["report.release_at"][1] == at.isoformat()
        later = at + timedelta(days=1)
        add_version(db, {"report.release_at.1": later.isoformat()}, "agreed", created_by="admin", now=SET_UP_AT)
        assert release_moments(db) == {1: None, 2: later, 3: None}
        before = version_in_force(db).number
        set_release_moments(db, {2: later, 3: None}, created_by="admin", now=SET_UP_AT)
        assert version_in_force(db).number == before


def test_rel_1_what_an_earlier_release_kept_beside_its_rules_holds_until_moments_are_set(season: Any) -> None:
    with season.transaction() as db:
        kept = {1: None, 2: dated_rounds(db)[2].closes_at + timedelta(days=9), 3: None}
        keep_moments_of_csv(db, kept, SET_UP_AT)
        digest = version_in_force(db).digest
        assert release_moments(db) == kept
        assert version_in_force(db).digest == digest
    at = moment_of(season, 1)
    with season.reading() as db:
        assert release_moments(db) == kept | {1: at}
        assert version_in_force(db).parameters["report.release_at"][1] == kept[2].isoformat()


def test_rel_4_the_server_looks_again_when_the_next_moment_comes(season: Any) -> None:
    at = moment_of(season, 1)
    with season.transaction() as db:
        confirm_clock(db, at - 2 * SECOND)
    clock = [at - 2 * SECOND, at]
    writer = Writer(season)
    writer.start()
    job = ReleaseJob(writer, lambda: clock[0], ObservedTime())
    for due, events in ((at, []), (at + TICK, [1])):
        job("rounds")
        clock.pop(0)
        with season.reading() as db:
            asked = select(tables.jobs.c.due_at).where(tables.jobs.c.name == RELEASE_JOB.name)
            assert (db.execute(asked).scalar(), list(release_events(db))) == (due, events)
    writer.close(5)


@pytest.mark.parametrize("days", [900, -900], ids=["forward", "back"])
def test_rel_2_a_clock_that_jumps_releases_nothing(season: Any, days: int) -> None:
    at = moment_of(season, 1)
    with season.transaction() as db:
        confirm_clock(db, at - timedelta(days=30))
        jumped = at + timedelta(days=days)
        assert release_due(db, ObservedTime().note(db, jumped), jumped) == []
        assert release_due(db, ObservedTime().note(db, at - timedelta(days=29)), jumped) == []


def test_rel_5_the_results_have_a_moment_of_their_own(season: Any) -> None:
    """RND-6"""
    with season.transaction() as db:
        end = dated_rounds(db)[3].closes_at
        for wrong in (end - SECOND, end + timedelta(days=400)):
            with pytest.raises(RulesetError, match=r"results\.release_at"):
                add_version(db, {"results.release_at": wrong.isoformat()}, "x", created_by="admin", now=SET_UP_AT)
        at = end + timedelta(days=60)
        add_version(db, {"results.release_at": at.isoformat()}, "agreed", created_by="admin", now=SET_UP_AT)
    assert released(season, at) == []
    with season.transaction() as db:
        sign_off(db, "results")
    assert [released(season, at - SECOND), released(season, at), released(season, at + SECOND)] == [[], [None], []]
    later = {"results.release_at": (at + SECOND).isoformat()}
    with season.transaction() as db, pytest.raises(RulesetError, match="were released"):
        add_version(db, later, "later", created_by="admin", now=SET_UP_AT)


def test_rel_2_an_old_round_four_is_no_round_of_these_rules(season: Any) -> None:
    with season.transaction() as db:
        db.execute(update(tables.rounds).where(tables.rounds.c.number == 3).values(number=4))
        assert version_in_force(db).rounds == (1, 2, 3)
    assert released(season, datetime(2062, 1, 1, tzinfo=UTC)) == []
