"""A problem's place taken apart, so that a page says it in the reader's language: file, row, column, its meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sync_server.exchange.csv.sheets import BY_FILE

# As `reader.place` writes it: "entrants.csv: row 4: seats".
_PLACE = re.compile(r"(?P<file>[^:]+\.csv)(?:: row (?P<row>[0-9]+))?(?:: (?P<column>.+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where a problem is. `row` and `column` may be empty; `about` is what the template says of a known column."""

    file: str
    row: str = ""
    column: str = ""
    about: str = ""


def where(place: str) -> Where:
    """Return the parts of a place; one that names no CSV file stands as it is in `file`."""
    found = _PLACE.fullmatch(place)
    if found is None:
        return Where(file=place)
    sheet, column = BY_FILE.get(found["file"]), found["column"] or ""
    about = next((held.about for held in sheet.columns if held.name == column), "") if sheet else ""
    return Where(file=found["file"], row=found["row"] or "", column=column, about=about)
