"""APV: two people approve a scenario; BRH: when a branch serves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sync_server.season.approval import Approver, given_by_file, is_approved, misnamed, with_signature
from sync_server.season.branch_hours import hours_at

CHAN = Approver("mchan", "May Chan", "coordinator")
LO = Approver("klo", "K. T. Lo", "admin")
FERRY = Approver("ferry", "Ann Ferry", "entrant")
TWINS = (Approver("wong1", "Wong Ka", "admin"), Approver("wong2", "Wong Ka", "coordinator"))
HERE = (CHAN, LO, FERRY, *TWINS)


@pytest.mark.parametrize(
    ("names", "is_enough"),
    [
        pytest.param(["May Chan", "K. T. Lo"], True, id="two people"),
        pytest.param(["陳美玲", "盧家達", "May Chan"], True, id="three"),
        pytest.param(["May Chan"], False, id="one"),
        pytest.param(["May Chan", "may  chan ", "ＭＡＹ CHAN"], False, id="APV-1 one, written three ways"),
        pytest.param(["mchan", "May Chan"], False, id="APV-1 one account, its user name and its name"),
        pytest.param(["May Chan (mchan)", "May Chan"], False, id="APV-1 one account, signed and by file"),
        pytest.param(["MChan", "may chan (MCHAN)"], False, id="APV-1 one account, cased otherwise"),
        pytest.param(["Wong Ka (wong1)", "Wong Ka (wong2)"], True, id="APV-1 two accounts of one name"),
        pytest.param(["May Chan (mchan)", "K. T. Lo"], True, id="one signed, one by file"),
        pytest.param([], False, id="nobody"),
    ],
)
def test_two_different_people_approve(names: list[str], is_enough: bool) -> None:
    """APV-1."""
    assert is_approved(names, HERE) is is_enough


def test_a_signature_takes_the_place_of_what_a_file_said_of_the_same_person() -> None:
    """APV-2."""
    assert with_signature(["May Chan", "Somebody"], CHAN, HERE) == ["Somebody", "May Chan (mchan)"]


@pytest.mark.parametrize(
    ("names", "same_words", "approved_by"),
    [
        pytest.param([], True, ["May Chan (mchan)"], id="APV-2 an empty cell keeps what was signed"),
        pytest.param(["May Chan", "Lee"], True, ["May Chan (mchan)", "Lee"], id="APV-2 and adds others"),
        pytest.param([], False, [], id="APV-2 other words need new ones"),
        pytest.param(["Lee"], False, ["Lee"], id="APV-3 the file's word for its own words"),
    ],
)
def test_what_was_signed_stays_with_its_words(names: list[str], same_words: bool, approved_by: list[str]) -> None:
    before = ["May Chan (mchan)", "Old Name"]
    assert given_by_file(names, before, HERE, same_words=same_words) == approved_by


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("Lee Tai-man", None, id="APV-3 a stranger"),
        pytest.param("Y", None, id="an initial"),
        pytest.param("K. T. Lo", None, id="APV-3 somebody of the office"),
        pytest.param("yes", "approver-nobody", id="APV-3 an answer"),
        pytest.param("已批准", "approver-nobody", id="APV-3 an answer in Chinese"),
        pytest.param("2", "approver-nobody", id="APV-3 a number"),
        pytest.param("✓", "approver-nobody", id="APV-3 a tick"),
        pytest.param("Ann Ferry", "approver-not-office", id="APV-3 a participant by name"),
        pytest.param("FERRY", "approver-not-office", id="APV-3 a participant by user name"),
        pytest.param("K. T. Lo (klo)", "approval-not-given", id="APV-2 a signature nobody gave"),
        pytest.param("May Chan (mchan)", None, id="APV-2 one that was given"),
    ],
)
def test_a_name_of_a_file_is_a_persons(name: str, code: str | None) -> None:
    assert [found for found, _ in misnamed([name], ["May Chan (mchan)"], HERE)] == ([] if code is None else [code])


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
