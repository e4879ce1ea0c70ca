"""BMK: no rival can be worked out. Ids are those in sync_server/reports/cells.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, combinations_with_replacement
from math import gcd

import pytest

from sync_server.reports.cells import MIN_CELL, Benchmark, Cell, Table, benchmark, hidden_cells, table_of


def cells(**industries: int) -> list[Cell]:
    return [
        Cell(f"{industry}-{number}", industry, 70.0 + number)
        for industry, count in industries.items()
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param(cells(ferry=4), Benchmark(71.5, 73.0, 71.5), id="BMK-1 BMK-3 four of one industry"),
        pytest.param(cells(ferry=3), Benchmark(None, None, None), id="BMK-1 three are hidden"),
        pytest.param(
            cells(ferry=3, bank=4), Benchmark(None, None, pytest.approx(71.2857, abs=1e-4)), id="BMK-1 own hidden"
        ),
        pytest.param(cells(ferry=4, bank=4), Benchmark(71.5, 73.0, 71.5), id="BMK-1 both large enough"),
        pytest.param(
            cells(ferry=5, bank=3), Benchmark(None, None, pytest.approx(71.625)), id="BMK-1 the rest would be told"
        ),
        pytest.param(
            cells(ferry=4, bank=3, hotel=5),
            Benchmark(None, None, pytest.approx(71.5833, abs=1e-4)),
            id="BMK-1 the table hides it for another's sake",
        ),
        pytest.param(
            cells(ferry=3, bank=1), Benchmark(None, None, None), id="BMK-2 the one bank would know the ferries"
        ),
        pytest.param(
            [*cells(ferry=3), Cell("ferry-0", "ferry", 90.0)],
            Benchmark(None, None, None),
            id="BMK-1 one organisation twice",
        ),
    ],
)
def test_a_cell_is_shown_or_hidden(given: list[Cell], shown: Benchmark) -> None:
    assert benchmark(given, "ferry") == shown


class Span:
    """What is worked out from sums that are known, each of them marks of what it counts: exact, in whole numbers."""

    def __init__(self, known: Iterable[Sequence[int]]) -> None:
        self._rows: list[tuple[int, Sequence[int]]] = []  # each with the place that no row after it has
        for row in known:
            rest = self._rest(row)
            if any(rest):
                self._rows.append((next(place for place, value in enumerate(rest) if value), rest))

    def __contains__(self, wanted: Sequence[int]) -> bool:
        return not any(self._rest(wanted))

    def _rest(self, row: Sequence[int]) -> Sequence[int]:
        for at, done in self._rows:
            if row[at]:
                times, part = row[at], done[at]
                row = [part * value - times * other for value, other in zip(row, done, strict=True)]
                shared = gcd(*row) or 1
                row = [value // shared for value in row]
        return row


SIZES = [each for n in (2, 3, 4) for each in combinations_with_replacement(range(1, 6), n)]


@pytest.mark.parametrize("sizes", SIZES)
def test_two_entrants_of_one_industry_work_out_no_hidden_cell(sizes: tuple[int, ...]) -> None:
    """CSM-4, CSM-5, BMK-1, BMK-2: from the table, its total, their own reports and their own figures."""
    names = [f"industry-{number}" for number in range(len(sizes))]
    every = [Cell(f"{name}-{n}", name, 0.0) for name, size in zip(names, sizes, strict=True) for n in range(size)]
    table = table_of(every)
    hidden, _ = hidden_cells({name: {one.organisation for one in every if one.industry == name} for name in names})

    def sum_of(wanted: Iterable[str]) -> list[int]:
        among = set(wanted)
        return [int(one.industry in among or one.organisation in among) for one in every]

    for name in names:
        own = benchmark(every, name)
        shown = [sum_of([row.name]) for row in table.rows if row.mean is not None]
        shown += [sum_of(names)] if table.total.mean is not None or own.channel is not None else []
        shown += [sum_of([name])] if own.industry is not None else []
        houses = [one.organisation for one in every if one.industry == name]
        for pair in combinations(houses, min(2, len(houses))):
            known = Span([*shown, *(sum_of([house]) for house in pair)])
            told = [other for other in hidden - {name} if sum_of([other]) in known]
            assert not [other for other in told if sizes[names.index(other)] < MIN_CELL]
            rivals = {one.organisation for one in every} - set(pair)
            assert not [rival for rival in rivals if sum_of([rival]) in known]


@pytest.mark.parametrize("sizes", [each for each in SIZES if sum(each) <= 12])
@pytest.mark.parametrize("left", [1, 2])
def test_two_tables_of_one_round_tell_nobody_who_withdrew_between_them(sizes: tuple[int, ...], left: int) -> None:
    """BMK-4: from both tables, both totals, and the figures of two entrants of one industry."""
    first = cells(**{f"industry-{number}": size for number, size in enumerate(sizes)})
    for industry in {one.industry for one in first}:
        gone = [one for one in first if one.industry == industry][:left]
        second = [one for one in first if one not in gone]
        known = [*sums(first, table_of(first), first), *sums(second, table_of(second, before=[first]), first)]
        for reader in {one.industry for one in second}:
            pair = [one for one in second if one.industry == reader][-2:]
            knows = Span([*known, *(marked([one], first) for one in pair)])
            assert not [one for one in first if one not in pair and marked([one], first) in knows]
            for copy in (first, second):
                for name in {one.industry for one in copy} - {reader, industry}:
                    cell = [one for one in copy if one.industry == name]
                    assert len(cell) >= MIN_CELL or marked(cell, first) not in knows


def marked(some: Sequence[Cell], every: Sequence[Cell]) -> list[int]:
    return [int(one in some) for one in every]


def sums(copy: Sequence[Cell], table: Table, every: Sequence[Cell]) -> list[list[int]]:
    """The sums that a table shows of a copy, as marks of every cell."""
    shown = [marked([one for one in copy if one.industry == row.name], every) for row in table.rows if row.n]
    return [*shown, marked(copy, every)] if table.total.n else shown


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        pytest.param(cells(ferry=9), cells(ferry=9), ("9", "9"), id="BMK-4 the same"),
        pytest.param(cells(ferry=9), cells(ferry=6), ("None", "None"), id="BMK-4 three withdrew"),
        pytest.param(cells(ferry=9), cells(ferry=5), ("5", "5"), id="BMK-4 four withdrew"),
        pytest.param(cells(ferry=5), cells(ferry=6), ("None", "None"), id="BMK-4 one came"),
        pytest.param(cells(ferry=5, bank=5), cells(ferry=5, bank=4), ("None 5", "None"), id="BMK-4 the other stays"),
        pytest.param(
            [*cells(ferry=5), Cell("ferry-0", "ferry", 9.0)], cells(ferry=5), ("None", "None"),
            id="BMK-4 one of two entries withdrew",
        ),
    ],
)  # fmt: skip
def test_a_cell_that_was_out_of_others_is_hidden(
    before: Sequence[Cell], now: Sequence[Cell], shown: tuple[str, str]
) -> None:
    table = table_of(now, before=[before])
    assert (" ".join(str(row.n) for row in table.rows), str(table.total.n)) == shown
