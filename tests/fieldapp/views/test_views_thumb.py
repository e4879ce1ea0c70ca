"""What stands at the thumb of a screen."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from fieldapp import theme
from fieldapp.views.screen import thumb


@pytest.mark.parametrize(
    ("text_size", "laid_out"),
    [
        pytest.param(100, ft.Row, id="side by side"),
        pytest.param(theme.LARGE_TEXT, ft.Column, id="one below the other, each as wide as the screen"),
        pytest.param(200, ft.Column, id="the same with the largest words"),
    ],
)
def test_actions_at_the_thumb_stand(text_size: int, laid_out: type[ft.Control]) -> None:
    shelf: Any = thumb([ft.Text("Review and finish"), ft.Text("Call")], text_size)
    actions = shelf.content.content.content
    assert type(actions) is laid_out
    assert actions.controls[-1].value == "Call"
