"""The measurement a tap makes, one function a kind. Pure."""

from __future__ import annotations

from datetime import datetime

from checklists.record.assessment import Measurement, Position


def stamped(
    before: Measurement | None, now: datetime, choice: str | None, position: Position | None
) -> Measurement | None:
    """Return the measurement of a tap now. A stamp stays: only its choice may change. None: nothing to do."""
    if before is None or before.at is None:
        return Measurement(at=now, choice=choice, position=position)
    if choice is None or choice == before.choice:
        return None
    return Measurement(at=before.at, original_at=before.original_at, position=before.position, choice=choice)


def moved(before: Measurement | None, at: datetime) -> Measurement:
    """Return the measurement with its moment corrected; the first one stays beside it."""
    if before is None:
        return Measurement(at=at)
    return Measurement(
        at=at, original_at=before.original_at or before.at, position=before.position, choice=before.choice
    )


def toggled(before: Measurement | None, now: datetime) -> Measurement:
    """Return the spans with the open one ended now, or a new one begun."""
    spans = before.spans if before else ()
    if spans and spans[-1][1] is None:
        return Measurement(spans=(*spans[:-1], (spans[-1][0], now)))
    return Measurement(spans=(*spans, (now, None)))
