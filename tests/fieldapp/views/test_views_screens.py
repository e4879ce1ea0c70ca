"""The screens over the real state: what they show of a visit, and that a tap reaches the record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import flet as ft
import pytest
from msgspec import structs

from checklists.forms.form import Channel
from checklists.language import Language
from checklists.record.assessment import MediaKind, Outcome, RecordStatus
from checklists.record.assignment import RecordingPolicy
from checklists.record.trusted_time import ClockReading
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views import void as asking
from fieldapp.views.enrol import code_in_route
from fieldapp.views.evidence.sound import Stage, banner_words, stage_rows
from fieldapp.views.question_card import Card, QuestionCard, card_of
from fieldapp.views.today.lines import told
from fieldapp.views.today.tile import VisitTile
from fieldapp.views.visit.attempts import AttemptsCard, has_attempts
from fieldapp.views.visit.briefing import BriefingCard
from fieldapp.views.visit.correction import typed_time
from fieldapp.views.visit.measurements import ROWS
from fieldapp.views.visit.sections import section_tiles
from fieldapp.views.visit_hooks import Keeping, from_route, in_route
from fieldapp.views.void import VoidYes, void_dialog
from tests.builders import NOON, an_assignment
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn, mounted, reading
from tests.fieldapp.waiting import wait_until


async def a_visit(**changes: Any) -> Visit:
    phone = await fill(Phone(), an_assignment(**changes))
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    assert phone.app.visit is not None
    return phone.app.visit


def card(visit: Visit, key: str) -> Card:
    return card_of(visit, visit.sheet.all_items[key])


@ft.component
def together(controls: Sequence[ft.Control]) -> ft.Control:
    return kit.stack(controls)


@ft.component
def tiles(visit: Visit) -> ft.Control:
    return kit.stack(section_tiles(Keeping(visit)))


@pytest.mark.parametrize(
    ("route", "code"),
    [
        pytest.param("/enrol?code=ABCD-1234", "ABCD-1234", id="from the printed link"),
        pytest.param("/enrol", "", id="none"),
        pytest.param("/", "", id="another address"),
    ],
)
def test_the_code_of_an_enrolment_link_is_filled_in(route: str, code: str) -> None:
    assert code_in_route(route) == code


def test_a_recording_s_key_survives_an_address() -> None:
    assert from_route(in_route("PB1#2")) == "PB1#2"
    assert "#" not in in_route("PB1#2")


async def test_a_visit_tile_names_entrant_channel_scenario_and_state() -> None:
    phone = await fill(Phone())
    await phone.app.start()
    row = phone.app.rows[0]
    drawn = Drawn(VisitTile, row, told(row, NOON, phone.app.zone))
    assert drawn.texts == [
        "Harbour Ferry Hotline",
        "Due by Wed 31/3 12:00",
        "Phone-in, A lost umbrella",
        "Try 1 of 6",
    ]
    assert drawn.names == ["\n".join(drawn.texts)]


async def test_the_briefing_says_when_to_stop_and_whom_to_call() -> None:
    visit = await a_visit()
    drawn = Drawn(BriefingCard, visit.assignment, visit.sheet.form, True)
    assert any("Stop if you are recognised." in text for text in drawn.texts)
    assert "+852 2000 0000" in drawn.texts


async def test_the_filed_answer_stands_on_the_card_of_its_question() -> None:
    visit = await a_visit()
    filed = card(visit, "PD1").filed
    assert filed is not None
    assert filed.answer["en"].startswith("At Pier 7")
    assert card(visit, "PD3").filed is None


@pytest.mark.parametrize("code", ["picture-unreadable", "picture-too-large", "sound-unreadable"])
def test_why_a_file_was_kept_as_it_came_is_told_in_words(code: str) -> None:
    with reading("zh-Hant"):
        assert code not in words.why_not_prepared(code)


async def test_an_answer_tapped_is_in_the_record_and_durable() -> None:
    visit = await a_visit()
    counts: list[int] = []
    keeping = Keeping(visit)
    keeping.show = counts.append
    await keeping.answer("PA1", True)
    assert visit.assessment.answers["PA1"].value is True
    assert counts == [0], "what is durable at once is not said to be under way before"


async def test_what_takes_long_to_be_durable_is_told_until_it_is() -> None:
    keeping, told, counts = Keeping(await a_visit()), asyncio.Event(), list[int]()

    def show(under_way: int) -> None:
        counts.append(under_way)
        told.set()

    keeping.show = show
    assert await keeping.until_durable(told.wait())
    assert counts == [1, 0]


async def test_equal_cards_are_not_drawn_again() -> None:
    visit = await a_visit()
    before = card(visit, "PA6"), card(visit, "PA1")
    await visit.answer("PA1", True)
    after = card(visit, "PA6"), card(visit, "PA1")
    assert (before[0] == after[0], before[1] == after[1]) == (True, False)


async def test_a_measured_answer_shows_the_figure_of_the_marks() -> None:
    visit = await a_visit()
    await visit.count("ring_count", 4)
    asked = card(visit, "PA2").item
    assert (asked.measured, asked.value, asked.unit_seconds) == (4, 4, False)
    assert asked.measured_from == "Rings heard before first answer"


async def test_a_stamp_row_stamps_and_then_shows_the_time() -> None:
    visit = await a_visit()
    mark = visit.sheet.measurements["ring_count"]
    await Drawn(ROWS[mark.kind], Keeping(visit), mark, None).tap("More: Rings heard before first answer")
    assert visit.assessment.measurements["ring_count"].number == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("12:05", time(12, 5), id="hours and minutes"),
        pytest.param(" 11:59:07 ", time(11, 59, 7), id="with seconds and spaces"),
        pytest.param("11:59:07.5+09:00", time(11, 59, 7), id="no zone and no fraction"),
        pytest.param("9:05", time(9, 5), id="an hour of one figure"),
        pytest.param("14.32", time(14, 32), id="with a full stop"),
        pytest.param("1432", time(14, 32), id="without anything between"),
        pytest.param("１４：３２", time(14, 32), id="full-width"),
        pytest.param("14", None, id="an hour alone"),
        pytest.param("932", None, id="three figures"),
        pytest.param("24:00", None, id="no hour of the day"),
        pytest.param("14:3", None, id="a minute of one figure"),
        pytest.param("T14:32", None, id="a letter before it"),
        pytest.param("later", None, id="no time"),
    ],
)
def test_a_typed_time_is_a_time_of_day(typed: str, meant: time | None) -> None:
    assert typed_time(typed) == meant


async def test_a_corrected_time_stands_with_its_day_the_first_stamp_and_the_reason() -> None:
    visit = await a_visit()
    await visit.stamp("t_dial")
    await visit.edit_stamp("t_dial", NOON - timedelta(hours=13), "tapped late")
    mark, taken = visit.sheet.measurements["t_dial"], visit.assessment.measurements["t_dial"]
    texts = Drawn(ROWS[mark.kind], Keeping(visit), mark, taken).texts
    assert texts[1:] == ["Sun 28/2 23:00:00", "First stamped: Mon 1/3 12:00:00", "Typed in: tapped late"]


async def test_where_the_phones_clock_is_wrong_the_time_it_was_is_shown_with_what_the_phone_showed() -> None:
    visit = await a_visit()
    await visit.stamp("t_dial")
    mark, taken = visit.sheet.measurements["t_dial"], visit.assessment.measurements["t_dial"]
    wrong = structs.replace(taken, clock=ClockReading("start-1", 0, 3600))
    texts = Drawn(ROWS[mark.kind], Keeping(visit), mark, wrong).texts
    assert texts[1:] == ["Mon 1/3 13:00:00", "This phone's clock showed Mon 1/3 12:00:00."]


async def test_a_reviewer_s_note_stands_at_its_question_until_it_is_answered() -> None:
    visit = await a_visit()
    asked = replace(card(visit, "PA1"), asked="Which menu?")
    drawn = Drawn(QuestionCard, asked, visit.answer, Keeping(visit))
    assert any("Which menu?" in text for text in drawn.texts)
    assert "It stays as it is, PA1" in drawn.names
    answered = Drawn(QuestionCard, replace(asked, asked_is_answered=True), visit.answer, Keeping(visit))
    assert any(text.startswith("Answered.") for text in answered.texts)


async def test_what_a_question_is_read_from_is_put_down_on_its_card() -> None:
    """A finding is put right where it leads to."""
    visit = await a_visit()
    await Drawn(QuestionCard, card(visit, "PA2"), visit.answer, Keeping(visit)).tap(
        "More: Rings heard before first answer"
    )
    assert visit.assessment.answers["PA2"].value == 1
    assert card(visit, "PA2").measured == ()


async def test_the_draw_is_made_where_its_log_is_wanted() -> None:
    visit = await a_visit(channel=Channel.ONSITE, variant="both")
    await visit.answer("OH1", True)
    drawn = Drawn(QuestionCard, card(visit, "OH1"), visit.answer, Keeping(visit))
    assert "Recordings on the list" in drawn.fields()
    assert await visit.draw(37)
    assert not card(visit, "OH1").draw


async def test_an_answer_is_cleared_and_n_a_wants_no_evidence() -> None:
    visit = await a_visit()
    await visit.answer("PG4", "na")
    drawn = Drawn(QuestionCard, card(visit, "PG4"), visit.answer, Keeping(visit))
    await drawn.tap("More: note, photo, clear, PG4")
    drawn.look()
    assert not any("required" in text for text in drawn.texts)
    await drawn.tap("Clear the answer, PG4")
    assert "PG4" not in visit.assessment.answers


async def test_a_void_is_asked_twice_takes_own_words_and_no_double_tap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SAME_FINGER_MS", 0)
    voided: list[str] = []

    async def void(reason: str) -> None:
        voided.append(reason)

    chosen: list[str] = []
    first = Drawn(void_dialog, "", chosen.append, void, print)
    await first.tap("I was recognised")
    assert (chosen, voided) == (["I was recognised"], [])
    assert "Another reason, without names" in first.fields()
    second = Drawn(void_dialog, "I was recognised", chosen.append, void, print)
    assert second.names == ["Do not cancel"], "the finger that chose the reason may be over it"
    async with mounted(VoidYes, lambda _e: void("I was recognised")) as yes:
        await wait_until(lambda: [yes.look(), yes.names][-1])
        await yes.tap("Cancel and send")
    assert voided == ["I was recognised"]


async def test_a_try_of_ones_own_may_be_corrected_and_one_taken_back_not_again() -> None:
    visit = await a_visit()
    await visit.attempt(Outcome.CONNECTED)
    shown = Drawn(AttemptsCard, Keeping(visit))
    assert "Log a try" not in shown.names
    assert any(name.startswith("Not so: ") for name in shown.names)
    await visit.correct_attempt(visit.assessment.attempts[0], None)
    after = Drawn(AttemptsCard, Keeping(visit))
    assert after.names == ["Log a try"]
    assert "Taken back: logged by mistake." in after.texts


@pytest.mark.parametrize(
    ("changes", "logged"),
    [
        pytest.param({}, True, id="a call"),
        pytest.param({"channel": Channel.ONLINE, "subchannel": "chat"}, True, id="a live chat"),
        pytest.param({"channel": Channel.ONLINE, "subchannel": "email"}, False, id="an email"),
        pytest.param({"channel": Channel.FACE_TO_FACE}, False, id="a visit"),
    ],
)
async def test_tries_are_logged_where_the_rule_applies(changes: dict[str, Any], logged: bool) -> None:
    assert has_attempts(await a_visit(**changes)) is logged


async def test_the_annex_is_a_group_of_its_own_and_may_be_left_out() -> None:
    visit = await a_visit(annex="ivrs_annex@1")
    drawn = Drawn(tiles, visit)
    assert any(name.startswith("Menu design") for name in drawn.names)
    await drawn.tap("Leave out: Hotline has no IVRS")
    assert not any(name.startswith("Menu design") for name in Drawn(tiles, visit).names)


async def test_each_drawn_recording_has_its_own_sections() -> None:
    visit = await a_visit(channel=Channel.ONSITE, variant="recording", recordings_to_draw=2)
    await visit.draw(20)
    names = Drawn(tiles, visit).names
    for number in visit.assessment.draws[0].picked:
        assert any(f"recording {number}" in name for name in names)


async def test_a_finished_visit_takes_no_more_answers() -> None:
    visit = await a_visit()
    await visit.attempt(Outcome.CONNECTED)
    await visit.void("I was recognised")
    assert visit.assessment.status is not RecordStatus.DRAFT
    assert card(visit, "PA1").item.locked


async def test_a_switch_of_language_changes_every_word_of_a_tile() -> None:
    phone = await fill(Phone())
    await phone.app.start()
    with reading("zh-Hant"):
        row = phone.app.rows[0]
        texts = Drawn(VisitTile, row, told(row, NOON, phone.app.zone)).texts
    assert texts[0] == "港灣渡輪熱線"
    assert "第 1 次，共 6 次" in texts


@pytest.mark.parametrize(
    ("policy", "offered"),
    [
        pytest.param(RecordingPolicy.NONE, False, id="none: no record button"),
        pytest.param(RecordingPolicy.ENTRANT_SYSTEM_ONLY, False, id="the entrant's own system only"),
        pytest.param(RecordingPolicy.ASSESSOR_AUDIO_WITH_NOTICE, True, id="with notice"),
    ],
)
async def test_recording_the_contact_follows_the_policy(policy: RecordingPolicy, offered: bool) -> None:
    visit = await a_visit(recording_policy=policy)
    rows = stage_rows(Stage.IDLE, MediaKind.AUDIO_NOTE, visit, print, print, print, print)
    names = Drawn(together, rows).names
    assert "Record audio note" in names
    assert ("Record the contact" in names) is offered


async def test_the_microphone_needs_the_banner_and_a_second_tap() -> None:
    visit = await a_visit()
    drawn = Drawn(together, stage_rows(Stage.ASKED, MediaKind.AUDIO_NOTE, visit, print, print, print, print))
    assert drawn.names == ["Start the microphone", "Do not record"]
    assert any("deleted 90 days" in text for text in drawn.texts)
    running = Drawn(together, stage_rows(Stage.RUNNING, MediaKind.AUDIO_NOTE, visit, print, print, print, print))
    assert running.names == ["Stop now"]


@pytest.mark.parametrize("kind", [MediaKind.AUDIO_NOTE, MediaKind.RECORDING])
@pytest.mark.parametrize(
    ("language", "days", "promise"),
    [
        pytest.param("en", 30, "It is deleted 30 days after the round's report.", id="the server's own period"),
        pytest.param("en", None, "It is deleted some time after the round's report.", id="a server that did not say"),
        pytest.param("zh-Hant", 30, "於該回合報告發出後 30 天刪除。", id="in Chinese"),
        pytest.param("zh-Hant", None, "會在該回合報告發出一段時間後刪除。", id="in Chinese, not said"),
    ],
)
def test_the_banner_promises_what_the_server_keeps_to(
    language: Language, days: int | None, promise: str, kind: MediaKind
) -> None:
    with reading(language):
        assert banner_words(kind, days).endswith(promise)


def test_each_dialog_is_called_by_its_title() -> None:
    asked = kit.dialog("Remove it?", [])
    assert isinstance(asked.title, ft.Text)
    assert (asked.semantics_label, asked.title.value) == ("Remove it?", "Remove it?")
    views = Path(kit.__file__).parent
    assert [path.name for path in views.rglob("*.py") if "ft.AlertDialog(" in path.read_text("utf-8")] == ["kit.py"]
