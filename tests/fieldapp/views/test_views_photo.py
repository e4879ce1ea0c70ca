"""A picture is looked at before it is kept, and asked about before it is gone."""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft
import pytest
from flet.messaging.session import Session

from checklists.forms.evidence_kinds import CALL_LOG
from checklists.record.assessment import Contact
from fieldapp.kept import Take
from fieldapp.state.call import PHONE
from fieldapp.views import kit
from fieldapp.views.call.page import doing
from fieldapp.views.evidence.photo import Hand, PhotoBody
from fieldapp.views.visit_hooks import Keeping, Opened
from tests.builders import an_assessment, an_assignment, an_attempt
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn, a_session

SIX = tuple(an_attempt(minute) for minute in (0, 20, 40, 60, 80, 100))


@ft.component
def shelf(keeping: Keeping) -> ft.Control:
    return kit.stack(doing(keeping, PHONE, keeping.visit.stage[0], 2))


class Screens:
    """A session that notes which screens are opened."""

    def __init__(self) -> None:
        self.session: Session = a_session()
        self.opened: list[str] = []
        page: Any = self.session.page
        page.navigate = self.opened.append

    def at(self, route: str) -> Screens:
        page: Any = self.session.page
        page.route = route
        return self


async def not_reached() -> Phone:
    """A phone with a visit nobody answered in six tries."""
    phone = await fill(Phone(), an_assignment())
    await phone.store.save(an_assessment(attempts=SIX, contact=Contact.UNREACHABLE))
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.open_visit("assignment-1")
    return phone


async def taken(phone: Phone) -> Take:
    take = await phone.app.captures.begin(phone.visit, b"a call log", None, CALL_LOG)
    assert take is not None
    return take


def looking(phone: Phone, take: Take, screens: Screens, back: str = "call") -> Drawn:
    return Drawn(PhotoBody, Opened(phone.app, phone.visit), take, back, session=screens.session)


def data_of(phone: Phone) -> list[bytes]:
    return [phone.media.read(file.sha256) for file in phone.visit.assessment.evidence]


async def test_the_picture_of_the_call_log_is_looked_at_before_it_is_kept() -> None:
    phone = await not_reached()
    screens = Screens().at("/visit/assignment-1/call")
    keeping = Keeping(phone.visit)
    keeping.app = phone.app
    drawn = Drawn(shelf, keeping, session=screens.session)
    actions = [getattr(control, "action", None) for control in drawn.controls]
    (picker,) = {id(one): one for one in (getattr(action, "file_picker", None) for action in actions) if one}.values()
    file = ft.FilePickerFile(id=1, name="log.png", size=10, bytes=b"a call log")
    await picker.on_result(ft.FilePickerResultEvent(name="result", control=picker, files=[file]))
    (take,) = phone.app.captures.waiting
    assert take.evidence_kind == CALL_LOG
    assert phone.visit.assessment.evidence == ()
    assert screens.opened == [f"/visit/assignment-1/photo/{take.id}/call"]


async def test_only_what_was_blacked_out_of_a_call_log_is_kept() -> None:
    phone = await not_reached()
    take, screens = await taken(phone), Screens()
    drawn = looking(phone, take, screens)
    hand = next(hook.value for hook in drawn.whole._state.hooks if isinstance(getattr(hook, "value", None), Hand))
    hand.width = hand.height = 100
    hand.strokes.append(((0.1, 0.1), (0.9, 0.1)))
    hand.show(tuple(hand.strokes))
    drawn.look()
    await drawn.tap("Keep this photo")
    assert data_of(phone) == [b"black prepared a call log"]
    assert [file.evidence_kind for file in phone.visit.assessment.evidence] == [CALL_LOG]
    assert phone.app.captures.waiting == ()
    assert screens.opened == ["/visit/assignment-1/call"]


async def test_a_photo_is_asked_about_before_it_is_gone() -> None:
    phone = await not_reached()
    take, screens = await taken(phone), Screens()
    drawn = looking(phone, take, screens)
    await drawn.tap("Do not keep this photo")
    assert phone.app.captures.waiting == (take,)
    drawn.look()
    (question,) = screens.session.page._dialogs.controls
    asked = Drawn(ft.component(lambda: kit.stack([*question.actions])), session=screens.session)
    assert asked.names == ["Do not keep it", "Look at it again"]
    await asked.tap("Look at it again")
    assert (phone.app.captures.waiting, screens.opened) == ((take,), [])
    await asked.tap("Do not keep it")
    assert phone.app.captures.waiting == ()
    assert phone.visit.assessment.evidence == ()
    assert screens.opened == ["/visit/assignment-1/call"]


async def test_a_photo_kept_with_two_quick_taps_is_kept_once() -> None:
    phone = await not_reached()
    drawn = looking(phone, await taken(phone), Screens())
    await asyncio.gather(drawn.tap("Keep this photo"), drawn.tap("Keep this photo"))
    await drawn.tap("Keep this photo")
    assert data_of(phone) == [b"prepared a call log"]


@pytest.mark.parametrize("second", ["Keep this photo", "Do not keep it"])
async def test_a_photo_that_is_gone_is_no_trouble_to_a_second_tap(second: str) -> None:
    phone = await not_reached()
    take, screens = await taken(phone), Screens()
    drawn = looking(phone, take, screens)
    await drawn.tap("Do not keep this photo")
    drawn.look()
    (question,) = screens.session.page._dialogs.controls
    asked = Drawn(ft.component(lambda: kit.stack([*question.actions])), session=screens.session)
    await asked.tap("Do not keep it")
    await (drawn if second == "Keep this photo" else asked).tap(second)
    assert phone.visit.assessment.evidence == ()
    assert phone.app.notice is None
