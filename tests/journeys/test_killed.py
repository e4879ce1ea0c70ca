"""The phone's storage killed at moments that a seed says: the short form of `python -m tests.soak.phone_kills`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building import built
from tests.journeys.browsers import CHROMIUM, need
from tests.soak.phone_kills import Plan, Results, run

pytestmark = pytest.mark.journey

KILLS = 6  # two phones, three times


def test_nothing_that_was_acknowledged_is_lost_by_kills(tmp_path: Path) -> None:
    need(CHROMIUM, "chromium")
    built()
    results = Results(tmp_path / "kills.jsonl")
    run(Plan("chromium", longest_s=0.6, phones=2, rounds=3), 7, KILLS, results)
    assert results.count("chromium") == KILLS
    last = results.lines()[-1]
    assert last["answer"] >= 1
