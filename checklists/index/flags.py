"""What is odd in a table of industries, each as a code and a sentence. Nothing is corrected.

IDX-9   A row out of the order of satisfaction is told with the row it stands above, though that has more.
IDX-10  A figure of exactly zero may be one that was missing; it counts as zero.
IDX-11  Brackets are read as negatives, and told; so is a table that prints negatives in two ways.
IDX-12  The count of rows is compared with the number of industries that a text beside the table gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from checklists.index.table import COLUMNS, Column, IndexRow, IndexTable, Rank
from checklists.index.transposed import exchanged
from checklists.language import N_, Sentence, Template, sentence

MOST_NAMED = 10
COLUMN_NAMES: dict[Column, Template] = {
    "satisfaction": N_("satisfaction"),
    "loyalty": N_("loyalty"),
    "nps": N_("NPS"),
}


class Flag(NamedTuple):
    """One thing that is odd: a permanent code, the industries it is about, and a sentence."""

    code: str
    industries: tuple[str, ...]
    message: Sentence


def flags(table: IndexTable, stated: int | None = None) -> tuple[Flag, ...]:
    """Return what is odd in `table`; `stated` is how many industries the text beside it says there are."""
    return (
        *_order(table),
        *_transposed(table),
        *_zeros(table),
        *_negatives(table),
        *_shared(table),
        *_count(table, stated),
    )


def named(industries: Sequence[str]) -> Sentence | str:
    """Return the names of `industries`, ten at most, and how many more there are."""
    listed = ", ".join(industries[:MOST_NAMED])
    if len(industries) <= MOST_NAMED:
        return listed
    return sentence(N_("{names} and {count} more"), names=listed, count=len(industries) - MOST_NAMED)


def _order(table: IndexTable) -> Iterator[Flag]:
    for above, below in pairwise(table.rows):
        if above.satisfaction.value < below.satisfaction.value:
            message = sentence(
                N_("{above} stands above {below}, though its satisfaction is lower: {lower} against {higher}."),
                above=above.industry,
                below=below.industry,
                lower=above.satisfaction.printed,
                higher=below.satisfaction.printed,
            )
            yield Flag("out-of-order", (above.industry, below.industry), message)
    differing = [
        (row.industry, position, rank.place)
        for position, (row, rank) in enumerate(zip(table.rows, table.ranks(), strict=True), 1)
        if not rank.holds(position)
    ]
    if differing:
        each = ", ".join(f"{industry} {position} → {place}" for industry, position, place in differing[:MOST_NAMED])
        template = N_("Printed position and rank by satisfaction differ in {count} of {rows} rows: {each}.")
        if len(differing) > MOST_NAMED:
            template = N_("Printed position and rank by satisfaction differ in {count} of {rows} rows, first {each}.")
        message = sentence(template, count=len(differing), rows=len(table.rows), each=each)
        yield Flag("rank-differs", tuple(industry for industry, _, _ in differing), message)


def _transposed(table: IndexTable) -> Iterator[Flag]:
    found = exchanged([(row.satisfaction.value, row.loyalty.value) for row in table.rows])
    if found is None:
        return
    rows = [table.rows[at] for at in found.rows]
    names = tuple(row.industry for row in rows)
    falls = sentence(N_("the whole column of satisfaction falls strictly"))
    likely = sentence(N_("probably transposed in print"))
    if not found.falls_strictly:
        falls = sentence(N_("the column of satisfaction falls, but for figures that are equal"))
        likely = sentence(N_("perhaps transposed in print"))
    if len(rows) == 1:
        message = sentence(
            N_("{industry}: exchange its {satisfaction} and {loyalty}, and {falls}{nearer}: {likely}. Not corrected."),
            industry=names[0],
            satisfaction=rows[0].satisfaction.printed,
            loyalty=rows[0].loyalty.printed,
            falls=falls,
            nearer=_nearer(table, found.rows[0]),
            likely=likely,
        )
    else:
        template = N_("Exchange satisfaction and loyalty in all of {names}, and {falls}: {likely}. Not corrected.")
        if found.is_any:
            template = N_("Exchange satisfaction and loyalty in one of {names}, and {falls}: {likely}. Not corrected.")
        message = sentence(template, names=named(names), falls=falls, likely=likely)
    yield Flag("figures-transposed", names, message)


def _nearer(table: IndexTable, at: int) -> Sentence | str:
    """Say so where the row's loyalty, exchanged, stands nearer to its place by net promoter score."""
    loyalty = list(table.values("loyalty"))
    before = table.ranks("loyalty")[at].place
    loyalty[at] = table.rows[at].satisfaction.value
    place = 1 + sum(value > loyalty[at] for value in loyalty)
    nps = table.ranks("nps")[at].place
    if abs(place - nps) >= abs(before - nps):
        return ""
    if place == len(loyalty):
        words = N_(", and its loyalty becomes the lowest, as its NPS at place {nps} suggests")
    else:
        words = N_(", and its loyalty moves from place {before} to {place}, nearer to its NPS at {nps}")
    return sentence(words, before=before, place=place, nps=nps)


def _zeros(table: IndexTable) -> Iterator[Flag]:
    for column in COLUMNS:
        rows = [row for row in table.rows if row.figure(column).value == 0]
        if rows:
            words = N_("{count} figures of {column} are exactly {printed} ({names}): perhaps missing, not zero.")
            if len(rows) == 1:
                words = N_("One figure of {column} is exactly {printed} ({names}): perhaps missing, not zero.")
            yield _of_figures("figure-zero", rows, words, column)


def _negatives(table: IndexTable) -> Iterator[Flag]:
    below = [row for row in table.rows if row.nps.value < 0]
    bracketed = [row for row in table.rows if row.nps.is_bracketed]
    if bracketed:
        words = N_("{count} figures of {column} are printed in brackets, such as {printed}: a bracket is a negative.")
        if len(bracketed) == 1:
            words = N_("One figure of {column} is printed in brackets, {printed}: a bracket is a negative.")
        yield _of_figures("bracket-negative", bracketed, words, "nps")
    signed = [row for row in below if not row.nps.is_bracketed]
    if bracketed and signed:
        words = N_("{count} more are negative with a sign, such as {printed}: the table prints negatives in two ways.")
        if len(signed) == 1:
            words = N_("One more is negative with a sign, {printed}: the table prints negatives in two ways.")
        yield _of_figures("negatives-mixed", signed, words, "nps")


def _of_figures(code: str, rows: Sequence[IndexRow], words: Template, column: Column) -> Flag:
    names = tuple(row.industry for row in rows)
    message = sentence(
        words,
        column=sentence(COLUMN_NAMES[column]),
        printed=rows[0].figure(column).printed,
        count=len(rows),
        names=named(names),
    )
    return Flag(code, names, message)


def _shared(table: IndexTable) -> Iterator[Flag]:
    shared: dict[Rank, list[str]] = {}
    for row, rank in zip(table.rows, table.ranks(), strict=True):
        if rank.shared_by > 1:
            shared.setdefault(rank, []).append(row.industry)
    for rank, listed in sorted(shared.items()):
        names = tuple(listed)
        words = N_("{names} have the same satisfaction and share rank {place}.")
        yield Flag("rank-shared", names, sentence(words, names=named(names), place=rank.place))


def _count(table: IndexTable, stated: int | None) -> Iterator[Flag]:
    rows = len(table.rows)
    if stated is not None and stated != rows:
        words = N_("The text says {stated} industries, the table has {rows}.")
        yield Flag("count-differs", (), sentence(words, stated=stated, rows=rows))
