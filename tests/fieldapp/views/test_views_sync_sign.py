"""The sign that tells on every screen whether all is safe."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp import theme
from fieldapp.views.sync_sign import SyncSign
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, complete, fill
from tests.fieldapp.drawn import Drawn


@pytest.mark.parametrize(
    ("finished", "told", "shown"),
    [
        pytest.param(False, "Nothing waits to be sent", [], id="a draft waits for nobody"),
        pytest.param(True, "Not safe yet: 1", ["1"], id="finished, and not at the server"),
    ],
)
async def test_the_sign_says_how_many_finished_visits_are_not_safe_yet(
    finished: bool, told: str, shown: list[str]
) -> None:
    phone = await fill(Phone(), an_assignment())
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.open_visit("assignment-1")
    await complete(phone)
    if finished:
        assert await phone.visit.finish()
    drawn = Drawn(SyncSign, phone.app)
    named = [control.label for control in drawn.controls if isinstance(control, ft.Semantics)]
    assert (named, drawn.texts, drawn.names) == ([told], shown, [])
    texts = [control for control in drawn.controls if isinstance(control, ft.Text)]
    assert [text.size for text in texts] == [theme.SIGN_HELD // 2 for _number in shown], "the largest words fit no ring"
