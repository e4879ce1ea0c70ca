"""A written message that nobody answers: from when it may be closed as that, and what it comes to.

NOA-1  It may be closed once each question that is read from the answer's time has its last share, nought: whatever
       came later, and whenever, the figures would be the same. Until then it is waited for.
NOA-2  The stamp says that nothing had come by then. An answer that comes after all is stamped in its place.
NOA-3  A chat is not meant: it has its tries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checklists.forms.form import Channel, Kind
from checklists.record.assessment import Measurement
from checklists.record.derived import Circumstances, Quantities, measurements_needed
from checklists.record.sheet import Item, Sheet

REPLY_RULES = frozenset({"response_seconds", "share_of_target"})
CHAT = "chat"
_NONE = Measurement()


def awaited(sheet: Sheet, measurements: Mapping[str, Measurement]) -> tuple[str, ...]:
    """Return the stamps of answers to a written message that was sent, which nobody has given yet."""
    if sheet.form.channel is not Channel.ONLINE or sheet.subchannel == CHAT:
        return ()
    pairs = [quantity.inputs for quantity in sheet.derived.values() if quantity.rule in REPLY_RULES]
    is_sent = any(measurements.get(sent, _NONE).at for sent, _ in pairs)
    return tuple(dict.fromkeys(key for _, key in pairs if is_sent and measurements.get(key, _NONE).at is None))


def closable(
    sheet: Sheet, measurements: Mapping[str, Measurement], stamp: Measurement, circumstances: Circumstances
) -> tuple[str, ...]:
    """Return what may be closed as never answered by `stamp`, made now: all that is awaited, or nothing yet (NOA-1)."""
    keys = awaited(sheet, measurements)
    closed = {**measurements, **dict.fromkeys(keys, stamp)}
    return () if any(too_early(sheet, closed, circumstances)) else keys


def too_early(
    sheet: Sheet, measurements: Mapping[str, Measurement], circumstances: Circumstances
) -> Sequence[tuple[str, Item]]:
    """Return each stamp that says "never" before the figures are certain, and a question that is not certain by it."""
    never = {key for key, measurement in measurements.items() if measurement.never}
    if not never:
        return ()
    quantities = Quantities(sheet, measurements, circumstances=circumstances)
    found = []
    for item in sheet.all_items.values():
        source = item.question.source or ""
        needed = never.intersection(measurements_needed(sheet.derived.get(source), source))
        if needed and item.is_measured and item.question.kind is Kind.BANDS and not _is_last(item, quantities, source):
            found.append((min(needed), item))
    return tuple(found)


def _is_last(item: Item, quantities: Quantities, source: str) -> bool:
    number, limits = quantities.number(source), [band.limit for band in item.bands if band.limit is not None]
    return number is not None and item.bands[-1].share == 0 and (not limits or number > max(limits))
