"""The other three channels, each whole: every mark, section and question of its checklist, until it is safe."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from checklists.forms.file import shipped_forms
from checklists.record.sheet import sheet
from tests.journeys.assessor import Assessor

pytestmark = pytest.mark.journey

FORMS = shipped_forms()


class Case(NamedTuple):
    """What the demo assigns: the form, how its tile says so, and how the form is laid out."""

    form: str
    tile: str
    variant: str | None = None
    subchannel: str | None = None


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case("onsite@1", "Onsite", variant="branch"), id="a branch visit"),
        pytest.param(Case("online@1", "Live chat", subchannel="chat"), id="a live chat"),
        pytest.param(Case("face_to_face@1", "Face-to-face"), id="a face-to-face contact"),
    ],
)
def test_visit_of_each_channel_is_filled_and_safe(enrolled: Assessor, case: Case) -> None:
    form = FORMS[case.form]
    sections = sheet(form, variant=case.variant, subchannel=case.subchannel).all_sections
    entrant = enrolled.open_visit(case.tile)
    if case.subchannel == "chat":
        enrolled.log_try("Connected", then="Connected: ends the series.")
    enrolled.mark_all(form)
    enrolled.open_section(sections[0])
    enrolled.fill_sections(sections)
    enrolled.tap("Review")
    enrolled.finish()
    enrolled.see_sync(entrant, "Safe on the server")
