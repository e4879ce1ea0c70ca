"""REM, ICS: whom to write to and what about, and the calendars that others open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import Connection, insert, update

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.exchange.calendar_feed import edition_calendar, visits_calendar
from sync_server.exchange.faq_desk import hand_in_faqs
from sync_server.exchange.reminders import HEADINGS, KINDS, reminders, reminders_csv
from sync_server.hand_in.enrolment import read_enrolment
from sync_server.hand_in.faq import Faq, FaqList
from sync_server.hand_in.versions import Judgement, begun, hand_in, judge
from sync_server.money.accounts import issue
from sync_server.proposals.handing import save_draft
from tests.builders import NOON, both
from tests.sync_server.enrolment_kit import TYPED, add_edition
from tests.sync_server.proposals.proposal_kit import TEMPLATE, handed_in
from tests.sync_server.season_kit import ASSESSOR, SET_UP_AT, add_season


@pytest.fixture
def db(database: Database) -> Iterator[Connection]:
    """A season whose FAQs are awaited, and an organisation with somebody to write to."""
    with database.transaction() as db:
        add_season(db)
        add_edition(db, launch="2021-01-15", ceremony="2021-11-05")
        db.execute(update(tables.entries).values(faq_awaited=True, faq_filing="never"))
        contact = {"name": "Chan Tai Man", "email": "chan@example.org"}
        values = {"id": "harbour-ferry", "name": both("Harbour Ferry", "港灣渡輪"), "created_at": SET_UP_AT}
        db.execute(insert(tables.organisations).values(**values, contact=contact))
        yield db


def test_rem_1_each_kind_names_whom_to_write_to(db) -> None:
    issue(
        db, "harbour-ferry", [], due_on=date(2021, 2, 20), today=date(2021, 2, 11), words="", by="me", now=SET_UP_AT
    )  # fmt: skip
    to = begun(db, "enrolment", "", NOON, code_hash="a")
    hand_in(db, to, {**_plain(), "terms": "2021-1"}, [], by="visitor", now=NOON)
    judge(db, to.id, 1, Judgement("returned", "The seats are missing."), by="me", now=NOON)
    save_draft(db, "d" * 24, {"company_en": "Harbour Ferry"}, NOON)
    handed_in(db)
    letters = {kind: reminders(db, kind, NOON) for kind in KINDS}
    assert {kind: [each.email for each in rows] for kind, rows in letters.items()} == {
        "faq": ["chan@example.org"],
        "enrolment": ["chan@example.org"],
        "proposal": ["chan@example.org"],
        "money": ["chan@example.org"],
        "date": ["chan@example.org"],
    }
    assert "2026-06-05 23:59:59" in str(letters["proposal"][0].text)
    assert reminders(db, "proposal", TEMPLATE.deadline) == []
    assert "The seats are missing." in str(letters["enrolment"][0].text)
    assert str(letters["date"][0].text) == "Assessment period: 2021-04-29."


def _plain() -> dict[str, object]:
    enrolment = read_enrolment(TYPED)
    units = [{"fields": dict(unit.fields), "channels": list(unit.channels)} for unit in enrolment.units]
    return {"organisation": dict(enrolment.organisation), "person": dict(enrolment.person), "units": units}


def test_rem_1_who_has_handed_in_is_not_reminded_and_rem_2_a_file_is_in_both_languages(db) -> None:
    table = list(csv.reader(io.StringIO(reminders_csv(reminders(db, "faq", NOON)).decode("utf-8-sig"))))
    assert tuple(table[0]) == HEADINGS
    assert (table[1][3], table[1][4]) == ("Your FAQs", "你的常見問題")
    faqs = FaqList(channels=("phone_in", "onsite"), faqs=(Faq(code="a", question=both("?"), answer=both("!")),))
    hand_in_faqs(db, "harbour-ferry", faqs, by="me", now=NOON)
    assert list(reminders(db, "faq", NOON)) == []


def test_ics_1_the_edition_has_its_days_and_ics_3_their_names_stay(db) -> None:
    read = Calendar.from_ical(edition_calendar(db, "en", NOON))
    events = {str(each["summary"]): each for each in read.walk("VEVENT")}
    assert events["Results and award ceremony"]["dtstart"].dt == date(2021, 11, 5)
    assert events["Results and award ceremony"]["dtend"].dt == date(2021, 11, 6)
    assert str(events["Results and award ceremony"]["uid"]) == "ceremony-1@edition-2021"
    assert "Assessment period, round 1" in events


def test_ics_2_an_assessor_has_own_visits_without_briefing_or_number(db) -> None:
    content = visits_calendar(db, ASSESSOR, "en", NOON)
    found = [str(each["uid"]) for each in Calendar.from_ical(content).walk("VEVENT")]
    assert sorted(found) == ["assignment-1@visits", "assignment-recorded@visits"]
    assert b"You lost it" not in content
    assert b"+852" not in content


def test_ics_1_without_an_edition_it_is_empty(database: Database) -> None:
    with database.transaction() as db:
        add_season(db, now=NOON - timedelta(days=1))
        assert list(Calendar.from_ical(edition_calendar(db, "zh-Hant", NOON)).walk("VEVENT")) == []
