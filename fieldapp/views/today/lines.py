"""What a visit of the list says of itself, in one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from checklists.record.assessment import Contact, RecordStatus
from checklists.record.attempts import NextTry
from fieldapp.language import _, fill, read
from fieldapp.state import Due, VisitRow
from fieldapp.state.waiting import Wait, Waiting
from fieldapp.views import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything a tile says, in the language spoken: equal words are not drawn again."""

    entrant: str
    when: str
    what: str
    state: str
    standing: str

    @property
    def name(self) -> str:
        """All of it for a screen reader, the entrant first."""
        return "\n".join(filter(None, (self.entrant, self.when, self.what, self.state, self.standing)))


def told(row: VisitRow, now: datetime, zone: ZoneInfo | None) -> Told:
    """Return what a visit says of itself at `now`."""
    return Told(
        entrant=read(row.entrant),
        when=closes(row, now) or when(row, zone),
        what=what(row),
        state=state(row, now, zone),
        standing=_(", ").join(standing(row)),
    )


def what(row: VisitRow) -> str:
    """Return channel, scenario and branch."""
    channel = _(words.CHANNELS[row.channel])
    if row.subchannel:
        channel = _(words.SUBCHANNELS.get(row.subchannel, row.subchannel))
    scenario = read(row.scenario)
    if row.branch:
        return fill("{channel}, {scenario}, {branch}", channel=channel, scenario=scenario, branch=read(row.branch))
    return fill("{channel}, {scenario}", channel=channel, scenario=scenario)


def when(row: VisitRow, zone: ZoneInfo | None) -> str:
    """Return when it is due, or when it opens."""
    if row.due is Due.NOT_YET:
        return fill("Opens {day}", day=words.moment(row.due_from, zone))
    return fill("Due by {day}", day=words.until(row.due_until, zone))


def state(row: VisitRow, now: datetime, zone: ZoneInfo | None) -> str:
    """Return what decides when it is done: the reviewer's words, tries, what is waited for, hours; "": nothing does."""
    if row.due is Due.RETURNED:
        return _returned(row)
    if row.due is Due.FINISHED:
        return ""
    if row.waits is not None:
        return _waits(row.waits, now, zone)
    parts = [
        *(_tries(row.upcoming, now, zone, closing=row.due is Due.CLOSING) if row.upcoming else []),
        *_hours(row, now, zone),
    ]
    return _(", ").join(parts)


def closes(row: VisitRow, now: datetime) -> str:
    """Return how long its window of tries is open yet, when that is a matter of hours."""
    upcoming = row.upcoming
    if row.due is not Due.CLOSING or upcoming is None or upcoming.closes_at is None:
        return ""
    return fill("closes in {length}", length=words.left(upcoming.closes_at, now))


def _returned(row: VisitRow) -> str:
    notes = fill("Notes at questions: {count}", count=row.notes) if row.notes else ""
    quoted = fill('"{words}"', words=row.reason) if row.reason else ""
    return "\n".join(filter(None, (quoted, notes)))


def _tries(upcoming: NextTry, now: datetime, zone: ZoneInfo | None, *, closing: bool) -> list[str]:
    if upcoming.rule_met:
        return [fill("{needed} tries failed: to be closed", needed=upcoming.needed)]
    parts = [fill("Try {number} of {needed}", number=upcoming.number, needed=upcoming.needed)]
    if upcoming.closes_at is not None and not closing:
        parts.append(fill("closes in {length}", length=words.left(upcoming.closes_at, now)))
    if upcoming.counts_from is not None and upcoming.counts_from > now:
        parts.append(fill("again from {time}", time=words.clock(upcoming.counts_from, zone)))
    return parts


def _hours(row: VisitRow, now: datetime, zone: ZoneInfo | None) -> list[str]:
    if row.serves is None or row.due is Due.NOT_YET:
        return []
    opens, shuts = row.serves
    if opens <= now:
        return [fill("open until {time}", time=words.clock(shuts, zone))]
    is_today = opens.astimezone(zone).date() == now.astimezone(zone).date()
    return [fill("opens {time}", time=words.clock(opens, zone) if is_today else words.moment(opens, zone))]


def _waits(waits: Waiting, now: datetime, zone: ZoneInfo | None) -> str:
    if waits.wait is Wait.CALL_BACK and waits.until is not None:
        return fill("Message left: a call-back counts until {time}", time=words.moment(waits.until, zone))
    if waits.wait is Wait.LATE_ANSWER and waits.until is not None:
        return fill("Sent. Still to come: what was promised; answer it by {day}", day=words.until(waits.until, zone))
    since = words.moment(waits.since, zone)
    if waits.until is None:
        return fill("Sent {time}, no full answer yet", time=since)
    if waits.until <= now:
        return fill("Sent {time}, the promised answer is late", time=since)
    return fill("Sent {time}, answer promised in {length}", time=since, length=words.left(waits.until, now))


def standing(row: VisitRow) -> list[str]:
    """Return what the record is and where it is, as far as that is worth a word."""
    told: list[str] = []
    if row.is_given:
        told.append(_("Handed on"))
    elif row.withdrawn:
        told.append(_("Withdrawn"))
    if row.status is RecordStatus.DRAFT:
        # Whoever stood in a shop, or wrote, was not put through.
        if row.is_put_through and row.contact in (Contact.CONNECTED, Contact.UNREACHABLE):
            told.append(_(words.CONTACTS[row.contact]))
        if row.asked and row.answered:
            told.append(fill("{done} of {all} answered", done=row.answered, all=row.asked))
    elif row.status is not None:
        told.append(_(words.STATUSES[row.status]))
    if row.sync is not None:
        told.append(_(words.SYNCS[row.sync][0]))
    return told
