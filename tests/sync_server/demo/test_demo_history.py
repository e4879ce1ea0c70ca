"""HIST, ROTA-1, SEED-4: what the demo holds on any day; ids are those of demo: history, rota, seeded_folder."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from checklists.forms.form import AWARD_CHANNELS, Channel
from checklists.plan.quota import Size, plan_of
from checklists.record.assessment import Contact
from checklists.record.assignment import Assignment
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.programme import load_programme
from checklists.score.assessment_score import log_came_to
from checklists.wire import decode
from sync_server.database.engine import Database
from sync_server.database.queries.season import KEYS, rows_of
from sync_server.demo.calendar import ZONE
from sync_server.demo.history import Past, past_visits
from sync_server.demo.seeded_folder import CODES, begin, fresh_codes
from sync_server.people.phone_enrolment import Enrolled, enrol_from
from sync_server.planning.planner import make_plan
from sync_server.planning.season import RECORDINGS, question_of
from sync_server.season.rules import rules_in_force
from tests.sync_server.databases import migrated

REVIEWED_AFTER = timedelta(days=2)


def past_of(folder: Path, now: datetime, seed: int) -> list[Past]:
    """The visits of a season laid around `now`."""
    database = migrated(f"sqlite:///{folder / 'sync.sqlite3'}")
    try:
        seeded = begin(database, now, seed=seed, small=True)
        assert seeded is not None
        with database.reading() as db:
            return list(past_visits(db, seeded.seed, now))
    finally:
        database.close()


@pytest.mark.parametrize(
    ("day", "seed"),
    [
        pytest.param("2026-11-21", 1, id="an ordinary day"),
        pytest.param("2026-11-12", 2, id="the first day of a later turn"),
        pytest.param("2026-11-11", 3, id="the last day of an earlier turn"),
        pytest.param("2027-01-01", 4, id="new year"),
        pytest.param("2028-02-29", 5, id="a leap day"),
        pytest.param("2027-03-31", 6, id="a long month's last day"),
    ],
)
def test_hist_1_one_is_void_one_never_reached_and_one_returned(tmp_path: Path, day: str, seed: int) -> None:
    now = datetime.fromisoformat(f"{day}T00:30").replace(tzinfo=ZONE)
    past = past_of(tmp_path, now, seed)
    contacts = Counter(one.visit.record.contact for one in past)
    assert contacts[Contact.VOID] >= 1
    rules = AttemptRules.of(load_programme("mystery_caller_2021").rules)
    unreached = [one.visit.record for one in past if one.visit.record.contact is Contact.UNREACHABLE]
    came_to = [log_came_to(one.attempts, rules, None, one.channel, None, has_base=False)[0] for one in unreached]
    assert Contact.UNREACHABLE in came_to
    returned = [one for one in past if one.verdict == "returned" and one.sent_at + REVIEWED_AFTER < now]
    assert returned
    assert all(one.questioned in one.visit.record.answers for one in returned)
    assert all(one.sent_at < now for one in past)


def test_hist_1_the_same_day_and_seed_give_the_same_past(tmp_path: Path) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=ZONE)
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    told = [[(one.visit.record, one.sent_at, one.verdict) for one in past_of(at, now, 1)] for at in (first, second)]
    assert told[0] == told[1]


NOON = datetime(2026, 11, 21, 12, tzinfo=ZONE)
LASTS = timedelta(hours=72)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Database]:
    """A season of the demo, started once, with two phones enrolled."""
    database = migrated(f"sqlite:///{tmp_path / 'sync.sqlite3'}")
    begin(database, NOON, small=True)
    for code in fresh_codes(database, NOON, lasts=LASTS)[:2]:
        enrolled(database, code, NOON)
    yield database
    database.close()


def enrolled(database: Database, code: str, now: datetime) -> str:
    """The assessor whose phone enrols with `code`."""
    with database.transaction() as db:
        answer = enrol_from(db, code, str(uuid.uuid4()), "A phone", now, address="127.0.0.1")
    assert isinstance(answer, Enrolled)
    return answer.assessor_id


def season_of(database: Database) -> dict[str, object]:
    with database.reading() as db:
        return {name: rows_of(db, name) for name in KEYS}


def test_rota_3_assessors_speak_the_language_of_their_visits_and_exceptions_are_few(demo: Database) -> None:
    with demo.reading() as db:
        bodies = [decode(row["body"], Assignment) for row in rows_of(db, "assignments")]
    assert [body.id for body in bodies if body.language not in body.assessor_languages] == []
    assert 20 * sum(bool(body.exception) for body in bodies) < len(bodies)


@pytest.mark.parametrize("small", [False, True], ids=["as the award asks", "ready sooner"])
def test_rota_1_rounds_1_and_2_are_planned_in_full_and_round_3_can_be(tmp_path: Path, small: bool) -> None:
    database = migrated(f"sqlite:///{tmp_path / 'sync.sqlite3'}")
    begin(database, NOON, small=small)
    fresh_codes(database, NOON, lasts=LASTS)
    with database.reading() as db:
        planned = [row for row in rows_of(db, "assignments") if row["assessor_id"].startswith("A-")]
        entrants = {row["id"]: Size(seats=row["seats"], branches=row["branches"]) for row in rows_of(db, "entrants")}
        rules, entries = rules_in_force(db).rules, rows_of(db, "entries")
        last = make_plan(question_of(db, 3, "any seed", NOON))
    database.close()
    made: Counter[tuple[str, str, int]] = Counter()
    for row in planned:
        made[row["entrant_id"], row["channel"], row["round"]] += RECORDINGS if row["variant"] == "recording" else 1
    for entry in entries:
        size, variant = entrants[entry["entrant_id"]], entry["onsite_variant"]
        quota = plan_of(Channel(entry["channel"]), size, rules, variant=variant).quota
        assert quota is not None
        of = [made[entry["entrant_id"], entry["channel"], number] for number in (1, 2, 3)]
        assert of == [quota.per_round, quota.per_round, 0]
    assert (last.unmet, len(last.visits)) == ((), last.wanted)
    assert last.wanted > 0


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(hours=11)], ids=["at once", "in the evening"])
def test_seed_4_a_restart_leaves_the_season_as_it_is(demo: Database, later: timedelta) -> None:
    before = season_of(demo)
    begin(demo, NOON + later)
    codes = fresh_codes(demo, NOON + later, lasts=LASTS)
    assert season_of(demo) == before
    found = [enrolled(demo, code, NOON + later) for code in codes]
    assert sorted(found) == [f"B-{number:02d}" for number in range(1, CODES + 1)]
    assert found[0] == "B-03", "whoever has no phone yet comes first"


def test_seed_4_days_later_the_same_assessors_find_visits_of_all_channels(demo: Database) -> None:
    with demo.reading() as db:
        people = rows_of(db, "assessors")
    later = NOON + timedelta(days=5)
    found = [enrolled(demo, code, later) for code in fresh_codes(demo, later, lasts=LASTS)]
    with demo.reading() as db:
        assert rows_of(db, "assessors") == people
        rows = [row for row in rows_of(db, "assignments") if row["due_until"] > later]
    for assessor in found:
        due = [decode(row["body"], Assignment) for row in rows if row["assessor_id"] == assessor]
        assert {one.channel for one in due} == set(AWARD_CHANNELS)
