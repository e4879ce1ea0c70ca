"""MON: what organisations are quoted, billed, have paid and owe."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, update

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.money import PaymentRow
from sync_server.money.accounts import MANUAL, CannotBillError, Line, account_of, issue, note_payment
from tests.builders import NOON, both
from tests.sync_server.season_kit import SET_UP_AT, add_season

TODAY, DUE = date(2021, 2, 11), date(2021, 3, 11)
OWNER = "harbour-ferry"
BY_HAND = Line(key=MANUAL, what=both("Two more seats"), amount=1_600)


@pytest.fixture
def season(database: Database) -> Database:
    """One organisation with an entry by phone and one on site, 35 seats: both of group B."""
    with database.transaction() as db:
        add_season(db)
    return database


def issued(db, *by_hand, due=DUE):
    return issue(db, OWNER, by_hand, due_on=due, today=TODAY, words="", by="me", now=NOON)


def paid(db, bill, amount, on=TODAY):
    note_payment(db, OWNER, PaymentRow(bill, on.isoformat(), amount, "", "me", NOON), TODAY)


@pytest.mark.parametrize(
    ("owner", "lines"),
    [
        pytest.param({"is_member": True, "took_part": True}, [29_800, 29_800, 0], id="a member"),
        pytest.param({}, [29_800, 29_800, 3_000, 0], id="one that joins pays it once"),
        pytest.param(
            {"is_member": True, "certifications": 2}, [29_800, 29_800, 17_000, 0], id="certification of two entries"
        ),
    ],
)
def test_mon_1_the_price_follows_from_records_and_fee_table(season, owner, lines) -> None:
    with season.transaction() as db:
        values = {"id": OWNER, "name": both("Ferry"), "contact": {}, "created_at": SET_UP_AT}
        db.execute(insert(tables.organisations).values(**values, **owner))
        quote = [line.amount for line in account_of(db, OWNER).quote]
    assert [amount for amount in quote if amount] == [amount for amount in lines if amount]


def test_mon_1_an_entry_without_a_size_has_no_price_and_is_named(season) -> None:
    with season.transaction() as db:
        db.execute(update(tables.entrants).values(seats=None, branches=None))
        account = account_of(db, OWNER)
    assert account.without_size == ("harbour-ferry/onsite", "harbour-ferry/phone_in")
    assert account.quoted == 0


def test_mon_2_a_bill_holds_what_differs_and_a_withdrawal_proposes_the_refund(season) -> None:
    with season.transaction() as db:
        first = issued(db, BY_HAND)
        assert (first.kind, first.total) == ("invoice", 29_800 * 2 + 3_000 + 1_600)
        assert account_of(db, OWNER).to_bill == ()
        with pytest.raises(CannotBillError, match="nothing to bill"):
            issued(db)
        db.execute(update(tables.entries).where(tables.entries.c.channel == "onsite").values(withdrawn=True))
        refund = issued(db, due=None)
        account = account_of(db, OWNER)
    assert (refund.number, refund.kind, refund.total, refund.due_on) == (2, "credit", -29_800, None)
    assert (account.billed, account.to_bill) == (first.total - 29_800, ())


def test_mon_3_numbers_have_no_gap_and_payments_are_of_a_bill_and_a_day_that_came(season) -> None:
    with season.transaction() as db:
        assert [issued(db).number, issued(db, BY_HAND).number] == [1, 2]
        for bill, amount, on, words in ((9, 1, TODAY, "no such bill"), (1, 0, TODAY, "whole"), (1, 1, DUE, "to come")):
            with pytest.raises(CannotBillError, match=words):
                paid(db, bill, amount, on)
        with pytest.raises(CannotBillError, match="today at the earliest"):
            issued(db, BY_HAND, due=date(2021, 1, 1))
        paid(db, 1, 60_000)
        account = account_of(db, OWNER)
    assert (account.paid, account.owed) == (60_000, account.billed - 60_000)


@pytest.mark.parametrize(
    ("amount", "on", "words"),
    [
        pytest.param(-101, TODAY, "HK.100 came in: no more", id="more is paid back than came in"),
        pytest.param(5, date(1, 1, 1), "more than a year before the bill", id="a year that was mistyped"),
    ],
)
def test_mon_5_a_payment_that_cannot_have_been_is_refused(season, amount, on, words) -> None:
    with season.transaction() as db:
        issued(db)
        paid(db, 1, 100)
        with pytest.raises(CannotBillError, match=words):
            paid(db, 1, amount, on)
        paid(db, 1, -100)
        assert account_of(db, OWNER).paid == 0


def test_mon_6_a_payment_has_the_sign_of_its_bill_and_a_slip_is_taken_back_by_its_opposite(season) -> None:
    with season.transaction() as db:
        first = issued(db)
        paid(db, first.number, first.total)
        db.execute(update(tables.entries).where(tables.entries.c.channel == "onsite").values(withdrawn=True))
        refund, later = issued(db, due=None), issued(db, BY_HAND)
        with pytest.raises(CannotBillError, match="noted below 0"):
            paid(db, refund.number, 5)
        for amount in (-29_800, 29_800, -29_800):
            paid(db, refund.number, amount)
        with pytest.raises(CannotBillError, match="noted below 0"):
            paid(db, refund.number, 29_801)
        paid(db, later.number, 50)
        with pytest.raises(CannotBillError, match="for its credit note"):
            paid(db, later.number, -60)
        assert account_of(db, OWNER).owed == later.total - 50


def test_mon_4_an_organisation_is_chased_while_it_owes_on_a_bill_whose_day_is_past(season) -> None:
    after = date(2021, 3, 12)
    with season.transaction() as db:
        first = issued(db)
        issued(db, BY_HAND, due=date(2021, 4, 1))
        assert [account_of(db, OWNER).overdue_since(day) for day in (DUE, after)] == [None, DUE.isoformat()]
        paid(db, 1, first.total)
        assert account_of(db, OWNER).overdue_since(after) is None, "the second bill is not due yet"
        assert account_of(db, OWNER).overdue_since(date(2021, 4, 2)) == "2021-04-01"
