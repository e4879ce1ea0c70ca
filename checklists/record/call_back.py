"""The call-back: who left a message on a voicemail may be called back, and that is a connection.

R-CB-1  A call-back within four hours of the entrant's service after a voicemail turns that try into no failure.
R-CB-2  One that comes later connects like any other call; the voicemail stays the failure it was.

The phone shows until when it waits; phone and server judge the log by it alike. It reads no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from checklists.record.assessment import Attempt, Outcome
from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import served_by, service_seconds

WITHIN_SERVICE_S = 4 * 3600


def called_back(attempts: Sequence[Attempt], service: ServiceHours | None, tz: tzinfo) -> frozenset[int]:
    """Return the places of the voicemails in the log, oldest first, that a call-back answered in time."""
    answered = set()
    for place, attempt in enumerate(attempts):
        if not attempt.call_back or attempt.taken_back_at is not None:
            continue
        for earlier in range(place):
            voicemail = attempts[earlier]
            waited_s = service_seconds(service, voicemail.trusted_at, attempt.trusted_at, tz)
            if _is_voicemail(voicemail) and waited_s <= WITHIN_SERVICE_S:
                answered.add(earlier)
    return frozenset(answered)


def awaited_until(attempts: Sequence[Attempt], service: ServiceHours | None, tz: tzinfo) -> datetime | None:
    """Return until when a call-back would still undo the latest voicemail; None: no message waits, or hours unknown."""
    voicemail = next((attempt for attempt in reversed(attempts) if _is_voicemail(attempt)), None)
    if voicemail is None:
        return None
    return served_by(service, voicemail.trusted_at, WITHIN_SERVICE_S, tz)


def _is_voicemail(attempt: Attempt) -> bool:
    return attempt.outcome is Outcome.VOICEMAIL and attempt.taken_back_at is None
