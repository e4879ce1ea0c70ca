"""BMK: no rival can be worked out. Ids are those in sync_server/reports/benchmark.py."""

from __future__ import annotations

import pytest

from sync_server.reports.benchmark import Benchmark, Cell, benchmark


def cells(**industries: int) -> list[Cell]:
    return [
        Cell(f"{industry}-{number}", industry, 70.0 + number)
        for industry, count in industries.items()
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param(cells(ferry=4), Benchmark(71.5, 73.0, 71.5), id="BMK-1 four of one industry"),
        pytest.param(cells(ferry=3), Benchmark(None, None, None), id="BMK-1 three are hidden"),
        pytest.param(
            cells(ferry=3, bank=4), Benchmark(None, None, pytest.approx(71.2857, abs=1e-4)), id="BMK-1 own hidden"
        ),
        pytest.param(cells(ferry=4, bank=4), Benchmark(71.5, 73.0, 71.5), id="BMK-2 both large enough"),
        pytest.param(
            cells(ferry=5, bank=3), Benchmark(None, None, pytest.approx(71.625)), id="BMK-2 the rest would be told"
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
