"""WALK: a visit tapped along fills the record; its position is looked for between arriving and leaving alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from checklists.forms.form import Channel
from checklists.language import N_, sentence
from checklists.record.assessment import Contact, Position
from checklists.record.assignment import Branch
from fieldapp.errors import NoPosition
from fieldapp.position import no_position
from fieldapp.state.visit import Visit
from fieldapp.state.walk import since
from tests.builders import an_assignment, both
from tests.fieldapp.app_kit import Phone, fill

HERE = Position(latitude="22.287000", longitude="114.161300", accuracy_m=12)
PIER = Branch(id="central-pier", name=both("Central Pier"), address=both("Pier 7"), lat=22.287, lon=114.161)


class Positions:
    """Tells what it is told, and counts how often it was asked."""

    def __init__(self, answer: Position | None = HERE) -> None:
        self.answer, self.asked = answer, 0

    async def here(self) -> Position:
        self.asked += 1
        if self.answer is None:
            raise NoPosition("refused", sentence(N_("It cannot be read.")))
        return self.answer


async def a_walk(positions: Positions | None = None, **changes: Any) -> Phone:
    changes = {"channel": Channel.ONSITE, "branch": PIER} | changes
    phone = await fill(Phone(), an_assignment(**changes))
    phone.app.ports = dataclasses.replace(phone.app.ports, positions=positions or Positions())
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.open_visit("assignment-1")
    return phone


async def walked(phone: Phone, *keys: str, seconds: int = 60) -> Visit:
    for key in keys:
        phone.clock.pass_(seconds=seconds)
        assert await phone.visit.reach(key)
        assert await phone.visit.look(key)
    return phone.visit


def nexts(visit: Visit) -> tuple[str | None, list[str], list[str]]:
    """What comes next, what may come instead, what was passed over."""
    walk, kept = visit.walk, visit.assessment.measurements
    assert walk
    upcoming = walk.upcoming(kept)
    return (
        upcoming.key if upcoming else None,
        [item.key for item in walk.instead(kept)],
        [item.key for item in walk.passed_over(kept)],
    )


BRANCH, BOTH = ("t_arrive", "t_ticket", "t_served", "t_leave"), ("t_asked", "t_retrieved")


@pytest.mark.parametrize(
    ("variant", "keys"),
    [
        pytest.param("branch", BRANCH, id="WALK-1 branch"),
        pytest.param("recording", ("t_arrive", *BOTH, "t_leave"), id="WALK-1 recording"),
        pytest.param("both", (*BRANCH[:3], *BOTH, "t_leave"), id="WALK-1 both"),
    ],
)
async def test_each_variant_is_tapped_along_to_its_leaving(variant: str, keys: tuple[str, ...]) -> None:
    phone = await a_walk(variant=variant)
    seen = []
    while (upcoming := nexts(phone.visit)[0]) is not None:
        seen.append(upcoming)
        await walked(phone, upcoming)
    assert tuple(seen) == keys
    assert phone.visit.assessment.contact is Contact.CONNECTED


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        pytest.param((), ("t_arrive", [], []), id="WALK-1 before arriving nothing else"),
        pytest.param(BRANCH[:1], ("t_ticket", ["t_served"], []), id="WALK-2 served at once is possible"),
        pytest.param(("t_arrive", "t_served"), ("t_leave", [], ["t_ticket"]), id="WALK-2 no queue"),
        pytest.param(("t_arrive", "t_leave"), (None, [], ["t_ticket", "t_served"]), id="WALK-2 left at once"),
    ],
)
async def test_a_stamp_made_early_passes_over_those_before_it(keys: tuple[str, ...], said: object) -> None:
    assert nexts(await walked(await a_walk(), *keys)) == said


async def test_how_far_a_visit_is_survives_a_kill() -> None:
    phone = await a_walk()
    await walked(phone, *BRANCH[:2])
    after = phone.restarted()
    await after.app.start()
    await after.worker.stop()
    await after.app.open_visit("assignment-1")
    visit = after.visit
    assert nexts(visit)[0] == "t_served"
    assert visit.walk
    assert since(visit.walk, visit.assessment.measurements) == visit.assessment.measurements["t_ticket"].trusted_at


async def test_a_position_is_kept_with_arriving_and_leaving_alone() -> None:
    """WALK-3."""
    positions = Positions()
    phone = await a_walk(positions)
    visit = await walked(phone, *BRANCH)
    kept = visit.assessment.measurements
    assert [key for key in BRANCH if kept[key].position] == ["t_arrive", "t_leave"]
    assert positions.asked == 2
    assert visit.assessment.measurements["t_arrive"].stamped


async def test_a_position_refused_asks_for_two_other_proofs_and_may_be_looked_for_again() -> None:
    positions = Positions(None)
    phone = await a_walk(positions)
    visit = await walked(phone, "t_arrive")
    assert visit.assessment.measurements["t_arrive"].no_position == "refused"
    assert phone.app.notice is None
    told = [finding for finding in visit.findings if finding.code == "place-proof-missing"]
    assert [(one.blocks_finish, visit.proofs_missing) for one in told] == [(True, 2)]
    await visit.add_photo(b"door", evidence_kind="photo_no_people")
    await visit.add_photo(b"ticket", evidence_kind="ticket_photo")
    assert visit.proofs_missing == 0
    positions.answer = HERE
    assert await visit.look("t_arrive")
    stamp = visit.assessment.measurements["t_arrive"]
    assert (stamp.position, stamp.no_position) == (HERE, "")


async def test_after_leaving_no_position_is_looked_for_any_more() -> None:
    """WALK-3."""
    positions = Positions(None)
    phone = await a_walk(positions)
    visit = await walked(phone, "t_arrive", "t_leave")
    assert (visit.may_look("t_arrive"), visit.may_look("t_leave")) == (False, True)
    phone.clock.pass_(seconds=121)
    assert not visit.may_look("t_leave")
    asked = positions.asked
    assert await visit.look("t_leave")
    assert positions.asked == asked


async def test_a_stamp_is_taken_back_with_the_position_beside_it() -> None:
    visit = await walked(await a_walk(), "t_arrive")
    assert await visit.take_back()
    assert "t_arrive" not in visit.assessment.measurements


async def test_a_wait_that_is_timed_ends_with_the_next_stamp() -> None:
    phone = await a_walk(channel=Channel.FACE_TO_FACE, branch=None)
    visit = await walked(phone, "t_arrive", "t_ack", "t_served")
    assert await visit.time("away_spans")
    phone.clock.pass_(seconds=90)
    await walked(phone, "t_end")
    kept = visit.assessment.measurements
    assert kept["away_spans"].spans[0][1] == kept["t_end"].at
    assert nexts(visit)[0] is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Location permission denied: no", "refused"),
        ("Location services are disabled.", "off"),
        ("timed out", "unknown"),
    ],
    ids=["refused", "switched off", "anything else"],
)
def test_why_there_is_no_position_is_kept(said: str, why: str) -> None:
    assert no_position(said).why == why
