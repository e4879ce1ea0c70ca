"""R-RUL: rules as data."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.forms.file import shipped_forms
from checklists.rules.parameters import PARAMETERS
from checklists.rules.programme import UnknownProgrammeError, load_programme, programme_names, read_programme
from checklists.rules.ruleset import RulesetError, ruleset

NAME = "mystery_caller_2021"
RULES = load_programme(NAME).rules


def test_the_programme_gives_every_parameter_a_value() -> None:
    """R-RUL-1."""
    assert set(RULES.plain) == set(PARAMETERS)
    assert RULES.plain["rounds.weights"] == ["0.2", "0.3", "0.5"]
    assert RULES.plain["faq.deadline"] == "2021-02-18T23:59:59+08:00"


def test_the_plain_rules_read_back_to_the_same_digest() -> None:
    """R-RUL-4."""
    assert ruleset(dict(RULES.plain)).digest == RULES.digest


def test_the_digest_covers_every_parameter_and_no_spelling() -> None:
    """R-RUL-4."""
    assert RULES.with_overrides({"consistency.within": "5.0"}).digest == RULES.digest
    assert RULES.with_overrides({"report.release_at.2": "2021-11-09T09:00:00+08:00"}).digest != RULES.digest


@pytest.mark.parametrize(
    ("overrides", "name", "value"),
    [
        pytest.param({"quota.contacts.B": 41}, "quota.contacts", [20, 41, 80, 120], id="a list's item by name"),
        pytest.param({"quota.contacts.1": 41}, "quota.contacts", [20, 41, 80, 120], id="a list's item by number"),
        pytest.param(
            {"quota.contacts": {"A": 1, "B": 2, "C": 3, "D": 4}}, "quota.contacts", [1, 2, 3, 4], id="by names"
        ),
        pytest.param(
            {"grade.bands": {"gold": 91, "silver": 81, "bronze": 70}}, "grade.bands.gold", 91, id="a table whole"
        ),
        pytest.param({"grade.bands.gold": "90.5"}, "grade.bands.gold", "90.5", id="a table's leaf"),
        pytest.param({"ease.points": {"phone_in": 2}}, "ease.points.online", None, id="a table replaced whole"),
        pytest.param(
            {"grade.bands.gold": 95, "grade.bands": {"gold": 91, "silver": 81, "bronze": 70}},
            "grade.bands.gold",
            95,
            id="a leaf wins over its table",
        ),
        pytest.param({"cap.round": None}, "cap.round", None, id="null"),
        pytest.param({"rounds.weights": ["1/3", "1/3", "1/3"]}, "rounds.weights", ["1/3"] * 3, id="fractions"),
        pytest.param({"attempts.modes": []}, "attempts.modes", [], id="an empty list"),
    ],
)
def test_an_override_holds(overrides: dict[str, Any], name: str, value: object) -> None:
    """R-RUL-1, R-RUL-2."""
    assert RULES.with_overrides(overrides).plain[name] == value


@pytest.mark.parametrize(
    ("overrides", "line"),
    [
        pytest.param(
            {"grade.rounding": "up"},
            "rules.grade.rounding: 'up' is not allowed; give it one of half_up, floor, half_even, none",
            id="word",
        ),
        pytest.param(
            {"unreachable.score_mod": "zero"},
            "rules.unreachable.score_mod: is not a parameter; did you mean unreachable.score_mode?",
            id="name",
        ),
        pytest.param(
            {"attempts.needed": 0},
            "rules.attempts.needed: 0 is not allowed; give it a whole number from 1 to 1000",
            id="range",
        ),
        pytest.param(
            {"attempts.needed": "2.5"},
            "rules.attempts.needed: '2.5' is not allowed; give it a whole number from 1 to 1000",
            id="not whole",
        ),
        pytest.param(
            {"attempts.require_stamp": "yes"},
            "rules.attempts.require_stamp: 'yes' is not allowed; give it true or false",
            id="flag",
        ),
        pytest.param(
            {"tz": "Mars/Olympus"},
            "rules.tz: 'Mars/Olympus' is not allowed; give it an IANA time zone such as Asia/Hong_Kong",
            id="zone",
        ),
        pytest.param(
            {"tz": "../../etc/passwd"},
            "rules.tz: '../../etc/passwd' is not allowed; give it an IANA time zone such as Asia/Hong_Kong",
            id="path",
        ),
        pytest.param(
            {"faq.deadline": "2021-02-18T23:59:59"},
            "rules.faq.deadline: '2021-02-18T23:59:59' is not allowed; give it a date and time with its zone, "
            "such as 2021-02-18T23:59:59+08:00 or null",
            id="no zone",
        ),
        pytest.param(
            {"rounds.weights": ["0.2", "0.3", "0.6"]},
            'rules.rounds.weights: is 0.2, 0.3, 0.6; the three must sum to 1, such as 0.2, 0.3, 0.5 or "1/3" each',
            id="weights",
        ),
        pytest.param(
            {"grade.bands.gold": 70}, "rules.grade.bands: must fall from gold over silver to bronze", id="bands"
        ),
        pytest.param({"cap.round": -1}, "rules.cap.round: must not lie below cap.floor", id="cap below floor"),
        pytest.param(
            {"quota.contacts.E": 1},
            "rules.quota.contacts.E: is not a parameter; did you mean quota.contacts?",
            id="no such item",
        ),
        pytest.param(
            {"consistency.min_mean": "1e99"},
            "rules.consistency.min_mean: '1e99' is not allowed; give it a number such as 2.5 or \"1/3\"",
            id="hostile number",
        ),
    ],
)
def test_a_wrong_rule_is_told(overrides: dict[str, Any], line: str) -> None:
    """R-RUL-3."""
    with pytest.raises(RulesetError) as caught:
        RULES.with_overrides(overrides)
    assert [str(problem) for problem in caught.value.problems] == [line]


def test_all_wrong_rules_are_told_at_once() -> None:
    """R-RUL-3."""
    with pytest.raises(RulesetError) as caught:
        RULES.with_overrides({"tz": 1, "grade.dp": -1, "nonsense": 2, "grade.bands": {"gold": 80}})
    assert len(caught.value.problems) == 5


def test_an_unknown_programme_names_those_there_are() -> None:
    assert NAME in programme_names()
    with pytest.raises(UnknownProgrammeError) as caught:
        load_programme("mystery_caller_1999")
    assert caught.value.shipped == programme_names()


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param(b"\xff", "x.toml: is not UTF-8; save it as UTF-8", id="not UTF-8"),
        pytest.param(b"title = ", "x.toml: is not TOML", id="not TOML"),
        pytest.param(b"year = 2021", "x.toml: does not fit", id="not a programme"),
    ],
)
def test_an_unreadable_programme_is_told(raw: bytes, line: str) -> None:
    with pytest.raises(RulesetError) as caught:
        read_programme("x", raw)
    assert str(caught.value.problems[0]).startswith(line)


def test_the_seed_s_table_holds() -> None:
    fees = load_programme(NAME).fees
    assert {paid - member for member, paid in zip(fees.member, fees.non_member, strict=True)} == {3000}
    visits, branches = RULES.wholes("quota.visits"), RULES.wholes("quota.branches")
    assert all(visit == RULES.whole("quota.visits_per_branch") * of for visit, of in zip(visits, branches, strict=True))


def test_a_programme_says_its_industries_rounds_and_annex() -> None:
    """R-PRG-1, R-PRG-2."""
    programme = load_programme(NAME)
    assert [industry.code for industry in programme.industries] == [
        "public_utilities",
        "banks_loans",
        "insurance_finance",
        "telecommunications",
        "transport_logistics",
        "travel_hospitality",
        "living_entertainment",
        "commerce",
    ]
    assert programme.industry_code("public_service_utilities") == "public_utilities"
    assert programme.industry_code("ferries") is None
    assert programme.rounds == RULES.rounds == (1, 2, 3)
    assert shipped_forms()[programme.ivrs_annex].annex
