"""What an import would refuse of cells that somebody types into a form, before they are rows of any file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checklists.language import Sentence
from sync_server.exchange.csv.cells import CellError
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.records import RECORDS


def wrong_in(sheet: Sheet, cells: Mapping[str, str]) -> Iterator[tuple[str, Sentence]]:
    """Yield column and message of what cannot be read; only where every cell can, of what does not go together."""
    values, failed = {}, False
    for column in sheet.columns:
        text = cells.get(column.name, "")
        if not text:
            continue
        try:
            values[column.name] = column.value_of(text)
        except CellError as error:
            failed = True
            yield column.name, error.message
    if failed or any(column.required and column.name not in values for column in sheet.columns):
        return
    try:
        RECORDS[sheet.name](values)
    except CellError as error:
        yield error.column, error.message
