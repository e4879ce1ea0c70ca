"""Whether somebody has a database open whose file is about to be moved.

USE-1  A file is moved only while nobody has it open: a server that runs would go on writing to files it cannot find.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

WAIT_S = 0.2


def is_in_use(file: Path) -> bool:
    """Say whether a server, or a command, has the SQLite database `file` open. A spoilt one is in nobody's use."""
    with contextlib.closing(
        sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=WAIT_S, isolation_level=None)
    ) as db:
        try:
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return True
        except sqlite3.DatabaseError:
            return False
    return False
