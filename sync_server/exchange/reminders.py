"""Whom to write to, and what about: one file a reminder, as mail-merge takes it, in both languages.

REM-1  A FAQ that is not handed in, an enrolment that was sent back and has not come again, a proposal that was begun
       and is not handed in, a bill that is overdue, the next date of the calendar and every milestone that is still to
       come: each names the person to write to, or leaves the address empty where none is kept.
REM-2  Nobody is written to by itself; what a file holds is as of the moment at which it is taken.
REM-3  Where there is a mail server, somebody may have the letters of a kind sent: one a reminder, on one day once.
REM-4  A deadline is named by the last day that is in time; without one, no day is named. A milestone is named with all
       of its days that are to come, each with its language or round, to whoever takes part; kick-off meetings to
       whoever does so for the first time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from checklists.days import day_words
from checklists.language import LANGUAGES, N_, Language, Sentence, Template, Text, in_language, sentence
from checklists.proposal.template import proposal_template
from checklists.record.labels import SPOKEN
from sync_server.database.queries import hand_ins, season
from sync_server.database.queries.proposals import draft_of, proposal_rows
from sync_server.exchange import spreadsheet
from sync_server.exchange.enrolling import enrolment_of
from sync_server.exchange.letters import Addressee, post_letter
from sync_server.hand_in.deadlines import enrolment_deadline, faq_deadline
from sync_server.money.accounts import accounts
from sync_server.proposals.handing import last_moment
from sync_server.season.edition import MILESTONES, Session, current_edition
from sync_server.season.rules import version_in_force

HEADINGS = ("organisation", "name", "email", "subject_en", "subject_zh", "text_en", "text_zh")


class Reminder(NamedTuple):
    """One letter: to whom, and what it says."""

    organisation: str
    name: str
    email: str
    subject: Sentence
    text: Sentence


KINDS: Mapping[str, Template] = {
    "faq": N_("FAQs not handed in"),
    "enrolment": N_("Enrolments sent back"),
    "proposal": N_("Proposals not handed in"),
    "money": N_("Bills overdue"),
    "date": N_("The next date of the calendar"),
    **MILESTONES,
}


def reminders(db: Connection, kind: str, now: datetime) -> Sequence[Reminder]:
    """Return the letters of one of KINDS."""
    return list(_MAKERS[kind](db, now))


def reminders_csv(rows: Sequence[Reminder]) -> bytes:
    """Return letters as a file for mail-merge."""
    table: list[Sequence[object]] = [HEADINGS]
    for each in rows:
        words = [said.in_language(language) for said in (each.subject, each.text) for language in LANGUAGES]
        table.append((each.organisation, each.name, each.email, *words))
    return spreadsheet.BOM + spreadsheet.lines(table)


def post_reminders(db: Connection, kind: str, now: datetime) -> int:
    """Put the letters of one of KINDS into the outbox (REM-3); return how many are new. Inside a write transaction."""
    today = now.astimezone(version_in_force(db).zone).date().isoformat()
    # Of the calendar one letter a day, whether it was sent as the next date or by its name.
    sort, what = ("milestone", "date") if kind == "date" or kind in MILESTONES else ("reminder", kind)
    new = 0
    for each in reminders(db, kind, now):
        # The words tell apart what one organisation is reminded of twice: two of its units, or two bills.
        words = hashlib.sha256(f"{each.organisation}\n{each.text}".encode()).hexdigest()[:32]
        to = Addressee(each.organisation, each.name, each.email)
        new += post_letter(db, f"{sort}/{what}/{today}/{words}", sort, to, each.subject, each.text, now)
    return new


def _faq(db: Connection, now: datetime) -> Iterator[Reminder]:
    deadline, handed = faq_deadline(db), hand_ins.first_handed(db, "faq")
    words = N_("The FAQs of {name} are due by {day}; none was handed in yet.")
    if deadline is None:
        words = N_("None of the FAQs of {name} was handed in yet.")
    elif now > deadline:
        words = N_("The FAQs of {name} were due by {day}; none was handed in. It costs points.")
    day = _last_day(deadline, db)
    contacts = _contacts(db)
    awaited = {
        row["entrant_id"] for row in season.rows_of(db, "entries") if row["faq_awaited"] and not row["withdrawn"]
    }
    for row in season.rows_of(db, "entrants"):
        if row["id"] in awaited and row["id"] not in handed:
            text = sentence(words, name=row["name"], day=day)
            yield _to(contacts, row["organisation"], sentence(N_("Your FAQs")), text)


def _enrolment(db: Connection, _now: datetime) -> Iterator[Reminder]:
    deadline = enrolment_deadline(db)
    told = N_("Your enrolment {number} was sent back: {words} Correct it with the code on your receipt by {day}.")
    if deadline is None:
        told = N_("Your enrolment {number} was sent back: {words} Correct it with the code on your receipt.")
    for row, version in hand_ins.newest_versions(db, "enrolment"):
        if version.verdict != "returned":
            continue
        enrolment = enrolment_of(version)
        text = sentence(told, number=row.id, words=version.words or "", day=_last_day(deadline, db))
        yield Reminder(
            enrolment.title["en"],
            enrolment.person.get("contact_name", ""),
            enrolment.person.get("email", ""),
            sentence(N_("Your enrolment")),
            text,
        )


def _proposal(db: Connection, now: datetime) -> Iterator[Reminder]:
    template, contacts = proposal_template(), _contacts(db)
    if now >= template.deadline:
        return
    by_name = {words: code for code, (name, _contact) in contacts.items() for words in name.values()}
    for row in proposal_rows(db):
        draft = draft_of(db, row.id)
        if draft is None or hand_ins.versions_of(db, row.id):
            continue
        named = [draft.body.get(name, "") for name in ("company_en", "company_zh")]
        text = sentence(
            N_("Your proposal {number} was begun and is not handed in. The last moment is {moment}."),
            number=row.id,
            moment=last_moment(template),
        )
        organisation = next((by_name[one] for one in named if one in by_name), next(filter(None, named), row.id))
        yield _to(contacts, organisation, sentence(N_("Your proposal")), text)


def _money(db: Connection, now: datetime) -> Iterator[Reminder]:
    today, contacts = now.astimezone(version_in_force(db).zone).date(), _contacts(db)
    for account in accounts(db):
        since = account.overdue_since(today)
        if since is not None:
            text = sentence(
                N_("HK${amount} was due by {day}. Please pay it, or tell us that you have."),
                amount=f"{account.owed:,}",
                day=day_words(since),
            )
            yield _to(contacts, account.organisation, sentence(N_("A bill is overdue")), text)


def _date(db: Connection, now: datetime) -> Iterator[Reminder]:
    coming = _coming(db, now)
    if coming:
        first = min(sessions[0].on for sessions in coming.values())
        for code, sessions in coming.items():
            if sessions[0].on == first:
                yield from _milestone(code, db, now)


def _milestone(code: str, db: Connection, now: datetime) -> Iterator[Reminder]:
    sessions = _coming(db, now).get(code)
    if not sessions:
        return
    subject, contacts = sentence(MILESTONES[code]), _contacts(db)
    days = {language: "; ".join(_named(session, language) for session in sessions) for language in LANGUAGES}
    text = sentence(N_("{what}: {day}."), what=subject, day=days)
    left_out = _took_part(db) if code == "kick_off" else frozenset()
    taking_part = {row["entrant_id"] for row in season.rows_of(db, "entries") if not row["withdrawn"]}
    entrants = [row for row in season.rows_of(db, "entrants") if row["id"] in taking_part]
    for organisation in dict.fromkeys(row["organisation"] for row in entrants):
        if organisation not in left_out:
            yield _to(contacts, organisation, subject, text)


def _coming(db: Connection, now: datetime) -> Mapping[str, Sequence[Session]]:
    """Return what of the calendar is still to come, by milestone and in order."""
    edition, today = current_edition(db), now.astimezone(version_in_force(db).zone).date()
    left = {
        code: sorted((each for each in sessions if each.on >= today), key=lambda each: each.on)
        for code, sessions in (edition.calendar.items() if edition else ())
    }
    return {code: sessions for code, sessions in left.items() if sessions}


def _named(session: Session, language: Language) -> str:
    words = in_language(day_words(session.on), language)
    if session.last != session.on:
        words = f"{words} – {in_language(day_words(session.last), language)}"
    if session.round is not None:
        words = sentence(N_("Round {number}: {day}"), number=session.round, day=words).in_language(language)
    return f"{words} ({SPOKEN[session.language].in_language(language)})" if session.language in SPOKEN else words


def _took_part(db: Connection) -> frozenset[str]:
    return frozenset(row["id"] for row in season.rows_of(db, "organisations") if row["took_part"])


_MAKERS: Mapping[str, Callable[[Connection, datetime], Iterator[Reminder]]] = {
    "faq": _faq,
    "enrolment": _enrolment,
    "proposal": _proposal,
    "money": _money,
    "date": _date,
    **{code: partial(_milestone, code) for code in MILESTONES},
}


def _contacts(db: Connection) -> Mapping[str, tuple[Text, Mapping[str, Any]]]:
    return {row["id"]: (row["name"], row["contact"]) for row in season.rows_of(db, "organisations")}


def _to(
    contacts: Mapping[str, tuple[Text, Mapping[str, Any]]], organisation: str, subject: Sentence, text: Sentence
) -> Reminder:
    name, contact = contacts.get(organisation, ({"en": organisation}, {}))
    return Reminder(name["en"], str(contact.get("name", "")), str(contact.get("email", "")), subject, text)


def _last_day(deadline: datetime | None, db: Connection) -> Text:
    """Return the last day that is in time, in words; of midnight it is the day before (REM-4)."""
    if deadline is None:
        return {"en": ""}
    return day_words((deadline - timedelta(microseconds=1)).astimezone(version_in_force(db).zone).date())
