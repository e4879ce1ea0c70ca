"""FCT: what is taken of a record once and kept. Ids are those in sync_server/award/facts.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from checklists.record.assessment import Outcome
from sync_server.award.desk import SeasonDesk
from sync_server.award.facts import facts_of
from sync_server.award.facts import tests_digest as digest_of_tests
from sync_server.season.forms import FormBook
from tests.builders import an_assignment, an_attempt, answered
from tests.sync_server.season_kit import ANSWERS, a_call, add_season


@pytest.fixture
def desk(database: Any) -> Iterator[SeasonDesk]:
    with database.transaction() as db:
        add_season(db)
    with database.reading() as db:
        yield SeasonDesk.of(db, FormBook())


@pytest.mark.parametrize(
    ("answers", "fails"),
    [pytest.param({}, False, id="FCT-1 nothing failed"), pytest.param({"PD4": False}, True, id="FCT-1 a failed item")],
)
def test_a_base_is_kept_twice_where_a_critical_item_failed(desk: SeasonDesk, answers: dict[str, Any], fails: bool):
    facts = facts_of(a_call(answers=answered(ANSWERS | answers)), an_assignment(), desk, desk.rules)
    assert facts.critical_failed is fails
    assert (facts.base_unzeroed is not None) is fails
    if facts.base_unzeroed is not None:
        assert facts.base is not None
        assert facts.base < facts.base_unzeroed


def test_the_log_is_kept_in_order_without_its_words(desk: SeasonDesk):
    """FCT-2"""
    own = an_attempt(30, Outcome.CONNECTED, note="They were kind.")
    before = an_attempt(0, note="Somebody else's words.")
    facts = facts_of(a_call(attempts=(own,)), an_assignment(), desk, desk.rules, earlier=(before,))
    assert [(attempt.at, attempt.outcome, attempt.note) for attempt in facts.attempts] == [
        (before.at, before.outcome, ""),
        (own.at, own.outcome, ""),
    ]


def test_facts_are_taken_anew_when_an_ease_test_or_an_earlier_try_changes_and_not_otherwise(desk: SeasonDesk):
    """FCT-3"""
    rules, try_before = desk.rules, an_attempt(0)
    name = digest_of_tests(rules, (), ())
    assert digest_of_tests(rules.with_overrides({"grade.dp": 2}), (), ()) == name
    assert digest_of_tests(rules.with_overrides({"ease.test.agent_wait_s": 21}), (), ()) != name
    assert digest_of_tests(rules, (try_before,), ()) != name
