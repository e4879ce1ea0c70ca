"""R-PRJ: where an entry is heading. The figures are those of the worked example and the report page."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from checklists.award.projection import Projection, projection
from checklists.number import shown
from checklists.rules.programme import load_programme
from checklists.rules.score_rules import ScoreRules
from tests.seasons import a_round, a_season, an_entrant, an_entry, the_entry
from tests.worked_example import ROUND_1, ROUND_2


def projected(*rounds: Any, rules: dict[str, Any] | None = None, **entry: Any) -> Projection:
    given = [*rounds, *([a_round()] * (3 - len(rounds)))]
    told = the_entry(a_season(an_entrant(an_entry(*given, **entry)), rules=rules))
    in_force = ScoreRules.of(load_programme("mystery_caller_2021", rules or {}).rules)
    return projection(told.rounds, in_force)


def test_gold_needs_89_98_in_round_3_of_the_worked_example() -> None:
    """R-PRJ-1, R-PRJ-2."""
    told = projected(a_round(*ROUND_1), a_round(*ROUND_2), faq_filed_at="2021-02-19T10:00:00+08:00")
    assert told.final is not None
    assert shown(told.final, 4) == "89.9267"
    gold = told.needed[0]
    assert (shown(gold.score, 4), gold.shown, gold.rounds) == ("89.9733", "89.98", (3,))
    assert told.grade == "silver"


@pytest.mark.parametrize(
    ("rounds", "rules", "needed"),
    [
        pytest.param(["100", "100"], {}, ["79.90", "59.90", "39.90"], id="what is earned counts"),
        pytest.param(["80"], {}, ["92.44", "79.94", "67.44"], id="two rounds to come: each of them"),
        pytest.param([], {}, ["89.95", "79.95", "69.95"], id="nothing yet"),
        pytest.param(["90", "90"], {"grade.rounding": "none"}, ["90.00", "70.00", "50.00"], id="no rounding"),
    ],
)
def test_each_band_tells_what_it_needs(rounds: list[str], rules: dict[str, Any], needed: list[str]) -> None:
    """R-PRJ-3."""
    told = projected(*[a_round(figure) for figure in rounds], rules=rules)
    assert [band.shown for band in told.needed] == needed


def test_a_band_may_be_out_of_reach_or_certain() -> None:
    """R-PRJ-3."""
    low = projected(a_round("50"), a_round("50")).needed
    assert [band.is_reachable for band in low] == [False, False, True]
    high = projected(a_round("100"), a_round("100"), rules={"rounds.weights": ["0.5", "0.45", "0.05"]}).needed
    assert [band.is_certain for band in high] == [True, True, True]


def test_nothing_is_needed_once_every_round_has_a_score() -> None:
    assert projected(a_round("80"), a_round("80"), a_round("80")).needed == ()


def test_without_any_score_there_is_nothing_to_project() -> None:
    told = projected()
    assert (told.final, told.grade) == (None, None)
    assert told.needed[0].score == Fraction("89.95")
