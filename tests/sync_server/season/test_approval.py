"""APV: two people approve a scenario; BRH: when a branch serves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sync_server.season.approval import has_approved, is_approved
from sync_server.season.branch_hours import hours_at


@pytest.mark.parametrize(
    ("names", "is_enough"),
    [
        pytest.param(["May Chan", "K. T. Lo"], True, id="two people"),
        pytest.param(["陳美玲", "盧家達", "May Chan"], True, id="three"),
        pytest.param(["May Chan"], False, id="one"),
        pytest.param(["May Chan", "may  chan ", "ＭＡＹ CHAN"], False, id="APV-1 one, written three ways"),
        pytest.param([], False, id="nobody"),
    ],
)
def test_two_different_people_approve(names: list[str], is_enough: bool) -> None:
    """APV-1."""
    assert is_approved(names) is is_enough
    assert has_approved("MAY CHAN", names) is any("chan" in name.casefold() for name in names)


ENTRY: dict[str, Any] = {"days": [1, 2], "hours": [["09:00", "18:00"]], "closed_on": ["2021-04-02"]}
BRANCH: dict[str, Any] = {"days": [6], "hours": [["10:00", "13:00"]], "closed_on": ["2021-04-10", "2021-04-02"]}


@pytest.mark.parametrize(
    ("entry", "branch", "days", "closed"),
    [
        pytest.param(ENTRY, BRANCH, (6,), ["2021-04-02", "2021-04-10"], id="BRH-1 closed by either"),
        pytest.param(None, BRANCH, (6,), ["2021-04-02", "2021-04-10"], id="only the branch filed any"),
        pytest.param(ENTRY, None, (1, 2), ["2021-04-02"], id="the entry's"),
    ],
)
def test_a_branch_is_closed_when_it_or_its_entry_is(
    entry: dict[str, Any] | None, branch: dict[str, Any] | None, days: tuple[int, ...], closed: list[str]
) -> None:
    """BRH-1."""
    told = hours_at(entry, branch)
    assert told is not None
    assert (told.days, told.closed_on) == (days, tuple(date.fromisoformat(day) for day in closed))


def test_without_filed_hours_there_are_none() -> None:
    """BRH-1."""
    assert hours_at(None, None) is None
