"""Call mode on the screen: which stamps stand where, and that a tap fills the record."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from checklists.forms.form import Channel
from checklists.record.assessment import Contact, MenuStep, Outcome
from checklists.record.attempts import Verdict
from fieldapp.state.call import CHAT, PHONE, Stage, Step
from fieldapp.state.outcomes import Preview
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.call.clock import shown
from fieldapp.views.call.menu import Keypad, menu_map
from fieldapp.views.call.outcomes import outcome_rows
from fieldapp.views.call.page import doing
from fieldapp.views.call.ribbon import ribbon
from fieldapp.views.call.undo import UndoBar
from fieldapp.views.review import ReviewBody
from fieldapp.views.visit_hooks import Keeping, Opened
from tests.builders import NOON, an_assessment, an_assignment, an_attempt
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn


async def a_phone(*attempts: Any, contact: Contact = Contact.OPEN) -> Phone:
    phone = await fill(Phone(), an_assignment(annex="ivrs_annex@1"))
    if attempts:
        record = an_assessment(attempts=attempts, contact=contact, annex="ivrs_annex@1")
        await phone.store.save(record)
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.open_visit("assignment-1")
    return phone


@ft.component
def shelf(visit: Visit) -> ft.Control:
    return kit.stack(doing(Keeping(visit), PHONE, visit.stage[0], 2))


@ft.component
def parts(controls: list[ft.Control]) -> ft.Control:
    return kit.stack(controls)


async def test_the_next_stamp_is_always_the_last_and_every_tap_moves_the_call_on() -> None:
    phone = await a_phone()
    visit = phone.visit
    nexts = []
    for _ in range(5):
        drawn = Drawn(shelf, visit)
        nexts.append(drawn.names[-1])
        await drawn.tap(drawn.names[-1])
        phone.clock.pass_(seconds=20)
    assert nexts == [
        "Dial +852 2000 0000",
        "A recording answers",
        "Asked for a person",
        "A person speaks",
        "Put on hold",
    ]
    assert visit.stage[0] is Stage.HOLD
    assert Drawn(shelf, visit).names == ["I hung up", "They hung up", "Cut off", "Back on the line"]
    await Drawn(shelf, visit).tap("They hung up")
    assert visit.assessment.measurements["t_end"].choice == "agent"
    assert Drawn(shelf, visit).names == ["Answer the questions"]
    texts = Drawn(parts, ribbon(visit, PHONE)).texts
    assert texts == ["ringing 0:20, menu 0:20, queue 0:20, talk 0:40"]


async def test_a_call_nobody_answered_asks_what_it_came_to_the_likely_one_at_the_thumb() -> None:
    visit = (await a_phone()).visit
    await visit.dial()
    await visit.hang_up("caller")
    drawn = Drawn(shelf, visit)
    assert drawn.names[-1] == "No answer"
    assert drawn.texts[-2:] == ["Counts as try 1", "No answer"]
    assert "Connected" not in drawn.names
    await drawn.tap("No answer")
    assert [tried.outcome for tried in visit.assessment.attempts] == [Outcome.NO_ANSWER]


async def test_a_key_tapped_notes_the_options_heard() -> None:
    visit = (await a_phone()).visit
    drawn = Drawn(Keypad, visit)
    await drawn.tap("Key 3")
    assert [(step.key, step.heard, step.repeats) for step in visit.assessment.menu] == [("3", 0, False)]


def test_the_way_through_the_menu_is_told_beside_its_picture() -> None:
    steps = (MenuStep(at=NOON, key="1", heard=3), MenuStep(at=NOON, key="9", repeats=True), MenuStep(at=NOON, key="#"))
    assert Drawn(parts, [menu_map(steps)]).texts == ["Keys pressed: 1 of 3, 9 (again), #"]


SIX = tuple(an_attempt(minutes) for minutes in (0, 20, 40, 60, 80))


async def test_what_can_be_undone_is_said_in_the_words_it_was_tapped_by() -> None:
    phone = await a_phone()
    visit = phone.visit
    said = []

    async def tapped(verb: Any) -> None:
        assert await verb
        assert visit.undo
        said.append(Drawn(UndoBar, visit, visit.undo).texts[0])

    await tapped(visit.dial())
    await tapped(visit.step(Step.ANSWERED))
    await tapped(visit.press("3"))
    await tapped(visit.hang_up("caller"))
    await tapped(visit.came_to(Outcome.BUSY))
    assert said == [f"{what} 12:00:00" for what in ("Ringing", "A recording answers", "Key 3", "Call ended", "Busy")]


async def test_six_failures_are_explained_with_the_proof_they_want() -> None:
    phone = await a_phone(*SIX, an_attempt(100), contact=Contact.UNREACHABLE)
    visit = phone.visit
    drawn = Drawn(shelf, visit)
    said = " ".join(drawn.texts)
    assert "6 tries failed within 3 days." in said
    assert "this costs points (1); the office checks it first" in said
    assert "call log as proof" in said
    assert [text for text in drawn.texts if text.endswith("No answer")][:2] == [
        "1, Mon 1/3 12:00, No answer",
        "2, Mon 1/3 12:20, No answer",
    ]
    assert drawn.fields() == {}
    assert drawn.names[-2:] == ["Call once more: +852 2000 0000", "Close as not reached"]
    assert "Picture of the call log" in drawn.texts
    assert [(one.code, one.blocks_finish) for one in visit.findings] == [("call-log-missing", True)]
    assert "Picture of the call log" in Drawn(ReviewBody, Opened(phone.app, visit)).texts, (
        "it is given where it is missed"
    )
    await visit.add_photo(b"log", evidence_kind="call_log")
    assert (visit.findings, visit.can_finish) == ((), True)


async def test_a_message_left_offers_the_call_back_while_it_counts() -> None:
    phone = await a_phone(an_attempt(0, Outcome.VOICEMAIL))
    assert "They call back now" in Drawn(shelf, phone.visit).names
    phone.clock.pass_(hours=4)
    assert "They call back now" not in Drawn(shelf, phone.visit).names


async def test_a_chat_is_opened_and_never_dialled_though_a_number_is_given() -> None:
    phone = await fill(Phone(), an_assignment(channel=Channel.ONLINE))
    await phone.app.start()
    await phone.worker.stop()
    assert phone.app.rows[0].dials == ""
    assert await phone.app.open_visit("assignment-1")
    drawn = Drawn(ft.component(lambda: kit.stack(doing(Keeping(phone.visit), CHAT, phone.visit.stage[0], 2))))
    assert drawn.names == ["The chat is open"]
    await phone.visit.dial()
    phone.clock.pass_(seconds=7)
    await phone.visit.step(Step.PERSON)
    assert Drawn(parts, ribbon(phone.visit, CHAT)).texts == ["waiting 0:07"]


def test_outcomes_stand_under_what_they_would_count_for() -> None:
    async def choose(_outcome: Outcome, _event: object) -> None: ...

    previews = (
        Preview(outcome=Outcome.CONNECTED, verdict=None),
        Preview(outcome=Outcome.BUSY, verdict=Verdict.COUNTS, number=2),
    )
    drawn = Drawn(parts, outcome_rows(previews, choose, likely=Outcome.CONNECTED))
    assert drawn.texts[:2] == ["Counts as try 2", "Busy"]
    assert drawn.names == ["Busy", "Connected"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, "0:00"), (72, "1:12"), (3725, "1:02:05")],
    ids=["never below nought", "minutes", "hours"],
)
def test_a_running_clock_reads_short(seconds: int, text: str) -> None:
    assert shown(seconds) == text
