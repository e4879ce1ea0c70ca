"""What an organisation is given on paper: the letter of acceptance, invoices, credit notes, receipts.

SPP-1  A page and a PDF have the same blocks, and each is made in either language, whatever the office reads.
SPP-2  Every page of a PDF says which edition it is of, which number and version, its place among the pages, and the
       first digits of a digest: of what was handed in, or of the bill as it was issued.
SPP-3  A bill names what came in for it with its days, and what is left to be paid; of a credit note, to be paid back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, Language
from sync_server.database.queries.editions import newest_edition
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.database.queries.money import BillRow, PaymentRow
from sync_server.exchange.enrolling import enrolment_of
from sync_server.hand_in.enrolment import Enrolment, Unit
from sync_server.money.accounts import Account
from sync_server.print.document import Block, Document, Figure, Heading, Listed, Rows, Words
from sync_server.reports.words import Say
from sync_server.season.rules import version_in_force


def acceptance_letter(db: Connection, version: VersionRow, language: Language) -> Document:
    """Return the letter that a version which was accepted has."""
    say, enrolment = _say(db, language), enrolment_of(version)
    person = enrolment.person
    decided = [say.day(version.decided_at)] if version.decided_at else []
    to = [person.get("contact_name", ""), person.get("contact_title", ""), say.text(enrolment.title)]
    number = say(N_("Number {number}, version {version}"), number=version.hand_in_id, version=version.version)
    return _framed(
        db,
        say,
        title=say(N_("Your enrolment is accepted")),
        subject=[*decided, *filter(None, to)],
        foot=f"{number} · {version.digest[:16]}",
        blocks=list(_accepted(db, say, enrolment, version.words or "")),
    )


def bill_paper(db: Connection, account: Account, bill: BillRow, language: Language) -> Document:
    """Return an invoice or a credit note; once something came in for it, it is the receipt as well (SPP-3)."""
    say = _say(db, language)
    title = f"{say.label('bill', bill.kind)} {bill.number}"
    days = [say(N_("Issued on {day}"), day=say.date(date.fromisoformat(bill.issued_on)))]
    if bill.due_on:
        days.append(say(N_("To be paid by {day}"), day=say.date(date.fromisoformat(bill.due_on))))
    return _framed(
        db,
        say,
        title=title,
        subject=[*filter(None, [say.text(account.name), account.contact.get("name", "")]), *days],
        foot=f"{title} · {bill_digest(bill)[:16]}",
        blocks=list(_billed(say, bill, [row for row in account.payments if row.bill == bill.number])),
    )


def bill_digest(bill: BillRow) -> str:
    """Return the SHA-256 of a bill as it was issued."""
    issued = [
        bill.number,
        bill.organisation,
        bill.kind,
        bill.lines,
        bill.total,
        bill.issued_on,
        bill.due_on,
        bill.words,
    ]
    return hashlib.sha256(msgspec.json.encode(issued, order="deterministic")).hexdigest()


def dollars(amount: int) -> str:
    """Return an amount of whole HK$."""
    return f"{'−' if amount < 0 else ''}HK${abs(amount):,}"


def _accepted(db: Connection, say: Say, enrolment: Enrolment, words: str) -> Iterator[Block]:
    edition = newest_edition(db)
    if edition is not None:
        yield Words(text=say(N_("We are glad to have you in the {edition}."), edition=say.text(edition.title)))
    yield Listed(title=say(N_("These units take part:")), items=[_unit(say, unit) for unit in enrolment.units])
    if words:
        yield Words(text=words)
    yield Words(
        text=say(
            N_(
                "You have accepted that results serve improvement: single visits are not used for the dismissal or "
                "discipline of anybody."
            )
        )
    )


def _unit(say: Say, unit: Unit) -> str:
    names = dict.fromkeys(filter(None, [unit["name_en"], unit["name_zh"]]))
    channels = tuple(say.label("channel", channel) for channel in unit.channels)
    return say(N_("{unit}: {channels}"), unit=" ".join(names), channels=channels)


def _billed(say: Say, bill: BillRow, paid: Sequence[PaymentRow]) -> Iterator[Block]:
    lines = [[say.text(line["what"]), dollars(line["amount"])] for line in bill.lines]
    yield Rows(
        caption=say(N_("Lines")),
        heads=[say(N_("What")), "HK$"],
        rows=[*lines, [say(N_("Together")), dollars(bill.total)]],
    )
    if bill.words:
        yield Words(text=bill.words)
    left = bill.total - sum(row.amount for row in paid)
    if paid:
        yield Heading(text=say(N_("Receipt")))
        yield Rows(
            caption=say(N_("What was paid")),
            heads=[say(N_("Paid on")), "HK$"],
            rows=[
                [
                    " · ".join(filter(None, [say.date(date.fromisoformat(row.paid_on)), row.reference])),
                    dollars(row.amount),
                ]
                for row in paid
            ],
        )
        if not left:
            yield Words(text=say(N_("Paid in full.") if bill.total >= 0 else N_("Paid back in full.")))
    if left:
        # Of an invoice it is what they owe; of a credit note, what we do.
        words = N_("Still to be paid") if left > 0 else N_("Still to be paid back to you")
        yield Figure(value=dollars(abs(left)), label=say(words))


def _say(db: Connection, language: Language) -> Say:
    return Say(language, version_in_force(db).zone)


def _framed(
    db: Connection, say: Say, *, title: str, subject: Sequence[str], foot: str, blocks: Sequence[Block]
) -> Document:
    edition = newest_edition(db)
    organiser = say.text(edition.organiser) if edition and edition.organiser else ""
    ways = " · ".join(str(way) for way in edition.contact.values()) if edition else ""
    signed = [Words(text=line) for line in (organiser, ways) if line]
    return Document(
        language=say.language,
        title=title,
        head=say.text(edition.title) if edition else say(N_("Mystery caller assessment")),
        confidential=organiser,
        subject=list(subject),
        foot=foot,
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="",
        blocks=[*blocks, *signed],
    )
