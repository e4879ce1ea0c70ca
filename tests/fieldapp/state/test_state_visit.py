"""One visit on the screen: every verb is durable before it shows, and a refused one changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.record.assessment import Answer, Attempt, Contact, Outcome, RecordStatus
from checklists.record.attempts import label
from fieldapp.state.visit import Visit
from tests.builders import NOON, at
from tests.fieldapp.app_kit import Phone, a_visit, complete, folder, good_answer, reopened


@pytest.fixture
async def phone() -> Phone:
    return await a_visit()


async def test_opening_a_visit_keeps_nothing_yet(phone: Phone) -> None:
    assert phone.store.assessments() == ()
    assert phone.visit.is_draft
    assert phone.visit.findings


async def test_an_answer_is_shown_only_once_it_would_survive(phone: Phone) -> None:
    shown = []

    def watch(_: object, name: str | None) -> None:
        shown.append((name, folder(phone).flushes))

    stop = phone.visit.subscribe(watch)
    before = folder(phone).flushes
    assert await phone.visit.answer("PB1", True)
    kept = phone.visit.assessment.answers["PB1"]
    assert kept == Answer(value=True, at=NOON, clock=kept.clock)
    assert all(flushes > before for _, flushes in shown)
    assert ("assessment", before + 1) in shown
    assert (await reopened(phone)).visit.assessment == phone.visit.assessment
    stop()


async def test_an_answer_that_cannot_be_kept_leaves_the_old_one_and_says_so(phone: Phone) -> None:
    await phone.visit.answer("PB1", True)
    before = phone.visit.assessment
    folder(phone).refuses = True
    assert not await phone.visit.answer("PB1", False)
    assert phone.visit.assessment is before
    assert phone.app.notice
    assert phone.app.notice.code == "storage-refused"
    folder(phone).refuses = False
    assert await phone.visit.answer("PB1", False)


async def test_taps_at_once_are_all_kept(phone: Phone) -> None:
    keys = [f"PB{n}" for n in range(1, 4)]
    assert all(await asyncio.gather(*(phone.visit.answer(key, True) for key in keys)))
    assert set((await reopened(phone)).visit.assessment.answers) == set(keys)


async def test_an_answer_is_taken_back(phone: Phone) -> None:
    await phone.visit.answer("PB1", True)
    assert await phone.visit.answer("PB1", None)
    assert "PB1" not in phone.visit.assessment.answers


async def test_a_tap_lays_no_sheet_out_anew_and_a_new_shape_does(phone: Phone) -> None:
    before = phone.visit.sheet
    await phone.visit.answer("PB1", True)
    assert phone.visit.sheet is before
    assert await phone.app.open_visit("assignment-1")
    assert phone.visit.sheet is before
    sheets = phone.visit._context.sheets
    other = replace(phone.visit.assessment, annex=None if phone.visit.assessment.annex else "ivrs_annex@1")
    assert sheets.of(other) is sheets.of(other)
    assert sheets.of(other) is not before


async def test_progress_counts_each_section(phone: Phone) -> None:
    await phone.visit.answer("PB1", True)
    of_section = {one.section_id: one for one in phone.visit.reading.progress}
    assert (of_section["PB"].answered, of_section["PB"].asked) == (1, 6)
    assert of_section["PB"].findings == 5
    assert phone.app.rows[0].answered == 1
    assert phone.app.rows[0].asked == 38


async def test_findings_name_their_question_until_it_is_answered(phone: Phone) -> None:
    assert "PB1" in {finding.question for finding in phone.visit.findings}
    await phone.visit.answer("PB1", True)
    assert "PB1" not in {finding.question for finding in phone.visit.findings}


async def test_six_failed_tries_write_the_contact_off_and_it_may_be_finished(phone: Phone) -> None:
    for number in range(6):
        upcoming = phone.visit.reading.next_try
        assert upcoming
        assert (upcoming.number, upcoming.needed) == (number + 1, 6)
        assert await phone.visit.attempt(Outcome.NO_ANSWER)
        phone.clock.pass_(hours=4)
    assert phone.visit.assessment.contact is Contact.UNREACHABLE
    assert phone.visit.reading.series
    assert phone.visit.reading.series.penalty == 1
    assert not phone.visit.can_finish, "the call log is wanted"
    assert await phone.visit.add_photo(b"call log", evidence_kind="call_log")
    assert phone.visit.can_finish
    assert await phone.visit.finish()
    assert phone.app.rows[0].contact is Contact.UNREACHABLE


async def test_the_window_is_told_and_other_assessors_tries_count() -> None:
    earlier = (Attempt(at=NOON - timedelta(hours=2), outcome=Outcome.BUSY),)
    phone = await a_visit(earlier_attempts=earlier)
    visit = phone.visit
    assert visit.reading.next_try
    assert visit.reading.series
    assert str(label(visit.reading.next_try, visit.reading.series.rules)) == "try 2 of 6, closes Wed 24:00"


async def test_a_try_typed_in_afterwards_is_kept_but_does_not_count(phone: Phone) -> None:
    assert await phone.visit.attempt(Outcome.NO_ANSWER, at=at(-30), note="forgot to tap")
    assert phone.visit.assessment.attempts[0].stamped is False
    assert phone.visit.reading.series
    assert phone.visit.reading.series.counted == 0


async def test_a_stamp_is_not_moved_by_a_second_tap_and_an_edit_keeps_the_first(phone: Phone) -> None:
    assert await phone.visit.stamp("t_dial")
    phone.clock.pass_(minutes=1)
    assert await phone.visit.stamp("t_dial")
    assert phone.visit.assessment.measurements["t_dial"].at == NOON
    assert await phone.visit.edit_stamp("t_dial", at(-1), "tapped late")
    assert await phone.visit.edit_stamp("t_dial", at(-2), "tapped later still")
    mark = phone.visit.assessment.measurements["t_dial"]
    assert (mark.at, mark.original_at) == (at(-2), NOON)
    assert await phone.visit.clear_measurement("t_dial")
    assert "t_dial" not in phone.visit.assessment.measurements


async def test_spans_begin_and_end_by_tapping(phone: Phone) -> None:
    for _ in range(3):
        assert await phone.visit.toggle_span("hold_spans")
        phone.clock.pass_(seconds=10)
    spans = phone.visit.assessment.measurements["hold_spans"].spans
    assert spans == ((NOON, at(seconds=10)), (at(seconds=20), None))


async def test_measured_answers_follow_the_marks(phone: Phone) -> None:
    assert await phone.visit.count("ring_count", 3)
    assert phone.visit.assessment.answers["PA2"].value == 3
    assert phone.visit.reading.derived["ring_count"] == 3


async def test_finishing_too_early_says_how_much_is_missing(phone: Phone) -> None:
    assert not phone.visit.can_finish
    assert not await phone.visit.finish()
    assert phone.visit.is_draft
    assert phone.app.notice
    assert phone.app.notice.code == "not-allowed"


FORMS = {form.channel: form for form in shipped_forms().values() if not form.annex}


def every_visit() -> Iterator[Any]:
    """Each shipped form in each of its variants and sub-channels, and with each annex."""
    annexes = [form.id for form in shipped_forms().values() if form.annex]
    for channel, form in FORMS.items():
        for variant in [one.code for one in form.variants] or [None]:
            for subchannel in list(form.subchannels) or [None]:
                for annex in [None, *annexes] if channel is Channel.PHONE_IN else [None]:
                    changes = {"channel": channel, "variant": variant, "subchannel": subchannel, "annex": annex}
                    yield pytest.param(changes, id="-".join(filter(None, [form.id, variant, subchannel, annex])))


@pytest.mark.parametrize("changes", list(every_visit()))
async def test_a_visit_of_every_variant_of_every_form_is_filled_in_and_finished(changes: dict[str, object]) -> None:
    phone = await a_visit(**changes)
    await complete(phone)
    blocking = [(f.code, f.question) for f in phone.visit.findings if f.blocks_finish]
    assert blocking == []
    assert await phone.visit.finish()
    assert phone.visit.assessment.status is RecordStatus.FINISHED
    after = await reopened(phone)
    assert after.visit.assessment == phone.visit.assessment


async def test_drawn_recordings_are_asked_about_one_by_one() -> None:
    phone = await a_visit(channel=Channel.ONSITE, variant="recording", recordings_to_draw=2)
    assert await phone.visit.draw(listed=40)
    drawn = phone.visit.assessment.draws[0]
    assert len(drawn.picked) == 2
    assert all(1 <= number <= 40 for number in drawn.picked)
    assert "PB1#2" in phone.visit.sheet.items
    again = await a_visit(channel=Channel.ONSITE, variant="recording", recordings_to_draw=2)
    assert again.visit.sheet.recordings == 0


async def test_after_finishing_nothing_changes_but_a_late_answer_which_is_the_next_revision(phone: Phone) -> None:
    await complete(phone)
    await phone.visit.answer("PG4", None)
    assert await phone.visit.finish()
    finished = phone.visit.assessment
    assert not phone.visit.may_answer("PB1")
    assert not await phone.visit.answer("PB1", False)
    assert not await phone.visit.add_photo(b"late")
    assert phone.visit.assessment is finished
    assert phone.visit.may_answer("PG4")
    assert await phone.visit.answer("PG4", good(phone.visit, "PG4"))
    assert phone.visit.assessment.revision == 2
    assert phone.visit.assessment.status is RecordStatus.FINISHED


async def test_a_late_answer_waits_for_its_evidence_and_the_visit_stays_as_it_was_sent(phone: Phone) -> None:
    """R-LATE-1."""
    await complete(phone)
    await phone.visit.answer("PG4", None)
    for file in [file for file in phone.visit.assessment.evidence if file.question == "PG4"]:
        await phone.visit.remove_evidence(file.id)
    assert await phone.visit.finish()
    sent = phone.visit.assessment
    assert not await phone.visit.answer("PG4", "on_time")
    assert phone.visit.assessment is sent
    assert phone.app.notice
    assert "Add a picture of the call or message log" in str(phone.app.notice.message)
    assert await phone.visit.add_photo(b"log", key="PG4", evidence_kind="call_log")
    kept = phone.visit.assessment
    assert (kept.revision, kept.status, kept.answers["PG4"].value) == (2, RecordStatus.FINISHED, "on_time")
    assert not await phone.visit.add_photo(b"log", key="PB1")


def good(visit: Visit, key: str) -> bool | int | str:
    return good_answer(visit.sheet.all_items[key].question)


async def test_a_void_contact_needs_a_reason_and_is_finished_with_it(phone: Phone) -> None:
    assert not await phone.visit.void("  ")
    assert await phone.visit.void("recognised by the counter staff")
    assert phone.visit.assessment.status is RecordStatus.FINISHED
    assert phone.visit.assessment.contact is Contact.VOID


async def test_a_returned_visit_is_taken_up_again_as_a_draft(phone: Phone) -> None:
    await phone.visit.void("recognised")
    assert await phone.visit.reopen()
    assert phone.visit.is_draft
    assert phone.visit.assessment.revision == 2


def test_the_app_is_an_observable_components_can_follow() -> None:
    app = Phone().app
    seen: list[str | None] = []

    def watch(_: object, name: str | None) -> None:
        seen.append(name)

    stop = app.subscribe(watch)
    app.notice = None
    app.freeable_bytes = 3
    stop()
    app.freeable_bytes = 4
    assert seen == ["freeable_bytes"]


async def test_two_quick_taps_on_a_counter_are_two(phone: Phone) -> None:
    await asyncio.gather(phone.visit.count("ring_count", 1), phone.visit.count("ring_count", 1))
    assert phone.visit.assessment.measurements["ring_count"].number == 2
    assert await phone.visit.count("ring_count", -3)
    assert phone.visit.assessment.measurements["ring_count"].number == 0


@pytest.mark.parametrize(
    ("steps", "pair"),
    [
        pytest.param([(2, 0)], (2, 2), id="the second goes along"),
        pytest.param([(0, 3), (1, 0)], (1, 3), id="each by itself"),
        pytest.param([(2, 0), (0, -1)], (1, 1), id="the first goes along"),
        pytest.param([(0, -1)], (0, 0), id="never below nought"),
    ],
)
async def test_of_two_counts_the_first_is_never_the_larger(steps: list[tuple[int, int]], pair: tuple[int, int]) -> None:
    visit = (await a_visit(channel=Channel.ONSITE, variant="branch")).visit
    for first, second in steps:
        assert await visit.count_pair("counters_open", first, second)
    assert visit.assessment.measurements["counters_open"].pair == pair
