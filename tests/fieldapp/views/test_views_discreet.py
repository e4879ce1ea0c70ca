"""The notes page says nothing of what it is; what is written and marked on it is kept, and sorted outside."""

from __future__ import annotations

import flet as ft

from checklists.forms.form import Channel
from checklists.record.assessment import MediaKind
from fieldapp.language import read
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.discreet.page import DiscreetBody, marks
from fieldapp.views.discreet.sort import FILE, LINE, Loose, give, inbox, questions_sheet
from fieldapp.views.visit_hooks import Keeping, Opened
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn, reading

TELLING = ("assess", "award", "mystery", "shopper", "visit", "entrant", "評審", "神秘", "機構")


async def a_meeting() -> Phone:
    phone = await fill(Phone(), an_assignment(channel=Channel.FACE_TO_FACE))
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.open_visit("assignment-1")
    return phone


@ft.component
def marked(visit: Visit) -> ft.Control:
    return kit.stack(marks(visit))


@ft.component
def loose(visit: Visit, asked: list[Loose]) -> ft.Control:
    return kit.stack(inbox(Keeping(visit), lambda one, _event: asked.append(one)))


async def test_a_mark_is_a_stamp_and_is_taken_back_by_the_same_tap() -> None:
    visit = (await a_meeting()).visit
    await visit.reach("t_arrive")
    assert Drawn(marked, visit).names == ["mark 1", "mark 2", "mark 3"]
    await visit.reach("t_ack")
    await Drawn(marked, visit).tap("mark 1")
    assert "t_ack" not in visit.assessment.measurements


async def test_what_is_written_is_there_after_a_kill_and_waits_to_be_sorted() -> None:
    phone = await a_meeting()
    assert await phone.visit.jot("greeted first\nbadge readable")
    after = phone.restarted()
    await after.app.start()
    await after.worker.stop()
    await after.app.open_visit("assignment-1")
    visit = after.visit
    assert visit.lines == ("greeted first", "badge readable")
    asked: list[Loose] = []
    await Drawn(loose, visit, asked).tap("To a question: badge readable")
    assert asked == [(LINE, "1")]
    assert await give(visit, asked[0], "FB1")
    await Drawn(loose, visit, asked).tap("Strike out: greeted first")
    assert visit.lines == ()
    assert "badge readable" in visit.assessment.notes["FB1"].values()


async def test_pictures_and_sound_of_no_question_are_sorted_too_and_proofs_are_not() -> None:
    visit = (await a_meeting()).visit
    await visit.add_photo(b"one")
    await visit.add_sound(b"two", "audio/webm", kind=MediaKind.AUDIO_NOTE)
    await visit.add_photo(b"proof", evidence_kind="receipt")
    assert len(visit.loose_files) == 2
    assert await give(visit, (FILE, visit.loose_files[0].id), "FB1")
    assert [file.question for file in visit.assessment.evidence if file.question] == ["FB1"]
    assert len(visit.loose_files) == 1


async def test_a_question_is_chosen_by_its_words() -> None:
    visit = (await a_meeting()).visit
    chosen: list[str] = []

    async def choose(key: str, _event: object) -> None:
        chosen.append(key)

    drawn = Drawn(ft.component(lambda: questions_sheet(visit, choose, lambda: None).content))
    item = visit.sheet.all_items["FB1"]
    await drawn.tap(read(item.question.text))
    assert chosen == ["FB1"]


async def test_nothing_on_the_notes_page_says_what_it_is_for() -> None:
    phone = await a_meeting()
    for language in ("en", "zh-Hant"):
        with reading(language):
            drawn = Drawn(DiscreetBody, Opened(phone.app, phone.visit))
            said = " ".join([*drawn.texts, *drawn.names]).casefold()
            assert [word for word in TELLING if word in said] == []
