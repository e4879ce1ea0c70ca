"""What a measurement can have been at all: beyond it a date, a clock or a tap is wrong, and no figure is read from it.

LEN-1  All that is stamped of one contact - a call, a chat, a visit - lies within half a day; where recordings are
       brought up, within a week; a written reply within a quarter of a year after it was asked for.
LEN-2  A count lies between 0 and 1,000.

Far above what any contact takes: a long one is for the reviewer to judge, an impossible one is put right before it is
sent. Phone and server ask alike. It reads no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from checklists.forms.form import Channel
from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Measurement
from checklists.record.sheet import Sheet
from checklists.record.trusted_time import Moment, elapsed

CONTACT = timedelta(hours=12)
WITH_RECORDINGS = timedelta(days=7)
WRITTEN_REPLY = timedelta(days=92)
COUNT = 1_000

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class Impossible(NamedTuple):
    """What cannot have been: the keys of the measurements it is about, the one to look at last, and why."""

    keys: tuple[str, ...]
    message: Sentence


def impossible(sheet: Sheet, measurements: Mapping[str, Measurement]) -> Iterator[Impossible]:
    """Yield what of `measurements` no contact on this sheet can have come to."""
    stamps: list[tuple[str, Moment]] = []
    for key, measurement in measurements.items():
        if key not in sheet.measurements:
            continue
        if measurement.moment is not None:
            stamps.append((key, measurement.moment))
        for span in measurement.span_moments if measurement.spans else ():
            stamps.extend((key, bound) for bound in span if bound is not None)
        for count in (measurement.number, *measurement.pair) if measurement.pair else (measurement.number,):
            if count is not None and not 0 <= count <= COUNT:
                yield Impossible((key,), _no_count(sheet, key, count))
                break
    if len(stamps) > 1:
        yield from _too_long(sheet, stamps)


def longest(sheet: Sheet) -> timedelta:
    """Return within what time all that is stamped lies (LEN-1)."""
    if sheet.form.channel is Channel.ONLINE and sheet.subchannel != "chat":
        return WRITTEN_REPLY
    return WITH_RECORDINGS if sheet.needs_draw else CONTACT


def _too_long(sheet: Sheet, stamps: list[tuple[str, Moment]]) -> Iterator[Impossible]:
    times = [moment.corrected for _, moment in stamps]
    first, last = stamps[times.index(min(times))], stamps[times.index(max(times))]
    length, most = elapsed(first[1], last[1]), longest(sheet)
    if length <= most:
        return
    if most <= _DAY:
        unit = _HOUR
        template = N_(
            '"{first}" and "{last}" lie {length} h apart; at most {most} h are possible. Correct one, or take it back.'
        )
    else:
        unit = _DAY
        template = N_(
            '"{first}" and "{last}" lie {length} days apart; at most {most} are possible. Correct one, or take it back.'
        )
    labels = [sheet.measurements[key].label for key, _ in (first, last)]
    message = sentence(template, first=labels[0], last=labels[1], length=-(-length // unit), most=most // unit)
    yield Impossible((first[0], last[0]), message)


def _no_count(sheet: Sheet, key: str, count: int) -> Sentence:
    template = N_('"{mark}" is {count}; a count lies between 0 and {most}. Write it again, or take it back.')
    return sentence(template, mark=sheet.measurements[key].label, count=count, most=COUNT)
