"""Quantities worked out from measurements: waits, rings, holds, response times. Exact; None where one is missing.

Each `Derived` of a form names one rule of `RULES` and the measurements it reads, in the order the rule wants them:

seconds                 from, to
seconds_from_first      from (the first of several that is stamped), to: the wait from the queue, or from dialling
talk_seconds            from, to, spans: the time between less the spans
spans_total             spans
spans_longest           spans
response_seconds        from, to: clock time for chat and social, service hours only for email and form
share_of_target         from, to: clock time over the promised or default time; 1 is exactly in time

Seconds carry the fraction the stamps have. A span without an end is not counted yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec

from checklists.forms.form import Derived, Kind, Question
from checklists.number import as_answer
from checklists.record.assessment import NOT_APPLICABLE, Answer, AnswerValue, Measurement
from checklists.record.assignment import Assignment, ServiceHours
from checklists.record.service_hours import service_seconds
from checklists.record.sheet import Sheet
from checklists.record.trusted_time import Moment, elapsed

Measurements = Mapping[str, Measurement]

# Counts that a yes/no question is read from: whether it was no more than so many; none at all is "not applicable".
WITHIN: Mapping[str, int] = MappingProxyType({"menu_levels": 3})
SERVICE_TIME_SUBCHANNELS = frozenset({"email", "form"})


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """What a quantity needs besides measurements: when the entrant serves, in which zone, the reply time promised.

    `tz` is the ruleset's. None: no rules have arrived, and nothing can be measured in service hours yet.
    """

    service: ServiceHours | None = None
    tz: str | None = None
    reply_target_s: int | None = None


def circumstances(assignment: Assignment, tz: str | None) -> Circumstances:
    """Return what `assignment` says of them, in the zone of the rules."""
    return Circumstances(service=assignment.service, tz=tz, reply_target_s=assignment.reply_target_s)


class Quantities:
    """The numbers that the measurements of one record give, each worked out when it is first asked for."""

    def __init__(self, sheet: Sheet, measurements: Measurements, *, circumstances: Circumstances) -> None:
        self.measurements = measurements
        self.subchannel = sheet.subchannel
        self.default_reply_s = sheet.form.default_reply_s
        self.circumstances = circumstances
        self._derived = sheet.derived
        self._numbers: dict[str, Fraction | None] = {}

    def number(self, key: str) -> Fraction | None:
        """Return a count as it stands, or a derived quantity of the sheet; None where a measurement is missing."""
        if key not in self._numbers:
            quantity = self._derived.get(key)
            self._numbers[key] = RULES[quantity.rule](self, quantity.inputs) if quantity else self._count(key)
        return self._numbers[key]

    def moment(self, key: str) -> Moment | None:
        """Return when the measurement `key` was stamped."""
        measurement = self.measurements.get(key)
        return measurement.moment if measurement else None

    def between(self, start_key: str, end_key: str) -> timedelta | None:
        """Return the time between two stamps; None where one is missing or they stand the wrong way round."""
        start, end = self.moment(start_key), self.moment(end_key)
        if start is None or end is None:
            return None
        length = elapsed(start, end)
        return None if length < timedelta() else length

    def spans(self, key: str) -> tuple[timedelta, ...] | None:
        """Return how long each span took that has an end; None where one ends before it begins."""
        measurement = self.measurements.get(key)
        if measurement is None:
            return None
        lengths = tuple(elapsed(start, end) for start, end in measurement.span_moments if end is not None)
        return None if any(length < timedelta() for length in lengths) else lengths

    def _count(self, key: str) -> Fraction | None:
        measurement = self.measurements.get(key)
        return None if measurement is None or measurement.number is None else Fraction(measurement.number)


def values(sheet: Sheet, measurements: Measurements, *, circumstances: Circumstances) -> Mapping[str, Fraction | None]:
    """Return every number the measurements give by key: counts as they are, and the sheet's derived quantities."""
    quantities = Quantities(sheet, measurements, circumstances=circumstances)
    counts = [key for key, measurement in measurements.items() if measurement.number is not None]
    return {key: quantities.number(key) for key in (*counts, *sheet.derived)}


