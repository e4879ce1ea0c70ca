"""Whether the phone's clock was moved while a contact was made: told to the assessor and the reviewer, never a penalty.

CLK-1  Between two stamps of a record the clock and the app's own timer must agree, to a few seconds.
CLK-2  A stamp that was taken back is no stamp to compare with: the next one is compared with the one before.
CLK-3  While a reply is waited for, and between tries, the phone sleeps, and its timer with it: there a clock put back
       is noticed, and one put forward only when the server's clock, heard in between, says so.
CLK-4  A visit is finished after it is begun, what is stamped of it is stamped before, and all of it, each answer, try
       and file too, before it arrives: otherwise some clock was wrong, and nobody can say from the times which.

The timer begins with the app: across a restart nothing is compared, and only the order of the moments tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from checklists.forms.form import Channel
from checklists.record.assessment import Assessment, Attempt, Measurement
from checklists.record.trusted_time import MOVED_S, Moment, clock_moved_s

TOLERANCE = timedelta(seconds=120)  # what clocks that set themselves make
AHEAD = timedelta(days=1)  # of the server; less is told by the offset that a push is sent with
HEARD_S = 60  # less is what the network and a clock that sets itself make


def moved_stamps(record: Assessment) -> Mapping[str, int]:
    """Return the measurements before which the clock moved, with how far, in seconds: above 0 forward, below back."""
    sleeps = record.channel is Channel.ONLINE and record.subchannel != "chat"
    moved = {key: each.clock_moved_s for key, each in record.measurements.items() if each.clock_moved_s}
    moves = _moves(_stamps(record.measurements), sleeps=sleeps)
    return moved | {key: seconds for key, seconds in moves if record.measurements[key].stamped}


def moved_tries(tries: Sequence[Attempt]) -> Mapping[int, int]:
    """Return the places in a log of tries before which the clock moved, with how far."""
    stamps = [(str(place), tried.moment) for place, tried in enumerate(tries) if tried.clock and tried.stamped]
    return {int(place): seconds for place, seconds in _moves(stamps, sleeps=True)}


def has_moved(record: Assessment) -> bool:
    """Whether a reviewer should know that the clock moved."""
    return bool(moved_stamps(record) or moved_tries(record.attempts))


def is_out_of_time(record: Assessment, received_at: datetime) -> bool:
    """Whether moments of a record that arrived then cannot be right together (CLK-4)."""
    begun, ended = record.start.corrected, record.end.corrected if record.end else received_at
    latest = max([stamp for each in record.measurements.values() for stamp in _stamped(each)], default=begun)
    if max(begun, latest) > ended + TOLERANCE:
        return True
    answered = [answer.at for answer in record.answers.values()]
    tried = [attempt.moment.corrected for attempt in record.attempts]
    taken = [file.moment.corrected for file in record.evidence]
    return max(ended, latest, *answered, *tried, *taken) > received_at + AHEAD


def _stamped(measurement: Measurement) -> Sequence[datetime]:
    stamps = [] if measurement.trusted_at is None else [measurement.trusted_at]
    if measurement.spans:
        stamps += [bound.corrected for span in measurement.span_moments for bound in span if bound]
    return stamps


def _stamps(measurements: Mapping[str, Measurement]) -> list[tuple[str, Moment]]:
    stamps = []
    for key, measurement in measurements.items():
        if measurement.clock is None and measurement.original_clock is None and not measurement.span_clocks:
            continue
        first = measurement.first_moment
        if first is not None and first.clock is not None:
            stamps.append((key, first))
        for span in measurement.span_moments:
            stamps.extend((key, bound) for bound in span if bound is not None and bound.clock is not None)
    return stamps


def _moves(stamps: list[tuple[str, Moment]], *, sleeps: bool) -> Iterator[tuple[str, int]]:
    last: dict[str, Moment] = {}
    for key, moment in sorted(stamps, key=lambda stamp: stamp[1].clock.monotonic_s if stamp[1].clock else 0):
        if moment.clock is None:
            continue
        before = last.get(moment.clock.start)
        last[moment.clock.start] = moment
        moved_s = 0 if before is None else clock_moved_s(before, moment) or 0
        if sleeps and moved_s > 0 and before is not None:
            moved_s = min(moved_s, _heard_forward_s(before, moment))
        if abs(moved_s) >= MOVED_S:
            yield key, moved_s


def _heard_forward_s(before: Moment, after: Moment) -> int:
    offsets = [moment.clock.offset_s if moment.clock else None for moment in (before, after)]
    if offsets[0] is None or offsets[1] is None:
        return 0
    forward_s = offsets[0] - offsets[1]
    return forward_s if forward_s >= HEARD_S else 0
