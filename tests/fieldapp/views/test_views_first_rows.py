"""A start draws a screen of visits first, and sends nothing before that stands."""

from __future__ import annotations

import asyncio

import flet as ft
import pytest

from fieldapp.line import LineState
from fieldapp.state import app as state
from fieldapp.views.today.page import NO_GROUP, _groups
from tests.builders import NOON, an_assignment
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn
from tests.fieldapp.waiting import wait_until

VISITS = 7


async def a_phone_with_visits() -> Phone:
    phone = await fill(Phone(), *(an_assignment(id=f"assignment-{n}") for n in range(VISITS)), token="known")
    phone.double.tokens.add("known")
    return phone


@pytest.mark.parametrize(("first", "drawn"), [(3, 3), (0, VISITS)], ids=["before it stands", "afterwards"])
async def test_few_visits_are_drawn_before_the_first_screen_stands(first: int, drawn: int) -> None:
    phone = await a_phone_with_visits()
    await phone.app.start()
    await phone.worker.stop()
    shown = Drawn(lambda: ft.Column(_groups(phone.app, NOON, None, NO_GROUP, lambda _due: None, first)))
    assert (
        len([control for control in shown.controls if str(getattr(control, "key", "")).startswith("visit-")]) == drawn
    )


async def test_nothing_is_sent_before_the_first_screen_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "REST_S", 0)
    phone = await a_phone_with_visits()
    phone.app.first_rows = 3
    await phone.app.start()
    for _ in range(5):
        await asyncio.sleep(0)
    assert phone.app.line.state is LineState.IDLE
    assert phone.app.line.last_contact_at is None
    phone.app.on_drawn()
    await wait_until(lambda: phone.app.line.last_contact_at is not None)
    await phone.worker.stop()
