"""EFF: rules changed in the middle of a season. Ids are those in sync_server/award/rule_effects.py."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import score_season
from checklists.season.what_if import what_if
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import season_of
from sync_server.award.rule_effects import compared, effects_of, name_of_effects
from sync_server.award.standings import Standings, standing_of
from sync_server.commands.export_season import exported
from sync_server.database.queries.jobs import Job, forget_job, subjects_asked_for
from sync_server.database.queries.round_rules import OWN, decisions_on_rules, name_of
from sync_server.jobs.wishes import STANDING
from sync_server.people.permissions import Role
from sync_server.season.rule_changes import freeze_opened
from sync_server.season.rules import rules_if
from tests.builders import NOON, an_assignment
from tests.sync_server.desk import push, rule_anew, send, signed_in
from tests.sync_server.season_kit import a_call, add_assignment

ENTRY = "harbour-ferry/phone_in"
RULES = {"changes": "cap.assessment=50", "reason": "agreed"}


@pytest.fixture
def season(desk: Any) -> Any:
    """A call in rounds 1 and 2 each, when every round has opened."""
    with desk.services.database.transaction() as db:
        add_assignment(db, an_assignment(id="in-round-2", round=2))
    push(desk, a_call())
    push(desk, a_call(assignment_id="in-round-2"))
    with desk.services.database.transaction() as db:
        freeze_opened(db, NOON + timedelta(days=999), NOON)
    return desk


def scores(server: Any) -> list[str]:
    with server.services.database.reading() as db:
        entry = standing_of(SeasonDesk.of(db, server.services.forms), ("harbour-ferry", "phone_in"))
    assert entry is not None
    return [str(each.score) for each in entry.rounds]


def as_exported(server: Any) -> list[str]:
    score = score_season(read_season(exported(server.services.database), shipped_forms()))
    told = next(
        one for one in json.loads(result_json(score))["entries"] if f"{one['entrant']}/{one['channel']}" == ENTRY
    )
    return [str(each["score"] and each["score"]["exact"]) for each in told["rounds"]]


def test_what_has_opened_keeps_its_figures_and_the_export_says_the_same(season: Any) -> None:
    before = scores(season)
    with signed_in(season, Role.ADMIN) as client:
        assert send(client, "/rules", RULES).status_code == 303
    assert scores(season)[:2] == before[:2]
    assert as_exported(season) == scores(season)


def test_a_decision_is_made_on_the_figures_that_were_shown(season: Any) -> None:
    """RSV-8, EFF-2"""
    before = scores(season)
    with signed_in(season, Role.ADMIN) as client:
        wanted = RULES | {"about-round-1": "yes"}
        first = send(client, "/rules", wanted)
        assert first.status_code == 409
        assert "What this decision changes" in first.text
        assert scores(season) == before
        assert send(client, "/rules", wanted | {"effects": "0" * 32}).status_code == 409
        effects = re.search(r'name="effects" value="([0-9a-f]{32})"', first.text)
        assert effects is not None
        assert send(client, "/rules", wanted | {"effects": effects[1]}).status_code == 303
        page = client.get("/what-if").text
    after = scores(season)
    assert (after[0], after[1]) == ("50", before[1])
    assert as_exported(season) == after
    assert "Decisions about what had opened" in page
    with season.services.database.reading() as db:
        (decision,) = decisions_on_rules(db)
    assert (decision.what, decision.reason) == (name_of(1), "agreed")
    assert [ENTRY, "round_1", "88.25", "50.00"] in [list(effect) for effect in decision.effects]


def test_effects_are_worked_out_for_what_a_decision_is_about(season: Any) -> None:
    """EFF-1"""
    with season.services.database.reading() as db:
        desk = SeasonDesk.of(db, season.services.forms)
        found = {
            about: {figure for _, figure, _, _ in effects_of(compared(desk, {"cap.assessment": 50}, {about}))}
            for about in (name_of(1), name_of(2), OWN)
        }
        assert effects_of(compared(desk, {"ease.points.phone_in": 9}, {name_of(1)})) == []
        assert name_of_effects(()) == name_of_effects([])
    assert found == {name_of(1): {"round_1"}, name_of(2): {"round_2"}, OWN: set()}


OTHERS: tuple[dict[str, object], ...] = (
    {"grade.bands": {"gold": "95", "silver": "85", "bronze": "60"}, "grade.pass": "60"},
    {"rounds.weights": ["1/3", "1/3", "1/3"]},
    {"rounds.missing": "zero"},
    {"award.industry.min_entrants": 1, "award.industry.min_score": 10},
    {"badge.min_run": 1, "badge.star_min": 1},
    {"tie.breakers": ["R2"], "tie.dp": 0},
    {"cap.round": 40},
    {"unreachable.score_mode": "zero", "unreachable.all": "zero", "consistency.min_n": 1},
    {"consistency.method": "share_within", "consistency.within": 1},
    {"unreachable.score_mode": "zero", "attempts.needed": 1},
    {"ease.points.phone_in": 5, "grade.rounding": "floor"},
    {"critical.effect": "flag_only"},
    {"ease.test.chat_s": 1, "ease.points.online": 4, "quota.close_min": "0.5", "size.bands": [1, 2, 3]},
    {"ease.test.menu_levels": 0, "consistency.method": "off"},
)


@pytest.mark.parametrize("made", [False, True], ids=["the worker is behind", "the worker has made the standings"])
def test_kept_standings_tell_the_same_as_every_visit_scored_twice(season: Any, made: bool) -> None:
    """EFF-3"""
    if made:
        with season.services.database.reading() as db:
            subjects = subjects_asked_for(db, STANDING)
        assert ENTRY in subjects
        write = Standings(season.services.database, season.services.clock, season.services.forms)(subjects)
        with season.services.database.transaction() as db:
            write(db)
            for subject in subjects:
                forget_job(db, Job(STANDING, subject))
    with season.services.database.reading() as db:
        desk = SeasonDesk.of(db, season.services.forms)
        for overrides in OTHERS:
            for about in ((), (OWN,), (OWN, name_of(1)), (OWN, *map(name_of, (1, 2, 3)))):
                other = SeasonDesk(db, rules_if(db, overrides, about), season.services.forms)
                assert compared(desk, overrides, about) == what_if(season_of(desk), season_of(other)), overrides


def test_a_file_with_rules_by_round_reads_back_to_the_same(season: Any) -> None:
    with season.services.database.transaction() as db:
        rule_anew(db, {"cap.round": 60})
    raw = exported(season.services.database)
    assert "rules_by_round" not in json.loads(raw)
    told = json.loads(raw) | {"rules_by_round": {"2": {"cap.round": 40}, "x_note": 1}}
    score = score_season(read_season(json.dumps(told).encode(), shipped_forms()))
    (entry,) = [one for one in score.entries if "/".join(one.key) == ENTRY]
    assert [str(each.score) for each in entry.rounds][:2] == ["60", "40"]
