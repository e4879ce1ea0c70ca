"""What the demo's office has on its desk: an enrolment it sent back, FAQs that wait for it, bills that are paid or not.

OFC-1  Every organisation was billed before the season; all but two have paid, one of those in part: both are overdue.
OFC-2  One enrolment was sent back before enrolment closed; one entrant asks for another answer to a FAQ today.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from checklists.language import Text
from sync_server.database.queries import season, users
from sync_server.database.queries.money import PaymentRow
from sync_server.demo.accounts import COORDINATOR
from sync_server.demo.calendar import ZONE, Calendar
from sync_server.exchange.faq_desk import hand_in_faqs
from sync_server.hand_in.enrolment import read_enrolment
from sync_server.hand_in.faq import Faq, FaqList
from sync_server.hand_in.versions import VISITOR, Judgement, begun, hand_in, judge
from sync_server.money.accounts import accounts, issue, note_payment
from sync_server.people.secret import secret_hash

IN_PART, NOT_AT_ALL = "kapok", "paper-crane"
ENTRANT, CHANGED = "cloud-ladder-travel", "cancellation"
ANSWER: Text = {
    "en": "A tour is cancelled free of charge up to 21 days before it leaves; after that half of its price is kept.",
    "zh-Hant": "出發前21天可免費取消行程；其後取消須付團費一半。",
}
ENROLMENT = {
    "units": "1", "name_en": "Bamboo Grove Clinic", "name_zh": "竹林診所", "member": "no", "took_part": "no",
    "contact_name": "Wu Sze-wing 胡詩詠", "email": "award@bamboo-grove.example", "telephone": "+852 2000 2099",
    "u1-name_en": "Bamboo Grove Hotline", "u1-name_zh": "竹林診所熱線", "u1-industry": "public_utilities",
    "u1-seats": "6", "u1-phone_in": "yes", "u1-phones": "+852 2000 2098, Hotline", "eligible": "yes", "terms": "yes",
}  # fmt: skip
SENT_BACK = "Staff are to be told first: please add the notice and its day. 請先通知職員，並附上通告及日期。"


def add_office(db: Connection, calendar: Calendar, now: datetime) -> None:
    """Do it. Inside a write transaction."""
    person = users.user_named(db, COORDINATOR)
    by = COORDINATOR if person is None else person.id
    _send_bills(db, calendar, by)
    _send_an_enrolment_back(db, calendar, by)
    rows = [row for row in season.rows_of(db, "faqs") if row["entrant_id"] == ENTRANT]
    faqs = tuple(
        Faq(code=row["code"], question=row["question"], answer=ANSWER if row["code"] == CHANGED else row["answer"])
        for row in rows
    )
    channels = tuple(row["channel"] for row in season.rows_of(db, "entries") if row["entrant_id"] == ENTRANT)
    hand_in_faqs(db, ENTRANT, FaqList(channels=channels, faqs=faqs), by="entrant", now=now - timedelta(hours=20))


def _send_bills(db: Connection, calendar: Calendar, by: str) -> None:
    issued_on, due_on = calendar.start - timedelta(days=40), calendar.start - timedelta(days=10)
    paid_on = due_on - timedelta(days=3)
    for account in accounts(db):
        if not account.to_bill:
            continue
        name, at = account.organisation, datetime.combine(issued_on, datetime.min.time(), ZONE) + timedelta(hours=10)
        bill = issue(db, name, (), due_on=due_on, today=issued_on, words="", by=by, now=at)
        amount = {IN_PART: bill.total // 2, NOT_AT_ALL: 0}.get(name, bill.total)
        if amount:
            later = at + (paid_on - issued_on)
            row = PaymentRow(bill.number, paid_on.isoformat(), amount, f"FPS {7000 + bill.number}", by, later)
            note_payment(db, name, row, paid_on)


def _send_an_enrolment_back(db: Connection, calendar: Calendar, by: str) -> None:
    closes = datetime.combine(calendar.start - timedelta(days=19), datetime.min.time(), ZONE)
    handed_at = closes - timedelta(days=3)
    to = begun(db, "enrolment", "", handed_at, code_hash=secret_hash("demo-enrolment-of-a-clinic"))
    receipt = hand_in(db, to, msgspec.to_builtins(read_enrolment(ENROLMENT)), [], by=VISITOR, now=handed_at)
    words = Judgement("returned", SENT_BACK)
    judge(db, to.id, receipt.version, words, by=by, now=handed_at + timedelta(days=1))
