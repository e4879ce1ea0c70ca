"""A visit tapped along on the screen: which stamp stands where, what is said of the position, that a tap is kept."""

from __future__ import annotations

import dataclasses
from typing import Any

import flet as ft
import pytest

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.language import N_, sentence
from checklists.record.assessment import Position
from checklists.record.assignment import Branch
from fieldapp.errors import NoPosition
from fieldapp.state.visit import Visit
from fieldapp.state.walk import STAMPS
from fieldapp.views import kit
from fieldapp.views.visit_hooks import Keeping
from fieldapp.views.walk.place import place
from fieldapp.views.walk.stamps import doing
from fieldapp.views.walk.wording import AFTER, NEXT
from tests.builders import an_assignment, both
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn, reading

PIER = Branch(id="central-pier", name=both("Central Pier"), address=both("Pier 7"), lat=22.287, lon=114.161)


class Positions:
    def __init__(self, answer: Position | None) -> None:
        self.answer = answer

    async def here(self) -> Position:
        if self.answer is None:
            raise NoPosition("refused", sentence(N_("It cannot be read.")))
        return self.answer


async def a_phone(position: Position | None = None, **changes: Any) -> Phone:
    phone = await fill(Phone(), an_assignment(**({"channel": Channel.ONSITE, "branch": PIER} | changes)))
    phone.app.ports = dataclasses.replace(phone.app.ports, positions=Positions(position))
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.open_visit("assignment-1")
    return phone


@ft.component
def shelf(visit: Visit) -> ft.Control:
    assert visit.walk
    return kit.stack(doing(visit, visit.walk))


@ft.component
def where(visit: Visit) -> ft.Control:
    return kit.stack(place(Keeping(visit), "t_arrive"))


async def test_the_next_stamp_is_always_the_last_and_leaving_is_never_beside_the_thumb() -> None:
    phone = await a_phone()
    nexts = []
    for _ in range(4):
        drawn = Drawn(shelf, phone.visit)
        nexts.append(drawn.names)
        await drawn.tap(drawn.names[-1])
        phone.clock.pass_(seconds=20)
    queue, served = "I join the queue", "I am being served"
    assert nexts == [["I am at the door"], ["I have left", served, queue], ["I have left", served], ["I have left"]]
    assert Drawn(shelf, phone.visit).names == ["Answer the questions"]


async def test_drawn_recordings_are_asked_for_once_they_are_drawn() -> None:
    """WALK-4."""
    visit = (await a_phone(variant="recording")).visit
    await visit.reach("t_arrive")
    assert "Draw the recordings from their list first; then ask for those." in Drawn(shelf, visit).texts
    assert await visit.draw(37)
    assert Drawn(shelf, visit).names[-1] == "I ask for the drawn recordings"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(
            Position(latitude="22.287", longitude="114.1613", accuracy_m=12),
            ["31 m", "from the door, close enough (± 12 m)"],
            id="near",
        ),
        pytest.param(
            Position(latitude="22.290", longitude="114.161", accuracy_m=9),
            ["334 m", "from the door: farther than it should be (± 9 m)"],
            id="far",
        ),
        pytest.param(
            None,
            [
                "No position",
                "Look again",
                "The phone does not give the position to this app.",
                "Two other proofs stand in for it; still to add: 2",
            ],
            id="refused",
        ),
    ],
)
async def test_where_one_is_is_shown_with_its_accuracy_or_what_stands_in(
    found: Position | None, said: list[str]
) -> None:
    visit = (await a_phone(found)).visit
    assert Drawn(where, visit).texts == []
    await Drawn(shelf, visit).tap("I am at the door")
    assert Drawn(where, visit).texts[: len(said)] == said


async def test_the_marks_of_a_meeting_time_a_wait() -> None:
    visit = (await a_phone(channel=Channel.FACE_TO_FACE, branch=None)).visit
    for name in ("I am at the door", "Somebody notices me", "I am being served"):
        await Drawn(shelf, visit).tap(name)
    assert Drawn(shelf, visit).names == ["Start Times staff left the customer waiting", "The meeting is over"]
    await Drawn(shelf, visit).tap("Start Times staff left the customer waiting")
    assert Drawn(shelf, visit).names == ["The meeting is over", "They are back"]


async def test_the_stamps_are_chinese_in_chinese() -> None:
    visit = (await a_phone()).visit
    with reading("zh-Hant"):
        assert Drawn(shelf, visit).names == ["我到了門口"]


def test_every_moment_of_the_shipped_forms_has_words_of_its_own() -> None:
    walked = [form for name, form in shipped_forms().items() if name.startswith(("onsite", "online", "face_to_face"))]
    keys = {item.key for form in walked for item in form.measurements if item.kind in STAMPS}
    assert len(walked) == 3
    assert keys <= NEXT.keys() & AFTER.keys()


async def test_a_message_nobody_answers_is_closed_once_nothing_could_change_and_then_finished() -> None:
    """NOA-1."""
    visit_of = await a_phone(channel=Channel.ONLINE, form="online@1", subchannel="email", branch=None)
    visit = visit_of.visit
    assert await visit.reach("t_sent")
    assert "Nobody answered" not in Drawn(shelf, visit).names
    visit_of.clock.pass_(days=5)
    drawn = Drawn(shelf, visit)
    assert drawn.names[-1] != "Nobody answered", "the likely one is nearest to the thumb"
    await drawn.tap("Nobody answered")
    kept = visit.assessment.measurements
    assert (kept["t_human"].never, kept["t_resolved"].never) == (True, True)
    assert not [one for one in visit.findings if one.code == "measurement-missing" and one.question in ("WB1", "WF2")]
    assert visit.walk
    assert visit.walk.upcoming(kept) is None
