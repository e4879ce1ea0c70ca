"""RSV: versions of the rules, and the one reader of those in force. Ids are those in sync_server/season/rules.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from checklists.rules.programme import load_programme
from sync_server.database import tables
from sync_server.database.queries import season
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.database.queries.round_rules import OWN, RoundRules, append_round_rules, name_of
from sync_server.database.queries.rulesets import versions
from sync_server.jobs.wishes import standing_job
from sync_server.people.permissions import Role
from sync_server.season.rule_changes import NoReasonError, add_version
from sync_server.season.rules import PROGRAMME, UnreadableRulesError, rules_in_force, version_in_force
from sync_server.season.set_up import set_up
from tests.builders import NOON
from tests.sync_server.desk import push, signed_in
from tests.sync_server.season_kit import ASSESSOR, SET_UP_AT, a_call, add_season


def keep_rules_of_another_release(server: Any, **parameters: object) -> None:
    """Append a version as a release would that knows a parameter more."""
    with server.services.database.transaction() as db:
        before = version_in_force(db)
        season.add_ruleset(
            db,
            {
                "version": before.number + 1,
                "programme": before.programme_name,
                "overrides": {},
                "rules": {**before.parameters, **parameters, "grade.colour": "blue"},
                "digest": "sha256:of-another-release",
                "reason": "kept by another release",
                "created_at": NOON,
                "created_by": "command",
            },
        )
        followed = [
            RoundRules(what, before.number + 1, "", (), "command", NOON) for what in (OWN, *map(name_of, (1, 2, 3)))
        ]
        append_round_rules(db, followed)


def test_before_a_season_is_set_up_the_shipped_rules_are_in_force(database):
    with database.reading() as db:
        version = version_in_force(db)
        rules = rules_in_force(db)
    assert (version.number, version.is_set_up, rules.is_set_up) == (0, False, False)
    assert version.digest == rules.rules.digest == load_programme(PROGRAMME).rules.digest


def test_sup_1_a_new_season_has_none_of_the_programmes_dates(database):
    with database.transaction() as db:
        set_up(db, SET_UP_AT)
        rules, shipped = version_in_force(db).programme.rules, load_programme(PROGRAMME).rules
    dates = ("faq.deadline", "report.release_at", "results.release_at")
    assert [rules.plain[name] for name in dates] == [None, [None, None, None], None]
    assert all(shipped.plain[name] not in (None, [None, None, None]) for name in dates)


def test_a_change_is_a_new_version_over_the_one_in_force(database):
    """RSV-1"""
    with database.transaction() as db:
        set_up(db, SET_UP_AT, overrides={"critical.effect": "flag_only"})
        first = version_in_force(db)
        add_version(db, {"grade.dp": 2}, " agreed ", created_by="admin", now=NOON)
        second = version_in_force(db)
    assert (first.number, second.number) == (1, 2)
    assert first.critical_effect == second.critical_effect == "flag_only"
    assert second.programme.rules.whole("grade.dp") == 2
    with database.transaction() as db, pytest.raises(NoReasonError):
        add_version(db, {"grade.dp": 3}, " ", created_by="admin", now=NOON)
    with database.reading() as db:
        assert [(row.version, row.reason) for row in versions(db)] == [(2, "agreed"), (1, "The season was set up.")]


@pytest.mark.parametrize(
    ("before_opening_s", "frozen"),
    [pytest.param(1, False, id="RSV-2 before"), pytest.param(0, True, id="RSV-2 as a round opens")],
)
def test_versions_freeze_once_a_round_has_opened(database, before_opening_s, frozen):
    with database.transaction() as db:
        add_season(db)
        set_up(db, SET_UP_AT)
        opens_at = min(db.execute(select(tables.rounds.c.opens_at)).scalars())
        add_version(db, {}, "why", created_by="admin", now=opens_at - timedelta(seconds=before_opening_s))
    with database.reading() as db:
        assert [row.frozen_at is not None for row in versions(db)] == [False, frozen]


def test_a_new_version_reaches_the_phones_and_every_standing(database):
    """RSV-3"""
    with database.transaction() as db:
        add_season(db)
        set_up(db, SET_UP_AT)
        add_version(db, {"grade.dp": 2}, "agreed", created_by="admin", now=SET_UP_AT)
        digest = version_in_force(db).digest
    with database.reading() as db:
        changes = [change for change in changes_for_assessor(db, ASSESSOR, 0) if change.kind == "programme"]
        jobs = set(db.execute(select(tables.jobs.c.name)).scalars())
        entries = db.execute(select(tables.entries.c.entrant_id, tables.entries.c.channel)).all()
    assert digest in (changes[-1].body or "")
    assert jobs >= {standing_job(*entry).name for entry in entries}


def test_rules_of_another_release_are_never_guessed_at(server):
    """RSV-4"""
    keep_rules_of_another_release(server)
    with server.services.database.reading() as db, pytest.raises(UnreadableRulesError, match=r"grade\.colour"):
        rules_in_force(db)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        pytest.param("en", "The rules of the season cannot be read", id="RSV-4 English"),
        pytest.param("zh-Hant", "無法讀取本季規則", id="RSV-4 Chinese"),
    ],
)
def test_a_page_that_rests_on_rules_it_cannot_read_says_so_and_what_to_do(desk, language, title):
    call = a_call()
    push(desk, call)
    keep_rules_of_another_release(desk)
    with signed_in(desk, Role.COORDINATOR, language=language) as client:
        for page in (f"/assessments/{call.id}", "/standings", "/awards"):
            answer = client.get(page)
            assert answer.status_code == 500
            assert title in answer.text
            assert "grade.colour" in answer.text


def test_fieldwork_goes_on_under_rules_that_only_another_release_can_read(desk):
    """RSV-4"""
    keep_rules_of_another_release(desk, **{"critical.effect": "flag_only"})
    call = a_call()
    push(desk, call)
    with desk.services.database.reading() as db:
        (grade,) = db.execute(select(tables.grades).where(tables.grades.c.assessment_id == call.id)).all()
    assert grade.ruleset_digest == "sha256:of-another-release"
