"""The worked example of the rules page, whole, and what each other choice does to it."""

from __future__ import annotations

import pytest

from checklists.number import exact_text, shown
from tests.seasons import Json, the_entry
from tests.worked_example import harbour_ferry


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
