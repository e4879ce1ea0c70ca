"""The measurement a tap makes, one function a kind. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from checklists.record.assessment import Measurement, Position


def stamped(
    before: Measurement | None, now: datetime, choice: str | None, position: Position | None
) -> Measurement | None:
    """Return the measurement of a tap now. A stamp stays: only its choice may change. None: nothing to do."""
    if before is None or before.at is None:
        return Measurement(at=now, choice=choice, position=position)
    if choice is None or choice == before.choice:
        return None
    return replace(before, choice=choice)


def toggled(before: Measurement | None, now: datetime) -> Measurement:
    """Return the spans with the open one ended now, or a new one begun."""
    kept = before or Measurement()
    spans = kept.spans
    if spans and spans[-1][1] is None:
        return replace(kept, spans=(*spans[:-1], (spans[-1][0], now)))
    return replace(kept, spans=(*spans, (now, None)))


def without_last_span(before: Measurement | None) -> Measurement | None:
    """Return the spans without the last one; None: none is left."""
    spans = before.spans[:-1] if before else ()
    return Measurement(spans=spans, span_clocks=before.span_clocks[: len(spans)]) if before and spans else None
