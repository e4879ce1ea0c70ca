"""The demo's consortium: members, a challenge, a vote with a tie, one that is open, events, a finding that is out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from checklists.language import Text
from sync_server.award.desk import SeasonDesk
from sync_server.consortium.digest import figures_of
from sync_server.consortium.findings import take_copy, what_of
from sync_server.consortium.quarters import due_days
from sync_server.database.queries import consortium as queries
from sync_server.database.queries import consortium_findings as findings
from sync_server.database.queries import publications, users
from sync_server.database.queries.consortium import MemberRow, VoteRow
from sync_server.database.queries.consortium_findings import EventRow
from sync_server.demo.accounts import MEMBER
from sync_server.demo.signing import SIGNERS
from sync_server.publication import apart
from sync_server.review.outcome import By
from sync_server.season.forms import FormBook
from sync_server.season.rules import version_in_force

MEMBERS = 5
TOPICS: tuple[Text, ...] = (
    {"en": "What callers wait for", "zh-Hant": "來電者在等甚麼"},
    {"en": "Apologies that are believed", "zh-Hant": "令人信服的道歉"},
    {"en": "Older customers and menus", "zh-Hant": "長者顧客與語音選單"},
    {"en": "Handing over without repeating", "zh-Hant": "轉駁而毋須重述"},
    {"en": "Chat beside the telephone", "zh-Hant": "電話以外的即時對話"},
)
BALLOTS = ((0, 1, 2), (0, 1, 3), (0, 1, 4), (0, 2))  # by topic 4, 3, 2, 1, 1: the fourth place is tied
CHALLENGE = "Callers who wait long leave before anybody answers. What keeps them? 來電者等太久便掛線，怎樣留住他們？"
WORDS = {
    "title": TOPICS[0],
    "method": {
        "en": "Assessed contacts of the first round, by industry, as they were signed and released.",
        "zh-Hant": "採用首輪已簽署發布的評審，按行業計算。",
    },
    "words": {
        "en": "Callers wait for a person. Where the first words name the organisation and offer help, the score of the "
        "whole contact is higher.\n\nTry it in one team for a month before changing all menus.",
        "zh-Hant": "來電者等的是真人接聽。開首說出機構名稱並主動提供協助，整次評分較高。\n\n"
        "先在一組試行一個月，才更改所有選單。",
    },
}


def add_consortium(db: Connection, now: datetime) -> None:
    """Do it, where two people can approve a finding. Inside a write transaction, `now` being believed."""
    accounts = [account for account in (users.user_named(db, name) for name in SIGNERS) if account is not None]
    names = list(queries.organisation_names(db))[:MEMBERS]
    person = users.user_named(db, MEMBER)
    if len(accounts) < len(SIGNERS) or len(names) < MEMBERS or person is None:
        return
    first, second = (By(account.id, now) for account in accounts)
    starts = (now - timedelta(days=100)).date().replace(day=1)
    queries.set_term(db, starts.isoformat(), first.user_id, now)
    for name in names:
        queries.set_member(db, MemberRow(name, starts.isoformat(), None), first.user_id, now)
    queries.set_person(db, person.id, names[0], first.user_id, now)
    queries.add_challenge(db, names[0], CHALLENGE, person.id, now - timedelta(days=90))
    _vote(db, names[1:], first, now - timedelta(days=80), TOPICS)
    _vote(db, (), first, now - timedelta(days=1), TOPICS[2:])
    for kind, days, title in (
        ("luncheon", -20, {"en": "Luncheon of the members", "zh-Hant": "成員午餐會"}),
        ("site_visit", 12, {"en": "Visit to a contact centre", "zh-Hant": "參觀客戶聯絡中心"}),
    ):
        findings.add_event(db, EventRow(0, kind, title, "Central 中環", now + timedelta(days=days)), first.user_id, now)
    for event in findings.event_rows(db):
        findings.note_attendance(db, (event.id, names[0]), "coming", 2, by=person.id, now=now)
    _finding(db, first, second)


def _vote(db: Connection, members: list[str] | tuple[()], by: By, opens_at: datetime, topics: tuple[Text, ...]) -> None:
    ballot = queries.add_ballot(db, opens_at, opens_at + timedelta(days=10), by.user_id, opens_at)
    for number, title in enumerate(topics):
        queries.add_topic(db, ballot, title, None if number else 1, by=by.user_id, now=opens_at)
    ids = [topic.id for topic in queries.topic_rows(db) if topic.ballot_id == ballot]
    for member, chosen in zip(members, BALLOTS, strict=False):
        queries.set_vote(db, VoteRow(ballot, member, [ids[one] for one in chosen], opens_at), by.user_id)


def _finding(db: Connection, first: By, second: By) -> None:
    zone, starts = version_in_force(db).zone, queries.term_starts(db)[0]
    figures, organisations = figures_of(SeasonDesk.of(db, FormBook()))
    due_on = due_days(date.fromisoformat(starts))[0].isoformat()
    body = {**WORDS, "figures": figures, "organisations": sorted(organisations)}
    name = findings.add_finding(db, due_on, queries.topic_rows(db)[0].id, body, by=first.user_id, now=first.now)
    row = findings.finding_of(db, name)
    if row is None:
        raise LookupError(name)
    take_copy(db, row, "", zone, first)
    copy = publications.standing_copy(db, what_of(name))
    if copy is None:
        raise LookupError(what_of(name))
    for by in (first, second):
        apart.sign(db, copy.what, copy.digest, by)
    apart.issue(db, copy.what, first)
    findings.open_finding(db, name, first.user_id, first.now)
