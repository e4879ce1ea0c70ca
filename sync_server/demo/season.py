"""The demo season as the CSV files a coordinator would import: those in `files/`, dated by the calendar."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files

from checklists.forms.form import AWARD_CHANNELS
from sync_server.demo.calendar import PLANNED_ROUNDS, ROUNDS, Calendar
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.sheets import BY_FILE, CERTIFICATES
from sync_server.exchange.csv.sheets import ROUNDS as ROUNDS_SHEET

Row = Mapping[str, str]
_DATE = re.compile(r"\{(start|round2|year|ceremony)(-[0-9]+)?\}")


def season_files(calendar: Calendar) -> dict[str, bytes]:
    """Return every file of the season but its assignments, by name."""
    folder = files("sync_server.demo") / "files"
    dated = {
        name: _DATE.sub(lambda match: _day(calendar, match), (folder / name).read_text("utf-8")).encode()
        for name in sorted(BY_FILE)
        if (folder / name).is_file()
    }
    certificates = as_csv(CERTIFICATES, _certificates(calendar, rows_of(dated["assessors.csv"])))
    return {
        **dated,
        ROUNDS_SHEET.file: as_csv(ROUNDS_SHEET, _rounds(calendar)),
        CERTIFICATES.file: certificates,
    }


def rows_of(content: bytes) -> Sequence[Row]:
    """Return the rows of one of the files, by column."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def as_csv(sheet: Sheet, rows: Iterable[Row]) -> bytes:
    """Return `rows` as the file of `sheet`; a column that a row leaves out is empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [column.name for column in sheet.columns], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _rounds(calendar: Calendar) -> Iterable[Row]:
    for number in range(1, ROUNDS + 1):
        yield {
            "round": str(number),
            "opens_at": calendar.starts[number - 1].isoformat(),
            "closes_at": (calendar.starts[number] - timedelta(days=1)).isoformat(),
            "released_at": f"{calendar.released_on(number).isoformat()} 09:00",
        }


def _certificates(calendar: Calendar, assessors: Sequence[Row]) -> Iterable[Row]:
    """Everybody has certificates for the rounds that were planned; those of the last round are still to come."""
    for person in assessors:
        for number in PLANNED_ROUNDS:
            for channel in AWARD_CHANNELS:
                yield {
                    "assessor": person["assessor"],
                    "channel": channel,
                    "round": str(number),
                    "passed_on": (calendar.starts[number - 1] - timedelta(days=7)).isoformat(),
                    "note": "Three trial contacts, each within 5 points of the panel.",
                }


def _day(calendar: Calendar, match: re.Match[str]) -> str:
    shift = int(match[2] or 0)
    if match[1] == "year":
        return str(calendar.start.year + shift)
    days = {"start": calendar.start, "round2": calendar.starts[1], "ceremony": calendar.ceremony_on}
    first: date = days[match[1]]
    return (first + timedelta(days=shift)).isoformat()
