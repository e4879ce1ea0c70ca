"""The worked cases of the award, from assessment to awards, each through a whole season file. Ids are the cases'."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from checklists.number import shown
from tests.seasons import (
    Json,
    a_round,
    a_season,
    an_entrant,
    an_entry,
    finals,
    golds,
    the_entry,
)

NO_BONUS = {"consistency.method": "off"}
LATE = {"faq_filed_at": None}


@pytest.mark.parametrize(
    ("assessment", "entry", "rules", "score"),
    [
        pytest.param({"base": "84.0"}, {}, {}, "84.0000", id="AS01 clean"),
        pytest.param({"base": "84.0", "ease": True}, {}, {}, "85.0000", id="AS02 ease met, phone"),
        pytest.param({"base": "84.0", "ease": True}, {"channel": "onsite"}, {}, "84.0000", id="AS03 none onsite"),
        pytest.param({"base": "84.0", "penalty": True}, {}, {}, "83.0000", id="AS04 six failures, later completed"),
        pytest.param({"base": "99.5", "ease": True}, {}, {"cap.assessment": None}, "100.5000", id="AS06 cap off"),
        pytest.param({"base": "99.5", "ease": True}, {}, {}, "100.0000", id="R29 capped"),
        pytest.param({"base": "0.5", "penalty": True}, {}, {}, "0.0000", id="R29 floored"),
        pytest.param(
            {"base": "84", "ease": True, "penalty": True}, {}, {}, "84.0000", id="ease stands beside a penalty"
        ),
        pytest.param(
            {"base": "84", "ease": True}, {}, {"ease.points.phone_in": "0.5"}, "84.5000", id="R11 another amount"
        ),
        pytest.param(
            {"base": "84", "ease": True}, {"channel": "onsite"}, {"ease.points.onsite": 2}, "86.0000", id="R11"
        ),
        pytest.param(
            {"base": "84", "penalty": True}, {"channel": "onsite"}, {}, "83.0000", id="a decision on any channel"
        ),
        pytest.param({"base": "1/3"}, {}, {}, "0.3333", id="a fraction"),
    ],
)
def test_an_assessment_scores(assessment: Json, entry: Json, rules: Json, score: str) -> None:
    """R-ASC-1, R-ASC-2."""
    told = the_entry(a_season(an_entrant(an_entry([assessment], **entry)), rules=rules))
    held = told.rounds[0].assessments[0].score
    assert held is not None
    assert shown(held, 4) == score


def failures(count: int) -> list[Json]:
    return [{"at": f"2021-03-01T1{hour}:00:00+08:00", "outcome": "no_answer"} for hour in range(count)]


@pytest.mark.parametrize(
    ("assessment", "state", "penalty"),
    [
        pytest.param({"base": "80", "attempts": failures(6)}, "connected", 1, id="a base, and the log's penalty"),
        pytest.param({"base": "80", "attempts": failures(5)}, "connected", 0, id="a base, and a rule that is not met"),
        pytest.param({"attempts": failures(6)}, "unreachable", 1, id="no base, the rule met"),
        pytest.param({"attempts": failures(5)}, "open", 0, id="no base, the rule not met"),
    ],
)
def test_a_base_makes_an_assessment_reached_and_its_log_gives_the_penalty(
    assessment: Json, state: str, penalty: int
) -> None:
    """R-ASC-3."""
    told = the_entry(a_season(an_entrant(an_entry([assessment])))).rounds[0].assessments[0]
    assert (told.state.value, told.penalty) == (state, penalty)


@pytest.mark.parametrize(
    ("bases", "rules", "bonus"),
    [
        pytest.param("90 87.5 92 86.5 89", {}, "3", id="CN01 SD 2.1506 over five"),
        pytest.param("82 88.5 79 91 85.5 84", {}, "2", id="CN02 SD 4.3474 over six"),
        pytest.param("82 85 88", {}, "0", id="CN03 SD exactly 3, three only"),
        pytest.param("82 82 85 88 88", {}, "3", id="CN04 SD exactly 3 with five"),
        pytest.param("60 60 60 60 60", {}, "0", id="CN05 even but weak"),
        pytest.param("70 70 70 70 70", {}, "3", id="CN05 a mean of exactly 70"),
        pytest.param("60 95 70 90 85", {}, "0", id="CN06 wide"),
        pytest.param("82 82 85 88 88", {"consistency.tiers": [["2.99", 3], [7, 1]]}, "1", id="R10 other tiers"),
        pytest.param("82 82 85 88 88", {"consistency.max": 2}, "2", id="R10 never more than the most"),
        pytest.param("80 85 85 85 90", {"consistency.method": "share_within"}, "3", id="R10 all within 5"),
        pytest.param(
            "74 85 85 85 85 85 85", {"consistency.method": "share_within"}, "2", id="R10 six of seven within 5"
        ),
        pytest.param("79 85 86 87 88", {"consistency.method": "share_within"}, "1", id="R10 exactly 0.8 or 75%"),
        pytest.param("82 82 85 88 88", {"consistency.method": "off"}, "0", id="R10 off"),
    ],
)
def test_consistency_earns(bases: str, rules: Json, bonus: str) -> None:
    """R-CON-1, R-CON-2, R-CON-3, R-CON-4."""
    told = the_entry(a_season(an_entrant(an_entry(bases.split())), rules=rules))
    assert told.rounds[0].bonus.points == Fraction(bonus)


def test_consistency_takes_bases_of_reached_assessments_before_ease_penalty_and_caps() -> None:
    mixed: list[Any] = [{"base": "90", "penalty": True}, {"base": "87.5", "ease": True}, "92", "86.5", "89"]
    left_out: list[Any] = [{"base": "10", "void": "recognised"}, {"unreached": True}, {}]
    told = the_entry(a_season(an_entrant(an_entry([*mixed, *left_out])))).rounds[0]
    assert (told.bases.n, told.bases.variance, told.bonus.points) == (5, Fraction("4.625"), Fraction(3))


def test_manual_consistency_is_the_coordinators_and_null_is_zero_with_a_warning() -> None:
    """R-CON-3."""
    rules = {"consistency.method": "manual"}
    entry = an_entry(a_round("80", consistency="1.5"), a_round("80", consistency=None), a_round("80"))
    told = the_entry(a_season(an_entrant(entry), rules=rules))
    assert [held.score for held in told.rounds] == [Fraction("81.5"), 80, 80]
    assert [str(warning) for warning in told.warnings if "bonus" in str(warning)] == [
        "round 2: no consistency bonus was set: it counts as 0; set one, 0 to 3",
        "round 3: no consistency bonus was set: it counts as 0; set one, 0 to 3",
    ]


THREE = ["80", "90", {"unreached": True}]


@pytest.mark.parametrize(
    ("assessments", "entry", "rules", "score"),
    [
        pytest.param(["80", "90"], {}, {}, "85.0000", id="RD01 plain mean"),
        pytest.param(["80", "90"], LATE, {}, "84.0000", id="RD02 FAQ never filed"),
        pytest.param(["80", "90"], {"faq_filed_at": "2021-02-18T23:59:59+08:00"}, {}, "85.0000", id="RD04 in time"),
        pytest.param(["80", "90"], {"faq_filed_at": "2021-02-19T00:00:00+08:00"}, {}, "84.0000", id="R9 a second late"),
        pytest.param(["80", "90"], {"faq_filed_at": "2021-02-18T15:59:59Z"}, {}, "85.0000", id="R9 in another zone"),
        pytest.param(THREE, {}, {}, "84.6667", id="RD06 one of three never reached"),
        pytest.param(THREE, {}, {"unreachable.score_mode": "exclude"}, "85.0000", id="RD08 exclude"),
        pytest.param(THREE, {}, {"unreachable.score_mode": "zero"}, "56.6667", id="R12 zero"),
        pytest.param(THREE, {}, {"unreachable.score_mode": "round_deduct"}, "84.0000", id="R12 off the round"),
        pytest.param(["98.5"] * 5, LATE, {}, "100.0000", id="RD11 sum first, cap last"),
        pytest.param(["98.5"] * 5, LATE, {"cap.round": None}, "100.5000", id="RD11 cap off"),
        pytest.param(["80", "90", {"base": "10", "void": "recognised"}], {}, {}, "85.0000", id="RD13 voided"),
        pytest.param([{"unreached": True}], {}, {}, None, id="nobody reached"),
        pytest.param([{"unreached": True}], {}, {"unreachable.all": "zero"}, "0.0000", id="nobody reached, zero"),
        pytest.param([], {}, {"unreachable.all": "zero"}, "0.0000", id="none at all has no reached one either"),
        pytest.param([], {}, {}, None, id="none at all"),
        pytest.param([{}], {}, {}, None, id="open only"),
        pytest.param(
            ["0.2", {"unreached": True}], {}, {"unreachable.penalty": 1}, "0.0000", id="floored after the mean"
        ),
    ],
)
def test_a_round_scores(assessments: list[Any], entry: Json, rules: Json, score: str | None) -> None:
    """R-RND-1, R-RND-2, R-RND-3."""
    told = the_entry(a_season(an_entrant(an_entry(a_round(*assessments), ["80"], ["80"], **entry)), rules=rules))
    held = told.rounds[0]
    assert (None if held.score is None else shown(held.score, 4)) == score
    assert (held.why_no_score is None) is (score is not None)


@pytest.mark.parametrize(
    ("rounds", "rules", "final"),
    [
        pytest.param("80 80 80", {}, "80.0000", id="FN01 weights"),
        pytest.param("70 80 90", {}, "83.0000", id="FN02 late rounds weigh more"),
        pytest.param("99 100 100", {}, "99.8000", id="FN04 FAQ alone"),
        pytest.param("70 80 90", {"rounds.weights": ["1/3", "1/3", "1/3"]}, "80.0000", id="R7 equal weights"),
        pytest.param("70 80 -", {}, None, id="R7 block"),
        pytest.param("70 80 -", {"rounds.missing": "renormalise"}, "76.0000", id="R7 renormalise"),
        pytest.param("70 80 -", {"rounds.missing": "zero"}, "38.0000", id="R7 zero"),
        pytest.param("- - -", {"rounds.missing": "renormalise"}, None, id="R7 nothing to renormalise"),
        pytest.param(
            "- - 90", {"rounds.missing": "renormalise", "rounds.weights": ["0.5", "0.5", 0]}, None, id="no weight"
        ),
        pytest.param("90 90 90", {"cap.final": "85"}, "85.0000", id="R29 cap on the final"),
    ],
)
def test_a_final_is(rounds: str, rules: Json, final: str | None) -> None:
    """R-ENT-1, R-ENT-2."""
    given = [a_round(*([] if figure == "-" else [figure])) for figure in rounds.split()]
    told = the_entry(a_season(an_entrant(an_entry(*given)), rules=rules))
    assert (None if told.final is None else shown(told.final, 4)) == final
    assert (told.why_no_final is None) is (final is not None)


@pytest.mark.parametrize(
    ("final", "rules", "grade"),
    [
        pytest.param("70", {}, "bronze", id="GR01"),
        pytest.param("69.94", {}, "below_pass", id="GR02"),
        pytest.param("79.94", {}, "bronze", id="GR05"),
        pytest.param("79.95", {}, "silver", id="GR06"),
        pytest.param("80", {}, "silver", id="GR07"),
        pytest.param("89.9", {}, "silver", id="GR08"),
        pytest.param("89.946", {}, "silver", id="shown 89.95, and silver"),
        pytest.param("89.95", {}, "gold", id="GR10"),
        pytest.param("100", {}, "gold", id="GR12"),
        pytest.param("0", {}, "below_pass", id="GR13"),
        pytest.param("89.95", {"grade.rounding": "floor"}, "silver", id="GR14 floor"),
        pytest.param("89.95", {"grade.rounding": "none"}, "silver", id="GR15 none"),
        pytest.param("79.99", {"grade.rounding": "floor"}, "bronze", id="GR16 floor"),
        pytest.param(
            "89.85", {"grade.rounding": "half_even", "grade.bands.gold": "89.9"}, "silver", id="half even down"
        ),
        pytest.param("89.95", {"grade.rounding": "half_even"}, "gold", id="half even up"),
        pytest.param("89.5", {"grade.dp": 0}, "gold", id="R13 no decimals"),
        pytest.param("85", {"grade.bands": {"gold": 85, "silver": 75, "bronze": 70}}, "gold", id="R13 other bands"),
    ],
)
def test_a_final_is_graded(final: str, rules: Json, grade: str) -> None:
    """R-GRD-1, R-GRD-2."""
    assert the_entry(finals(final, rules=rules)).grade == grade


def mark_of(history: list[Json], rules: Json | None = None, **changes: Any) -> tuple[int, int, int]:
    told = the_entry(a_season(an_entrant(an_entry(["95"], history=history)), rules=rules, **changes)).badge
    assert told is not None
    return told.run, told.crowns, told.stars


@pytest.mark.parametrize(
    ("run", "rules", "crowns", "stars"),
    [
        pytest.param(1, {}, 0, 0, id="BD01"),
        pytest.param(2, {}, 0, 0, id="two"),
        pytest.param(3, {}, 0, 3, id="BD03"),
        pytest.param(4, {}, 0, 4, id="BD04"),
        pytest.param(5, {}, 1, 0, id="BD05"),
        pytest.param(6, {}, 1, 0, id="BD06"),
        pytest.param(7, {}, 1, 0, id="BD07"),
        pytest.param(8, {}, 1, 3, id="BD08"),
        pytest.param(9, {}, 1, 4, id="BD09"),
        pytest.param(10, {}, 2, 0, id="BD10"),
        pytest.param(12, {}, 2, 0, id="BD12"),
        pytest.param(13, {}, 2, 3, id="BD13"),
        pytest.param(10, {"badge.crown_repeat": False}, 1, 5, id="BD14 single crown"),
        pytest.param(5, {"badge.min_run": 6}, 0, 0, id="R20 a longer least run"),
    ],
)
def test_a_run_of_golds_shows(run: int, rules: Json, crowns: int, stars: int) -> None:
    """R-MRK-4."""
    assert mark_of(golds(*range(2021 - run + 1, 2021)), rules) == (run, crowns, stars)


@pytest.mark.parametrize(
    ("history", "rules", "changes", "run"),
    [
        pytest.param(golds(2018, 2019), {}, {"editions_held": [2018, 2019, 2020]}, 1, id="BD18 a held edition skipped"),
        pytest.param(golds(2016, 2018), {}, {"editions_held": [2016, 2018]}, 3, id="R18 years without an award do not"),
        pytest.param(golds(2016, 2018), {"badge.basis": "calendar_years"}, {}, 1, id="R18 unless calendar years count"),
        pytest.param(golds(2019, 2020), {"badge.basis": "calendar_years"}, {}, 3, id="R18 calendar years in a row"),
        pytest.param(golds(2019) + golds(2020, grade="silver"), {}, {}, 1, id="R18 a silver breaks"),
        pytest.param(golds(2019) + golds(2020, industry="commerce"), {}, {}, 1, id="R19 another industry breaks"),
        pytest.param(golds(2019) + golds(2020, channel="online"), {}, {}, 1, id="R19 another channel breaks"),
        pytest.param(
            golds(2019) + golds(2020, channel="online"), {"badge.carry_over": True}, {}, 3, id="R19 carried over"
        ),
        pytest.param(
            golds(2020, industry="commerce"), {"badge.same": ["channel"]}, {}, 2, id="R19 only the channel asked"
        ),
    ],
)
def test_a_run_is_counted(history: list[Json], rules: Json, changes: Json, run: int) -> None:
    """R-MRK-2, R-MRK-3."""
    assert mark_of(history, rules, **changes)[0] == run


def test_editions_held_are_by_default_every_year_named_in_any_history() -> None:
    other = an_entrant(an_entry(["80"], history=golds(2020)), id="other")
    told = the_entry(a_season(an_entrant(an_entry(["95"], history=golds(2018, 2019))), other))
    assert told.badge is not None
    assert told.badge.run == 1


def test_an_edition_follows_the_last_that_was_held() -> None:
    rules = {"badge.basis": "calendar_years"}
    assert mark_of(golds(2023, 2024, 2025), rules) == (4, 0, 4)
    assert mark_of(golds(2018), rules, editions_held=[2018, 2025]) == (1, 0, 0)


def test_a_season_that_is_not_gold_has_no_run() -> None:
    """R-MRK-1."""
    told = the_entry(a_season(an_entrant(an_entry(["80"], history=golds(2018, 2019, 2020)))))
    assert told.badge is not None
    assert (told.badge.run, told.badge.crowns, told.badge.stars) == (0, 0, 0)
