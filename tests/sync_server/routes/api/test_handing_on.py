"""TRY: an assignment is handed on in the middle of its tries. Ids are those in fieldwork/earlier_tries.py."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select, update

from checklists.forms.file import shipped_forms
from checklists.record.assessment import Assessment, Attempt, Contact, Outcome, RecordStatus
from checklists.record.trusted_time import ClockReading
from checklists.season.file import read_season
from checklists.season.score import score_season
from sync_server.award.desk import SeasonDesk
from sync_server.award.standings import standing_of
from sync_server.commands.export_season import exported
from sync_server.database import tables
from sync_server.fieldwork.handing_out import tell_assignment
from sync_server.people.permissions import Role
from tests.builders import an_assignment, at
from tests.sync_server.desk import add_accounts, push, signed_in
from tests.sync_server.season_kit import OTHER_ASSESSOR, OTHER_TOKEN, TOKEN, a_call
from tests.sync_server.waiting import until

PHONE = ("harbour-ferry", "phone_in")


def tries(first: int, count: int, *, note: str = "") -> tuple[Attempt, ...]:
    return tuple(Attempt(at=at(20 * (first + n)), outcome=Outcome.NO_ANSWER, note=note) for n in range(count))


def a_draft(count: int) -> Assessment:
    """The first holder's record: `count` tries, never finished."""
    return a_call(
        status=RecordStatus.DRAFT, contact=Contact.OPEN, finished_at=None, answers={}, attempts=tries(0, count)
    )


def the_rest(count: int, **changes: Any) -> Assessment:
    """The second holder's record: `count` tries after the first three, and the contact was never reached."""
    return a_call(attempts=tries(3, count), **({"contact": Contact.UNREACHABLE, "answers": {}} | changes))


def hand_on(server: Any) -> None:
    with server.services.database.transaction() as db:
        db.execute(
            update(tables.assignments)
            .where(tables.assignments.c.id == "assignment-1")
            .values(assessor_id=OTHER_ASSESSOR)
        )
        tell_assignment(db, an_assignment(assessor_id=OTHER_ASSESSOR), at(0))


def attempts_sent(server: Any, token: str) -> list[Attempt]:
    """The tries of others that the phone of `token` knows last."""
    with server.client(token) as phone:
        changes = phone.get("/api/v1/changes").json()["changes"]
    bodies = [change["body"]["attempts"] for change in changes if change["kind"] == "attempts"]
    return bodies[-1] if bodies else []


def states(server: Any) -> list[str]:
    with server.services.database.reading() as db:
        scored = standing_of(SeasonDesk.of(db, server.services.forms), PHONE)
    return [one.state.value for entry_round in scored.rounds for one in entry_round.assessments]


def penalties(server: Any) -> list[str]:
    with server.services.database.reading() as db:
        scored = standing_of(SeasonDesk.of(db, server.services.forms), PHONE)
    return [str(one.penalty) for entry_round in scored.rounds for one in entry_round.assessments]


def test_the_next_holder_is_told_of_the_tries_made_before(server):
    push(server, a_draft(3))
    hand_on(server)
    assert len(attempts_sent(server, OTHER_TOKEN)) == 3
    assert attempts_sent(server, TOKEN) == []


def test_tries_that_arrive_after_it_was_handed_on_are_told_too(server):
    hand_on(server)
    push(server, a_draft(3))
    assert len(attempts_sent(server, OTHER_TOKEN)) == 3


def test_tries_that_arrive_in_the_moment_after_are_told_too(server):
    first = a_draft(1)
    push(server, first)  # who holds it is remembered for a moment
    hand_on(server)
    push(server, replace(first, revision=2, attempts=tries(0, 3)))
    assert len(attempts_sent(server, OTHER_TOKEN)) == 3


@pytest.mark.parametrize("late", [False, True], ids=["before the second finishes", "after"])
def test_six_tries_of_two_people_are_six_tries(server, late):
    """TRY-1"""
    first, second = a_draft(3), the_rest(3)
    if not late:
        push(server, first)
    hand_on(server)
    push(server, second, OTHER_TOKEN)
    if late:
        push(server, first)
    assert states(server) == ["unreachable"]
    season = read_season(exported(server.services.database), shipped_forms())
    again = {entry.key: entry for entry in score_season(season).entries}[PHONE]
    assert [one.state.value for entry_round in again.rounds for one in entry_round.assessments] == ["unreachable"]


