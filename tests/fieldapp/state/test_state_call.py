"""CALL, UNDO, OUT: a call tapped along as it happens fills the record, and each tap can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace

from checklists.forms.form import Channel
from checklists.record.assessment import Contact, Outcome
from checklists.record.attempts import Verdict
from fieldapp.state.call import BIG, PHONE, Stage, Step, likely, needs_outcome, small_steps
from fieldapp.state.visit import Visit
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill, folder

Tap = Callable[[Visit], Awaitable[bool]]


async def a_call(**changes: Any) -> Phone:
    phone = await fill(Phone(), an_assignment(annex="ivrs_annex@1", **changes))
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.open_visit("assignment-1")
    return phone


async def tapped(phone: Phone, *steps: Step | str, seconds: int = 7) -> Visit:
    """One tap after another; "dial", "key 3", and "end caller" are the verbs that are no step."""
    visit = phone.visit
    for step in steps:
        phone.clock.pass_(seconds=seconds)
        if isinstance(step, Step):
            assert await visit.step(step)
        elif step == "dial":
            assert await visit.dial()
        elif step.startswith("key"):
            assert await visit.press(step.split()[1], heard=4)
        else:
            assert await visit.hang_up(step.split()[1])
    return visit


WHOLE = ("dial", Step.RING, Step.ANSWERED, "key 1", "key 3", Step.QUEUED, Step.PERSON, Step.HOLD, Step.RESUME)


async def test_a_whole_call_fills_every_measurement_and_the_try() -> None:
    visit = await tapped(await a_call(), *WHOLE, Step.TRANSFER, "end agent")
    kept = visit.assessment.measurements
    assert not [item.key for item in visit.sheet.measurements.values() if item.key not in kept]
    assert (kept["ring_count"].number, kept["menu_levels"].number, kept["transfer_count"].number) == (1, 2, 1)
    assert kept["t_end"].choice == "agent"
    assert [(tried.outcome, tried.at) for tried in visit.assessment.attempts] == [
        (Outcome.CONNECTED, kept["t_dial"].at)
    ]
    assert visit.assessment.contact is Contact.CONNECTED
    assert visit.assessment.answers["PA2"].value == 1
    assert visit.assessment.answers["PA3"].value == 7


async def test_keys_pressed_fill_the_annex_and_are_its_map() -> None:
    """CALL-4."""
    visit = await tapped(await a_call(), *WHOLE, "end caller")
    kept = visit.assessment.measurements
    assert (kept["max_options"].number, kept["target_levels"].number) == (4, 2)
    assert visit.assessment.answers["VC1"].value == 21
    assert not [f for f in visit.findings if f.question in {"VA3", "VA4", "VC1"}]


@pytest.mark.parametrize(
    ("taps", "stage"),
    [
        pytest.param((), Stage.READY, id="nothing yet"),
        pytest.param(("dial",), Stage.RINGING, id="dialling stamps itself"),
        pytest.param(WHOLE[:3], Stage.MENU, id="answered by a system"),
        pytest.param(WHOLE[:6], Stage.QUEUE, id="asked for a person"),
        pytest.param((*WHOLE[:6], Step.BACK_IN_MENU), Stage.MENU, id="thrown back into the menu"),
        pytest.param(WHOLE[:7], Stage.TALK, id="a person speaks"),
        pytest.param(WHOLE[:8], Stage.HOLD, id="on hold"),
        pytest.param(WHOLE, Stage.TALK, id="back from hold"),
        pytest.param((*WHOLE[:8], "end caller"), Stage.ENDED, id="hung up on hold"),
    ],
)
async def test_how_far_a_call_is_survives_a_kill(taps: tuple[Step | str, ...], stage: Stage) -> None:
    """CALL-1."""
    phone = await a_call()
    await tapped(phone, *taps)
    after = phone.restarted()
    await after.app.start()
    await after.worker.stop()
    await after.app.open_visit("assignment-1")
    assert after.visit.stage[0] is stage


async def test_a_person_at_once_was_reached_without_a_menu() -> None:
    """CALL-3."""
    visit = await tapped(await a_call(), "dial", Step.PERSON)
    kept = visit.assessment.measurements
    assert kept["t_first_answer"].at == kept["t_agent"].at
    assert kept["menu_levels"].number == 0


async def test_a_failed_call_leaves_its_try_and_the_next_begins_anew() -> None:
    """CALL-2."""
    phone = await a_call()
    visit = await tapped(phone, "dial", Step.ANSWERED, "key 1", "end caller")
    assert visit.script
    assert needs_outcome(visit.script, visit.assessment)
    assert await visit.came_to(Outcome.IVRS_DEAD_END)
    tried = visit.assessment.attempts[0]
    assert tried.ended_at is not None
    assert (tried.ended_at - tried.at).total_seconds() == 21
    assert (visit.stage[0], dict(visit.assessment.measurements), visit.assessment.menu) == (Stage.READY, {}, ())


@pytest.mark.parametrize(
    ("taps", "outcome"),
    [
        pytest.param(("dial", "end caller"), Outcome.NO_ANSWER, id="rang only"),
        pytest.param(("dial", Step.ANSWERED, "end caller"), Outcome.IVRS_DEAD_END, id="in the menu"),
        pytest.param(("dial", Step.ANSWERED, "end cut_off"), Outcome.DROPPED_BEFORE_AGENT, id="cut off in the menu"),
        pytest.param((*WHOLE[:6], "end caller"), Outcome.ABORTED_BY_ASSESSOR, id="left the queue early"),
        pytest.param((*WHOLE[:6], "end cut_off"), Outcome.DROPPED_BEFORE_AGENT, id="cut off in the queue"),
    ],
)
async def test_the_likely_outcome_follows_from_how_far_the_call_was(
    taps: tuple[Step | str, ...], outcome: Outcome
) -> None:
    """CALL-5."""
    visit = await tapped(await a_call(), *taps)
    assert likely(PHONE, visit.assessment.measurements, 300) is outcome
    assert likely(PHONE, visit.assessment.measurements, 5) is (
        Outcome.QUEUE_TIMEOUT if outcome is Outcome.ABORTED_BY_ASSESSOR else outcome
    )


async def test_what_counts_is_said_before_the_tap() -> None:
    """OUT-1."""
    phone = await a_call()
    visit = await tapped(phone, "dial", "end caller")
    said = {preview.outcome: (preview.verdict, preview.number) for preview in visit.previews()}
    assert said[Outcome.NO_ANSWER] == (Verdict.COUNTS, 1)
    assert said[Outcome.CLOSED] == (Verdict.NOT_A_FAILURE, None)
    await visit.came_to(Outcome.NO_ANSWER)
    phone.clock.pass_(minutes=5)
    assert {p.outcome: p.verdict for p in visit.previews()}[Outcome.BUSY] is Verdict.TOO_SOON


async def test_a_tap_is_taken_back_within_five_seconds_and_not_after() -> None:
    """UNDO-1."""
    phone = await a_call()
    visit = await tapped(phone, "dial", Step.PERSON)
    before = visit.assessment
    phone.clock.pass_(seconds=5)
    assert await visit.take_back()
    assert (visit.stage[0], visit.assessment.attempts, visit.assessment.contact) == (Stage.RINGING, (), Contact.OPEN)
    await tapped(phone, Step.PERSON)
    phone.clock.pass_(seconds=6)
    assert not await visit.take_back()
    assert visit.assessment.contact is before.contact


async def test_tim_4_a_try_and_what_is_taken_back_keep_the_clock_that_was_read() -> None:
    phone = await a_call()
    visit = await tapped(phone, "dial")
    dialled = visit.assessment.measurements["t_dial"].clock
    assert dialled
    await phone.store.save_device(replace(phone.store.device(), clock_offset_s=600))
    await tapped(phone, "end caller")
    before = visit.assessment.measurements
    await visit.came_to(Outcome.NO_ANSWER)
    assert visit.assessment.attempts[0].clock == dialled
    phone.clock.pass_(seconds=4)
    assert await visit.take_back()
    assert visit.assessment.measurements == before


async def test_an_answer_given_meanwhile_is_not_taken_back_with_the_tap() -> None:
    """UNDO-2."""
    phone = await a_call()
    visit = await tapped(phone, "dial", Step.PERSON)
    await visit.answer("PB1", True)
    assert not await visit.take_back()
    assert phone.app.notice
    assert phone.app.notice.code == "not-allowed"
    assert visit.undo is None
    assert visit.assessment.answers["PB1"].value is True
    assert visit.stage[0] is Stage.TALK


async def test_a_call_back_goes_on_as_a_call_with_a_person() -> None:
    phone = await a_call()
    visit = await tapped(phone, "dial", Step.ANSWERED, "end caller")
    await visit.came_to(Outcome.VOICEMAIL)
    phone.clock.pass_(hours=1)
    assert await visit.called_back()
    assert visit.stage[0] is Stage.TALK
    assert visit.reading.series
    assert [one.verdict for one in visit.reading.series.tries] == [Verdict.CALLED_BACK, Verdict.CONNECTS]


async def test_a_chat_has_fewer_steps() -> None:
    phone = await fill(Phone(), an_assignment(channel=Channel.ONLINE))
    await phone.app.start()
    await phone.worker.stop()
    await phone.app.open_visit("assignment-1")
    visit = await tapped(phone, "dial")
    assert visit.script
    assert (visit.stage[0], BIG[visit.stage[0]], small_steps(visit.script, visit.stage[0])) == (
        Stage.QUEUE,
        Step.PERSON,
        (),
    )
    await tapped(phone, Step.PERSON, Step.HOLD, "end caller")
    kept = visit.assessment.measurements
    assert kept["gaps"].spans[0][1] == kept["t_resolved"].at
    assert visit.assessment.contact is Contact.CONNECTED


def stamps(step: Step) -> Tap:
    return lambda visit: visit.step(step)


TWICE: list[tuple[str, tuple[str, ...], Tap, Tap]] = [
    ("a stamp", ("dial",), stamps(Step.ANSWERED), stamps(Step.QUEUED)),
    ("the end", ("dial",), lambda visit: visit.hang_up("caller"), lambda visit: visit.came_to(Outcome.CLOSED)),
    ("an outcome", ("dial", "end caller"), lambda visit: visit.came_to(Outcome.BUSY), lambda visit: visit.dial()),
    ("undo", ("dial",), stamps(Step.ANSWERED), lambda visit: visit.take_back()),
]


@pytest.mark.parametrize(("before", "first", "second"), [pytest.param(*taps, id=name) for name, *taps in TWICE])
async def test_undo_3_the_second_tap_of_a_double_one_puts_nothing_down(
    before: tuple[str, ...], first: Tap, second: Tap
) -> None:
    phone = await a_call()
    visit = await tapped(phone, *before)
    phone.clock.breath_ms = 0
    phone.clock.pass_(seconds=1)
    both = await asyncio.gather(first(visit), second(visit))
    once = visit.assessment
    assert (both, visit.undo and visit.undo.after) == ([True, False], once)
    assert not await second(visit)
    assert visit.assessment is once
    phone.clock.pass_(seconds=1)
    assert await second(visit)


async def test_undo_3_it_counts_from_when_the_screen_shows_what_was_tapped() -> None:
    phone = await a_call()
    phone.clock.breath_ms = 0
    assert await phone.visit.dial()
    phone.clock.pass_(seconds=1)  # to draw took long
    phone.visit.drawn()
    assert not await phone.visit.hang_up("caller")
    phone.clock.pass_(seconds=1)
    phone.visit.drawn()
    assert await phone.visit.hang_up("caller")


async def test_undo_3_the_second_tap_of_the_one_that_led_here_puts_nothing_down() -> None:
    phone = await a_call()
    phone.clock.breath_ms = 0
    phone.visit.drawn(is_new=True)
    assert not await phone.visit.dial()
    phone.clock.pass_(seconds=1)
    assert await phone.visit.dial()


async def test_undo_3_rings_and_keys_are_counted_as_often_as_they_are_tapped() -> None:
    phone = await a_call()
    visit = await tapped(phone, "dial")
    phone.clock.breath_ms = 0
    assert [await visit.step(Step.RING) for _tap in range(3)] == [True] * 3
    phone.clock.pass_(seconds=1)
    assert await visit.step(Step.ANSWERED)
    assert [await visit.press("1") for _tap in range(2)] == [True] * 2
    assert (visit.assessment.measurements["ring_count"].number, len(visit.assessment.menu)) == (3, 2)


async def test_undo_3_a_tap_that_could_not_be_kept_may_be_repeated_at_once() -> None:
    phone = await a_call()
    phone.clock.breath_ms = 0
    folder(phone).refuses = True
    assert not await phone.visit.dial()
    folder(phone).refuses = False
    assert await phone.visit.dial()
