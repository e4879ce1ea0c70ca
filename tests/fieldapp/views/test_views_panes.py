"""From 840 px on the day stands beside the visit."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp import theme
from fieldapp.state import App
from fieldapp.views import window
from fieldapp.views.day_pane import DayPane
from fieldapp.views.hooks import AppContext, AppHandle
from fieldapp.views.screen import BarTitle
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn, a_session, mounted


@ft.component
def pane(app: App) -> ft.Control:
    return AppContext(AppHandle(app), lambda: DayPane("assignment-1"))


@pytest.mark.parametrize(
    ("width", "visits"),
    [pytest.param(839, 0, id="a phone"), pytest.param(840, 2, id="a tablet, or a phone on its side")],
)
async def test_the_day_stands_beside_the_visit_where_there_is_room(width: int, visits: int) -> None:
    phone = await fill(Phone(), an_assignment(), an_assignment(id="assignment-2"))
    await phone.app.start()
    session = a_session()
    window.follow(session.page).resized(width)
    drawn = Drawn(pane, phone.app, session=session)
    assert sum("Harbour Ferry Hotline" in name for name in drawn.names) == visits
    marked = [c for c in drawn.controls if isinstance(c, ft.Container) and c.bgcolor == theme.RAISED]
    assert len(marked) == min(1, visits)


async def test_a_title_comes_back_when_a_phone_is_turned() -> None:
    session = a_session()
    window.follow(session.page).resized(844)
    async with mounted(BarTitle, "Hand on", True, session=session) as drawn:
        assert _left(drawn) == theme.PANE + theme.M - theme.TITLE_STARTS
        window.follow(session.page).resized(390)
        drawn.look()
        assert _left(drawn) == 0


@pytest.mark.parametrize(
    ("width", "height", "is_low"),
    [
        pytest.param(844, 390, True, id="a phone on its side"),
        pytest.param(390, 844, False, id="upright"),
        pytest.param(390, 400, False, id="upright, with its keyboard"),
        pytest.param(1280, 800, False, id="a laptop"),
    ],
)
def test_a_phone_on_its_side_has_its_shelf_beside_what_is_read(width: int, height: int, is_low: bool) -> None:
    followed = window.follow(a_session().page)
    followed.resized(width, height)
    assert followed.is_low is is_low


def _left(drawn: Drawn) -> int:
    (held,) = [control for control in drawn.controls if isinstance(control, ft.Container)]
    assert isinstance(held.padding, ft.Padding)
    return int(held.padding.left)
