"""What the consortium's pages print: its quarters with their findings, votes, members and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.language import Text
from sync_server.consortium.ballots import Outcome, outcome
from sync_server.consortium.findings import Standing, standing_of
from sync_server.consortium.members import members_on
from sync_server.consortium.quarters import due_days
from sync_server.database.queries import consortium as queries
from sync_server.database.queries import consortium_findings as findings
from sync_server.database.queries.consortium import BallotRow, ChallengeRow, MemberRow, TopicRow
from sync_server.database.queries.consortium_findings import AttendanceRow, EventRow


class Quarter(NamedTuple):
    """A quarter with its findings; one that is past and has none out is behind."""

    due_on: date
    findings: Sequence[Standing]
    is_behind: bool


class Vote(NamedTuple):
    """A vote. `outcome` None: it is not over, and nobody sees votes yet (CSM-9)."""

    ballot: BallotRow
    topics: Sequence[TopicRow]
    cast: Mapping[str, Sequence[int]]
    outcome: Outcome | None
    is_open: bool

    @property
    def is_to_come(self) -> bool:
        """Whether topics can still be put on it."""
        return self.outcome is None and not self.is_open


class Event(NamedTuple):
    """An event and who comes to it, by organisation."""

    row: EventRow
    attendance: Mapping[str, AttendanceRow]
    is_past: bool


class Board(NamedTuple):
    """Everything of the consortium, as the office sees it."""

    starts_on: date | None
    quarters: Sequence[Quarter]
    members: Sequence[MemberRow]
    members_today: Sequence[str]
    names: Mapping[str, Text]
    people: Sequence[tuple[str, str, str | None]]
    challenges: Sequence[ChallengeRow]
    votes: Sequence[Vote]
    events: Sequence[Event]

    def topic(self, topic_id: int | None) -> TopicRow | None:
        """Return a topic, or None."""
        return next((one for vote in self.votes for one in vote.topics if one.id == topic_id), None)


def board_of(db: Connection, zone: ZoneInfo, now: datetime) -> Board:
    """Return everything of the consortium."""
    today, starts, members = now.astimezone(zone).date(), queries.term_starts(db), queries.member_rows(db)
    standings = [standing_of(db, row, zone, now) for row in findings.finding_rows(db)]
    starts_on = date.fromisoformat(starts[0]) if starts else None
    quarters = []
    for due_on in due_days(starts_on) if starts_on is not None else ():
        own = [one for one in standings if one.row.due_on == due_on.isoformat()]
        quarters.append(Quarter(due_on, own, today > due_on and not any(one.out for one in own)))
    noted = findings.attendance_rows(db)
    return Board(
        starts_on,
        quarters,
        members,
        members_on(members, today),
        queries.organisation_names(db),
        queries.people_of_members(db),
        queries.challenge_rows(db),
        votes_of(db, now),
        [
            Event(row, {one.organisation: one for one in noted if one.event_id == row.id}, row.starts_at <= now)
            for row in findings.event_rows(db)
        ],
    )


def votes_of(db: Connection, now: datetime) -> Sequence[Vote]:
    """Return every vote, the newest first; what it came to once it is over."""
    topics, votes = queries.topic_rows(db), []
    for ballot in queries.ballot_rows(db):
        own = [topic for topic in topics if topic.ballot_id == ballot.id]
        cast = {row.organisation: row.topics for row in queries.vote_rows(db, ballot.id)}
        is_over = now >= ballot.closes_at
        result = outcome(cast.values(), [topic.id for topic in own]) if is_over else None
        votes.append(Vote(ballot, own, cast, result, ballot.opens_at <= now and not is_over))
    return votes
