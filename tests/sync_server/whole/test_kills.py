"""Scenarios 1, 2 and 17 in short: killed at random moments, it loses nothing. Long form: tests/soak/kills.py."""

from __future__ import annotations

import pytest

from tests.soak import desk_kills
from tests.soak.kills import run


@pytest.mark.parametrize(
    "engine",
    [
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("postmaster", marks=pytest.mark.postgresql),
    ],
)
def test_nothing_acknowledged_is_lost_when_it_is_killed(engine):
    told = run(300, 2, engine, clients=16)
    assert len(told.acknowledged) == 300
    assert told.kills == 2


def test_counter_answers_ballots_and_drafts_that_were_acknowledged_stand_whole_when_it_is_killed() -> None:
    told = desk_kills.run(40, 1)
    assert (len(told.answers), len(told.ballots), len(told.drafts)) == (160, 2, 4)
