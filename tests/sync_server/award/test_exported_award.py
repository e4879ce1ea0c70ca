"""SEF: what the exported file says of an assessment scores to what the pages show."""

from __future__ import annotations

import json
import uuid
from typing import Any

import msgspec
import pytest

from checklists import wire
from checklists.forms.file import shipped_forms
from checklists.number import exact
from sync_server.commands.export_season import exported
from sync_server.database.queries import season
from sync_server.season.set_up import set_up
from tests.builders import an_assignment
from tests.sync_server.award.standing_kit import (
    arrive,
    assessments_of,
    same_as_exported,
    standing_changes,
    wait_for_standing,
)
from tests.sync_server.conftest import Running
from tests.sync_server.desk import push, rule_anew
from tests.sync_server.season_kit import ANSWERS, SET_UP_AT, a_call, add_assignment
from tests.sync_server.waiting import until

EFFECTS = ("section_zero", "flag_only", "assessment_cap")


def set_effect(server: Running, effect: str) -> None:
    """Make `effect` the rule, with a cap that bites; both entries are scored under it when this returns."""
    before = standing_changes(server)
    with server.services.database.transaction() as db:
        set_up(db, SET_UP_AT)
        rules = {"critical.effect": effect, "critical.cap": 40}
        rule_anew(db, rules)
    server.services.wake()
    until(lambda: standing_changes(server) >= before + 2 or None, "both entries are scored anew")


def exported_assessments(server: Running) -> list[dict[str, Any]]:
    entries = json.loads(exported(server.services.database))["entrants"][0]["entries"]
    return [one for entry in entries for held in entry["rounds"] for one in held.get("assessments", ())]


@pytest.mark.parametrize("effect", EFFECTS)
def test_sef_1_a_failed_critical_item_scores_in_the_file_as_on_the_pages(server: Running, effect: str) -> None:
    set_effect(server, effect)
    failed = ANSWERS | {"PD4": False}
    for number in (1, 2, 3):
        arrive(server, round_number=number, answers=failed, id=str(uuid.uuid4()))
    arrive(server, id=str(uuid.uuid4()))
    in_file = exported_assessments(server)
    assert [("answers" in one, "base" in one) for one in in_file].count((True, False)) == 3
    assert [("answers" in one, "base" in one) for one in in_file].count((False, True)) == 1
    words = {one["answers"]["PG5"] for one in in_file if "answers" in one}
    assert words == {"-"}
    scored = {one.id: one.capped_for_critical for one in assessments_of(server)}
    assert sum(scored.values()) == (3 if effect == "assessment_cap" else 0)
    same_as_exported(server)


@pytest.mark.parametrize("effect", EFFECTS)
def test_sef_2_answers_the_file_cannot_score_go_out_as_the_base_in_force(server: Running, effect: str) -> None:
    set_effect(server, effect)
    form = msgspec.structs.replace(shipped_forms()["phone_in@1"], version=2)
    with server.services.database.transaction() as db:
        body = wire.encode(form)
        row = {"id": form.id, "name": form.name, "version": 2, "body": body.decode()}
        season.add_form_version(db, {**row, "digest": wire.digest(body), "created_at": SET_UP_AT})
        add_assignment(db, an_assignment(id="on-a-later-form", form=form.id))
    before = standing_changes(server)
    push(server, a_call(assignment_id="on-a-later-form", form=form.id, answers=ANSWERS | {"PD4": False}))
    wait_for_standing(server, before)
    (one,) = exported_assessments(server)
    assert "answers" not in one
    assert one["x_critical_failed"] is True
    (shown_one,) = assessments_of(server)
    assert exact(one["base"]) == shown_one.base
    if effect != "assessment_cap":
        same_as_exported(server)
