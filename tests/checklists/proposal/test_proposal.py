"""Proposals: seed 003 and the cases WC*. Ids are those in checklists/proposal."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checklists.proposal.checking import pages_problem, problems_of
from checklists.proposal.counting import word_count
from checklists.proposal.marks import NotAMarkError, panel_of, ranking, read_mark
from checklists.proposal.template import proposal_template

TEMPLATE = proposal_template()
PARTS = [part.key for part in TEMPLATE.marked]
NEEDED = {field.key: "字" for field in TEMPLATE.fields if field.needed}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("字" * 101, 101, id="R-PRO-1 Chinese characters"),
        pytest.param("優質服務，以客為先。", 8, id="R-PRO-1 punctuation is none"),
        pytest.param("CRM 系統 2021", 4, id="R-PRO-1 a run of letters or digits is one"),
        pytest.param("", 0, id="R-PRO-1 nothing"),
        pytest.param("don't e-mail 3.5%", 3, id="R-PRO-4 apostrophe, hyphen and decimal point join"),
        pytest.param("don’t", 1, id="R-PRO-4 a typesetter's apostrophe"),
        pytest.param("one - two", 2, id="R-PRO-4 a dash between spaces joins nothing"),
        pytest.param("End.Begin", 2, id="R-PRO-4 a full stop joins nothing"),
        pytest.param("e-系統", 3, id="R-PRO-4 nothing is joined to a Chinese character"),
        pytest.param("-5 to -3", 3, id="R-PRO-4 nothing stands before it"),
    ],
)
def test_words_are_counted_as_the_form_means(text: str, count: int) -> None:
    assert word_count(text) == count


def test_the_template_has_sixteen_limits_and_seventy_points() -> None:
    """R-PRO-3, WC05."""
    limits = sorted(limited.limit for limited in TEMPLATE.limited())
    assert limits == sorted([80, 100, *[30] * 8, 1200, 200, 200, 200, 300, 300])
    assert sum(limits) == 2820
    assert [part.weight for part in TEMPLATE.marked] == [10, 20, 20, 10, 10]
    assert (TEMPLATE.possible, TEMPLATE.outside) == (70, 30)


@pytest.mark.parametrize("limited", list(TEMPLATE.limited()), ids=lambda limited: f"{limited.name}-{limited.limit}")
def test_each_limit_takes_its_last_word_and_refuses_the_next(limited: object) -> None:
    """R-PRO-5: 80 in, 81 refused; 30/31, 100/101, 200/201, 300/301, 1,200/1,201. WC03."""
    name, limit, _ = limited  # type: ignore[misc]
    ticked = {name.removesuffix("-words"): "yes"} if name.endswith("-words") else {}
    assert problems_of(TEMPLATE, {**NEEDED, **ticked, name: "字" * limit}) == []
    (wrong,) = problems_of(TEMPLATE, {**NEEDED, **ticked, name: "字" * (limit + 1)})
    assert (wrong.name, f"{limit + 1} words; at most {limit} are allowed: shorten by 1." in str(wrong.message)) == (
        name,
        True,
    )


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        pytest.param({"goals": ""}, {"goals": "Fill this in."}, id="R-PRO-5 a needed field"),
        pytest.param({"brand_zh": ""}, {}, id="R-PRO-5 one that is not needed"),
        pytest.param(
            {"basis-other": "yes"}, {"basis-other-words": "Say in words"}, id="R-PRO-5 其他 ticked without words"
        ),
        pytest.param(
            {"methods-external": "yes"},
            {"methods-external-words": "Say in words"},
            id="R-PRO-5 外部機構 without a name",
        ),
        pytest.param({"methods-external": "yes", "methods-external-words": "ABC"}, {}, id="R-PRO-5 with a name"),
        pytest.param({"aims-value-words": "more"}, {"aims-value": "tick it"}, id="R-PRO-5 words beside no tick"),
        pytest.param({"awards": "2024 A\n\n2026 B"}, {}, id="R-PRO-6 years of the last two"),
        pytest.param({"awards": "2023 A"}, {"awards": "from 2024 to 2026"}, id="R-PRO-6 a year too early"),
        pytest.param({"awards": "2027 A"}, {"awards": "from 2024 to 2026"}, id="R-PRO-6 a year too late"),
        pytest.param({"awards": "Gold prize"}, {"awards": "Gold prize"}, id="R-PRO-6 no year"),
    ],
)
def test_what_keeps_a_proposal_from_being_handed_in_is_said_at_its_field(
    changed: dict[str, str], wrong: dict[str, str]
) -> None:
    found = {one.name: str(one.message) for one in problems_of(TEMPLATE, {**NEEDED, **changed})}
    assert found.keys() == wrong.keys()
    assert [words for name, words in wrong.items() if words not in found[name]] == []


def test_wc04_ten_pages_are_in_and_eleven_are_refused() -> None:
    """R-PRO-2."""
    assert pages_problem(TEMPLATE, 10) is None
    assert "11 pages; an attachment holds at most 10." in str(pages_problem(TEMPLATE, 11))


def marks(*points: object) -> dict[str, Fraction]:
    return {part: Fraction(str(value)) for part, value in zip(PARTS, points, strict=True)}


def test_r_pro_8_seed_003_marks_their_mean_and_their_spread() -> None:
    first = marks(8, 15, "13.5", 7, 6)
    panel = panel_of(TEMPLATE, [first])
    assert panel is not None
    assert str(panel.said) == "49.5 of 70 (70.71%)"
    second = marks(9, 16, 15, 8, 7)
    both = panel_of(TEMPLATE, [first, second])
    assert both is not None
    assert (str(both.said), both.spread, both.judges) == ("52.25 of 70 (74.64%)", Fraction("5.5"), 2)


def test_r_pro_9_a_figure_of_100_exists_only_with_what_lies_outside() -> None:
    full = panel_of(TEMPLATE, [marks(10, 20, 20, 10, 10)])
    assert full is not None
    assert (str(full.said), full.whole) == ("70 of 70 (100.00%)", None)
    with_outside = panel_of(TEMPLATE, [marks(8, 15, "13.5", 7, 6)], Fraction(24))
    assert with_outside is not None
    assert with_outside.whole == Fraction("73.5")


def test_r_pro_7_a_judge_who_has_not_marked_every_part_does_not_count() -> None:
    assert panel_of(TEMPLATE, [{"goals": Fraction(10)}]) is None
    assert panel_of(TEMPLATE, []) is None


@pytest.mark.parametrize("text", ["-0.5", "10.5", "7.3", "eight", "", "NaN"])
def test_r_pro_7_a_mark_lies_on_its_scale_in_halves(text: str) -> None:
    assert read_mark(TEMPLATE.marked[0], "7.5") == Fraction(15, 2)
    with pytest.raises(NotAMarkError):
        read_mark(TEMPLATE.marked[0], text)


def test_r_pro_9_equal_points_share_a_place_and_those_not_marked_have_none() -> None:
    panels = {
        "a": panel_of(TEMPLATE, [marks(5, 5, 5, 5, 5)]),
        "b": panel_of(TEMPLATE, [marks(9, 5, 5, 5, 5)]),
        "c": panel_of(TEMPLATE, [marks(5, 5, 5, 5, 5)]),
        "d": None,
    }
    assert ranking(panels) == [(1, "b"), (2, "a"), (2, "c")]


def test_the_first_tick_of_ii_3_is_in_the_template() -> None:
    """Seed 003: the draft of the template had left it out."""
    facets = next(field for field in TEMPLATE.fields if field.part == "innovation")
    assert facets.ticks[0].title["zh-Hant"].startswith("我們在服務的制定和實施中融入了創新元素")
