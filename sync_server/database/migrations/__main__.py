"""`python -m sync_server.database.migrations "why"`: draft the next revision from what `tables` says now."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sync_server.database.engine import Database
from sync_server.database.migrations import draft, upgrade


def main() -> None:
    """Migrate a scratch database, compare it with `tables`, write the difference as a revision."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'scratch.sqlite3'}")
        upgrade(database)
        draft(database, sys.argv[1])
        database.close()


if __name__ == "__main__":
    main()
