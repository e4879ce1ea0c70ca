"""A table of industries as a terminal shows it and as JSON: rows as printed, ranks beside them, then sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from checklists.index.flags import flags
from checklists.index.summary import signs, summary
from checklists.index.table import COLUMNS, IndexTable
from checklists.language import N_, Language, sentence
from checklists.number import decimal_text, shown

HEADINGS = (N_("Position"), N_("Rank"), N_("Industry"), N_("Satisfaction"), N_("Loyalty"), N_("NPS"))
_NAME = 2  # the heading that is words, and stands to the left


def text_of(table: IndexTable, language: Language, stated: int | None = None, *, brackets: bool = False) -> str:
    """Return the table, one line an industry, then what it comes to and what is odd in it; IDX-17 with `brackets`."""
    given = table.in_brackets() if brackets else table
    lines = [[sentence(heading).in_language(language) for heading in HEADINGS]]
    for position, (row, rank) in enumerate(zip(given.rows, given.ranks(), strict=True), 1):
        place = f"{rank.place}=" if rank.shared_by > 1 else f"{rank.place}"
        lines.append([str(position), place, row.industry, *(row.figure(column).printed for column in COLUMNS)])
    said = [each.in_language(language) for each in summary(given, stated)]
    odd = [flag.message.in_language(language) for flag in flags(table, stated)]
    if odd:
        odd = [
            "",
            sentence(N_("To look at, nothing is corrected:")).in_language(language),
            *(f"- {each}" for each in odd),
        ]
    return "\n".join([*_aligned(lines), "", *said, *odd]) + "\n"


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(_padded(cell, at, widths[at]) for at, cell in enumerate(line)).rstrip() for line in lines]


def _padded(cell: str, at: int, width: int) -> str:
    gap = " " * (width - _width(cell))
    return cell + gap if at == _NAME else gap + cell


def _width(cell: str) -> int:
    """Return how many columns of a terminal `cell` takes: a Chinese character takes two, an accent none."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF") for letter in cell
    )


def json_of(table: IndexTable, language: Language, stated: int | None = None) -> bytes:
    """Return the same as JSON: exact figures as numbers, how each was printed, ranks, means, flags."""
    above, below, zero = signs(table)
    ranks = {column: table.ranks(column) for column in COLUMNS}
    rows = [
        {
            "position": at + 1,
            "rank": ranks["satisfaction"][at].place,
            "rank_shared_by": ranks["satisfaction"][at].shared_by,
            "industry": row.industry,
            **{column: _number(row.figure(column).value) for column in COLUMNS},
            "printed": {column: row.figure(column).printed for column in COLUMNS},
            "ranks": {column: ranks[column][at].place for column in COLUMNS},
        }
        for at, row in enumerate(table.rows)
    ]
    found = [
        {"code": flag.code, "industries": flag.industries, "message": flag.message.in_language(language)}
        for flag in flags(table, stated)
    ]
    whole: dict[str, Any] = {
        "industries": len(rows),
        "rows": rows,
        "means": {column: Decimal(shown(table.mean(column))) for column in COLUMNS},
        "nps": {"positive": above, "negative": below, "zero": zero},
        "summary": [each.in_language(language) for each in summary(table, stated)],
        "flags": found,
    }
    encoded = msgspec.json.Encoder(decimal_format="number").encode(whole)
    return msgspec.json.format(encoded, indent=2) + b"\n"


def _number(value: Fraction) -> Decimal:
    return Decimal(decimal_text(value))
