"""What one cell may hold. A reader takes the trimmed text of a filled cell: its value comes back, or the remedy.

A moment written without a zone comes back without one: `in_zone` gives it the season's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checklists.language import N_, Sentence, sentence
from checklists.number import NotANumberError, exact
from checklists.record.assignment import ServiceHours

MAX_TEXT = 20_000

Cell = Callable[[str], object]

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,79}")
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


class CellError(ValueError):
    """A cell cannot be read, or does not fit the others of its row; `message` says what to write instead.

    `column` is where to look first; whoever reads one cell only leaves it empty, for its caller knows.
    """

    def __init__(self, code: str, message: Sentence, *, column: str = "") -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.column = column


def words(cell: str) -> str:
    """Any words, up to 20,000 characters."""
    if len(cell) > MAX_TEXT:
        raise CellError("text-too-long", sentence(N_("is longer than {limit} characters; shorten it"), limit=MAX_TEXT))
    return cell


def code(cell: str) -> str:
    """A permanent short name: letters, digits, and . _ - @ inside."""
    if not _CODE.fullmatch(cell):
        raise CellError(
            "not-a-code",
            sentence(N_('"{cell}" is not a code; use up to 80 letters, digits, "-", "_" or "."'), cell=cell[:40]),
        )
    return cell


def one_of(*choices: str) -> Cell:
    """Return the reader of a cell that holds one of `choices`, in any case."""

    def read(cell: str) -> str:
        if cell.lower() in choices:
            return cell.lower()
        raise CellError(
            "not-a-choice",
            sentence(N_('"{cell}" is not known; write one of: {choices}'), cell=cell[:40], choices=", ".join(choices)),
        )

    return read


def whole(least: int, most: int) -> Cell:
    """Return the reader of a whole number from `least` to `most`."""

    def read(cell: str) -> int:
        if re.fullmatch(r"\d{1,9}", cell, re.ASCII) and least <= int(cell) <= most:
            return int(cell)
        raise CellError(
            "not-a-whole-number",
            sentence(
                N_('"{cell}" is not a whole number from {least} to {most}'), cell=cell[:40], least=least, most=most
            ),
        )

    return read


def decimal(cell: str) -> str:
    """An exact number, as it was written."""
    try:
        exact(cell)
    except NotANumberError as error:
        raise CellError(
            "not-a-number", sentence(N_('"{cell}" is not a number; write it as 88.2'), cell=cell[:40])
        ) from error
    return cell


def degrees(most: int) -> Cell:
    """Return the reader of degrees from -`most` to `most`, as a map gives them."""

    def read(cell: str) -> float:
        try:
            value = exact(cell)
        except NotANumberError:
            value = exact(most + 1)
        if -most <= value <= most:
            return float(value)
        message = sentence(
            N_('"{cell}" is not a number of degrees from -{most} to {most}; write it as 22.2870'),
            cell=cell[:40],
            most=most,
        )
        raise CellError("not-degrees", message)

    return read


def yes_no(cell: str) -> bool:
    """Yes or no, in either language."""
    answer = {
        "yes": True,
        "y": True,
        "true": True,
        "1": True,
        "是": True,
        "no": False,
        "n": False,
        "false": False,
        "0": False,
        "否": False,
    }
    if cell.lower() in answer:
        return answer[cell.lower()]
    raise CellError("not-yes-or-no", sentence(N_('"{cell}" is neither yes nor no'), cell=cell[:40]))


def day(cell: str) -> date:
    """A date, 2021-03-01."""
    try:
        return date.fromisoformat(cell.replace("/", "-") if re.fullmatch(r"\d{4}/\d\d/\d\d", cell) else cell)
    except ValueError as error:
        raise CellError(
            "not-a-date", sentence(N_('"{cell}" is not a date; write it as 2021-03-01'), cell=cell[:40])
        ) from error


def moment(cell: str) -> datetime:
    """A date and time; a date alone is its first moment."""
    text = cell.replace("/", "-") if re.match(r"\d{4}/\d\d/\d\d", cell) else cell
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CellError(
            "not-a-moment",
            sentence(
                N_('"{cell}" is not a date and time; write it as 2021-03-01 09:00, in the season\'s time zone'),
                cell=cell[:40],
            ),
        ) from error


def end_moment(cell: str) -> datetime:
    """The moment something ends, not itself included: a date alone means that whole day still belongs."""
    read = moment(cell)
    return read + timedelta(days=1) if len(cell) <= 10 else read


def first_moment(cell: str) -> datetime:
    """A date, as its first moment."""
    return datetime.combine(day(cell), time())


def in_zone(cells: Mapping[str, Any], zone: ZoneInfo) -> Mapping[str, Any]:
    """Return `cells`, those moments that were written without a zone in `zone`, the season's (R1)."""
    return {
        column: value.replace(tzinfo=zone) if isinstance(value, datetime) and value.tzinfo is None else value
        for column, value in cells.items()
    }


def listed(each: Cell) -> Cell:
    """Return the reader of a list separated by ";" (also "；" and line breaks); empty items are dropped."""

    def read(cell: str) -> tuple[object, ...]:
        return tuple(each(item.strip()) for item in re.split(r"[;；\n]", cell) if item.strip())

    return read


def weekdays(cell: str) -> tuple[int, ...]:
    """ISO weekdays, "1-5" or "1;2;6": Monday is 1."""
    days: list[int] = []
    for item in re.split(r"[;；,\s]+", cell.strip()):
        span = re.fullmatch(r"([1-7])(?:-([1-7]))?", item)
        if span is None or int(span[2] or span[1]) < int(span[1]):
            raise CellError(
                "not-weekdays",
                sentence(N_('"{cell}" are not weekdays; write 1-5 or 1;2;6 (Monday is 1)'), cell=cell[:40]),
            )
        days += range(int(span[1]), int(span[2] or span[1]) + 1)
    return tuple(sorted(set(days)))


def clock_spans(cell: str) -> tuple[tuple[str, str], ...]:
    """Opening hours, "09:00-18:00" or several separated by ";"."""
    spans = []
    for item in re.split(r"[;；]", cell):
        begin, dash, end = item.strip().partition("-")
        good = dash and _is_clock(begin.strip()) and _is_clock(end.strip()) and begin.strip() < end.strip()
        if not good:
            raise CellError(
                "not-hours", sentence(N_('"{cell}" are not opening hours; write 09:00-18:00'), cell=cell[:40])
            )
        spans.append((begin.strip(), end.strip()))
    return tuple(spans)


def service(
    days: tuple[int, ...] | None, hours: tuple[tuple[str, str], ...] | None, closed: Iterable[date]
) -> ServiceHours | None:
    """Return the service hours of three cells; None when none is filled: always open."""
    closed_on = tuple(sorted(closed))
    if days is None and hours is None and not closed_on:
        return None
    return ServiceHours(days=days or (1, 2, 3, 4, 5, 6, 7), hours=hours or (("00:00", "24:00"),), closed_on=closed_on)


def _is_clock(text: str) -> bool:
    match = _CLOCK.fullmatch(text)
    return match is not None and (match[1] != "24" or match[2] == "00")
