"""Who is a member, who speaks for one, and who stands apart from one.

CSM-10  A membership runs from its first day to its last, both in it; two of one organisation never share a day.
CSM-11  An account speaks for one organisation, and reads, votes and puts challenges only while that is a member.
CSM-12  Who is tied to a member decides nothing about it: no topic that answers its challenge, no finding with it in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.consortium.ballots import why_refused
from sync_server.database.queries import consortium as queries
from sync_server.database.queries.consortium import BallotRow, MemberRow, VoteRow
from sync_server.publication.apart import refusal_to_decide
from sync_server.review.outcome import By, CannotDecideError

MAX_WORDS = 2000


class NotAMemberError(SentenceError):
    """This account speaks for no member now; the message says why."""


def members_on(rows: Collection[MemberRow], day: date) -> Sequence[str]:
    """Return the organisations that are members on a day (CSM-10)."""
    on = day.isoformat()
    return sorted(
        {row.organisation for row in rows if row.from_on <= on and (row.until_on is None or on <= row.until_on)}
    )


def member_of(db: Connection, user_id: str, zone: ZoneInfo, now: datetime) -> str:
    """Return the member an account speaks for (CSM-11).

    Raises:
        NotAMemberError: it speaks for nobody, or that is no member today.
    """
    organisation = queries.organisation_of(db, user_id)
    if organisation is None:
        words = N_("Your account does not speak for a member yet. Write to the organiser.")
        raise NotAMemberError(sentence(words))
    if organisation not in members_on(queries.member_rows(db), now.astimezone(zone).date()):
        words = N_("{organisation} is no member of the consortium today. Write to the organiser.")
        raise NotAMemberError(sentence(words, organisation=organisation))
    return organisation


def is_member(db: Connection, user_id: str, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether an account speaks for somebody who is a member now."""
    return queries.organisation_of(db, user_id) in members_on(queries.member_rows(db), now.astimezone(zone).date())


def set_member(db: Connection, row: MemberRow, by: By) -> None:
    """Keep a membership, or change the end of one that begins the same day (CSM-10).

    Raises:
        CannotDecideError: there is no such organisation, it ends before it begins, or two share a day.
    """
    if row.organisation not in queries.organisation_names(db):
        words = N_("There is no organisation “{organisation}”. Add it to the season records first.")
        raise CannotDecideError(sentence(words, organisation=row.organisation))
    if row.until_on is not None and row.until_on < row.from_on:
        raise CannotDecideError(sentence(N_("The membership ends before it begins: exchange the two days.")))
    for other in queries.member_rows(db):
        if other.organisation != row.organisation or other.from_on == row.from_on:
            continue
        if other.from_on <= (row.until_on or "9999") and row.from_on <= (other.until_on or "9999"):
            words = N_("{organisation} is a member from {start} already: give that membership an end first.")
            raise CannotDecideError(sentence(words, organisation=row.organisation, start=other.from_on))
    queries.set_member(db, row, by.user_id, by.now)


def put_challenge(db: Connection, words: str, zone: ZoneInfo, by: By) -> None:
    """Keep a challenge of the member that an account speaks for.

    Raises:
        NotAMemberError; CannotDecideError: nothing is in it.
    """
    organisation = member_of(db, by.user_id, zone, by.now)
    if not words.strip():
        raise CannotDecideError(sentence(N_("Write the challenge in words.")))
    queries.add_challenge(db, organisation, words.strip()[:MAX_WORDS], by.user_id, by.now)


def put_topic(db: Connection, ballot: BallotRow, title: tuple[str, str], challenge_id: int | None, by: By) -> None:
    """Put a topic on a ballot that has not opened (CSM-12).

    Raises:
        CannotDecideError: it opened, nothing is written, or this person is tied to who put the challenge.
    """
    en, zh = (words.strip()[:300] for words in title)
    if by.now >= ballot.opens_at:
        raise CannotDecideError(sentence(N_("The vote is open: what is chosen among stays as it is.")))
    if not (en or zh):
        raise CannotDecideError(sentence(N_("Write the topic, in English, in Chinese or both.")))
    challenges = {row.id: row for row in queries.challenge_rows(db)}
    if challenge_id is not None and challenge_id not in challenges:
        raise CannotDecideError(sentence(N_("There is no such challenge.")))
    if challenge_id is not None:
        refused = refusal_to_decide(db, {challenges[challenge_id].organisation}, by)
        if refused is not None:
            raise CannotDecideError(refused)
    queries.add_topic(db, ballot.id, {"en": en or zh, "zh-Hant": zh or en}, challenge_id, by=by.user_id, now=by.now)


def cast(db: Connection, ballot_id: int, chosen: Sequence[int], zone: ZoneInfo, by: By) -> None:
    """Keep the ballot of the member that an account speaks for (CSM-6, CSM-7).

    Raises:
        NotAMemberError; CannotDecideError: it is not taken, and nothing was changed.
    """
    organisation = member_of(db, by.user_id, zone, by.now)
    ballot = next((row for row in queries.ballot_rows(db) if row.id == ballot_id), None)
    if ballot is None:
        raise CannotDecideError(sentence(N_("There is no such vote.")))
    topics = [row.id for row in queries.topic_rows(db) if row.ballot_id == ballot_id]
    refused = why_refused(ballot, chosen, topics, zone=zone, now=by.now)
    if refused is not None:
        raise CannotDecideError(refused)
    queries.set_vote(db, VoteRow(ballot_id, organisation, sorted(set(chosen)), by.now), by.user_id)