def test_three_of_ones_own_are_not_six(server):
    hand_on(server)
    push(server, the_rest(3), OTHER_TOKEN)
    assert states(server) == ["open"]


def test_a_finished_record_of_the_first_holder_speaks_for_itself(server):
    """TRY-2"""
    push(server, a_call(contact=Contact.UNREACHABLE, answers={}, attempts=tries(0, 6)))
    hand_on(server)
    push(server, the_rest(3), OTHER_TOKEN)
    assert states(server) == ["unreachable", "open"]


def test_a_call_that_got_through_at_the_seventh_try_of_two_people_costs_what_the_rules_say(server):
    connected = Attempt(at=at(20 * 9), outcome=Outcome.CONNECTED)
    push(server, a_draft(3))
    hand_on(server)
    push(server, a_call(attempts=(*tries(3, 3), connected)), OTHER_TOKEN)
    assert penalties(server) == ["1"]


def test_the_page_shows_the_tries_of_both(server):
    add_accounts(server)
    push(server, a_draft(3))
    hand_on(server)
    second = the_rest(3)
    push(server, second, OTHER_TOKEN)
    with signed_in(server, Role.COORDINATOR) as client:
        page = client.get(f"/assessments/{second.id}").text
    assert "6 counted" in page
    assert page.count("by who held it before") == 3


def test_tries_by_a_clock_that_is_wrong_are_judged_shown_and_exported_corrected(server):
    """R-ATT-8: by the phone's clock six tries within a day; the last three were a week later. Nothing is lost by it."""
    add_accounts(server)
    offset = ClockReading("one", 0, 7 * 86_400)
    week_later = tuple(replace(tried, clock=replace(offset, monotonic_s=n)) for n, tried in enumerate(tries(3, 3)))
    call = a_call(contact=Contact.UNREACHABLE, answers={}, attempts=(*tries(0, 3), *week_later), started_clock=offset)
    push(server, call)
    assert states(server) == ["open"]
    season = exported(server.services.database)
    entries = [entry for entrant in json.loads(season)["entrants"] for entry in entrant["entries"]]
    (kept,) = (one for entry in entries for round_ in entry["rounds"] for one in round_.get("assessments", ()))
    assert [(one["at"], one.get("x_wall")) for one in kept["attempts"][2:4]] == [
        (at(40).isoformat(), None),
        (at(60 + 7 * 1440).isoformat(), at(60).isoformat()),
    ]
    again = {entry.key: entry for entry in score_season(read_season(season, shipped_forms())).entries}[PHONE]
    assert [one.state.value for entry_round in again.rounds for one in entry_round.assessments] == ["open"]
    with signed_in(server, Role.COORDINATOR) as client:
        page = html.unescape(client.get(f"/assessments/{call.id}").text)
    assert page.count("by the phone's clock") == 4, "three tries, and the start"
    assert 'datetime="2021-03-08T05:00:00+00:00"' in page


def test_a_clock_put_back_between_two_tries_is_a_flag_and_costs_nothing(server):
    """INT-7"""
    add_accounts(server)
    first, second = (
        replace(tried, clock=ClockReading("one", timer_s))
        for tried, timer_s in zip(tries(0, 2), (0, 90_000), strict=True)
    )
    call = a_call(attempts=(first, second, Attempt(at=at(50), outcome=Outcome.CONNECTED)))
    push(server, call)
    assert penalties(server) == ["0"]
    with signed_in(server, Role.COORDINATOR) as client:
        page = html.unescape(client.get(f"/assessments/{call.id}").text)
        assert call.id in client.get("/assessments?state=clock").text
    assert "the phone's clock moved by -88800 s" in page
    assert "Clock off" in page


def test_the_kept_standing_follows_tries_that_come_late(server):
    hand_on(server)
    push(server, the_rest(3), OTHER_TOKEN)
    push(server, a_draft(3))

    def kept() -> int | None:
        with server.services.database.reading() as db:
            f = tables.assessment_facts.c
            most = db.execute(select(func.max(func.length(f.body)))).scalar()
            bodies = db.execute(select(f.body)).scalars().all()
        return most if any(body.count("no_answer") == 6 for body in bodies) else None

    assert until(kept, "the facts of the finished record hold six tries")
