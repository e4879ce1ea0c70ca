"""STN: standings follow what arrives and what is decided, and the exported season scores to exactly what pages show."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from fractions import Fraction

import msgspec
import pytest
from sqlalchemy import select, update

from checklists import wire
from checklists.record.assessment import Attempt, Contact, Outcome
from sync_server.award.desk import SeasonDesk
from sync_server.award.facts import KeptFacts
from sync_server.award.standings import day_of, keep, kept_standings, made_standing
from sync_server.commands.export_season import exported
from sync_server.database import tables
from sync_server.database.queries.projected_days import day_rows
from sync_server.database.queries.rulesets import versions
from sync_server.database.queries.standings import entry_rows
from sync_server.people.permissions import Role
from sync_server.review.outcome import By
from sync_server.review.rulings import set_consistency
from sync_server.season.rules import rules_in_force, version_in_force
from sync_server.season.set_up import set_up
from tests.builders import NOON, at
from tests.sync_server.award.standing_kit import (
    PHONE,
    arrive,
    assessments_of,
    decide,
    kept,
    same_as_exported,
    standing_row,
    unanswered,
)
from tests.sync_server.conftest import Running
from tests.sync_server.desk import add_account, rule_anew, send, signed_in
from tests.sync_server.season_kit import SET_UP_AT
from tests.sync_server.waiting import until


def test_an_arrival_updates_its_entry(server: Running) -> None:
    """STN-3: the pages show what the exported file scores to."""
    for number in (1, 2, 3):
        arrive(server, round_number=number)
    row = standing_row(server)
    score = kept(server)[PHONE]
    assert row.final == str(score.final)
    assert row.final_shown
    assert [each_round.reached for each_round in score.rounds] == [1, 1, 1]
    assert score.rounds[0].assessments == ()
    assert len(assessments_of(server)) == 3
    same_as_exported(server)


def test_an_arrival_reads_no_record_whose_facts_are_kept(server: Running) -> None:
    """STN-1"""
    first = arrive(server)
    with server.services.database.transaction() as db:
        body = db.execute(select(tables.assessment_facts.c.body)).scalar_one()
        facts = wire.decode(body, KeptFacts)
        marked = wire.encode(msgspec.structs.replace(facts, base=Fraction(12))).decode()
        db.execute(update(tables.assessment_facts).values(body=marked))
    second = arrive(server, id=str(uuid.uuid4()), round_number=2)
    bases = {one.id: one.base for one in assessments_of(server)}
    assert bases[first] == 12
    assert bases[second] != 12


def test_a_draft_counts_for_nothing_and_an_open_contact_is_listed_without_a_score(server: Running) -> None:
    arrive(server, status="draft", contact=Contact.OPEN, finished_at=None)
    assert assessments_of(server) == []


def test_a_log_of_six_failures_is_unreachable_and_five_are_open(server: Running) -> None:
    arrive(server, contact=Contact.UNREACHABLE, answers={}, attempts=unanswered(6))
    arrive(server, round_number=2, contact=Contact.UNREACHABLE, answers={}, attempts=unanswered(5))
    assert [one.state.value for one in assessments_of(server)] == ["unreachable", "open"]
    same_as_exported(server)


def scores(server: Running) -> list[tuple[str, int, bool]]:
    return [(one.state.value, int(one.penalty), one.score is not None) for one in assessments_of(server)]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        pytest.param(["penalty"], ("connected", 1, True), id="a penalty set"),
        pytest.param(["penalty", "no_penalty"], ("connected", 0, True), id="and lifted"),
        pytest.param(["unreached"], ("unreachable", 1, False), id="never reached set"),
        pytest.param(["unreached", "no_unreached"], ("connected", 0, True), id="and lifted again"),
        pytest.param(["void"], ("void", 0, False), id="void"),
        pytest.param(["void", "unvoid"], ("connected", 0, True), id="and counted again"),
    ],
)
def test_a_decision_is_appended_and_honoured(desk: Running, kinds: list[str], expected: tuple[str, int, bool]) -> None:
    name = arrive(desk)
    decide(desk, name, *kinds)
    assert scores(desk) == [expected]
    with desk.services.database.reading() as db:
        rows = db.execute(select(tables.decisions.c.kind, tables.decisions.c.reason)).all()
    assert [tuple(row) for row in rows] == [(kind, "heard the recording") for kind in kinds]
    body = json.loads(exported(desk.services.database))
    one = body["entrants"][0]["entries"][-1]["rounds"][0]["assessments"][0]
    assert [told["kind"] for told in one["x_decisions"]] == kinds
    same_as_exported(desk)


def test_a_penalty_by_the_log_is_lifted_by_a_decision(desk: Running) -> None:
    log = (*unanswered(6), Attempt(at=at(130), outcome=Outcome.CONNECTED))
    name = arrive(desk, attempts=log)
    assert scores(desk) == [("connected", 1, True)]
    decide(desk, name, "no_penalty")
    assert scores(desk) == [("connected", 0, True)]
    same_as_exported(desk)


def test_a_decision_without_a_reason_is_refused(desk: Running) -> None:
    name = arrive(desk)
    with signed_in(desk, Role.COORDINATOR) as client:
        answer = send(client, f"/assessments/{name}/decisions", {"decision": "penalty", "reason": " "})
    assert answer.status_code == 409
    assert scores(desk) == [("connected", 0, True)]


def test_other_rules_make_new_grades_and_keep_the_old(server: Running) -> None:
    """STN-4"""
    with server.services.database.transaction() as db:
        set_up(db, SET_UP_AT)
    name = arrive(server)
    with server.services.database.reading() as db:
        before = rules_in_force(db).rules.digest
    with server.services.database.transaction() as db:
        rules = rule_anew(db, {"grade.dp": 2}, "two decimals were agreed")
    server.services.wake()
    until(lambda: standing_row(server).ruleset_digest == rules.digest or None, "the entry is scored anew")
    with server.services.database.reading() as db:
        rows = db.execute(select(tables.grades).where(tables.grades.c.assessment_id == name)).all()
    assert [row.ruleset_digest for row in rows] == [before, rules.digest]
    assert len({row.base for row in rows}) == 1
    same_as_exported(server)


def test_a_standing_whose_entry_changed_is_made_anew_for_the_page(server: Running) -> None:
    """STN-2"""
    with server.services.database.transaction() as db:
        rule_anew(db, {"faq.deadline": NOON.isoformat()})
    for number in (1, 2, 3):
        arrive(server, round_number=number)
    assert kept(server)[PHONE].final is not None
    with server.services.database.transaction() as db:
        here = (tables.entries.c.entrant_id == PHONE[0]) & (tables.entries.c.channel == PHONE[1])
        db.execute(update(tables.entries).where(here).values(faq_filing="never"))
    late = kept(server)[PHONE]
    assert late.rounds[0].faq == 1
    same_as_exported(server)


def test_a_standing_begun_before_a_ruling_and_kept_after_it_is_not_shown(server: Running) -> None:
    """STN-2: the job reads, the coordinator rules, the job writes; the pages have the ruling before the next job."""
    with server.services.database.transaction() as db:
        set_up(db, SET_UP_AT)
        rule_anew(db, {"consistency.method": "manual"})
        by = By(add_account(db, Role.COORDINATOR), NOON)
    arrive(server)
    with server.services.database.reading() as db:
        desk = SeasonDesk.of(db, server.services.forms)
        before = made_standing(desk, entry_rows(db, [PHONE])[0])
    with server.services.database.transaction() as db:
        set_consistency(db, PHONE, 1, "2", reason="very even calls", by=by)
        keep(db, desk, [before], NOON)
        shown = {score.key: score for score in kept_standings(SeasonDesk.of(db, server.services.forms))}
    assert shown[PHONE].rounds[0].bonus.points == 2


def test_where_an_entry_is_heading_is_kept_for_each_day_and_shown_with_what_it_rests_on(desk: Running) -> None:
    """STN-5"""
    arrive(desk)
    with desk.services.database.reading() as db:
        at_desk = SeasonDesk.of(db, desk.services.forms)
        made = made_standing(at_desk, entry_rows(db, [PHONE])[0])
    with desk.services.database.transaction() as db:
        db.execute(tables.projected_days.delete())
        for hours in (0, 3, 48):
            keep(db, at_desk, [made], NOON + timedelta(hours=hours))
        kept_days = [(row.day, row.made) for row in day_rows(db, PHONE)]
    assert kept_days == [("2021-03-01", 1), ("2021-03-03", 1)]
    with signed_in(desk, Role.VIEWER) as client:
        for path in ("/season", "/standings/harbour-ferry/phone_in"):
            page = client.get(path).text
            assert re.search(r'<polyline points="0\.\d,[\d.]+ [\d.]+,[\d.]+ [\d.]+,[\d.]+"', page), path
        assert "3 Mar 2021" in page
        assert re.search(r"rests on 1 of \d+ visits, \d+ %", client.get("/season").text)


def test_a_withdrawn_entry_is_heading_nowhere(server: Running) -> None:
    """STN-5"""
    arrive(server)
    with server.services.database.transaction() as db:
        db.execute(update(tables.entries).values(withdrawn=True))
    with server.services.database.reading() as db:
        at_desk = SeasonDesk.of(db, server.services.forms)
        assert day_of(made_standing(at_desk, entry_rows(db, [PHONE])[0]).score, at_desk, "2021-03-01") is None


def test_a_late_record_of_an_earlier_day_converges(server: Running) -> None:
    first = arrive(server, started_at=NOON + timedelta(days=2))
    second = arrive(server, id="22222222-2222-7222-8222-222222222222", started_at=NOON)
    assert {one.id for one in assessments_of(server)} == {first, second}
    same_as_exported(server)


def test_a_change_of_rules_is_a_new_version_with_a_reason_and_freezes_the_old(desk: Running) -> None:
    with desk.services.database.transaction() as db:
        set_up(db, SET_UP_AT)
    with signed_in(desk, Role.ADMIN) as client:
        wanted = {"changes": "unreachable.score_mode=zero\ngrade.dp=2"}
        assert send(client, "/rules", wanted | {"reason": " "}).status_code == 409
        assert send(client, "/rules", {"changes": "grade.dp=x", "reason": "why not"}).status_code == 409
        assert send(client, "/rules", wanted | {"reason": "agreed by the committee"}).status_code == 303
        page = client.get("/what-if").text
    with desk.services.database.reading() as db:
        kept_versions = versions(db)
        rules = version_in_force(db).programme.rules
    assert [(version.version, version.reason, version.frozen_at is not None) for version in kept_versions] == [
        (2, "agreed by the committee", False),
        (1, "The season was set up.", True),
    ]
    assert kept_versions[0].overrides == {"unreachable.score_mode": "zero", "grade.dp": 2}
    assert (rules.text("unreachable.score_mode"), rules.whole("grade.dp")) == ("zero", 2)
    assert "agreed by the committee" in page
    with signed_in(desk, Role.COORDINATOR) as client:
        assert send(client, "/rules", wanted | {"reason": "x"}).status_code == 409  # PRR-6


def test_a_consistency_bonus_is_set_by_the_coordinator_where_the_rules_say_so(desk: Running) -> None:
    with desk.services.database.transaction() as db:
        set_up(db, SET_UP_AT)
    arrive(desk)
    where = "/standings/harbour-ferry/phone_in/consistency"
    fields = {"round": "1", "points": "2", "reason": "very even calls"}
    with signed_in(desk, Role.COORDINATOR) as client:
        assert send(client, where, fields).status_code == 409
        with desk.services.database.transaction() as db:
            rule_anew(db, {"consistency.method": "manual"})
        too_many = send(client, where, fields | {"points": "4"})
        assert too_many.status_code == 409
        assert "3 is the most per round" in too_many.text
        assert send(client, where, fields).status_code == 303
        until(lambda: kept(desk)[PHONE].rounds[0].bonus.points == 2 or None, "the bonus counts")
        assert "very even calls" in client.get("/standings/harbour-ferry/phone_in").text
        assert send(client, "/standings/nobody/phone_in/consistency", fields).status_code == 404
    same_as_exported(desk)
