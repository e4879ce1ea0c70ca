"""What each organisation owes: the fee table on its entries as they are now, against what it was billed and has paid.

MON-1  The price of an organisation follows from its records and the fee table (R-FEE): each entry by its size group,
       joining once, certification, the application fee as a line of its own. A withdrawn entry has none.
MON-2  A bill holds what differs between that price and what was billed before, line by line: after a withdrawal it is
       below 0, a credit note, and proposes the refund. Lines written by hand come with it.
MON-3  What was issued stays; numbers have no gap. A payment is noted by a person, with its day; none is taken here.
MON-4  An organisation is chased while it owes something on a bill whose day is past.
MON-5  No more is paid back than came in, and a payment came in within PAID_BEFORE of its bill, or after it.
MON-6  What is noted for an invoice comes to what came in, for a credit note to what was paid back, up to its total:
       a slip is taken back by its opposite, and no further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from checklists.forms.form import Channel
from checklists.forms.labels import CHANNELS
from checklists.language import LANGUAGES, N_, Sentence, SentenceError, Text, sentence
from checklists.plan.fees import bill
from checklists.plan.quota import GROUPS, Size, plan_of
from sync_server.database.queries import money as queries
from sync_server.database.queries import season
from sync_server.database.queries.money import BillRow, PaymentRow
from sync_server.season.rules import rules_in_force

MANUAL = "manual"
MOST = 100_000_000  # HK$ of one line
PAID_BEFORE = timedelta(days=366)


class CannotBillError(SentenceError, ValueError):
    """Nothing was issued or noted; the message says why."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what it is about (`key`), in words, and whole HK$."""

    key: str
    what: Text
    amount: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What one organisation is quoted, was billed and has paid, and what a bill would hold now."""

    organisation: str
    name: Text
    is_member: bool
    contact: Mapping[str, str]
    quote: tuple[Line, ...]
    without_size: tuple[str, ...]
    bills: tuple[BillRow, ...]
    payments: tuple[PaymentRow, ...]

    def bill(self, number: str) -> BillRow | None:
        """The bill of this number, as an address has it."""
        return next((row for row in self.bills if str(row.number) == number), None)

    @property
    def quoted(self) -> int:
        """What its entries cost now."""
        return sum(line.amount for line in self.quote)

    @property
    def billed(self) -> int:
        """Invoices less credit notes."""
        return sum(row.total for row in self.bills)

    @property
    def paid(self) -> int:
        """What came in, less what was paid back."""
        return sum(row.amount for row in self.payments)

    @property
    def owed(self) -> int:
        """What is still to be paid; below 0: what is to be paid back."""
        return self.billed - self.paid

    @property
    def to_bill(self) -> tuple[Line, ...]:
        """What differs between the quote and what was billed, line by line (MON-2)."""
        billed: dict[str, int] = defaultdict(int)
        words: dict[str, Text] = {}
        for row in self.bills:
            for line in row.lines:
                if line["key"] != MANUAL:
                    billed[line["key"]] += line["amount"]
                    words[line["key"]] = line["what"]
        quoted = {line.key: line for line in self.quote}
        lines = [
            msgspec.structs.replace(line, amount=line.amount - billed.get(key, 0))
            for key, line in quoted.items()
            if key not in billed or line.amount != billed[key]
        ]
        gone = [Line(key=key, what=words[key], amount=-amount) for key, amount in billed.items() if key not in quoted]
        return (*lines, *(line for line in gone if line.amount))

    def overdue_since(self, today: date) -> str | None:
        """Return the earliest day that is past of a bill, while something is owed; else None (MON-4)."""
        if self.owed <= 0:
            return None
        open_days, left = [], self.paid - sum(row.total for row in self.bills if row.total < 0)
        for row in self.bills:
            if row.total > 0:
                left -= row.total
                if left < 0 and row.due_on is not None and row.due_on < today.isoformat():
                    open_days.append(row.due_on)
        return min(open_days, default=None)


def accounts(db: Connection) -> Sequence[Account]:
    """Return the account of each organisation that has entrants or was billed, by its code."""
    entrants, entries = season.entrants_of_award(db), season.rows_of(db, "entries")
    owners = {row["id"]: row for row in season.rows_of(db, "organisations")}
    by_owner: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in entrants:
        by_owner[row["organisation"]].append(row)
    billed, paid = queries.bill_rows(db), queries.payment_rows(db)
    names = dict.fromkeys(sorted({*by_owner, *owners, *(row.organisation for row in billed)}))
    rules = rules_in_force(db)
    made = []
    for name in names:
        own = by_owner.get(name, [])
        taking_part = [
            (entrant, entry)
            for entrant in own
            for entry in entries
            if entry["entrant_id"] == entrant["id"] and not entry["withdrawn"]
        ]
        owner = owners.get(name) or {"name": own[0]["name"] if own else {"en": name}, "contact": {}}
        quote, without = _quote(taking_part, owner, rules)
        bills = tuple(row for row in billed if row.organisation == name)
        numbers = {row.number for row in bills}
        made.append(
            Account(
                organisation=name,
                name=owner["name"],
                is_member=bool(owner.get("is_member")),
                contact=owner["contact"],
                quote=tuple(quote),
                without_size=tuple(without),
                bills=bills,
                payments=tuple(row for row in paid if row.bill in numbers),
            )
        )
    return made


def account_of(db: Connection, organisation: str) -> Account | None:
    """Return one account, or None."""
    return next((each for each in accounts(db) if each.organisation == organisation), None)


def issue(
    db: Connection,
    organisation: str,
    by_hand: Sequence[Line],
    *,
    due_on: date | None,
    today: date,
    words: str,
    by: str,
    now: datetime,
) -> BillRow:
    """Issue a bill of what differs and of the lines written by hand (MON-2, MON-3). Inside a write transaction.

    Raises:
        CannotBillError: there is nothing to bill, or no such organisation; or it is due before today.
    """
    account = account_of(db, organisation)
    lines = [*(account.to_bill if account else ()), *by_hand]
    total = sum(line.amount for line in lines)
    if not any(line.amount for line in lines):
        raise CannotBillError(sentence(N_("There is nothing to bill: what was billed is what it costs.")))
    if total >= 0 and (due_on is None or due_on < today):
        raise CannotBillError(sentence(N_("Give the day by which it is to be paid, today at the earliest.")))
    row = BillRow(
        number=queries.next_number(db),
        organisation=organisation,
        kind="credit" if total < 0 else "invoice",
        lines=[msgspec.to_builtins(line) for line in lines],
        total=total,
        issued_on=today.isoformat(),
        due_on=due_on.isoformat() if due_on and total >= 0 else None,
        words=words.strip(),
        issued_by=by,
        issued_at=now,
    )
    queries.add_bill(db, row)
    return row


def note_payment(db: Connection, organisation: str, payment: PaymentRow, today: date) -> None:
    """Note what came in, or below 0 what was paid back. Inside a write transaction.

    Raises:
        CannotBillError: there is no such bill of this organisation, no amount, its day is still to come or long before
            the bill, more is paid back than came in, or it is of the other sign than its bill (MON-6).
    """
    numbers = {row.number: row for row in queries.bill_rows(db, organisation)}
    if payment.bill not in numbers:
        raise CannotBillError(sentence(N_("This organisation has no such bill.")))
    if not payment.amount or abs(payment.amount) > MOST:
        raise CannotBillError(sentence(N_("Give the amount in whole HK$.")))
    if payment.paid_on > today.isoformat():
        raise CannotBillError(sentence(N_("The day is still to come: note it once it is paid.")))
    if date.fromisoformat(payment.paid_on) < date.fromisoformat(numbers[payment.bill].issued_on) - PAID_BEFORE:
        raise CannotBillError(sentence(N_("The day is more than a year before the bill: look at its year again.")))
    paid = sum(row.amount for row in queries.payment_rows(db) if row.bill in numbers)
    if payment.amount < 0 and paid + payment.amount < 0:
        raise CannotBillError(sentence(N_("HK${paid} came in: no more can be paid back."), paid=f"{paid:,}"))
    is_credit = numbers[payment.bill].total < 0
    of_bill = payment.amount + sum(row.amount for row in queries.payment_rows(db) if row.bill == payment.bill)
    if is_credit and of_bill > 0:
        raise CannotBillError(sentence(N_("This is a credit note: what was paid back is noted below 0.")))
    if is_credit and of_bill < numbers[payment.bill].total:
        words = N_("This credit note says HK${amount}: no more is paid back for it.")
        raise CannotBillError(sentence(words, amount=f"{-numbers[payment.bill].total:,}"))
    if not is_credit and of_bill < 0:
        raise CannotBillError(sentence(N_("Less came in for this bill: note what is paid back for its credit note.")))
    queries.add_payment(db, payment)


def _quote(
    taking_part: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], owner: Mapping[str, Any], rules: Any
) -> tuple[Sequence[Line], Sequence[str]]:
    """Return the lines, and the entries whose size is not known."""
    sized, without = [], []
    for entrant, entry in taking_part:
        size = Size(seats=entrant["seats"], branches=entrant["branches"])
        group = plan_of(Channel(entry["channel"]), size, rules.rules, variant=entry["onsite_variant"]).group
        if group is None:
            without.append(f"{entrant['id']}/{entry['channel']}")
        else:
            sized.append((entrant, entry, group))
    is_new = not owner.get("took_part") and not any(entry["history"] for _, entry in taking_part)
    fees = rules.programme.fees
    costs = bill(
        fees,
        [group for *_, group in sized],
        rules.rules,
        is_member=bool(owner.get("is_member")),
        is_new=is_new,
        certifications=int(owner.get("certifications") or 0),
    )
    lines = list(_entry_lines(sized, fees.member))
    if costs.joining:
        lines.append(_line("joining", sentence(N_("Joining, once")), costs.joining))
    if costs.certification:
        lines.append(_line("certification", sentence(N_("Quality certification")), costs.certification))
    if costs.application or costs.waived:
        words = N_("Application fee") if costs.application > 0 else N_("Application fee, waived: HK${amount}")
        lines.append(_line("application", sentence(words, amount=f"{costs.waived:,}"), costs.application))
    return lines, without


def _entry_lines(sized: Sequence[tuple[Any, Any, str]], prices: Sequence[int]) -> Iterator[Line]:
    for entrant, entry, group in sized:
        words = sentence(
            N_("{name}, {channel}, group {group}"),
            name=entrant["name"],
            channel=sentence(CHANNELS[entry["channel"]]),
            group=group,
        )
        yield _line(f"entry {entrant['id']}/{entry['channel']}", words, prices[GROUPS.index(group)])


def _line(key: str, words: Sentence, amount: int) -> Line:
    return Line(key=key, what={language: words.in_language(language) for language in LANGUAGES}, amount=amount)
