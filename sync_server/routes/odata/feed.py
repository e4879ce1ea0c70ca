"""One page of a table as JSON, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from sync_server.database.engine import Database
from sync_server.database.queries.open_rows import (
    Narrowed,
    count_open,
    is_in_order_of_owners,
    is_too_much_to_sort,
    open_page,
    order_of,
    rows_of_owners,
)
from sync_server.database.queries.open_tables import OpenSet
from sync_server.exchange.odata.formats import Format
from sync_server.exchange.odata.options import Expanded, Query, next_query


class Address(NamedTuple):
    """Where the table is: the root of the service, what stands behind it, and the version that is spoken."""

    root: str
    path: str
    version: str


PAGE, BLOCK = 5_000, 1_000
EXPANDED_PAGE, EXPANDED_BLOCK = 1_000, 250  # each row brings some dozens of others along


class Feed:
    """One page: `first` begins it, `more` goes on until it returns None. Each call is a transaction of its own."""

    def __init__(
        self,
        database: Database,
        sets: Mapping[str, OpenSet],
        of: OpenSet,
        narrowed: Narrowed,
        query: Query,
        *,
        address: Address,
        written: Format,
    ) -> None:
        self._database = database
        self._sets = sets
        self._of = of
        self._narrowed = narrowed
        self._query = query
        self._root = address.root
        self._path = address.path
        self._version = address.version
        self._written = written
        self.page_size = EXPANDED_PAGE if query.expand else PAGE
        self._block = EXPANDED_BLOCK if query.expand else BLOCK
        if of.owners is not None and not is_in_order_of_owners(of, narrowed):
            self._block = self.page_size  # all answers there are must be put in order for each block: once a page
        # Values of the key and the order are needed to go on from, and to find what is expanded.
        self._order = [name for name, _ in order_of(of, narrowed)]
        self._names = list(dict.fromkeys([*query.select, *self._order]))
        self._after = query.after
        self._given = 0
        self._is_done = False

    def count(self) -> int:
        """Return how many rows there are, whatever page is asked for."""
        with self._database.reading() as db:
            return count_open(db, self._of, self._narrowed)

    def is_too_much_to_sort(self) -> bool:
        """Say whether the rows are too many to be put in the order that is asked for (ROW-4)."""
        with self._database.reading() as db:
            return is_too_much_to_sort(db, self._of, self._narrowed)

    def one(self) -> dict[str, object] | None:
        """Return the only row, or None."""
        with self._database.reading() as db:
            rows = open_page(db, self._of, self._narrowed, self._names, limit=1)
            return {"@odata.context": f"{self._context()}/$entity", **self._shown(db, rows)[0]} if rows else None

    def first(self) -> bytes:
        """Return the beginning: what is said of the whole, and the first rows."""
        head: dict[str, object] = {} if self._written.is_bare else {"@odata.context": self._context()}
        if self._query.count:
            head["@odata.count"] = str(self.count()) if self._written.counts_as_text else self.count()
        begun = msgspec.json.encode(head)[:-1] + (b"," if head else b"") + b'"value":['
        return begun + (self.more() or b"")

    def more(self) -> bytes | None:
        """Return the next rows, at the end of the page with what closes it; None once it was closed."""
        if self._is_done:
            return None
        left = self.page_size - self._given
        if self._query.top is not None:
            left = min(left, self._query.top - self._given)
        wanted = min(left, self._block)
        with self._database.reading() as db:
            rows = self._rows(db, wanted + 1)
            shown = self._shown(db, rows[:wanted])
        before = b"," if self._given and shown else b""
        self._given += len(shown)
        block = before + msgspec.json.encode(shown)[1:-1]
        if shown:
            last = dict(zip(self._names, rows[len(shown) - 1], strict=True))
            self._after = [last[name] for name in self._order]
        is_more = len(rows) > wanted
        if is_more and self._given < self.page_size and self._given != self._query.top:
            return block
        self._is_done = True
        return block + b"]" + self._onward(is_more=is_more) + b"}"

    def _rows(self, db: Any, limit: int) -> Sequence[Sequence[Any]]:
        if limit <= 1:
            return []  # $top is used up
        skip = self._query.skip if self._given == 0 and self._query.after is None else 0
        return open_page(db, self._of, self._narrowed, self._names, after=self._after, skip=skip, limit=limit)

    def _onward(self, *, is_more: bool) -> bytes:
        if not is_more or self._given == self._query.top or self._after is None:
            return b""
        address = f"{self._root}{self._path}?{next_query(self._query, self._after, self._given)}"
        return b',"@odata.nextLink":' + msgspec.json.encode(address)

    def _context(self) -> str:
        parts = list(self._query.select) if self._query.select != tuple(self._of.fields) else []
        # 4.0 names what is expanded where some of its fields are chosen, 4.01 always.
        named = [one for one in self._query.expand if one.select or self._version != "4.0"]
        parts += [f"{one.name}({','.join(one.select or ())})" for one in named]
        return f"{self._root}$metadata#{self._of.name}" + (f"({','.join(parts)})" if parts else "")

    def _shown(self, db: Any, rows: Sequence[Sequence[Any]]) -> list[dict[str, object]]:
        names = self._query.select
        shown = [dict(zip(names, row, strict=False)) for row in rows]
        for one in self._query.expand:
            inner = self._inner(db, one, [row[self._names.index(self._of.key[0])] for row in rows])
            for row, held in zip(rows, shown, strict=True):
                held[one.name] = inner.get(row[self._names.index(self._of.key[0])], [])
        return shown

    def _inner(self, db: Any, expanded: Expanded, owners: Sequence[str]) -> dict[str, list[dict[str, object]]]:
        of = self._sets[expanded.name]
        names = expanded.select or tuple(of.fields)
        grouped: dict[str, list[dict[str, object]]] = {}
        for owner, *row in rows_of_owners(db, of, self._narrowed, names, owners):
            grouped.setdefault(owner, []).append(dict(zip(names, row, strict=True)))
        return grouped
