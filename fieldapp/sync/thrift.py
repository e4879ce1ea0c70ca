"""Whether files wait because the connection is paid by size, and nobody has said to send them all the same.

R-OUT-7  On such a connection records and receipts go on and files wait, unless the assessor chose to send everything or
         taps "Send now"; that holds until nothing waits any more.
"""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.ports import Store
from fieldapp.sync.outbox import Rest


class Thrift:
    """`is_metered` says what the device knows of the connection now; nothing known is not metered."""

    def __init__(self, store: Store, is_metered: Callable[[], bool]) -> None:
        self._store = store
        self._is_metered = is_metered
        self._spends = False

    def spend(self) -> None:
        """Send everything this once."""
        self._spends = True

    def files_wait(self) -> bool:
        """Whether no file is to be sent now."""
        return not self._spends and not self._store.settings().files_when_metered and self._is_metered()

    def rests(self, rest: Rest) -> None:
        """Nothing can be done now: with nothing left to try again either, what was said once holds no longer."""
        if rest.until is None:
            self._spends = False
