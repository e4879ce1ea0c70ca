"""What is written to whom by mail: receipts, verdicts, reminders. Each says which edition it is of, and who to answer.

LTR-1  A letter has the edition's title in its subject, and title, organiser and contact below its words, both languages
       in one mail. It holds no code that lets anybody in, and no words of a hand-in but what the office said of it.
LTR-2  Whoever handed something in is written to at the address given there, an entrant at its organisation's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.days import moment_words
from checklists.language import LANGUAGES, N_, Language, Sentence, Template, Text, sentence
from sync_server.database.queries import hand_ins, season
from sync_server.database.queries.editions import EditionRow, newest_edition
from sync_server.database.queries.hand_ins import HandInRow, VersionRow
from sync_server.database.queries.letters import NewLetter
from sync_server.hand_in.enrolment import Enrolment
from sync_server.hand_in.faq import item_words
from sync_server.hand_in.versions import Judgement, Receipt
from sync_server.post.outbox import has_mail_server, post
from sync_server.season.rules import version_in_force

NAMES: Mapping[str, Template] = {"enrolment": N_("Your enrolment"), "faq": N_("Your FAQs")}
_RECEIVED = N_("{what} {number}, version {version}, came at {at}. Digest: {digest}")
_SAID: Mapping[str, Template] = {
    "accepted": N_("{what} {number}, version {version}: accepted. {words}"),
    "returned": N_("{what} {number}, version {version}: sent back. {words} Correct it and hand it in again."),
}


class Addressee(NamedTuple):
    """To whom a letter goes: the organisation, the person, the address."""

    about: str
    name: str
    email: str


def post_receipt(db: Connection, receipt: Receipt, now: datetime) -> None:
    """Put the receipt of a version that came into the outbox. Inside its transaction."""
    to = hand_ins.hand_in_of(db, receipt.hand_in_id) if has_mail_server(db) else None
    if to is None:
        return
    version = hand_ins.versions_of(db, to.id)[0]
    text = sentence(
        _RECEIVED,
        what=sentence(NAMES[to.kind]),
        number=to.id,
        version=receipt.version,
        at=moment_words(receipt.handed_at, version_in_force(db).zone, seconds=True),
        digest=receipt.digest,
    )
    key = f"receipt/{to.id}/{receipt.version}"
    post_letter(db, key, "receipt", _reader(db, to, version), sentence(NAMES[to.kind]), text, now)


def post_verdict(db: Connection, version: VersionRow, judgement: Judgement, now: datetime) -> None:
    """Put what the office said of a version into the outbox. Inside the transaction of the verdict."""
    to = hand_ins.hand_in_of(db, version.hand_in_id) if has_mail_server(db) else None
    if to is None:
        return
    text = sentence(
        _SAID[judgement.verdict],
        what=sentence(NAMES[to.kind]),
        number=to.id,
        version=version.version,
        words={language: _verdict_words(judgement, language) for language in LANGUAGES},
    )
    key = f"{judgement.verdict}/{to.id}/{version.version}"
    post_letter(db, key, judgement.verdict, _reader(db, to, version), sentence(NAMES[to.kind]), text, now)


def _verdict_words(judgement: Judgement, language: Language) -> str:
    """Return what was said of all of it and of each item, with the reasons as people read them."""
    said = [judgement.words.strip()]
    for name, item in judgement.items.items():
        reason, words = item_words(item)
        parts = [reason.in_language(language) if reason else "", words.strip()]
        said.append(f"{name}: {' '.join(filter(None, parts))}")
    return " ".join(filter(None, said)) or "–"


def post_letter(  # noqa: PLR0917 - what a letter is made of, in the order it is read
    db: Connection, key: str, kind: str, to: Addressee, subject: Sentence, text: Sentence, now: datetime
) -> bool:
    """Put a letter into the outbox, with the edition's title, organiser and contact (LTR-1). Inside a write."""
    edition = newest_edition(db)
    title: Text = edition.title if edition else {}
    subjects = dict.fromkeys(subject.in_language(language) for language in LANGUAGES)
    head = " / ".join(dict.fromkeys(filter(None, title.values())))
    letter = NewLetter(
        key=key,
        kind=kind,
        about=to.about,
        name=to.name,
        address=to.email.strip(),
        sender=_in(edition.organiser or {}, "en") if edition else "",
        reply_to=str(edition.contact.get("email", "")) if edition else "",
        subject=" – ".join(filter(None, (" / ".join(subjects), head))),
        body="\n\n".join(_body(edition, to, text, language) for language in LANGUAGES) + "\n",
    )
    return post(db, letter, now)


def _body(edition: EditionRow | None, to: Addressee, text: Sentence, language: Language) -> str:
    foot = [] if edition is None else [_in(edition.title, language), _in(edition.organiser or {}, language)]
    ways = [] if edition is None else [str(way) for way in edition.contact.values()]
    lines = [to.name, "", text.in_language(language), "", "-- ", *filter(None, foot), *filter(None, ways)]
    return "\n".join(lines).strip()


def _in(text: Mapping[str, str], language: str) -> str:
    return text.get(language) or next(iter(text.values()), "")


def _reader(db: Connection, to: HandInRow, version: VersionRow) -> Addressee:
    if to.kind == "enrolment":
        enrolment = msgspec.convert(version.body, Enrolment)
        person = enrolment.person
        return Addressee(enrolment.title["en"], person.get("contact_name", ""), person.get("email", ""))
    entrant = next((row for row in season.rows_of(db, "entrants") if row["id"] == to.subject), None)
    owner = entrant["organisation"] if entrant else to.subject
    row = next((row for row in season.rows_of(db, "organisations") if row["id"] == owner), None)
    contact = row["contact"] if row else {}
    name = row["name"]["en"] if row else owner
    return Addressee(name, str(contact.get("name", "")), str(contact.get("email", "")))
