"""What went wrong on the locked screen is said there, beside the field it is about, and nowhere else."""

from __future__ import annotations

from typing import Any

import flet as ft

from checklists.language import N_, sentence
from fieldapp.state import Notice, NoticeKind
from fieldapp.views.lock import Locked
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn

PIN = "2580"
WRONG = "This is not the PIN."


async def locked() -> Phone:
    phone = await fill(Phone(), token="token")
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.lock.choose(PIN, 5)
    phone.app.lock.is_locked = True
    phone.app.notice = None
    return phone


async def typed(drawn: Drawn, label: str, words: str) -> None:
    drawn.look()
    field: Any = drawn.fields()[label]
    field.on_change(ft.ControlEvent(control=ft.TextField(value=words), name="change", data=words))
    drawn.look()
    await drawn.tap("Open")
    drawn.look()


def told(drawn: Drawn, label: str) -> Any:
    return drawn.fields()[label].error


async def test_a_wrong_pin_is_told_at_its_field_and_gone_with_the_right_one() -> None:
    phone = await locked()
    drawn = Drawn(Locked, phone.app)
    await typed(drawn, "PIN", "1111")
    assert (told(drawn, "PIN"), drawn.fields()["PIN"].value) == (WRONG, "")
    await typed(drawn, "PIN", PIN)
    assert not phone.app.lock.is_locked
    assert phone.app.notice is None


async def test_a_wrong_pin_is_not_told_beside_the_code() -> None:
    phone = await locked()
    drawn = Drawn(Locked, phone.app)
    await typed(drawn, "PIN", "1111")
    await drawn.tap("PIN forgotten?")
    drawn.look()
    assert told(drawn, "Enrolment code") is None
    await typed(drawn, "Enrolment code", "never issued")
    assert "This code is not known" in told(drawn, "Enrolment code")
    await drawn.tap("Use the PIN")
    drawn.look()
    assert told(drawn, "PIN") is None
    assert phone.app.lock.is_locked


async def test_what_was_told_before_it_locked_is_neither_told_here_nor_lost() -> None:
    phone = await locked()
    before = Notice(kind=NoticeKind.WARNING, code="photo-waits", message=sentence(N_("Photos wait.")))
    phone.app.notice = before
    drawn = Drawn(Locked, phone.app)
    assert told(drawn, "PIN") is None
    await typed(drawn, "PIN", PIN)
    assert phone.app.notice is before
