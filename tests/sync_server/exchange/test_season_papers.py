"""SPP: the letter of acceptance, invoices, credit notes and receipts as documents in either language."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, update

from checklists.language import LANGUAGES
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.hand_ins import versions_of
from sync_server.database.queries.money import PaymentRow
from sync_server.exchange.season_papers import acceptance_letter, bill_digest, bill_paper
from sync_server.hand_in.enrolment import read_enrolment
from sync_server.hand_in.versions import Judgement, begun, hand_in, judge
from sync_server.money.accounts import account_of, issue, note_payment
from sync_server.print.document import Document, Figure, Listed, Rows, Words
from sync_server.print.typeset import pdf_of
from tests.builders import NOON, both
from tests.sync_server.enrolment_kit import TYPED, add_edition
from tests.sync_server.season_kit import add_season

OWNER, TODAY, DUE = "harbour-ferry", date(2021, 2, 11), date(2021, 3, 11)


@pytest.fixture
def season(database: Database) -> Database:
    """An edition, and an organisation whose entries have a price."""
    with database.transaction() as db:
        add_season(db)
        add_edition(db)
        db.execute(
            update(tables.editions).values(organiser=both("The association", "協會"), contact={"email": "a@b.hk"})
        )
        values = {"id": OWNER, "name": both("Harbour Ferry", "港灣渡輪"), "created_at": NOON}
        db.execute(insert(tables.organisations).values(**values, contact={"name": "Chan"}, is_member=True))
    return database


def words_of(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Words)]


def test_spp_3_a_bill_is_an_invoice_then_a_receipt_and_its_credit_note_says_what_is_paid_back(season) -> None:
    with season.transaction() as db:
        bill = issue(db, OWNER, (), due_on=DUE, today=TODAY, words="Thank you.", by="me", now=NOON)
        invoice = bill_paper(db, account_of(db, OWNER), bill, "en")
        note_payment(db, OWNER, PaymentRow(bill.number, TODAY.isoformat(), bill.total, "FPS 1", "me", NOON), TODAY)
        receipt = bill_paper(db, account_of(db, OWNER), bill, "zh-Hant")
        db.execute(update(tables.entries).where(tables.entries.c.channel == "onsite").values(withdrawn=True))
        credit = issue(db, OWNER, (), due_on=None, today=TODAY, words="", by="me", now=NOON)
        owed_back = bill_paper(db, account_of(db, OWNER), credit, "en")
    assert list(invoice.subject) == ["Harbour Ferry", "Chan", "Issued on 11 Feb 2021", "To be paid by 11 Mar 2021"]
    assert [block for block in invoice.blocks if isinstance(block, Figure)] == [
        Figure(value="HK$59,600", label="Still to be paid")
    ]
    assert words_of(invoice) == ["Thank you.", "The association", "a@b.hk"]
    assert (invoice.head, invoice.foot) == ("Award 2021", f"Invoice 1 · {bill_digest(bill)[:16]}"), "SPP-2"
    rows = [block.rows for block in receipt.blocks if isinstance(block, Rows)]
    assert rows[1] == [["2021年2月11日 · FPS 1", "HK$59,600"]]
    assert "已全數付清。" in words_of(receipt)
    assert [block for block in owed_back.blocks if isinstance(block, Figure)] == [
        Figure(value="HK$29,800", label="Still to be paid back to you")
    ]


def test_spp_1_the_letter_of_acceptance_is_made_in_either_language_and_can_be_set(season) -> None:
    with season.transaction() as db:
        to = begun(db, "enrolment", "", NOON, code_hash="a")
        enrolment = read_enrolment(TYPED)
        units = [{"fields": dict(unit.fields), "channels": list(unit.channels)} for unit in enrolment.units]
        body = {"organisation": dict(enrolment.organisation), "person": dict(enrolment.person), "units": units}
        hand_in(db, to, body, [], by="visitor", now=NOON)
        judge(db, to.id, 1, Judgement("accepted", "See you at the seminar."), by="me", now=NOON)
        letters = {language: acceptance_letter(db, versions_of(db, to.id)[0], language) for language in LANGUAGES}
    (units_taken,) = [block for block in letters["en"].blocks if isinstance(block, Listed)]
    assert list(units_taken.items) == ["Peak Hotline: Phone-in, Face-to-face"]
    assert letters["zh-Hant"].title == "你的報名已獲接納"
    assert "See you at the seminar." in words_of(letters["zh-Hant"])
    assert pdf_of(letters["zh-Hant"]).startswith(b"%PDF")
