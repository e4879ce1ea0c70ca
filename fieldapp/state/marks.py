"""The marks a tap makes, one function a kind of measurement. Pure."""

from __future__ import annotations

from datetime import datetime

from checklists.record.assessment import Mark, Position


def stamped(before: Mark | None, now: datetime, choice: str | None, position: Position | None) -> Mark | None:
    """Return the mark of a tap now. A stamp already there stays: only its choice may change. None: nothing to do."""
    if before is None or before.at is None:
        return Mark(at=now, choice=choice, position=position)
    if choice is None or choice == before.choice:
        return None
    return Mark(at=before.at, original_at=before.original_at, position=before.position, choice=choice)


def moved(before: Mark | None, at: datetime) -> Mark:
    """Return the mark with its moment corrected; the first one stays beside it."""
    if before is None:
        return Mark(at=at)
    return Mark(at=at, original_at=before.original_at or before.at, position=before.position, choice=before.choice)


def toggled(before: Mark | None, now: datetime) -> Mark:
    """Return the spans with the open one ended now, or a new one begun."""
    spans = before.spans if before else ()
    if spans and spans[-1][1] is None:
        return Mark(spans=(*spans[:-1], (spans[-1][0], now)))
    return Mark(spans=(*spans, (now, None)))
