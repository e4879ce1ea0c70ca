"""The CSQS site visit: seed 001 and the numeric checks about it. Ids are those in checklists/csqs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pytest

from checklists.csqs.gates import cre_missing, ends_on, holds
from checklists.csqs.level import Ratings, level_of, ratings_of
from checklists.csqs.moderation import counted, missing, open_items, pairs_of
from checklists.csqs.scorecard import peers_of, scorecard_of
from checklists.csqs.standard import Model, csqs, site_visit_form
from checklists.number import shown

CSQS = csqs()
FORM = site_visit_form()
BY_STAGE = {number: [key for key, tags in CSQS.items.items() if tags.stage == number] for number in (1, 2, 3)}


def spread(total: int, keys: Sequence[str]) -> dict[str, int | None]:
    """Ratings of `keys` that sum to `total`, each 0 to 3."""
    ratings: dict[str, int | None] = {}
    for key in keys:
        step = min(3, total)
        ratings[key], total = step, total - step
    assert not total
    return ratings


def summing(*totals: int) -> Ratings:
    """Ratings of all thirty items that sum to `totals` by stage."""
    return {key: r for stage, total in enumerate(totals, 1) for key, r in spread(total, BY_STAGE[stage]).items()}


def reaching(one: int, two: int, three: int) -> Ratings:
    """Ratings of which so many are at least 1, 2 and 3."""
    steps = [3] * three + [2] * (two - three) + [1] * (one - two) + [0] * (30 - one)
    return dict(zip(CSQS.items, steps, strict=True))


@pytest.mark.parametrize(
    ("model", "ratings", "percents", "level"),
    [
        pytest.param("stages", summing(24, 21, 20), ["80.00", "70.00", "66.67"], 2, id="001 24/21/20 is level 2"),
        pytest.param("stages", summing(24, 21, 21), ["80.00", "70.00", "70.00"], 3, id="001 24/21/21 is level 3"),
        pytest.param("stages", summing(20, 30, 30), ["66.67", "100.00", "100.00"], 0, id="001 20/30/30 is no level"),
        pytest.param("stages", summing(21, 20, 30), ["70.00", "66.67", "100.00"], 1, id="LVL-3 21 of 30 passes"),
        pytest.param("dimensions", reaching(26, 21, 20), ["86.67", "70.00", "66.67"], 2, id="001 26/21/20 by steps"),
        pytest.param("dimensions", reaching(20, 20, 20), ["66.67", "66.67", "66.67"], 0, id="LVL-2 first step fails"),
        pytest.param("dimensions", reaching(21, 21, 21), ["70.00", "70.00", "70.00"], 3, id="LVL-2 all three pass"),
    ],
)
def test_a_level_is_the_highest_stage_passed_with_all_below(
    model: Model, ratings: Ratings, percents: Sequence[str], level: int
) -> None:
    """LVL-1, LVL-2, LVL-3."""
    made = level_of(CSQS, ratings, model)

    assert [shown(stage.percent) for stage in made.stages if stage.percent is not None] == percents
    assert made.number == level


@pytest.mark.parametrize(
    ("ratings", "english", "chinese"),
    [
        pytest.param(summing(24, 21, 20), "Level 2, Proactive service centre", "積極服務中心", id="level 2"),
        pytest.param(summing(24, 21, 21), "Level 3, Strategic business unit", "策略性商業單位", id="level 3"),
        pytest.param(summing(20, 30, 30), "No level", "第一階段", id="none"),
    ],
)
def test_a_level_says_why(ratings: Ratings, english: str, chinese: str) -> None:
    made = level_of(CSQS, ratings)

    assert english in str(made.why)
    assert chinese in made.why.in_language("zh-Hant")


def test_the_reading_of_three_stages_is_the_programmes() -> None:
    ratings = reaching(30, 21, 0)

    assert level_of(CSQS, ratings).model == CSQS.level.model == "stages"
    assert level_of(CSQS, ratings, "dimensions").number == 2


def test_an_item_that_is_not_applicable_leaves_both_sides() -> None:
    """LVL-4."""
    ratings = {**summing(21, 21, 21), **dict.fromkeys(BY_STAGE[1][7:], None)}

    stage = level_of(CSQS, ratings).stages[0]

    assert (stage.earned, stage.possible, stage.percent) == (21, 21, 100)


def test_a_stage_without_an_applicable_item_is_not_passed() -> None:
    ratings = {**summing(30, 30, 30), **dict.fromkeys(BY_STAGE[2], None)}

    assert level_of(CSQS, ratings).number == 1


def test_answers_become_ratings_in_the_order_of_the_form() -> None:
    answers = {"S102": 0, "S101": 3, "S207": "na"}

    assert ratings_of(CSQS, answers) == {"S101": 3, "S102": 0, "S207": None}
    assert list(ratings_of(CSQS, answers)) == ["S101", "S102", "S207"]


def test_every_item_of_the_form_has_its_tags() -> None:
    """CSQ-2: thirty items, ten a stage, each with perspective and process."""
    asked = [(section.id, question.id) for section in FORM.sections for question in section.questions]

    assert [question for _, question in asked] == list(CSQS.items)
    assert {question: section for section, question in asked} == {
        key: f"S{tags.stage}" for key, tags in CSQS.items.items()
    }
    assert [len(keys) for keys in BY_STAGE.values()] == [10, 10, 10]
    perspectives, processes = ({one.code for one in named} for named in (CSQS.perspectives, CSQS.processes))
    assert {tags.perspective for tags in CSQS.items.values()} == perspectives == set("CPLF")
    assert {tags.process for tags in CSQS.items.values()} == processes
    assert len(processes) == 8
    assert any(tags.iso9000 for tags in CSQS.items.values())
    assert any(tags.cskm for tags in CSQS.items.values())


@pytest.mark.parametrize(("module", "items"), [("full", 30), ("small", 25), ("outsourced", 27)])
def test_a_module_asks_its_items_alone(module: str, items: int) -> None:
    """CSQ-3."""
    variant = next(one for one in FORM.variants if one.code == module)
    asked = [q for section in FORM.sections if section.id in variant.sections for q in section.questions]

    assert len([question for question in asked if question.id not in variant.skipped]) == items


def test_the_sources_two_figures_stay_as_printed() -> None:
    """CSQ-4."""
    (printed,) = CSQS.printed

    assert printed.says == ("第25年", "這22年來")
    assert all(words in printed.text for words in printed.says)


def test_the_register_knows_the_two_holders_of_the_source() -> None:
    assert [(one.name["zh-Hant"], one.level) for one in CSQS.holders] == [
        ("DIALOG TELEKOM", 3),
        ("恒基兆業地產集團物業管理部", 3),
    ]


def test_a_scorecard_figure_rests_on_its_tag_alone() -> None:
    """SCD-1."""
    ratings: Mapping[str, int | None] = {
        key: 3 if tags.perspective == "F" else None if tags.perspective == "L" else 0
        for key, tags in CSQS.items.items()
    }

    card = scorecard_of(CSQS, ratings)

    figures = {figure.code: figure.percent for figure in card.perspectives}
    assert figures == {"C": 0, "P": 0, "L": None, "F": 100}
    assert card.whole.percent == Fraction(100 * 3, 23)
    assert sum(figure.items for figure in card.processes) == card.whole.items == 23
    assert card.cskm.percent == 0
    assert all(stage == 100 for figure in card.perspectives if figure.code == "F" for stage in figure.by_stage)


@pytest.mark.parametrize(
    ("others", "place"),
    [
        pytest.param([60, 70], None, id="001 hidden at three companies"),
        pytest.param([60, 70, 90], 2, id="001 shown at four"),
        pytest.param([80, 90, 10], 2, id="equal figures share a place"),
    ],
)
def test_a_place_among_peers_needs_four_companies(others: Sequence[int], place: int | None) -> None:
    """SCD-2."""
    peers = peers_of(Fraction(80), [Fraction(one) for one in others], CSQS.peers)

    assert (peers and peers.place) == place


def test_a_rating_two_steps_apart_keeps_a_visit_open_until_it_is_settled() -> None:
    """MOD-2, MOD-3."""
    first, second = {"S101": 3, "S102": 2, "S103": 1}, {"S101": 1, "S102": 3, "S103": 1}

    pairs = pairs_of(CSQS, first, second, {})
    assert open_items(pairs) == ("S101",)
    assert counted(pairs) == {"S102": 3, "S103": 1}

    settled = pairs_of(CSQS, first, second, {"S101": 2})
    assert open_items(settled) == ()
    assert counted(settled) == {"S101": 2, "S102": 3, "S103": 1}


def test_not_applicable_against_a_rating_has_to_be_settled() -> None:
    pairs = pairs_of(CSQS, {"S207": None, "S305": None}, {"S207": 1, "S305": None}, {})

    assert open_items(pairs) == ("S207",)


def test_a_moderator_rates_every_item_of_the_visit() -> None:
    """MOD-1."""
    assert missing({"S101": 1, "S102": 2}, {"S101": 1}) == ("S102",)


@pytest.mark.parametrize(
    ("holders", "visits", "lacking"),
    [(0, 0, 2), (1, 0, 1), (0, 1, 1), (1, 1, 0)],
    ids=["both", "visit", "CCSM", "none"],
)
def test_a_cre_entry_needs_a_ccsm_holder_and_a_visit(holders: int, visits: int, lacking: int) -> None:
    """CRE-1."""
    assert len(cre_missing(holders, visits)) == lacking


@pytest.mark.parametrize(
    ("begins", "months", "ends"),
    [
        (date(2026, 11, 27), 24, date(2028, 11, 27)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2026, 8, 31), 6, date(2027, 3, 1)),
        (date(2026, 10, 31), 1, date(2026, 12, 1)),
    ],
)
def test_a_certificate_holds_for_its_months(begins: date, months: int, ends: date) -> None:
    """CRT-1."""
    assert ends_on(begins, months) == ends
    assert holds(begins, ends, begins)
    assert not holds(begins, ends, ends)
