"""Scenario 3 in short: what was acknowledged is there after a power cut. Long form: tests/soak/power.py."""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.soak import power, power_desk

NEEDS_A_COMPILER = pytest.mark.skipif(
    shutil.which("cc") is None or sys.platform != "linux",
    reason="needs Linux and a C compiler to stand in for the disk: apt install gcc",
)


@NEEDS_A_COMPILER
def test_a_power_cut_takes_nothing_that_was_acknowledged():
    """DB-2, HOK-1"""
    records, files, hooks = power.run(1, seconds=1.5)
    assert records
    assert files
    assert hooks


@NEEDS_A_COMPILER
def test_a_power_cut_leaves_nothing_half_published():
    """CLO-1 CLO-3 DSP-3 PRR-1 PST-4: a signature that releases, a decision and its copy, proposed rules, letters."""
    power_desk.run(1)
