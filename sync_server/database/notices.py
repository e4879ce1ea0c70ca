"""Wake-ups between processes that share a PostgreSQL database: NOTIFY in the commit, LISTEN in a thread of each.

NTC-1  A notice carries nothing; who hears it reads on from its own cursor. So a lost one is only late (EV-2).
NTC-2  The listener connects again after any failure, and wakes everybody once it has: what came between is read then.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, make_url, text

logger = logging.getLogger(__name__)

CHANNEL = "sync_changes"
AGAIN_S = 1.0
LOOK_UP_S = 0.1  # how long a stop may wait for the listener


def notify(db: Connection) -> None:
    """Have every listener woken when this transaction is committed."""
    db.execute(text(f"NOTIFY {CHANNEL}"))


class Listener:
    """A thread with a connection of its own that calls `wake` for each notice."""

    def __init__(self, url: str, wake: Callable[[], None]) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._wake = wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self, timeout_s: float) -> None:
        """Stop listening."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        # Only a server on PostgreSQL needs the driver.
        import psycopg  # noqa: PLC0415

        while not self._stopping.is_set():
            try:
                self._listen(psycopg.connect)
            except psycopg.Error as error:
                logger.warning("listening for changes was cut (%s); connecting again", type(error).__name__)
                self._stopping.wait(AGAIN_S)

    def _listen(self, connect: Callable[..., Any]) -> None:
        with connect(self._url, autocommit=True, connect_timeout=5) as db:
            db.execute(f"LISTEN {CHANNEL}")
            self._wake()
            while not self._stopping.is_set():
                for _ in db.notifies(timeout=LOOK_UP_S, stop_after=1):
                    self._wake()
