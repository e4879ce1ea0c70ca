"""Rules of the first release: read as what they meant, written as they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checklists.forms.form import Channel
from checklists.plan.quota import Plan, Quota, Size, plan_of
from checklists.rules.earlier import for_phones
from checklists.rules.programme import load_programme
from checklists.rules.ruleset import Ruleset, RulesetError, ruleset
from checklists.season.what_if import parse_changes

RULES = load_programme("mystery_caller_2021").rules
EXPORTED = json.loads((Path(__file__).parents[2] / "old_release" / "figures.json").read_bytes())["packed"]["scored"]
THEN: dict[str, Any] = EXPORTED["rules"]


def then(**changes: Any) -> Ruleset:
    return ruleset({**THEN, **changes})


def test_rules_of_the_first_release_keep_their_digest_and_their_names() -> None:
    """R-EAR-1."""
    for rules in (then(), RULES.with_overrides(THEN)):
        assert rules.digest == EXPORTED["rules_digest"]
        assert dict(rules.plain) == THEN
        assert ruleset(rules.plain) == rules


@pytest.mark.parametrize(
    ("channel", "variant", "seats", "branches", "plan"),
    [
        pytest.param("phone_in", None, 60, 40, Plan(group="C", quota=Quota(contacts=80)), id="phone-in"),
        pytest.param("phone_in", None, None, 6, Plan(group="B", quota=Quota(contacts=40)), id="without seats"),
        pytest.param("face_to_face", None, 60, 25, Plan(group="C", quota=Quota(contacts=80)), id="contacts"),
        pytest.param(
            "onsite", "recording", 5, 25, Plan(group="A", quota=Quota(visits=12, branches=6)), id="the group by seats"
        ),
        pytest.param("onsite", "both", 5, 2, Plan(group="A", quota=Quota(visits=6, branches=2)), id="no contacts"),
        pytest.param("onsite", None, 60, None, Plan(group="C", quota=Quota(visits=12, branches=6)), id="no branches"),
    ],
)
def test_an_entry_is_as_large_as_it_was_then(
    channel: str, variant: str | None, seats: int | None, branches: int | None, plan: Plan
) -> None:
    """R-QTA-5."""
    size = Size(seats=seats, branches=branches)
    assert plan_of(Channel(channel), size, then(), variant=variant) == plan


def test_face_to_face_counted_as_visits_still_does() -> None:
    """R-EAR-1."""
    told = plan_of(Channel.FACE_TO_FACE, Size(seats=60, branches=25), then(**{"quota.face_to_face": "visits"}))
    assert told == Plan(group="C", quota=Quota(visits=12, branches=6))


@pytest.mark.parametrize(
    ("overrides", "added", "gone"),
    [
        pytest.param({"attempts.needed": 5}, set(), set(), id="a name there was then"),
        pytest.param({"quota.face_to_face": "visits"}, set(), set(), id="a name there was then, gone today"),
        pytest.param(
            {"quota.basis.phone_in": "branches"},
            {name for name in RULES.names if name.startswith("quota.basis.")},
            {"quota.basis", "quota.face_to_face"},
            id="a basis by channel takes the old names' place",
        ),
    ],
)
def test_a_decision_over_them_is_written_with_the_names_it_needs(
    overrides: dict[str, Any], added: set[str], gone: set[str]
) -> None:
    """R-EAR-1."""
    rules = then().with_overrides(overrides)
    assert set(rules.names) == (set(THEN) | added) - gone
    assert ruleset(rules.plain) == rules


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        pytest.param({}, {}, id="as shipped"),
        pytest.param({"quota.basis.face_to_face": "seats"}, {"quota.face_to_face": "contacts"}, id="contacts"),
        pytest.param({"attempts.needed": 4}, {"attempts.needed": 4}, id="what a phone goes by"),
        pytest.param({}, {"award.industry.count": "finalised_organisations"}, id="a word it cannot read"),
        pytest.param(
            {"award.industry.count": "enrolled_organisations"},
            {"award.industry.count": "enrolled_organisations"},
            id="a word it can read",
        ),
    ],
)
def test_a_phone_is_sent_only_the_names_and_words_it_knows(overrides: dict[str, Any], said: dict[str, Any]) -> None:
    """R-EAR-3."""
    sent = for_phones(RULES.with_overrides(overrides).plain)
    assert set(sent) == set(THEN)
    assert {"quota.basis": "seats_and_branches", "quota.face_to_face": "visits", **said}.items() <= sent.items()
    assert dict(ruleset(sent).plain) == sent


def test_what_they_do_not_name_means_what_it_meant() -> None:
    """R-EAR-1."""
    assert then().plain_value("award.improved.last") == "any"
    laid = RULES.with_overrides({"quota.basis": "seats_and_branches"})
    assert laid.plain_value("award.industry.count") == "finalised_organisations"
    assert laid.plain_value("award.ivrs.min_n") == 10
    asked = then().with_overrides({"award.improved.last": "same"})
    assert set(asked.names) - set(THEN) == {"award.improved.last"}


def test_rules_of_the_first_release_are_sent_as_they_are() -> None:
    """R-EAR-3."""
    assert for_phones(then().plain) == THEN


LIFTED = "faq.late_right"


@pytest.mark.parametrize(
    "given",
    [pytest.param({**THEN, LIFTED: "0.9"}, id="by the first release"), pytest.param({LIFTED: "0.9"}, id="alone")],
)
def test_a_name_that_nothing_reads_stays_where_rules_have_it(given: dict[str, Any]) -> None:
    """R-EAR-4."""
    rules = load_programme("mystery_caller_2021", given).rules
    assert rules.plain[LIFTED] == "0.9"
    assert ruleset(rules.plain).digest == rules.digest
    assert rules.with_overrides({"attempts.needed": 5}).plain[LIFTED] == "0.9"


def test_a_name_that_nothing_reads_is_in_no_new_rules_and_nobody_sets_it() -> None:
    """R-EAR-4."""
    assert LIFTED not in RULES.plain
    with pytest.raises(RulesetError, match="is read by no rule"):
        parse_changes([f"{LIFTED}=0.9", "grade.dp=0"])
