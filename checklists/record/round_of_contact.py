"""In which round a contact belongs, by its date (R8). The round of its assignment is checked against it.

R-RDC-1  A call and a chat begin with their first try, a message when it was sent, a visit with the arrival, a check of
         recordings when they were asked for; what has none of these began with its record.
R-RDC-2  A round takes in its first moment and not its last. What began before the cut may be finished after it: the
         round is that of the beginning.
R-RDC-3  A site visit is of no round of the award: it is never misplaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from checklists.days import day_words
from checklists.forms.form import Channel
from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Assessment, Attempt, Contact

Span = tuple[datetime, datetime]  # opens, closes: exclusive

_BEGUN_BY: Mapping[Channel, Sequence[str]] = {
    Channel.PHONE_IN: (),
    Channel.ONLINE: ("t_sent",),
    Channel.ONSITE: ("t_arrive", "t_asked"),
    Channel.FACE_TO_FACE: ("t_arrive",),
    Channel.SITE_VISIT: ("t_arrive",),
}


def began_at(record: Assessment, earlier: Sequence[Attempt] = ()) -> datetime:
    """Return when the contact began; `earlier` are tries of those who held its assignment before."""
    stamps = (record.measurements.get(key) for key in _BEGUN_BY[record.channel])
    moments = [stamp.moment.corrected for stamp in stamps if stamp is not None and stamp.moment is not None]
    if record.channel in (Channel.PHONE_IN, Channel.ONLINE):
        moments += [attempt.trusted_at for attempt in (*earlier, *record.attempts)]
    return min(moments, default=record.start.corrected)


def round_at(at: datetime, rounds: Mapping[int, Span]) -> int | None:
    """Return the number of the round that `at` lies in; None outside every round."""
    return next((number for number, (opens, closes) in rounds.items() if opens <= at < closes), None)


def misplaced(
    record: Assessment, number: int, rounds: Mapping[int, Span], tz: tzinfo, earlier: Sequence[Attempt] = ()
) -> Sentence | None:
    """Say that the contact did not begin in round `number`, which it counts in; None where it did, or is void."""
    at = began_at(record, earlier)
    began_in = round_at(at, rounds)
    if record.contact is Contact.VOID or record.channel is Channel.SITE_VISIT or began_in == number:
        return None
    day = day_words(at.astimezone(tz).date())
    if began_in is None:
        return sentence(
            N_("The contact began on {day}, outside every round; it counts in round {number}."), day=day, number=number
        )
    return sentence(
        N_("The contact began on {day}, in round {began_in}; it counts in round {number}, which it was planned for."),
        day=day,
        began_in=began_in,
        number=number,
    )
