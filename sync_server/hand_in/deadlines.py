"""By when something is to be handed in: from the edition's calendar and the rules, wherever each date is kept (EDN-2).

DLN-1  Enrolment closes at the end of the last day of its milestone, by the clock of the season's zone. Without an
       edition it is not open; without the milestone it has no end.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from checklists.days import day_words
from checklists.language import N_, SentenceError, sentence
from sync_server.hand_in.versions import ClosedError
from sync_server.season.edition import current_edition
from sync_server.season.rules import FAQ_DEADLINE, rules_in_force, version_in_force


def enrolment_deadline(db: Connection) -> datetime | None:
    """Return the moment at which enrolment closes, or None (DLN-1)."""
    edition = current_edition(db)
    sessions = edition.calendar["enrolment_closes"] if edition else ()
    last = max((session.last for session in sessions), default=None)
    if last is None:
        return None
    return datetime.combine(last + timedelta(days=1), time.min, version_in_force(db).zone)


def faq_deadline(db: Connection) -> datetime | None:
    """Return the moment up to which a FAQ is in time (R9), or None."""
    rules = rules_in_force(db)
    return rules.rules_of(rules.rules.whole("faq.round")).moment_or_none(FAQ_DEADLINE)


def check_enrolment_open(db: Connection, now: datetime) -> None:
    """Raise ClosedError where nobody can enrol at `now`."""
    problem = why_enrolment_is_closed(db, now)
    if problem is not None:
        raise problem


def why_enrolment_is_closed(db: Connection, now: datetime) -> SentenceError | None:
    """Return why nobody can enrol at `now`; None where somebody can."""
    if current_edition(db) is None:
        return ClosedError(sentence(N_("Enrolment is not open yet.")))
    deadline = enrolment_deadline(db)
    if deadline is None or now < deadline:
        return None
    day = day_words((deadline - timedelta(days=1)).date())
    return ClosedError(sentence(N_("Enrolment closed at the end of {day}. Write to the organiser."), day=day))
