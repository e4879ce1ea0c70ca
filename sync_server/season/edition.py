"""The current edition: the programme in one year, with its name, its organiser and its calendar of milestones (R27).

EDN-1  The edition of the latest year is the current one. Earlier ones stay as they were.
EDN-2  Each date stands in one place: rounds, the FAQ deadline and the moments of release where the award's rules have
       them, every other milestone with the edition. The calendar reads both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.language import N_, Template, Text
from sync_server.database.queries import editions as queries
from sync_server.database.queries import releases
from sync_server.season.rules import FAQ_DEADLINE, release_moments, results_moment, version_in_force

# The milestones of the season, in the order in which they begin.
MILESTONES: Mapping[str, Template] = {
    "launch": N_("Award launch"),
    "kick_off": N_("Kick-off meetings of new entrants"),
    "enrolment_closes": N_("Enrolment closes"),
    "faq_deadline": N_("FAQ due"),
    "opening_seminar": N_("Opening seminar"),
    "assessment_period": N_("Assessment period"),
    "reports": N_("Reports released"),
    "ceremony": N_("Results and award ceremony"),
}
OWN_MILESTONES = ("launch", "kick_off", "enrolment_closes", "opening_seminar", "ceremony")


class Session(NamedTuple):
    """One day, or span of days with `until` among them, of a milestone; `language` is spoken, "yue", "en" or "cmn"."""

    on: date
    until: date | None = None
    language: str = ""
    round: int | None = None

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until or self.on


class RuleDates(NamedTuple):
    """The dates of an edition that the award's rules have (EDN-2); `rounds` are number, first and last moment."""

    rounds: Sequence[tuple[int, datetime, datetime]]
    released_at: Mapping[int, datetime | None]
    faq_deadline: datetime | None
    results_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An edition with every date of its calendar, from wherever each is kept."""

    year: int
    title: Text
    organiser: Text
    contact: Mapping[str, str]
    begun_on: date
    rounds: tuple[int, ...]
    calendar: Mapping[str, Sequence[Session]]
    results_at: datetime | None


def current_title(db: Connection) -> Text:
    """Return the name of the current edition; empty where there is none."""
    row = queries.newest_edition(db)
    return row.title if row else {}


def current_edition(db: Connection) -> Edition | None:
    """Return the current edition, or None. Reads rules of any release."""
    row = queries.newest_edition(db)
    if row is None:
        return None
    version = version_in_force(db)
    deadline = version.parameters.get(FAQ_DEADLINE)
    dates = RuleDates(
        rounds=[(each.number, each.opens_at, each.closes_at) for each in releases.round_rows(db)],
        released_at=release_moments(db),
        faq_deadline=datetime.fromisoformat(deadline) if isinstance(deadline, str) else None,
        results_at=results_moment(db),
    )
    return edition_of(row, version.rounds, dates, version.zone)


def edition_of(row: queries.EditionRow, rounds: tuple[int, ...], dates: RuleDates, zone: ZoneInfo) -> Edition:
    """Return an edition of these dates; `rounds` are those it is to have."""
    calendar: dict[str, Sequence[Session]] = {
        name: [_session(each) for each in row.milestones.get(name, ())] for name in OWN_MILESTONES
    }
    calendar |= _calendar_of(dates, zone)
    return Edition(
        year=row.year,
        title=row.title,
        organiser=row.organiser or {},
        contact=row.contact,
        begun_on=row.created_at.astimezone(zone).date(),
        rounds=rounds,
        calendar={name: calendar[name] for name in MILESTONES},
        results_at=dates.results_at,
    )


def _session(kept: Mapping[str, str | None]) -> Session:
    until = kept.get("until")
    return Session(
        date.fromisoformat(str(kept["on"])), date.fromisoformat(until) if until else None, kept.get("language") or ""
    )


def _calendar_of(dates: RuleDates, zone: ZoneInfo) -> Mapping[str, Sequence[Session]]:
    return {
        "faq_deadline": [Session(_day(dates.faq_deadline, zone))] if dates.faq_deadline else [],
        "assessment_period": [
            Session(_day(opens_at, zone), _day(closes_at - timedelta(microseconds=1), zone), round=number)
            for number, opens_at, closes_at in sorted(dates.rounds)
        ],
        "reports": [Session(_day(at, zone), round=number) for number, at in sorted(dates.released_at.items()) if at],
    }


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
