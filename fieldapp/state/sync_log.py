"""What a phone did to reach its server, as a text that somebody may send on for help.

LOG-P-1  It says nothing of who, where, for whom or what was answered, and no token: times, states, codes and counts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime

from fieldapp.kept import Delivery, Device
from fieldapp.line import Line
from fieldapp.state.rows import SyncItem

MOST = 300
_NEVER = "never"


class SyncLog:
    """Remembers what changed since the app was started, the newest `MOST`."""

    def __init__(self) -> None:
        self._events: deque[str] = deque(maxlen=MOST)
        self._last = ""

    def line(self, line: Line, at: datetime) -> None:
        """It stands with the server like this now; how far a file is is left out."""
        self._note(f"line {line.state}{_trouble(line.code, line.failures)}{' files wait' * line.files_wait}", at)

    def delivery(self, delivery: Delivery, at: datetime) -> None:
        """One visit has got this far."""
        lacking = f" files missing {len(delivery.missing)}" if delivery.missing else ""
        trouble = _trouble(delivery.code, delivery.failures)
        self._note(f"visit {_short(delivery.assessment_id)} {delivery.state}{trouble}{lacking}", at)

    def _note(self, what: str, at: datetime) -> None:
        if what != self._last:
            self._last = what
            self._events.append(f"{_moment(at)} {what}")

    def text(self, *, version: str, device: Device | None, line: Line, items: Iterable[SyncItem], at: datetime) -> str:
        """Return all of it."""
        return "\n".join([*_head(version, device, line, at), *map(_item, items), "", *self._events, ""])


def _head(version: str, device: Device | None, line: Line, at: datetime) -> Iterator[str]:
    yield f"made {_moment(at)}"
    yield f"version {version}"
    yield f"enrolled {bool(device and device.is_enrolled)}"
    yield f"server clock ahead {device.clock_offset_s if device else 0} s"
    yield f"line {line.state}{_trouble(line.code, line.failures)}"
    yield f"last contact {_moment(line.last_contact_at)}, next try {_moment(line.next_try_at)}"


def _item(item: SyncItem) -> str:
    files = f"files {item.files - item.files_missing} of {item.files}"
    tried = f" next try {_moment(item.next_try_at)}" if item.next_try_at else ""
    return f"visit {_short(item.assessment_id)} {item.channel} {item.state} {files}{_trouble(item.code, 0)}{tried}"


def _trouble(code: str, failures: int) -> str:
    return (f" {code}" if code else "") + (f" failures {failures}" if failures else "")


def _short(assessment_id: str) -> str:
    return assessment_id[-6:]


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else _NEVER
