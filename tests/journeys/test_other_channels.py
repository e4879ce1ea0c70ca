"""The other three channels, each whole: every mark, section and question of its checklist, until it is safe.

Two of them on a screen in Chinese; the calls of the phone (test_phone_in.py) and a chat on one in English.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from checklists.forms.file import shipped_forms
from checklists.language import Language
from checklists.record.asked import asked_measurements
from checklists.record.sheet import sheet
from tests.journeys.answers import WrongAnswerError
from tests.journeys.assessor import Assessor

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("another_phone_if_need_be")]

FORMS = shipped_forms()


class Case(NamedTuple):
    """What the demo assigns: the form, how its tile says so, and how the form is laid out."""

    form: str
    tile: str
    variant: str | None = None
    subchannel: str | None = None
    language: Language = "en"


def test_an_answer_flipped_behind_the_assessors_back_is_noticed(enrolled: Assessor) -> None:
    section = sheet(FORMS["face_to_face@1"]).all_sections[0]
    item = next(item for item in section.items if item.question.kind == "yes_no")
    enrolled.open_visit("Face-to-face")
    enrolled.open_section(section)
    enrolled.answer(item, True)
    enrolled.check(section)
    enrolled.tap(f"No, {item.key}")
    expect(enrolled.button(f"No, {item.key}")).to_have_attribute("aria-current", "true")
    with pytest.raises(WrongAnswerError, match=rf"'not chosen': \['Yes, {item.key}'\], 'chosen': \['No, {item.key}'\]"):
        enrolled.check(section)
    enrolled.answer(item, True)
    enrolled.tap("All sections")
    enrolled.back()
    enrolled.see_list()


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case("onsite@1", "Onsite", variant="branch", language="zh-Hant"), id="a branch visit, in Chinese"),
        pytest.param(Case("online@1", "Live chat", subchannel="chat"), id="a live chat"),
        pytest.param(
            Case("face_to_face@1", "Face-to-face", language="zh-Hant"), id="a face-to-face contact, in Chinese"
        ),
    ],
)
def test_visit_of_each_channel_is_filled_and_safe(enrolled: Assessor, case: Case) -> None:
    layout = sheet(FORMS[case.form], variant=case.variant, subchannel=case.subchannel)
    sections = layout.all_sections
    enrolled.speak(case.language)
    entrant = enrolled.open_visit(case.tile)
    if case.subchannel == "chat":
        enrolled.log_try("Connected", then="Connected: ends the series.")
    enrolled.mark_all(asked_measurements(layout))
    enrolled.open_section(sections[0])
    enrolled.fill_sections(sections)
    enrolled.tap("All sections")
    enrolled.check_all(sections)
    enrolled.tap("Review and finish")
    enrolled.finish()
    enrolled.see_sync(entrant, "Safe on the server")
