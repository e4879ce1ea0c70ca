"""Tables of industries: ids are those in checklists/index."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from itertools import pairwise

import pytest

from checklists.index.figures import CENT, NET, Figure, in_brackets, read_figure
from checklists.index.flags import flags
from checklists.index.printed import json_of, text_of
from checklists.index.summary import summary
from checklists.index.table import IndexRow, IndexTable, ranks
from checklists.index.transposed import exchanged
from checklists.problems import Misfit

# Seed 000 as printed: the Hong Kong CRE index of 2020/2021, first published in May 2022.
PRINTED = """超市 75.08 84.00 9.38
藥房 74.97 79.71 5.08
網購平台 72.92 75.63 12.23
信用卡 72.37 71.80 1.96
咖啡室、快餐店 72.22 72.58 6.25
人壽保險 71.87 67.92 (7.28)
證券交易服務 71.57 74.91 (1.63)
商場 70.94 72.61 (4.25)
快遞 70.34 68.36 0.00
非人壽保險 70.07 65.47 (4.41)
付費電視 69.80 65.40 (2.21)
線上訂餐和外賣 68.14 66.38 (2.55)
景點 67.93 64.43 (10.58)
銀行 67.76 66.18 (7.17)
移動通訊 66.49 60.24 (23.36)
巴士 66.37 71.43 (9.80)
寬頻 58.75 66.31 (22.73)
鐵路 61.87 65.44 0.00"""


def a_row(industry: str, satisfaction: str, loyalty: str, nps: str = "1.5") -> IndexRow:
    return IndexRow(
        industry=industry,
        satisfaction=read_figure(satisfaction, CENT),
        loyalty=read_figure(loyalty, CENT),
        nps=read_figure(nps, NET),
    )


def a_table(*rows: tuple[str, ...]) -> IndexTable:
    return IndexTable(rows=tuple(a_row(*row) for row in rows))


def the_seed() -> IndexTable:
    return a_table(*(tuple(line.split(" ")) for line in PRINTED.splitlines()))


def codes(table: IndexTable, stated: int | None = None) -> list[tuple[str, tuple[str, ...]]]:
    return [(flag.code, flag.industries) for flag in flags(table, stated)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("75.08", "75.08", id="IDX-1 as it is"),
        pytest.param("-7.28", "-7.28", id="IDX-1 a sign"),
        pytest.param("(7.28)", "-7.28", id="IDX-1 brackets"),
        pytest.param("( 7.28 )", "-7.28", id="IDX-1 brackets with spaces"),
        pytest.param("\u22127.28", "-7.28", id="IDX-1 a typesetter's minus"),
        pytest.param("+12.23", "12.23", id="IDX-1 a plus"),
        pytest.param("0", "0", id="IDX-1 a whole number"),
        pytest.param(".5", "0.5", id="IDX-1 without a figure before the point"),
        pytest.param("100", "100", id="IDX-2 the bound itself"),
        pytest.param("(100.00)", "-100", id="IDX-2 the lower bound itself"),
    ],
)
def test_a_figure_keeps_how_it_was_printed(text: str, value: str) -> None:
    assert read_figure(text, NET) == Figure(printed=text, value=Fraction(value))


@pytest.mark.parametrize(
    ("text", "bounds", "remedy"),
    [
        pytest.param("(-7.28)", NET, "-7.28 or (7.28)", id="IDX-1 a sign inside brackets"),
        pytest.param("-(7.28)", NET, "is not a figure", id="IDX-1 a sign before brackets"),
        pytest.param("(7.28", NET, "is not a figure", id="IDX-1 half a bracket"),
        pytest.param("100.01", NET, "-100 to 100", id="IDX-2 above"),
        pytest.param("(0.01)", CENT, "0 to 100", id="IDX-2 below"),
        pytest.param("75,08", CENT, "with a point", id="IDX-2 a decimal comma"),
        pytest.param("75.08%", CENT, "percent sign", id="IDX-2 a percent sign"),
        pytest.param("0.7508", CENT, "percentage of a spreadsheet", id="IDX-2 a fraction of one"),
        pytest.param("NaN", CENT, "is not a figure", id="IDX-2 no number"),
        pytest.param("inf", NET, "is not a figure", id="IDX-2 infinite"),
        pytest.param("٧٥", CENT, "is not a figure", id="IDX-2 digits of another script"),
        pytest.param("1/3", NET, "is not a figure", id="IDX-2 a fraction"),
    ],
)
def test_what_is_no_figure_is_refused_with_what_to_write(text: str, bounds: tuple[int, int], remedy: str) -> None:
    with pytest.raises(Misfit) as refused:
        read_figure(text, bounds)
    assert remedy in refused.value.template.format(value=text, **refused.value.values)


@pytest.mark.parametrize(
    ("values", "places"),
    [
        pytest.param([3, 2, 1], [1, 2, 3], id="IDX-3 falling"),
        pytest.param([1, 3, 2], [3, 1, 2], id="IDX-3 in no order"),
        pytest.param([3, 2, 2, 1], [1, 2, 2, 4], id="IDX-3 two share a place, the next stays empty"),
        pytest.param([5, 5, 5], [1, 1, 1], id="IDX-3 all share"),
        pytest.param([7], [1], id="IDX-3 one alone"),
    ],
)
def test_ranks_share_the_best_place(values: list[int], places: list[int]) -> None:
    assert [rank.place for rank in ranks([Fraction(value) for value in values])] == places


def test_the_seeds_table_comes_to_the_seeds_figures() -> None:
    """IDX-5 means; IDX-3 rank is the printed position of all but the last two."""
    table = the_seed()
    said = [str(each) for each in summary(table, 18)]
    assert said == [
        "18 industries, as the text says.",
        "Plain means: satisfaction 69.41, loyalty 69.93, NPS -3.39.",
        "NPS: 5 positive, 11 negative, 2 zero.",
        "First by satisfaction: 超市 75.08, 藥房 74.97, 網購平台 72.92.",
        "First by loyalty: 超市 84.00, 藥房 79.71, 網購平台 75.63.",
        "First by NPS: 網購平台 12.23, 超市 9.38, 咖啡室、快餐店 6.25.",
        "Last by NPS: 移動通訊 (23.36).",
    ]
    assert [rank.place for rank in table.ranks()] == [*range(1, 17), 18, 17]
    by_name = {row.industry: rank.place for row, rank in zip(table.rows, table.ranks(), strict=True)}
    assert (by_name["信用卡"], by_name["人壽保險"], by_name["銀行"]) == (4, 6, 14)


def test_the_seeds_table_raises_the_seeds_flags_and_corrects_nothing() -> None:
    table = the_seed()
    found = {flag.code: str(flag.message) for flag in flags(table, 18)}
    assert list(found) == ["out-of-order", "rank-differs", "figures-transposed", "figure-zero", "bracket-negative"]
    assert (
        "寬頻: exchange its 58.75 and 66.31, and the whole column of satisfaction falls strictly"
        in (found["figures-transposed"])
    )
    assert "its loyalty becomes the lowest" in found["figures-transposed"]
    assert "2 figures of NPS are exactly 0.00 (快遞, 鐵路): perhaps missing" in found["figure-zero"]
    assert found["bracket-negative"].startswith("11 figures")
    assert table == the_seed()


FALLING = [("a", "80", "90"), ("b", "70", "60"), ("c", "60", "75")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(FALLING, [], id="IDX-9 a falling column has nothing odd"),
        pytest.param([("only", "50", "60")], [], id="IDX-9 one row"),
        pytest.param(
            [("a", "80", "90"), ("b", "70", "60"), ("c", "70", "50"), ("d", "60", "75")],
            [("rank-shared", ("b", "c"))],
            id="IDX-4 equal figures are in no wrong order",
        ),
        pytest.param(
            [("a", "50", "40"), ("b", "60", "70")],
            [("out-of-order", ("a", "b")), ("rank-differs", ("a", "b"))],
            id="IDX-9 out of order, and no exchange would help",
        ),
        pytest.param(
            [("a", "80", "90", "0.00"), ("b", "70", "0", "-1")],
            [("figure-zero", ("b",)), ("figure-zero", ("a",))],
            id="IDX-10 zeros of any column",
        ),
        pytest.param(
            [("a", "80", "90", "(3.5)"), ("b", "70", "80", "-1"), ("c", "60", "70", "0.5")],
            [("bracket-negative", ("a",)), ("negatives-mixed", ("b",))],
            id="IDX-11 brackets beside signs",
        ),
    ],
)
def test_flags_are_those_of_the_table(rows: list[tuple[str, ...]], expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert codes(a_table(*rows)) == expected


def test_idx_12_a_text_that_says_another_number_is_told() -> None:
    assert codes(a_table(*FALLING), 4) == [("count-differs", ())]
    assert codes(a_table(*FALLING), 3) == []


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param("80/90 75/60 50/70 65/66", ((2,), False, True), id="IDX-6 in the middle"),
        pytest.param("60/90 80/50 70/40", ((0,), False, True), id="IDX-6 the first row"),
        pytest.param("80/90 70/60 90/50", ((2,), False, True), id="IDX-6 the last row"),
        pytest.param("90/10 60/80 70/50 40/1", ((1, 2), True, True), id="IDX-8 either of two by itself"),
        pytest.param("80/10 70/20 60/30", None, id="IDX-6 a falling column is left alone"),
        pytest.param("80/10 70/20 70/30 60/9", None, id="IDX-6 equal figures are no rise"),
        pytest.param("50/40 60/70", None, id="IDX-6 no exchange makes it fall"),
        pytest.param("50/50 60/60", None, id="IDX-6 an exchange that changes nothing"),
        pytest.param("90/1 90/2 50/70 65/66", ((2,), False, False), id="IDX-7 weaker beside equal figures"),
        pytest.param("60/70 70/70", None, id="IDX-7 what is exchanged falls strictly itself"),
        pytest.param(
            "99/1 50/95 90/1 85/1 40/80 75/1 70/1 65/1", ((1, 4), False, True), id="IDX-8 two of eight at once"
        ),
        pytest.param("99/1 50/95 90/1 40/80 75/1", None, id="IDX-8 two of five are too many to tell"),
    ],
)
def test_figures_exchanged_in_print_are_suspected(pairs: str, expected: object) -> None:
    read = [tuple(Fraction(part) for part in pair.split("/")) for pair in pairs.split()]
    assert exchanged([(one, two) for one, two in read]) == expected


def test_any_one_row_of_the_seed_exchanged_is_found() -> None:
    """IDX-6 whichever row it is: the seed's table in order, one row exchanged at a time."""
    straight = [(row.satisfaction.value, row.loyalty.value) for row in the_seed().rows]
    straight[16] = (straight[16][1], straight[16][0])
    for at, (satisfaction, loyalty) in enumerate(straight):
        pairs = [*straight[:at], (loyalty, satisfaction), *straight[at + 1 :]]
        found = exchanged(pairs)
        # In the first row and the twelfth a higher figure, or one that fits as well, leaves the column falling.
        falls = all(above[0] > below[0] for above, below in pairwise(pairs))
        assert (found is None) == falls, at
        assert found is None or at in found.rows


