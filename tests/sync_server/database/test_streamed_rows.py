"""DB-5: rows read one by one are let go with the block they were read in, wherever their reader stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import pytest

from sync_server.database.engine import STREAMS, Database
from sync_server.database.queries.audit_log import AuditRow, append_audit, whole_audit
from tests.builders import NOON

ROWS = 1_500  # more than come at once


class StoppedError(Exception):
    """The reader's own."""


def take_some(rows: Iterator[Any]) -> None:
    assert len(list(islice(rows, 3))) == 3


def break_off(rows: Iterator[Any]) -> None:
    for _ in rows:
        break


def raise_amid(rows: Iterator[Any]) -> None:
    for _ in rows:
        raise StoppedError


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as db:
        append_audit(db, [AuditRow(NOON, "system", "", "tested", "row", str(n)) for n in range(ROWS)])
    return database


@pytest.mark.parametrize("stop", [take_some, break_off, next, raise_amid], ids=lambda stop: stop.__name__)
@pytest.mark.parametrize("block", ["reading", "transaction"])
def test_rows_left_unread_are_let_go_with_their_block(filled: Database, block: str, stop: Callable[..., object]):
    """DB-5"""
    opened: list[Any] = []
    with suppress(StoppedError), getattr(filled, block)() as db:
        rows = whole_audit(db)
        opened = db.info.setdefault(STREAMS, [])
        stop(rows)
    assert [each.closed for each in opened] == [True]
    with filled.reading() as db:
        assert (STREAMS in db.info, sum(1 for _ in whole_audit(db))) == (False, ROWS)
