"""The consortium's two years, members, the people who speak for them, challenges, topics and ballots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from checklists.language import Text
from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import (
    consortium_ballots,
    consortium_challenges,
    consortium_members,
    consortium_people,
    consortium_terms,
    consortium_topics,
    consortium_votes,
    organisations,
    users,
)


class MemberRow(NamedTuple):
    """A membership; days as ISO text, so that text order is their order. `until_on` None: no end is set."""

    organisation: str
    from_on: str
    until_on: str | None


class ChallengeRow(NamedTuple):
    """What a member would have looked into."""

    id: int
    organisation: str
    words: str
    put_at: datetime


class BallotRow(NamedTuple):
    """When members may vote: from a moment to before another."""

    id: int
    opens_at: datetime
    closes_at: datetime


class TopicRow(NamedTuple):
    """A research proposal on a ballot, and the challenge it answers."""

    id: int
    ballot_id: int
    title: Text
    challenge_id: int | None


class VoteRow(NamedTuple):
    """The ballot of one member."""

    ballot_id: int
    organisation: str
    topics: Sequence[int]
    cast_at: datetime


def set_term(db: Connection, starts_on: str, by: str, now: datetime) -> None:
    """Keep when two years begin. A repeat changes nothing."""
    row = {"starts_on": starts_on, "set_by": by, "set_at": now}
    db.execute(insert_or_update(db, consortium_terms, ["starts_on"], ["set_by", "set_at"]).values(**row))


def term_starts(db: Connection) -> Sequence[str]:
    """Return the first days of all terms, the newest first."""
    return list(
        db.execute(select(consortium_terms.c.starts_on).order_by(consortium_terms.c.starts_on.desc())).scalars()
    )


def set_member(db: Connection, row: MemberRow, by: str, now: datetime) -> None:
    """Keep a membership, or another end of it."""
    values = {**row._asdict(), "set_by": by, "set_at": now}
    changed = ["until_on", "set_by", "set_at"]
    db.execute(insert_or_update(db, consortium_members, ["organisation", "from_on"], changed).values(**values))


def member_rows(db: Connection) -> Sequence[MemberRow]:
    """Return every membership by organisation, the oldest first."""
    c = consortium_members.c
    statement = select(c.organisation, c.from_on, c.until_on).order_by(c.organisation, c.from_on)
    return [MemberRow(*row) for row in db.execute(statement)]


def organisation_names(db: Connection) -> Mapping[str, Text]:
    """Return the name of every organisation kept, by its code."""
    statement = select(organisations.c.id, organisations.c.name).order_by(organisations.c.id)
    return {row.id: row.name for row in db.execute(statement)}


def set_person(db: Connection, user_id: str, organisation: str | None, by: str, now: datetime) -> None:
    """Let an account speak for an organisation; None: for none any more."""
    if organisation is None:
        db.execute(delete(consortium_people).where(consortium_people.c.user_id == user_id))
        return
    row = {"user_id": user_id, "organisation": organisation, "set_by": by, "set_at": now}
    changed = ["organisation", "set_by", "set_at"]
    db.execute(insert_or_update(db, consortium_people, ["user_id"], changed).values(**row))


def organisation_of(db: Connection, user_id: str) -> str | None:
    """Return for which organisation an account speaks, or None."""
    statement = select(consortium_people.c.organisation).where(consortium_people.c.user_id == user_id)
    return db.execute(statement).scalar_one_or_none()


def people_of_members(db: Connection) -> Sequence[tuple[str, str, str | None]]:
    """Return each account of the role: id, name, and the organisation it speaks for."""
    statement = (
        select(users.c.id, users.c.name, consortium_people.c.organisation)
        .select_from(users.outerjoin(consortium_people, consortium_people.c.user_id == users.c.id))
        .where(users.c.role == "member", users.c.disabled_at.is_(None))
        .order_by(users.c.name, users.c.id)
    )
    return [(row[0], row[1], row[2]) for row in db.execute(statement)]


def add_challenge(db: Connection, organisation: str, words: str, by: str, now: datetime) -> None:
    """Append a challenge."""
    row = {"organisation": organisation, "words": words, "put_by": by, "put_at": now}
    db.execute(insert(consortium_challenges).values(**row))


def challenge_rows(db: Connection) -> Sequence[ChallengeRow]:
    """Return every challenge, the newest first."""
    columns = [consortium_challenges.c[name] for name in ChallengeRow._fields]
    return [ChallengeRow(*row) for row in db.execute(select(*columns).order_by(consortium_challenges.c.id.desc()))]


def add_ballot(db: Connection, opens_at: datetime, closes_at: datetime, by: str, now: datetime) -> int:
    """Keep a ballot and return its number."""
    row = {"opens_at": opens_at, "closes_at": closes_at, "set_by": by, "set_at": now}
    return int(db.execute(insert(consortium_ballots).values(**row).returning(consortium_ballots.c.id)).scalar_one())


def ballot_rows(db: Connection) -> Sequence[BallotRow]:
    """Return every ballot, the newest first."""
    columns = [consortium_ballots.c[name] for name in BallotRow._fields]
    return [BallotRow(*row) for row in db.execute(select(*columns).order_by(consortium_ballots.c.id.desc()))]


def add_topic(db: Connection, ballot_id: int, title: Text, challenge_id: int | None, *, by: str, now: datetime) -> None:
    """Append a topic to a ballot."""
    row = {"ballot_id": ballot_id, "title": dict(title), "challenge_id": challenge_id, "put_by": by, "put_at": now}
    db.execute(insert(consortium_topics).values(**row))


def topic_rows(db: Connection) -> Sequence[TopicRow]:
    """Return every topic in the order they were put."""
    columns = [consortium_topics.c[name] for name in TopicRow._fields]
    return [TopicRow(*row) for row in db.execute(select(*columns).order_by(consortium_topics.c.id))]


def set_vote(db: Connection, row: VoteRow, by: str) -> None:
    """Keep the ballot of a member in the place of an earlier one."""
    values = {**row._asdict(), "topics": list(row.topics), "cast_by": by}
    changed = ["topics", "cast_by", "cast_at"]
    db.execute(insert_or_update(db, consortium_votes, ["ballot_id", "organisation"], changed).values(**values))


def vote_rows(db: Connection, ballot_id: int) -> Sequence[VoteRow]:
    """Return the ballots cast in one vote."""
    columns = [consortium_votes.c[name] for name in VoteRow._fields]
    statement = select(*columns).where(consortium_votes.c.ballot_id == ballot_id)
    return [VoteRow(*row) for row in db.execute(statement.order_by(consortium_votes.c.organisation))]
