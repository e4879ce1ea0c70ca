"""What a cell of weekdays or of opening hours may hold, read as `cells` are.

CEL-4  Hours may run past midnight, 22:00-02:00, as the rules about them know (R-SVC-2). An end later than LATEST_NIGHT
       is more likely a span typed backwards: who means it writes 18:00-24:00;00:00-09:00.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from checklists.language import N_, sentence
from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import minute_of_day
from sync_server.exchange.csv.cells import CellError
from sync_server.exchange.csv.excel import is_like_a_date

LATEST_NIGHT = "06:00"

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


def weekdays(cell: str) -> tuple[int, ...]:
    """ISO weekdays, "1-5" or "1;2;6": Monday is 1."""
    days: list[int] = []
    for item in re.split(r"[;；,、\s]+", cell.strip(" ;；,、")):
        span = re.fullmatch(r"([1-7])(?:[-–~～至]([1-7]))?", item)
        if span is None or int(span[2] or span[1]) < int(span[1]):
            words = (
                N_('"{cell}" is a date, made by the spreadsheet; format the column as text, then write 1-5 again')
                if is_like_a_date(cell)
                else N_('"{cell}" are not weekdays; write 1-5 or 1;2;6 (Monday is 1)')
            )
            raise CellError("not-weekdays", sentence(words, cell=cell[:40]))
        days += range(int(span[1]), int(span[2] or span[1]) + 1)
    return tuple(sorted(set(days)))


def clock_spans(cell: str) -> tuple[tuple[str, str], ...]:
    """Opening hours, "09:00-18:00" or several separated by ";"; "22:00-02:00" runs past midnight."""
    spans: list[tuple[str, str]] = []
    for item in re.split(r"[;；\n]", cell):
        if not item.strip():
            continue
        parts = [_clock(part) for part in re.split(r"[-–—~～至]", item)]
        begin, end = parts if len(parts) == 2 else (None, None)
        if begin is None or end is None or begin in (end, "24:00"):
            words = N_('"{cell}" are not opening hours; write 09:00-18:00, or 22:00-02:00 past midnight')
            raise CellError("not-hours", sentence(words, cell=cell[:40]))
        if LATEST_NIGHT < end < begin:
            words = N_(
                '"{cell}" end before they begin; where they run through the night, write {begin}-24:00;00:00-{end}'
            )
            raise CellError("not-hours", sentence(words, cell=cell[:40], begin=begin, end=end))
        if (begin, end) not in spans:
            spans.append((begin, end))
    if not spans:
        words = N_('"{cell}" are not opening hours; write 09:00-18:00, or 22:00-02:00 past midnight')
        raise CellError("not-hours", sentence(words, cell=cell[:40]))
    return tuple(spans)


def service(
    days: tuple[int, ...] | None, hours: tuple[tuple[str, str], ...] | None, closed: Iterable[date]
) -> ServiceHours | None:
    """Return the service hours of three cells; None when none is filled: always open."""
    closed_on = tuple(sorted(set(closed)))
    if days is None and hours is None and not closed_on:
        return None
    return ServiceHours(days=days or (1, 2, 3, 4, 5, 6, 7), hours=hours or (("00:00", "24:00"),), closed_on=closed_on)


def _clock(text: str) -> str | None:
    """Return "09:00" for 9:00 as well, as a spreadsheet shortens it."""
    match = _CLOCK.fullmatch(text.strip())
    clock = f"{int(match[1]):02d}:{match[2]}" if match else ""
    return clock if minute_of_day(clock) is not None else None
