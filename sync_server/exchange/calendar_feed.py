"""Calendars that other programs subscribe to or open: the edition's dates, and the visits of one assessor.

ICS-1  The edition's calendar has every milestone and holds nobody's data: it may be subscribed to by anybody.
ICS-2  An assessor's visits have when each is due, its entrant and round; no briefing, and no number to call. The office
       downloads them, and an assessor subscribes to them with an API token of their own (VIC-1): nobody else has them.
ICS-3  The name of an event stays when its day moves, so that a calendar moves it too; a visit says when it was last
       changed. One that is withdrawn, or is another's now, is not there any more.
ICS-4  Whole days are whole days of the season's zone, anything else is a moment in UTC: no calendar knows a zone that
       is not described to it.
ICS-5  The visits of an assessor are the same bytes until one of them changes, so that to ask again costs little. They
       are to be asked for again after REFRESH.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.forms.labels import CHANNELS
from checklists.language import N_, Language, Template, in_language, sentence
from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database.queries.assignments import Held, visits_held
from sync_server.database.queries.award_rows import BESIDE
from sync_server.season.edition import MILESTONES, current_edition
from sync_server.season.rules import version_in_force

if TYPE_CHECKING:
    from icalendar import Calendar, Event

CONTENT_TYPE = "text/calendar"
REFRESH = timedelta(hours=1)
_REFRESH_WORD = "PT1H"  # the same, for those that do not know the standard's own
_PRODUCT = "-//Assessment desk//EN"
_ROUND = N_("{name}, round {number}")


def edition_calendar(db: Connection, language: Language, now: datetime) -> bytes:
    """Return the milestones of the current edition; an empty calendar where there is none (ICS-1)."""
    edition = current_edition(db)
    calendar = _calendar(in_language(edition.title, language) if edition else "")
    for code, sessions in edition.calendar.items() if edition else ():
        for number, session in enumerate(sessions, start=1):
            event = _event(calendar)
            event.add("uid", f"{code}-{session.round or number}@edition-{edition.year if edition else 0}")
            event.add("dtstamp", now)
            event.add("summary", _named(MILESTONES[code], session.round, language))
            event.add("dtstart", session.on)
            event.add("dtend", session.last + timedelta(days=1))
    return bytes(calendar.to_ical())


def visits_calendar(db: Connection, assessor_id: str, language: Language) -> bytes:
    """Return the visits that an assessor holds and that are not withdrawn, site visits too (ICS-2, ICS-5)."""
    calendar, zone = _calendar(assessor_id), version_in_force(db).zone
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _REFRESH_WORD)
    for held in visits_held(db, assessor_id):
        _add_visit(calendar, held, language, zone)
    return bytes(calendar.to_ical())


def _add_visit(calendar: Calendar, held: Held, language: Language, zone: ZoneInfo) -> None:
    body, event = decode(held.body, Assignment), _event(calendar)
    event.add("uid", f"{body.id}@visits")
    event.add("dtstamp", held.updated_at)
    event.add("last-modified", held.updated_at)
    name = f"{in_language(body.entrant_name, language)} · {CHANNELS[body.channel].in_language(language)}"
    is_of_round = body.round != BESIDE
    words = sentence(_ROUND, name=name, number=body.round).in_language(language) if is_of_round else name
    event.add("summary", words)
    for end, at in zip(("dtstart", "dtend"), _span(body, zone), strict=True):
        event.add(end, at)
    if body.branch is not None:
        event.add("location", in_language(body.branch.name, language))


def _span(body: Assignment, zone: ZoneInfo) -> Sequence[date]:
    """Return when a visit is due: days where it is so from midnight to midnight, else moments in UTC (ICS-4)."""
    ends = [at.astimezone(zone) for at in (body.due_from, body.due_until)]
    if all(at.time() == time.min for at in ends):
        return [at.date() for at in ends]
    return [at.astimezone(UTC) for at in ends]


def _calendar(name: str) -> Calendar:
    from icalendar import Calendar  # noqa: PLC0415 - 3 MB, for a file that few ask for

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    return calendar


def _event(calendar: Calendar) -> Event:
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    calendar.add_component(event)
    return event


def _named(name: Template, number: int | None, language: Language) -> str:
    if number is None:
        return name.in_language(language)
    return sentence(_ROUND, name=sentence(name), number=number).in_language(language)
