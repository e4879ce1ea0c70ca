"""A finding from its draft to its readers: copied, approved by two, issued, read by members, then by everybody.

CSM-14  A draft is changed freely until a copy was taken; what is out is changed by a numbered correction.
CSM-15  A finding without two approvals is not issued (CPY-3), and nothing of it is shown outside the office.
CSM-16  From its issue whoever speaks for a member reads it; nobody else does until it is public (CSM-2, CSM-3). The
        office reads what is out as the members do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.days import moment_words
from checklists.language import N_, Sentence, sentence
from sync_server.consortium.members import is_member, members_on
from sync_server.consortium.quarters import exclusive_until, is_public
from sync_server.database.queries import consortium as members
from sync_server.database.queries import consortium_findings as queries
from sync_server.database.queries import publications
from sync_server.database.queries.consortium_findings import FindingRow
from sync_server.database.queries.publications import Publication
from sync_server.publication import apart
from sync_server.review.outcome import By, CannotDecideError

AUDIENCE = "members"
PARTS = ("title", "method", "words")  # each in two languages
MOST = {"title": 300, "method": 4000, "words": 12_000}


class Standing(NamedTuple):
    """A finding with the copy that stands, the one that is out, and the moments that count."""

    row: FindingRow
    copy: Publication | None
    out: Publication | None
    issued_at: datetime | None
    exclusive_until: datetime | None
    is_public: bool


def what_of(finding_id: int) -> str:
    """Return what the copies of a finding are called."""
    return f"finding-{finding_id}"


def standing_of(db: Connection, row: FindingRow, zone: ZoneInfo, now: datetime) -> Standing:
    """Return where a finding stands."""
    copies = publications.copies_of(db, what_of(row.id))
    standing = [one for one in copies if one.withdrawn_at is None]
    shown = [one for one in standing if one.published_at is not None]
    issued_at = shown[0].published_at if shown else None
    return Standing(
        row,
        standing[-1] if standing else None,
        shown[-1] if shown else None,
        issued_at,
        None if issued_at is None else exclusive_until(issued_at, zone),
        is_public(issued_at, is_marked=row.opened_at is not None, zone=zone, now=now),
    )


def why_not_read(
    db: Connection, standing: Standing, reader: tuple[str, bool] | None, zone: ZoneInfo, now: datetime
) -> Sentence | None:
    """Return why somebody may not read what is out; None: they may (CSM-16). `reader`: account, and of the office."""
    if standing.is_public or (reader is not None and reader[1]):
        return None
    if reader is not None and is_member(db, reader[0], zone, now):
        return None
    if standing.exclusive_until is not None and now < standing.exclusive_until:
        words = N_("This finding is for the members of the consortium alone until {moment}.")
        return sentence(words, moment=moment_words(standing.exclusive_until, zone, seconds=True))
    return sentence(N_("This finding is for the members of the consortium alone; it was not made public."))


def read_draft(typed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the words of a draft in both languages; a language that is left out has the other's.

    Raises:
        CannotDecideError: a part is empty, or too long.
    """
    body = {}
    for part in PARTS:
        en, zh = (typed.get(f"{part}_{language}", "").strip() for language in ("en", "zh"))
        if not (en or zh):
            raise CannotDecideError(sentence(N_("Write title, method and finding, in English, in Chinese or both.")))
        if max(len(en), len(zh)) > MOST[part]:
            words = N_(
                "A finding has up to {title} characters in its title, {method} in its method, {words} in all else."
            )
            raise CannotDecideError(sentence(words, **MOST))
        body[part] = {"en": en or zh, "zh-Hant": zh or en}
    return body


def take_copy(db: Connection, row: FindingRow, reason: str, zone: ZoneInfo, by: By) -> None:
    """Take the copy that two people approve. What it is about: who put the challenge, and members with figures in it.

    Raises:
        CannotDecideError: a copy waits, or a correction changes nothing or has no reason.
    """
    topics = {topic.id: topic for topic in members.topic_rows(db)}
    challenges = {one.id: one for one in members.challenge_rows(db)}
    topic = topics.get(row.topic_id) if row.topic_id is not None else None
    answered = challenges.get(topic.challenge_id) if topic is not None and topic.challenge_id is not None else None
    today = members_on(members.member_rows(db), by.now.astimezone(zone).date())
    about = {one for one in row.body.get("organisations", ()) if one in today}
    body: dict[str, Any] = {
        **{part: row.body[part] for part in PARTS},
        "finding": row.id,
        "due_on": row.due_on,
        "topic": None if topic is None else dict(topic.title),
        "figures": row.body.get("figures", []),
        apart.ABOUT: sorted(about | ({answered.organisation} if answered is not None else set())),
    }
    apart.take(db, what_of(row.id), body, audience=AUDIENCE, reason=reason, by=by)


def change(db: Connection, row: FindingRow, body: Mapping[str, Any], by: By) -> None:
    """Keep another draft (CSM-14).

    Raises:
        CannotDecideError: a copy of it waits for its approvals.
    """
    copy = publications.standing_copy(db, what_of(row.id))
    if copy is not None and copy.published_at is None:
        raise CannotDecideError(sentence(N_("A copy waits to be approved: withdraw it before you change the draft.")))
    queries.change_finding(db, row.id, body, by.user_id, by.now)
