"""SEN: what counts in an entry, and what rulings make of it. Ids are those in sync_server/award/season_entries.py."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from checklists.record.assessment import Outcome
from checklists.rules.programme import load_programme
from sync_server.award.facts import KeptFacts
from sync_server.award.season_entries import counts, season_entry
from sync_server.database.queries.standings import EntryRow, FactsRow, RulingRow
from sync_server.season.rules import PROGRAMME, Rules
from tests.builders import NOON, an_attempt, both

RULES = Rules(load_programme(PROGRAMME), frozenset(), is_set_up=True)
ENTRY = EntryRow(
    "ferry", "phone_in", "ferry", both("Ferry"), "transport", 35, None, "in_time", None, False, None, (), None
)
FACTS = KeptFacts(form="phone_in@1", is_complete=True, base=Fraction(80), attempts=(an_attempt(0, Outcome.CONNECTED),))


def a_row(**changes: Any) -> FactsRow:
    row = FactsRow("call", 1, 1, "digest", "accepted", "assignment", "assessor", "digest", "tests", None)
    return row._replace(**changes)


def ruled(*kinds: str) -> list[RulingRow]:
    """Rulings about the call, oldest first."""
    return [RulingRow("call", 1, kind, "", f"why {kind}", "The coordinator", NOON) for kind in kinds]


def scored(rulings: list[RulingRow], facts: KeptFacts = FACTS, **row: Any) -> Any:
    entry = season_entry(ENTRY, [(a_row(**row), facts)], rulings, RULES)
    (assessment,) = entry.rounds[0].assessments
    return assessment


@pytest.mark.parametrize(
    ("kinds", "penalty", "unreached", "ease", "has_log"),
    [
        pytest.param([], False, False, False, True, id="SEN-1 none: the log stands"),
        pytest.param(["penalty"], True, False, False, False, id="SEN-1 a penalty replaces the log"),
        pytest.param(["penalty", "no_penalty"], False, False, False, False, id="SEN-1 lifted, the log still replaced"),
        pytest.param(["no_penalty", "penalty"], True, False, False, False, id="SEN-1 the last of the pair holds"),
        pytest.param(["unreached"], False, True, False, False, id="SEN-1 never reached"),
        pytest.param(["unreached", "no_unreached"], False, False, False, False, id="SEN-1 and lifted"),
        pytest.param(["ease"], False, False, True, True, id="SEN-1 ease beside the log"),
        pytest.param(["ease", "no_ease"], False, False, False, True, id="SEN-1 and lifted again"),
    ],
)
def test_the_last_ruling_of_a_pair_holds(
    kinds: list[str], penalty: bool, unreached: bool, ease: bool, has_log: bool
) -> None:
    assessment = scored(ruled(*kinds))
    assert (assessment.penalty, assessment.unreached, assessment.ease) == (penalty, unreached, ease)
    assert (assessment.attempts is not None) is has_log
    assert (assessment.base is None) is unreached
    assert [each["kind"] for each in assessment.notes.get("decisions", ())] == kinds


@pytest.mark.parametrize(
    ("kinds", "of_the_record", "reason"),
    [
        pytest.param(["void"], "recognised", "why void", id="SEN-2 the coordinator's reason"),
        pytest.param([], "recognised", "recognised", id="SEN-2 the assessor's"),
        pytest.param([], None, "void", id="SEN-2 none was kept"),
    ],
)
def test_a_void_assessment_is_listed_with_its_reason(kinds: list[str], of_the_record: str | None, reason: str) -> None:
    facts = KeptFacts(form="phone_in@1", is_complete=True, void_reason=of_the_record)
    assert scored(ruled(*kinds), facts, status="void").void == reason


@pytest.mark.parametrize(
    ("status", "is_complete", "is_listed"),
    [
        pytest.param("draft", False, False, id="SEN-2 a draft"),
        pytest.param("finished", True, True, id="SEN-2 a finished record"),
        pytest.param("returned", True, True, id="SEN-2 one that was returned counts until it comes again"),
        pytest.param("returned", False, False, id="SEN-2 a draft of the next revision"),
        pytest.param("void", False, True, id="SEN-2 a void one"),
    ],
)
def test_drafts_are_not_listed(status: str, is_complete: bool, is_listed: bool) -> None:
    assert counts(a_row(status=status), KeptFacts(form="phone_in@1", is_complete=is_complete)) is is_listed


PAST = {"year": 2020, "industry": "transport", "channel": "phone_in", "final": "88.2", "grade": "silver"}


@pytest.mark.parametrize(
    ("past", "years"),
    [
        pytest.param(PAST, [2020], id="a whole result"),
        pytest.param({**PAST, "final": None}, [], id="SEN-3 without its final"),
        pytest.param({key: PAST[key] for key in PAST if key != "grade"}, [], id="SEN-3 without its grade"),
        pytest.param({**PAST, "final": "250"}, [], id="SEN-3 more than full marks"),
        pytest.param({**PAST, "year": 2999}, [], id="SEN-3 a year no file holds"),
    ],
)
def test_a_past_result_that_decides_nothing_is_left_out(past: dict[str, Any], years: list[int]) -> None:
    entry = season_entry(ENTRY._replace(history=(past,)), [], [], RULES)
    assert list(entry.history) == years
