"""A visit tapped along while it happens: which stamp comes next, since when, what may come instead. Pure.

WALK-1  Stamps come in the order of the form, with the leaving last; how far a visit is follows from them alone.
WALK-2  One made early passes over those before it: they are left, or typed in afterwards, and never asked for again.
WALK-3  A position is looked for from arriving to leaving only: with either stamp, and when somebody asks in between.
WALK-4  Drawn recordings are asked for once they are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from checklists.forms.form import MeasurementItem, MeasurementKind
from checklists.record.asked import asked_measurements
from checklists.record.assessment import Measurement
from checklists.record.sheet import Sheet

Measurements = Mapping[str, Measurement]
STAMPS = frozenset({MeasurementKind.STAMP, MeasurementKind.STAMP_PLACE, MeasurementKind.STAMP_CHOICE})
COUNTS = frozenset({MeasurementKind.INTEGER, MeasurementKind.INTEGER_PAIR, MeasurementKind.CODED})
LOOK_AFTER_S = 120  # how long after leaving its position may still be looked for
ASKED = "t_asked"  # the stamp that drawn recordings are asked for
_NONE = Measurement()


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The moments of a visit in their order, with what is counted and timed beside them."""

    stamps: tuple[MeasurementItem, ...]
    counts: tuple[MeasurementItem, ...] = ()
    spans: tuple[MeasurementItem, ...] = ()

    @property
    def arriving(self) -> str:
        """The key of the first stamp."""
        return self.stamps[0].key

    @property
    def leaving(self) -> str:
        """The key of the last one."""
        return self.stamps[-1].key

    def latest(self, kept: Measurements) -> MeasurementItem | None:
        """Return the last stamp, in their order, that is there."""
        return next((item for item in reversed(self.stamps) if kept.get(item.key, _NONE).at), None)

    def ahead(self, kept: Measurements) -> tuple[MeasurementItem, ...]:
        """Return the stamps that may still come, the next one first."""
        latest = self.latest(kept)
        return self.stamps if latest is None else self.stamps[self.stamps.index(latest) + 1 :]

    def upcoming(self, kept: Measurements) -> MeasurementItem | None:
        """Return the stamp that comes next: the first one ahead that must come; None: it is over."""
        ahead = self.ahead(kept)
        return next((item for item in ahead if not item.optional), None)

    def instead(self, kept: Measurements) -> tuple[MeasurementItem, ...]:
        """Return what may come instead of it, but for the leaving."""
        if self.latest(kept) is None:
            return ()
        return tuple(i for i in self.ahead(kept) if i != self.upcoming(kept) and i.key != self.leaving)

    def passed_over(self, kept: Measurements) -> tuple[MeasurementItem, ...]:
        """Return the stamps that a later one passed over (WALK-2)."""
        ahead = self.ahead(kept)
        return tuple(item for item in self.stamps if item not in ahead and not kept.get(item.key, _NONE).at)

    def open_span(self, kept: Measurements) -> MeasurementItem | None:
        """Return what is being timed now."""
        return next(
            (item for item in self.spans if any(end is None for _, end in kept.get(item.key, _NONE).spans)), None
        )


def walk_of(sheet: Sheet) -> Walk | None:
    """Return the moments of a visit on `sheet`; None: it has none that follow one another."""
    asked = asked_measurements(sheet)
    places = [item for item in sheet.form.measurements if item.kind is MeasurementKind.STAMP_PLACE]
    if not any(item in asked for item in places):
        places = []
    stamps = [item for item in sheet.form.measurements if item.kind in STAMPS and (item in asked or item in places)]
    if len(stamps) < 2:
        return None
    if len(places) > 1:  # who comes also goes, whatever the form names between
        stamps = [*(item for item in stamps if item is not places[-1]), places[-1]]
    return Walk(
        stamps=tuple(stamps),
        counts=tuple(item for item in asked if item.kind in COUNTS),
        spans=tuple(item for item in asked if item.kind is MeasurementKind.SPANS),
    )


def since(walk: Walk, kept: Measurements) -> datetime | None:
    """Return since when (corrected) it stands as it does."""
    if (span := walk.open_span(kept)) is not None:
        return kept[span.key].span_moments[-1][0].corrected
    latest = walk.latest(kept)
    return kept[latest.key].trusted_at if latest else None


def may_look(walk: Walk, kept: Measurements, key: str, now: datetime) -> bool:
    """Whether the position of the stamp `key` may be looked for at `now` (WALK-3)."""
    stamp, left = kept.get(key, _NONE), kept.get(walk.leaving, _NONE).trusted_at
    is_placed = any(item.key == key and item.kind is MeasurementKind.STAMP_PLACE for item in walk.stamps)
    if not is_placed or stamp.at is None or stamp.position is not None:
        return False
    if left is None:
        return True
    return key == walk.leaving and (now - left).total_seconds() <= LOOK_AFTER_S
