"""What stands at the thumb of a screen."""

from __future__ import annotations

from typing import Any, NamedTuple

import flet as ft
import pytest

from fieldapp import theme
from fieldapp.views.screen import Actions
from tests.fieldapp.drawn import mounted

BESIDE, BELOW = ft.Row, ft.Column


class Laid(NamedTuple):
    """How a shelf was laid out by the client."""

    width: float
    height: float


@pytest.mark.parametrize(
    ("text_size", "laid", "stand"),
    [
        pytest.param(100, [], BESIDE, id="side by side"),
        pytest.param(100, [Laid(374, 48)], BESIDE, id="side by side while their words fit"),
        pytest.param(100, [Laid(304, 70)], BELOW, id="one below the other where they do not"),
        pytest.param(100, [Laid(304, 70), Laid(304, 104)], BELOW, id="and stay so"),
        pytest.param(100, [Laid(304, 70), Laid(624, 104)], BESIDE, id="until the phone is turned"),
        pytest.param(theme.LARGE_TEXT, [], BELOW, id="one below the other with large words"),
    ],
)
async def test_actions_at_the_thumb_stand(text_size: int, laid: list[Laid], stand: type[ft.Control]) -> None:
    async with mounted(Actions, [ft.Text("Review and finish"), ft.Text("Call")], text_size) as drawn:
        for event in laid:
            held: Any = next(control for control in drawn.controls if isinstance(control, ft.Container))
            held.on_size_change(event)
            drawn.look()
        shelf = next(control for control in drawn.controls if isinstance(control, (ft.Row, ft.Column)))
        assert (type(shelf), drawn.texts) == (stand, ["Review and finish", "Call"])
