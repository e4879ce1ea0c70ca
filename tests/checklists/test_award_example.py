"""The worked example of the rules page, whole, and what each other choice does to it."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.number import exact_text, shown
from tests.seasons import Json, a_round, a_season, an_entrant, an_entry, the_entry

ROUND_1: list[Any] = [
    "82.0",
    {"base": "88.5", "ease": True},
    {"base": "79.0", "penalty": True},
    {"base": "91.0", "ease": True},
]
ROUND_1 += ["85.5", "84.0"]
ROUND_2: list[Any] = [
    {"base": "90.0", "ease": True},
    "87.5",
    {"base": "92.0", "ease": True},
    "86.5",
    {"base": "89.0", "ease": True},
]
ROUND_2 += [{"unreached": True}]
ROUND_3: list[Any] = [
    {"base": "93.0", "ease": True},
    {"base": "99.5", "ease": True},
    "90.5",
    {"base": "95.0", "ease": True},
    "92.0",
]
ROUND_3 += [{"base": "94.0", "ease": True}]


def harbour_ferry(**changes: Any) -> Json:
    entry = an_entry(a_round(*ROUND_1), a_round(*ROUND_2), a_round(*ROUND_3), faq_filed_at="2021-02-19T10:00:00+08:00")
    return a_season(an_entrant(entry | changes, id="harbour-ferry", seats=35))


def test_the_worked_example_is_exact() -> None:
    told = the_entry(harbour_ferry())
    assert [exact_text(held.score) for held in told.rounds if held.score] == ["517/6", "2773/30", "1159/12"]
    assert [exact_text(held.bases.variance) for held in told.rounds] == ["189/10", "37/8", "97/10"]
    assert (told.final, told.grade, told.facts.size_group) == (told.raw, "gold", "B")
    assert told.final is not None
    assert (exact_text(told.final), shown(told.final)) == ("18651/200", "93.26")


EQUAL = {"rounds.weights": ["1/3", "1/3", "1/3"]}


@pytest.mark.parametrize(
    ("rules", "entry", "rounds", "final", "grade"),
    [
        pytest.param({}, {}, "86.1667 92.4333 96.5833", "93.2550", "gold", id="defaults"),
        pytest.param(
            {},
            {"faq_filed_at": "2021-02-18T10:00:00+08:00"},
            "87.1667 92.4333 96.5833",
            "93.4550",
            "gold",
            id="FAQ in time",
        ),
        pytest.param({"unreachable.score_mode": "zero"}, {}, "86.1667 77.6667 96.5833", "88.8250", "silver", id="zero"),
        pytest.param(
            {"unreachable.score_mode": "exclude"}, {}, "86.1667 92.6000 96.5833", "93.3050", "gold", id="exclude"
        ),
        pytest.param({"cap.assessment": None}, {}, "86.1667 92.4333 96.6667", "93.2967", "gold", id="no cap"),
        pytest.param(
            {"consistency.method": "off"}, {}, "84.1667 89.4333 94.5833", "90.9550", "gold", id="consistency off"
        ),
        pytest.param(
            {"ease.points": {"phone_in": "0.5"}}, {}, "86.0000 92.1333 96.3333", "93.0067", "gold", id="ease 0.5"
        ),
        pytest.param(EQUAL, {}, "86.1667 92.4333 96.5833", "91.7278", "gold", id="equal weights"),
    ],
)
def test_each_choice_moves_it(rules: Json, entry: Json, rounds: str, final: str, grade: str) -> None:
    told = the_entry(harbour_ferry(**entry) | {"rules": rules})
    assert " ".join(shown(held.score, 4) for held in told.rounds if held.score) == rounds
    assert told.final is not None
    assert (shown(told.final, 4), told.grade) == (final, grade)