def measured_answers(
    sheet: Sheet,
    measurements: Measurements,
    answers: Mapping[str, Answer],
    *,
    at: datetime,
    circumstances: Circumstances,
) -> Mapping[str, Answer]:
    """Return `answers` with every question brought up to date that measurements can answer. "na" of bands stays."""
    quantities = Quantities(sheet, measurements, circumstances=circumstances)
    changed = dict(answers)
    for key, item in sheet.all_items.items():
        held = answers.get(key)
        if item.is_measured and item.question.kind is Kind.YES_NO and item.question.source in WITHIN:
            said = _within(item.question, measurements)
            if said is not None and (held is None or held.value != said):
                changed[key] = Answer(value=said, at=at)
            continue
        if not item.is_measured or item.question.kind is not Kind.BANDS or (held and held.value == NOT_APPLICABLE):
            continue
        number = quantities.number(item.question.source or "")
        value = None if number is None else as_answer(number)
        if value is None:
            changed.pop(key, None)
        elif held is None or held.value != value:
            changed[key] = Answer(value=value, at=at)
    return changed


def _within(question: Question, measurements: Measurements) -> AnswerValue | None:
    """Return what a count says to a yes/no question that is read from it; None: it was not counted, or says nothing."""
    counted = measurements.get(question.source or "")
    if counted is None or counted.number is None:
        return None
    if counted.number == 0:
        return NOT_APPLICABLE if question.not_applicable else None
    return counted.number <= WITHIN[question.source or ""]


def measurements_needed(quantity: Derived | None, source: str) -> tuple[str, ...]:
    """Return the keys of the measurements that the quantity named `source` is read from."""
    return quantity.inputs if quantity else (source,)


def _seconds(duration: timedelta | None) -> Fraction | None:
    if duration is None:
        return None
    whole = 86_400 * duration.days + duration.seconds  # most stamps are to the second: no reducing
    return Fraction(whole) + Fraction(duration.microseconds, 1_000_000) if duration.microseconds else Fraction(whole)


def _seconds_between(reading: Quantities, inputs: Sequence[str]) -> Fraction | None:
    return _seconds(reading.between(*inputs))


def _seconds_from_first(reading: Quantities, inputs: Sequence[str]) -> Fraction | None:
    *starts, end = inputs
    first = next((key for key in starts if reading.moment(key)), None)
    return _seconds(reading.between(first, end)) if first else None


def _talk_seconds(reading: Quantities, inputs: Sequence[str]) -> Fraction | None:
    whole = reading.between(inputs[0], inputs[1])
    held = sum(reading.spans(inputs[2]) or (), timedelta())
    return None if whole is None or held > whole else _seconds(whole - held)


def _spans_total(reading: Quantities, inputs: Sequence[str]) -> Fraction | None:
    spans = reading.spans(inputs[0])
    return None if spans is None else _seconds(sum(spans, timedelta()))


def _spans_longest(reading: Quantities, inputs: Sequence[str]) -> Fraction | None:
    spans = reading.spans(inputs[0])
    return _seconds(max(spans)) if spans else None


def _response_seconds(reading: Quantities, inputs: Sequence[str]) -> Fraction | None:
    start, end = reading.moment(inputs[0]), reading.moment(inputs[1])
    service, tz = reading.circumstances.service, reading.circumstances.tz
    length = reading.between(inputs[0], inputs[1])
    if start is None or end is None or length is None:
        return None
    if service is None or reading.subchannel not in SERVICE_TIME_SUBCHANNELS:
        return _seconds(length)
    return Fraction(service_seconds(service, start.corrected, end.corrected, ZoneInfo(tz))) if tz else None


def _share_of_target(reading: Quantities, inputs: Sequence[str]) -> Fraction | None:
    promised_s = reading.circumstances.reply_target_s
    target_s = promised_s or reading.default_reply_s.get(reading.subchannel or "")
    seconds = _seconds(reading.between(*inputs))
    return seconds / target_s if seconds is not None and target_s else None


RULES: Mapping[str, Callable[[Quantities, Sequence[str]], Fraction | None]] = MappingProxyType(
    {
        "seconds": _seconds_between,
        "seconds_from_first": _seconds_from_first,
        "talk_seconds": _talk_seconds,
        "spans_total": _spans_total,
        "spans_longest": _spans_longest,
        "response_seconds": _response_seconds,
        "share_of_target": _share_of_target,
    }
)
