"""YBK: the year book shows what a season came to by channel, and tells nobody's figures."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from checklists.language import LANGUAGES, Language
from sync_server.print.document import Rows
from sync_server.print.typeset import pdf_of
from sync_server.reports.ceremony_papers import paper
from sync_server.reports.results_copy import ResultsCopy
from tests.builders import NOON
from tests.sync_server.reports.results_kit import BANKS, FERRIES, a_results_copy, an_entrant


def a_season(banks: int, ferries: int) -> ResultsCopy:
    """So many entrants of each industry, the n-th with 80 + n."""
    of = [(f"bank-{n}", 80 + n, BANKS) for n in range(banks)] + [
        (f"ferry-{n}", 80 + n, FERRIES) for n in range(ferries)
    ]
    return a_results_copy(*(an_entrant(name, (str(base),) * 3, industry=group) for name, base, group in of))


def tables(copy: ResultsCopy) -> dict[str, list[list[str]]]:
    blocks = paper(copy, "year-book", "en").blocks
    return {block.caption: [list(row) for row in block.rows] for block in blocks if isinstance(block, Rows)}


@pytest.mark.parametrize(
    ("banks", "ferries", "rows"),
    [
        pytest.param(4, 5, [("4", "81.50"), ("5", "82.00"), ("9", "81.78")], id="YBK-2 enough in each"),
        pytest.param(6, 3, [("–", "–"), ("–", "–"), ("9", "82.00")], id="YBK-2 one of few, and what would tell it"),
        pytest.param(3, 0, [("–", "–"), ("–", "–")], id="YBK-2 of few altogether"),
    ],
)
def test_a_table_hides_what_is_of_few(banks: int, ferries: int, rows: list[tuple[str, str]]) -> None:
    found = tables(a_season(banks, ferries))["Mean final by industry"]
    assert [tuple(row[1:]) for row in found] == rows


def test_ybk_1_nobody_is_named_and_ybk_3_it_says_for_whom_it_is() -> None:
    document = paper(a_season(5, 5), "year-book", "en")
    words = msgspec.json.encode(msgspec.structs.replace(document, foot="")).decode()
    assert "Bank-" not in words
    assert "For members alone until 1 Mar 2022" in words
    draft = paper(a_results_copy(released_at=None), "year-book", "en")
    assert "For members alone" not in msgspec.json.encode(draft).decode()


def test_a_round_is_shown_only_of_the_organisations_that_have_a_final() -> None:
    """YBK-2: the round's mean would else tell the one without a final"""
    entrants = [an_entrant(f"bank-{n}", (str(80 + n),) * 3) for n in range(5)]
    full = tables(a_results_copy(*entrants))["Mean score of each round"]
    assert [row[1] for row in full] == ["82.00"] * 3
    one_gone: list[Any] = [*entrants, an_entrant("late", ("99",))]
    assert [row[0] for row in tables(a_results_copy(*one_gone))["Mean score of each round"]] == ["Round 2", "Round 3"]


@pytest.mark.parametrize("leaving", [pytest.param(1, id="YBK-4 one"), pytest.param(3, id="YBK-4 three")])
def test_who_withdrew_after_a_round_was_out_is_not_told_by_a_difference(leaving: int) -> None:
    stay = [an_entrant(f"bank-{n}", ("80",) * 3) for n in range(5)]
    go: list[Any] = [an_entrant(f"gone-{n}", ("60",)) for n in range(leaving)]
    others = [an_entrant(f"ferry-{n}", ("90",) * 3, industry=FERRIES) for n in range(4)]
    for each in go:
        each["entries"][0]["withdrawn"] = True
    found = tables(a_results_copy(*stay, *go, *others))
    rows = [row[1:] for row in found["Mean final by industry"]]
    assert rows == [["–", "–"], ["4", "90.00"], ["–", "–"]]
    assert [row[0] for row in found["Mean score of each round"]] == ["Round 2", "Round 3"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_year_book_is_printed(language: Language) -> None:
    assert pdf_of(paper(a_results_copy(released_at=NOON), "year-book", language))[:5] == b"%PDF-"
