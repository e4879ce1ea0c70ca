"""Values of our own columns: a cell that does not fit is reported, and read as though it were empty."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from checklists.forms.expression import Expression, expression
from checklists.forms.form import Band
from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform.report import Report
from checklists.forms.xlsform.tables import Row
from checklists.language import N_, Template
from checklists.number import NotANumberError, exact
from checklists.problems import Misfit

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)

TRUE, FALSE = frozenset({"yes", "true", "1", "y", "x"}), frozenset({"no", "false", "0", "n", ""})


class OwnCells:
    """The cells of our own columns in one row."""

    def __init__(self, sheet: str, row: Row, report: Report) -> None:
        self.row = row
        self._sheet = sheet
        self._report = report

    def words(self, name: str) -> str:
        """Return the cell as it stands."""
        return self.row.own(name)

    def whole(self, name: str, *, least: int = 0) -> int | None:
        """Return a whole number of at least `least`."""

        def read(words: str) -> int:
            number = int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else -1
            if number < least:
                raise ValueError
            return number

        return self._read(name, read, N_('"{words}" is no whole number of {least} or more; write one.'), least=least)

    def flag(self, name: str) -> bool:
        """Return yes or no; no when it is empty."""

        def read(words: str) -> bool:
            if words.lower() not in TRUE | FALSE:
                raise ValueError
            return words.lower() in TRUE

        return bool(self._read(name, read, N_('"{words}" is neither yes nor no; write one of them.')))

    def share(self, name: str) -> Fraction | None:
        """Return a share of the points, 0 to 1."""
        return self._read(name, _share, N_('"{words}" is no number from 0 to 1; write one, such as 0.6 or 1/3.'))

    def one_of(self, name: str, words: type[Word]) -> Word | None:
        """Return one of an enum's words."""
        template = N_('"{words}" is not known here; write one of {allowed}.')
        return self._read(name, words, template, allowed=tuple(word.value for word in words))

    def names(self, name: str) -> tuple[str, ...]:
        """Return words with spaces or commas between them."""
        return tuple(self.words(name).replace(",", " ").replace(";", " ").split())

    def bands(self) -> Mapping[str, tuple[Band, ...]]:
        """Return the bands, "20=1; 40=3/4; any=0", by sub-channel; "" where there is none."""
        found: dict[str, tuple[Band, ...]] = {}
        for column, words in self.row.cells.items():
            if column.name == own.PREFIX + own.BANDS:
                template = N_('"{words}" are no bands; write them as 20=1; 40=3/4; any=0, the limits rising.')
                bands = self._fitting(column.heading, words, _bands, template)
                found |= {} if bands is None else {column.language: bands}
        return found

    def expression(self, name: str) -> Expression | None:
        """Return a condition written as in a form's file."""
        return self._read(
            name, _expression, N_("this is no condition as data; remove it, or write what is in the form.")
        )

    def _read(self, name: str, read: Callable[[str], Value], template: Template, **values: object) -> Value | None:
        words = self.words(name)
        return self._fitting(self.row.column(own.PREFIX + name), words, read, template, **values) if words else None

    def _fitting(
        self, heading: str, words: str, read: Callable[[str], Value], template: Template, **values: object
    ) -> Value | None:
        try:
            return read(words)
        except (ValueError, NotANumberError):
            place = (self._sheet, self.row.number, heading, "value-unfit")
            self._report.problem(*place, template, words=words[:60], **values)
            return None


def _share(words: str) -> Fraction:
    share = exact(words)
    if not 0 <= share <= 1:
        raise ValueError
    return share


def _bands(words: str) -> tuple[Band, ...]:
    bands = []
    for part in filter(None, (part.strip() for part in words.split(";"))):
        limit, equals, share = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ValueError
        bands.append(Band(limit=None if limit.lower() == "any" else exact(limit), share=_share(share)))
    limits = [band.limit for band in bands]
    if not limits or limits[-1] is not None or None in limits[:-1]:
        raise ValueError
    if [*limits[:-1]] != sorted({limit for limit in limits[:-1] if limit is not None}):
        raise ValueError
    return tuple(bands)


def _expression(words: str) -> Expression:
    try:
        return expression(tomllib.loads(f"it = {words}", parse_float=Decimal)["it"])
    except (Misfit, RecursionError) as error:
        raise ValueError from error
