"""EFF: rules changed in the middle of a season. Ids are those in sync_server/award/rule_effects.py."""

from __future__ import annotations

import json
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
from sync_server.database.queries.audit_log import entries_about
from sync_server.database.queries.jobs import Job, forget_job, subjects_asked_for
from sync_server.database.queries.round_rules import OWN, decisions_on_rules, name_of
from sync_server.jobs.wishes import STANDING
from sync_server.people.permissions import Role
from sync_server.season.rule_changes import freeze_opened
from sync_server.season.rules import rules_if
from tests.builders import NOON, an_assignment
from tests.sync_server.desk import push, rule_anew, send, signed_in
from tests.sync_server.season_kit import ANSWERS, a_call, add_assignment
from tests.sync_server.whole_desk import forms_of

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


def hidden_of(page: str, action: str) -> dict[str, str]:
    """What the form that goes to `action` carries."""
    form = next(each for each in forms_of(page) if each.action.endswith(action))
    return {name: value for name, value in form.fields.items() if form.kinds[name] == "hidden"}


def proposed(client: Any, wanted: dict[str, str]) -> str:
    """Propose what is `wanted` on the figures that are shown; return the address of the proposal."""
    shown = send(client, "/rules", wanted)
    assert shown.status_code == 409
    made = client.post("/rules", data={**hidden_of(shown.text, "/rules"), **wanted})
    assert made.status_code == 303
    return str(made.headers["location"])


def test_a_decision_is_proposed_and_confirmed_on_the_figures_that_were_shown(season: Any) -> None:
    """RSV-8, EFF-2, PRR-1"""
    before = scores(season)
    wanted = RULES | {"about-round-1": "yes"}
    with signed_in(season, Role.ADMIN) as client, signed_in(season, Role.COORDINATOR) as other:
        first = send(client, "/rules", wanted)
        assert first.status_code == 409
        assert "What this decision changes" in first.text
        assert send(client, "/rules", wanted | {"effects": "0" * 32}).status_code == 409
        where = proposed(client, wanted)
        assert scores(season) == before
        for page in ("/what-if", "/today"):
            assert (where in client.get(page).text) is (page == "/what-if")
            assert where in other.get(page).text
        shown = other.get(where).text
        hidden = hidden_of(shown, "/confirm")
        assert "50.00" in shown
        assert "<s>100</s> → <strong>50</strong>" in shown
        assert other.post(f"{where}/confirm", data=hidden | {"effects": "0" * 32}).status_code == 409
        assert scores(season) == before
        assert other.post(f"{where}/confirm", data=hidden).status_code == 303
        page = client.get("/what-if").text
    after = scores(season)
    assert (after[0], after[1]) == ("50", before[1])
    assert as_exported(season) == after
    assert "Decisions about what had opened" in page
    assert page.count("proposed by The admin, confirmed by The coordinator") == 2  # the version, and the decision
    with season.services.database.reading() as db:
        (decision,) = decisions_on_rules(db)
        log = [entry.action for entry in entries_about(db, ("ruleset", "new"), after=0)]
    assert (decision.what, decision.reason) == (name_of(1), "agreed")
    assert [ENTRY, "round_1", "88.25", "50.00"] in [list(effect) for effect in decision.effects]
    assert log == ["rules-confirmed", "rules-proposed"]


def test_figures_that_moved_since_are_shown_anew_and_nothing_is_confirmed(season: Any) -> None:
    """PRR-3"""
    with signed_in(season, Role.ADMIN) as client, signed_in(season, Role.COORDINATOR) as other:
        where = proposed(client, RULES | {"about-round-1": "yes"})
        stale = hidden_of(other.get(where).text, "/confirm")
        push(season, a_call(id="33333333-3333-7333-8333-333333333333", answers=ANSWERS | {"PD4": False}))
        before = scores(season)
        late = other.post(f"{where}/confirm", data=stale)
        assert late.status_code == 409
        assert "other figures by now" in late.text
        assert scores(season) == before
        assert "Figures have changed since it was proposed" in other.get(where).text
        assert other.post(f"{where}/confirm", data=hidden_of(late.text, "/confirm")).status_code == 303
    assert scores(season)[0] == "50"


def test_the_second_person_is_another_and_whoever_comes_later_is_told(season: Any) -> None:
    """PRR-2, TDY-6"""
    with signed_in(season, Role.ADMIN) as client, signed_in(season, Role.COORDINATOR) as other:
        where = proposed(client, RULES | {"about-round-1": "yes"})
        mine, theirs = client.get(where).text, hidden_of(other.get(where).text, "/confirm")
        assert "/confirm" not in mine
        own = client.post(f"{where}/confirm", data=hidden_of(mine, "/withdraw"))
        assert own.status_code == 409
        assert "The admin proposed this: the second name is another person’s." in own.text
        bare = other.post(f"{where}/withdraw", data=hidden_of(other.get(where).text, "/withdraw") | {"reason": " "})
        assert bare.status_code == 409
        taken = client.post(f"{where}/withdraw", data=hidden_of(mine, "/withdraw") | {"reason": "A slip."})
        assert taken.status_code == 303
        late = other.post(f"{where}/confirm", data=theirs)
        assert late.status_code == 409
        assert "The admin: Took proposed rules back" in late.text
        assert "A slip." in other.get("/what-if").text
        assert where not in other.get("/today").text
        again = proposed(client, RULES | {"about-round-1": "yes"})
        down = other.post(f"{again}/withdraw", data=hidden_of(other.get(again).text, "/withdraw") | {"reason": "No."})
        assert down.status_code == 303
        assert "proposed by The admin, turned down by The coordinator" in client.get("/what-if").text
        assert client.get("/what-if/proposed/999").status_code == 404
        assert client.get("/what-if/proposed/" + "9" * 30).status_code == 404
    with signed_in(season, Role.VIEWER) as viewer:
        assert again not in viewer.get("/today").text
        assert viewer.get(again).status_code == 403


def test_a_coordinator_proposes_and_an_administrator_confirms(season: Any) -> None:
    """PRR-6"""
    wanted = RULES | {"about-round-1": "yes"}
    with signed_in(season, Role.COORDINATOR) as client, signed_in(season, Role.ADMIN) as other:
        barred = send(client, "/rules", RULES)
        assert barred.status_code == 409
        assert "set by an administrator" in barred.text
        assert "Make these the rules" not in barred.text
        where = proposed(client, wanted)
        assert other.post(f"{where}/confirm", data=hidden_of(other.get(where).text, "/confirm")).status_code == 303
        assert "proposed by The coordinator, confirmed by The admin" in other.get("/what-if").text
    assert scores(season)[0] == "50"


def test_a_proposal_is_out_of_date_once_another_version_is_made(season: Any) -> None:
    """PRR-4"""
    with signed_in(season, Role.ADMIN) as client, signed_in(season, Role.COORDINATOR) as other:
        where = proposed(client, RULES | {"about-round-1": "yes"})
        version = hidden_of(client.get("/what-if?changes=grade.dp%3D2").text, "/rules")
        assert client.post("/rules", data=version | {"reason": "later rounds"}).status_code == 303
        page = other.get(where).text
        assert "out of date" in page
        assert "/confirm" not in page
        assert "out of date" in other.get("/what-if").text
        told = other.post(f"{where}/confirm", data=hidden_of(page, "/withdraw"))
        assert told.status_code == 409
        assert "It was proposed on version 1 of the rules".lower() in told.text.lower()


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
