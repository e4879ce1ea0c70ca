"""What a table of industries comes to, as sentences: how many, means, who comes first and last."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.index.flags import COLUMN_NAMES, named
from checklists.index.table import COLUMNS, Column, IndexTable
from checklists.language import N_, Sentence, sentence
from checklists.number import shown

FIRST = 3


def summary(table: IndexTable, stated: int | None = None) -> tuple[Sentence, ...]:
    """Return the sentences; `stated` is how many industries the text beside the table says there are."""
    return (_count(table, stated), _means(table), _signs(table), *_first(table), *_last(table))


def signs(table: IndexTable) -> tuple[int, int, int]:
    """Return how many net promoter scores are above, below and exactly at zero."""
    values = table.values("nps")
    above, below = sum(value > 0 for value in values), sum(value < 0 for value in values)
    return above, below, len(values) - above - below


def _count(table: IndexTable, stated: int | None) -> Sentence:
    rows = len(table.rows)
    if stated == rows:
        return sentence(N_("{count} industries, as the text says."), count=rows)
    return sentence(N_("One industry.") if rows == 1 else N_("{count} industries."), count=rows)


def _means(table: IndexTable) -> Sentence:
    return sentence(
        N_("Plain means: satisfaction {satisfaction}, loyalty {loyalty}, NPS {nps}."),
        **{column: shown(table.mean(column)) for column in COLUMNS},
    )


def _signs(table: IndexTable) -> Sentence:
    above, below, zero = signs(table)
    words = N_("NPS: {above} positive, {below} negative, {zero} zero.")
    return sentence(words, above=above, below=below, zero=zero)


def _first(table: IndexTable) -> Iterator[Sentence]:
    for column in COLUMNS:
        ranked = sorted((rank.place, at) for at, rank in enumerate(table.ranks(column)) if rank.place <= FIRST)
        each = [_with_figure(table, at, column) for _, at in ranked]
        words = N_("First by {column}: {each}.")
        yield sentence(words, column=sentence(COLUMN_NAMES[column]), each=named(each))


def _last(table: IndexTable) -> Iterator[Sentence]:
    values = table.values("nps")
    least = min(values)
    lowest = [_with_figure(table, at, "nps") for at, value in enumerate(values) if value == least]
    if len(values) > len(lowest):
        column = sentence(COLUMN_NAMES["nps"])
        yield sentence(N_("Last by {column}: {each}."), column=column, each=named(lowest))


def _with_figure(table: IndexTable, at: int, column: Column) -> str:
    return f"{table.rows[at].industry} {table.rows[at].figure(column).printed}"