def test_the_text_has_one_aligned_line_an_industry_as_printed() -> None:
    lines = text_of(the_seed(), "en", 18).splitlines()
    assert lines[17].split() == ["17", "18", "寬頻", "58.75", "66.31", "(22.73)"]
    assert lines[6].endswith("71.87    67.92   (7.28)")
    tied = text_of(a_table(("a", "80", "90"), ("b", "80", "60")), "en").splitlines()
    assert [line.split()[:2] for line in tied[1:3]] == [["1", "1="], ["2", "1="]]


def test_the_json_gives_exact_figures_and_how_they_were_printed() -> None:
    raw = json_of(the_seed(), "en")
    read = json.loads(raw)
    assert read["rows"][5] | {"printed": ..., "ranks": ...} == {
        "position": 6, "rank": 6, "rank_shared_by": 1, "industry": "人壽保險",
        "satisfaction": 71.87, "loyalty": 67.92, "nps": -7.28, "printed": ..., "ranks": ...,
    }  # fmt: skip
    assert read["rows"][5]["printed"]["nps"] == "(7.28)"
    assert read["means"] == {"satisfaction": 69.41, "loyalty": 69.93, "nps": -3.39}
    assert read["nps"] == {"positive": 5, "negative": 11, "zero": 2}
    assert [flag["code"] for flag in read["flags"]][2] == "figures-transposed"


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        ("-7.28", "(7.28)"),
        ("\u22127.28 ± 1.10", "(7.28) ± 1.10"),
        ("- 7.28", "(7.28)"),
        ("(7.28)", "(7.28)"),
        ("0.00", "0.00"),
        ("+1.20 *", "+1.20 *"),
        ("–", "–"),
        ("", ""),
    ],
)
def test_idx_17_a_negative_stands_in_brackets_and_nothing_else_does(shown: str, asked: str) -> None:
    assert in_brackets(shown) == asked


def test_idx_17_on_request_the_text_has_brackets_and_the_flags_are_those_of_the_print() -> None:
    one = a_table(("a", "70", "60", "-7.28"), ("b", "65", "60", "1.00"))
    as_printed, asked = (text_of(one, "en", brackets=wanted) for wanted in (False, True))
    assert ("-7.28" in as_printed, "(7.28)" in as_printed) == (True, False)
    assert ("-7.28" in asked, asked.count("(7.28)")) == (False, 3)  # its row, the first and the last by NPS
    assert "brackets" not in asked


def test_a_table_without_rows_or_with_an_industry_twice_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        IndexTable(rows=())
    with pytest.raises(ValueError, match="each industry once"):
        a_table(("a", "80", "90"), ("a", "70", "60"))


def test_a_long_table_in_no_order_takes_no_longer_than_its_rows() -> None:
    """Three thousand rows in a second of CPU time; looking at each row for each row would take ten."""
    rows = [(f"i{at}", str(1 + at * 7919 % 99), str(1 + at * 104729 % 99), str(at * 31 % 99)) for at in range(3000)]
    begun = time.process_time()
    assert json.loads(json_of(a_table(*rows), "en"))["industries"] == 3000
    assert time.process_time() - begun < 2
