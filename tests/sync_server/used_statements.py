"""Each database of the tests has an engine of its own, and SQLAlchemy writes each statement anew for every engine.

What it writes depends on the dialect alone, so engines of the same kind of database share one, and what was written.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache

ROOM = 4_000  # statements; an engine has room for 500, and the tests of one process make two thousand


def use_statements_again() -> None:
    """Have every engine of this process use, from its first connection on, what was written for one like it."""
    shared: dict[Hashable, tuple[Any, LRUCache[Any, Any]]] = {}

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        engine, own = connection.engine, connection.dialect
        kind = (own.name, own.driver, own.server_version_info)
        dialect, statements = shared.setdefault(kind, (own, LRUCache(ROOM)))
        if engine.dialect is not dialect or engine._compiled_cache is not statements:
            engine.dialect = connection.dialect = dialect
            engine._compiled_cache = statements  # there is no other way in
