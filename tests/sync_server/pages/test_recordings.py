"""How a page calls the recordings that were drawn."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.record.assessment import Draw
from sync_server.pages.assessment import AssessmentView
from tests.builders import NOON, an_assessment

DRAWN = Draw(at=NOON, seed="s", listed=37, picked=(19, 36))
NOTHING: Any = ()


@pytest.mark.parametrize(
    ("draws", "numbers"),
    [
        pytest.param((DRAWN,), [19, 36], id="by the number on the office's list"),
        pytest.param((), [1, 2], id="one after the other where nothing was drawn"),
    ],
)
def test_a_page_calls_a_recording(draws: tuple[Draw, ...], numbers: list[int]) -> None:
    view = AssessmentView(
        record=an_assessment(draws=draws), working=NOTHING, base="", sections=(), measurements=(), tries=NOTHING,
        notes=(), files=(),
    )  # fmt: skip
    assert [view.recording_number(n) for n in (1, 2)] == numbers
