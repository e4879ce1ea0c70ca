"""Faults of the app itself: whatever a screen or a handler raises is logged and told, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft
import pytest
from flet.controls.context import _context_page

from fieldapp import faults
from fieldapp.state import App, Phase
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.drawn import Drawn, a_session
from tests.fieldapp.waiting import wait_until

ENTERED = "what somebody entered"


class Screens:
    """A page whose handler fails, of two parts: one may fail while it is drawn, the other counts how often it was."""

    def __init__(self) -> None:
        self.broken = False
        self.drawn = 0
        self.turn: dict[str, Callable[[Any], None]] = {}
        self.session = a_session()

    def show(self, app: App) -> None:
        _context_page.set(self.session.page)
        faults.watch(self.session.page, app)
        for part in (Fragile, Sound):
            Drawn(part, self, session=self.session).whole.did_mount()
        self.session.start_updates_scheduler()

    async def fail(self) -> None:
        page = self.session.page
        page.on_close = _fail
        await self.session.dispatch_event(page._i, "close", None)


@ft.component
def Fragile(screens: Screens) -> ft.Control:  # noqa: N802 - a component
    _count, screens.turn["fragile"] = ft.use_state(0)
    if screens.broken:
        raise ValueError(ENTERED)
    return ft.Text("fragile")


@ft.component
def Sound(screens: Screens) -> ft.Control:  # noqa: N802
    _count, screens.turn["sound"] = ft.use_state(0)
    screens.drawn += 1
    return ft.Text("sound")


def _fail(_event: object) -> None:
    raise ValueError(ENTERED)


@pytest.fixture
async def app() -> App:
    phone = await fill(Phone(), token="known")
    await phone.app.start()
    await phone.worker.stop()
    assert phone.app.phase is Phase.READY
    phone.app.notice = None
    return phone.app


def is_told(app: App) -> bool:
    return app.notice is not None and app.notice.code == "app-fault"


async def test_a_screen_that_cannot_be_drawn_is_logged_and_told_and_the_others_go_on(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    screens = Screens()
    screens.show(app)
    screens.broken = True
    for turn in screens.turn.values():
        turn(1)
    await wait_until(lambda: is_told(app) and screens.drawn == 2)
    assert "a fault of the app: ValueError" in caplog.text
    assert "in Fragile" in caplog.text
    assert ENTERED not in caplog.text
    screens.turn["sound"](2)
    await wait_until(lambda: screens.drawn == 3)


async def test_a_handler_that_fails_is_told_and_the_screen_stays(app: App, caplog: pytest.LogCaptureFixture) -> None:
    screens = Screens()
    screens.show(app)
    await screens.fail()
    assert is_told(app)
    assert "a fault of the app: ValueError" in caplog.text
    assert "in _fail" in caplog.text
    screens.turn["sound"](1)
    await wait_until(lambda: screens.drawn == 2)


async def test_a_fault_before_there_is_a_screen_is_left_to_flet_to_show(app: App) -> None:
    screens = Screens()
    ended: list[str] = []
    screens.session.error = ended.append  # type: ignore[method-assign]
    screens.show(app)
    app.phase = Phase.STARTING
    await screens.fail()
    assert len(ended) == 1
    assert not is_told(app)
