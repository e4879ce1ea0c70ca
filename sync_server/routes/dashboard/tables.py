"""Files sent while they are made: a table as CSV, or (`?as=xlsx`) as the workbook with the same columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from litestar.response import Stream

from sync_server.exchange.table_files import CONTENT_TYPES, CSV, XLSX, Row, table_file
from sync_server.machine.memory import give_back
from sync_server.routes.dashboard.page import Asked


def kind_of(request: Asked) -> str:
    """Return which file is wanted: CSV unless the address says otherwise."""
    return XLSX if request.query_params.get("as") == XLSX else CSV


def wants_brackets(request: Asked) -> bool:
    """Say whether negatives are to stand in brackets: `?negatives=brackets`."""
    return request.query_params.get("negatives") == "brackets"


def table_stream(request: Asked, name: str, rows: Iterable[Row], *, texts: Row = ()) -> Stream:
    """Send `rows`, the first of them the heads, while they are read; they are read in threads, a block at a time."""
    kind = kind_of(request)
    return file_stream(f"{name}.{kind}", table_file(kind, rows, texts), CONTENT_TYPES[kind])


def file_stream(name: str, blocks: Iterable[bytes], content_type: str) -> Stream:
    """Send a file while it is made, in threads, a block at a time."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Stream(_given_back(blocks), media_type=content_type, headers=headers)


def _given_back(blocks: Iterable[bytes]) -> Iterator[bytes]:
    yield from blocks
    give_back()  # each block may have been made by another thread, and the C library keeps what is freed for each
