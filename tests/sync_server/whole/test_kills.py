"""Scenarios 1, 2 and 17 in short: killed at random moments, it loses nothing. Long form: tests/soak/kills.py."""

from __future__ import annotations

import pytest

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
