"""Scenario 3 in short: what was acknowledged is there after a power cut. Long form: tests/soak/power.py."""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.soak.power import run


@pytest.mark.skipif(
    shutil.which("cc") is None or sys.platform != "linux",
    reason="needs Linux and a C compiler to stand in for the disk: apt install gcc",
)
def test_a_power_cut_takes_nothing_that_was_acknowledged():
    """DB-2, HOK-1"""
    records, files, hooks = run(1, seconds=1.5)
    assert records
    assert files
    assert hooks
