"""When a branch serves: its own hours, or its entry's where it filed none.

BRH-1  A day on which either of the two is closed is one on which nobody is served there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from checklists.record.assignment import ServiceHours


def hours_at(entry: Mapping[str, Any] | None, branch: Mapping[str, Any] | None) -> ServiceHours | None:
    """Return the hours of a branch from what was filed, as kept, for its entry and for itself; None: always open."""
    filed = entry
    if branch is not None:
        filed = {**branch, "closed_on": sorted({*_closed(branch), *_closed(entry)})}
    return None if filed is None else msgspec.convert(filed, ServiceHours)


def _closed(filed: Mapping[str, Any] | None) -> tuple[str, ...]:
    return () if filed is None else tuple(filed.get("closed_on", ()))
