"""REM, ICS: whom to write to and what about, and the calendars that others open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import Connection, insert, update

from checklists.forms.form import Channel
from checklists.wire import encode
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.award_rows import BESIDE
from sync_server.exchange.calendar_feed import edition_calendar, visits_calendar
from sync_server.exchange.faq_desk import hand_in_faqs
from sync_server.exchange.reminders import HEADINGS, KINDS, reminder_rows, reminders
from sync_server.hand_in.enrolment import read_enrolment
from sync_server.hand_in.faq import Faq, FaqList
from sync_server.hand_in.versions import Judgement, begun, hand_in, judge
from sync_server.money.accounts import issue
from sync_server.proposals.handing import save_draft
from sync_server.season.edition import MILESTONES
from tests.builders import NOON, an_assignment, both
from tests.sync_server.desk import rule_anew
from tests.sync_server.enrolment_kit import TYPED, add_edition
from tests.sync_server.proposals.proposal_kit import TEMPLATE, handed_in
from tests.sync_server.season_kit import ASSESSOR, SET_UP_AT, add_assignment, add_season


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
        # Of the calendar what is over is nobody's, what is to come everybody's.
        **{code: [] for code in MILESTONES},
        "assessment_period": ["chan@example.org"],
        "ceremony": ["chan@example.org"],
    }
    assert "5 Jun 2026 23:59:59" in str(letters["proposal"][0].text)
    assert reminders(db, "proposal", TEMPLATE.deadline) == []
    assert "The seats are missing." in str(letters["enrolment"][0].text)
    period = letters["assessment_period"][0].text
    assert letters["date"][0].text == period
    assert str(period).startswith("Assessment period: Round 2: 29 Apr 2021 – ")
    assert "第 2 回合：2021年4月29日 – " in period.in_language("zh-Hant")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        pytest.param("2021-02-18T23:59:59+08:00", "are due by 18 Feb 2021;", id="the last second of a day"),
        pytest.param("2021-02-19T00:00:00+08:00", "are due by 18 Feb 2021;", id="midnight is the day before's end"),
        pytest.param("2021-02-01T00:00:00+08:00", "were due by 31 Jan 2021;", id="it is over"),
        pytest.param(None, "None of the FAQs of", id="no deadline, no day"),
    ],
)
def test_rem_4_a_deadline_is_named_by_the_last_day_in_time(db, at, words) -> None:
    now = datetime(2021, 2, 10, tzinfo=UTC)
    rule_anew(db, {"faq.deadline": at})
    assert words in str(reminders(db, "faq", now)[0].text)


def test_rem_4_enrolment_is_named_by_its_last_day_and_kick_off_is_for_who_takes_part_anew(db) -> None:
    to = begun(db, "enrolment", "", NOON, code_hash="a")
    hand_in(db, to, {**_plain(), "terms": "2021-1"}, [], by="visitor", now=NOON)
    judge(db, to.id, 1, Judgement("returned", "The seats are missing."), by="me", now=NOON)
    assert str(reminders(db, "enrolment", NOON)[0].text).endswith("with the code on your receipt.")
    add_edition(db, 2022, enrolment_closes="2022-02-10", kick_off="2022-01-18")
    assert str(reminders(db, "enrolment", NOON)[0].text).endswith("on your receipt by 10 Feb 2022.")
    assert [str(each.text) for each in reminders(db, "kick_off", NOON)] == [
        "Kick-off meetings of new entrants: 18 Jan 2022."
    ]
    db.execute(update(tables.organisations).values(took_part=True))
    assert reminders(db, "kick_off", NOON) == []
    assert len(reminders(db, "enrolment_closes", NOON)) == 1
    db.execute(update(tables.entries).values(withdrawn=True))
    assert reminders(db, "enrolment_closes", NOON) == [], "who has withdrawn is not written to"


def _plain() -> dict[str, object]:
    enrolment = read_enrolment(TYPED)
    units = [{"fields": dict(unit.fields), "channels": list(unit.channels)} for unit in enrolment.units]
    return {"organisation": dict(enrolment.organisation), "person": dict(enrolment.person), "units": units}


def test_rem_1_who_has_handed_in_is_not_reminded_and_rem_2_a_file_is_in_both_languages(db) -> None:
    table = reminder_rows(reminders(db, "faq", NOON))
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
    content = visits_calendar(db, ASSESSOR, "en")
    found = [str(each["uid"]) for each in Calendar.from_ical(content).walk("VEVENT")]
    assert sorted(found) == ["assignment-1@visits", "assignment-recorded@visits"]
    assert b"You lost it" not in content
    assert b"+852" not in content


def test_ics_3_a_visit_that_moves_keeps_its_name_and_says_when_and_a_withdrawn_one_is_gone(db) -> None:
    def events() -> dict[str, Any]:
        found = Calendar.from_ical(visits_calendar(db, ASSESSOR, "en")).walk("VEVENT")
        return {str(each["uid"]): each for each in found}

    before, later = events()["assignment-1@visits"], NOON + timedelta(days=1)
    a = tables.assignments
    moved = an_assignment(id="assignment-1", due_until=datetime(2021, 4, 5, tzinfo=UTC))
    db.execute(update(a).where(a.c.id == moved.id).values(body=encode(moved).decode(), updated_at=later))
    after = events()["assignment-1@visits"]
    assert after["dtend"].dt > before["dtend"].dt
    assert after["dtstamp"].dt == after["last-modified"].dt == later > before["dtstamp"].dt
    db.execute(update(a).where(a.c.id == moved.id).values(withdrawn=True))
    assert events().keys() == {"assignment-recorded@visits"}


def test_ics_2_a_site_visit_is_there_and_of_no_round(db) -> None:
    body = an_assignment(id="site", channel=Channel.SITE_VISIT, round=BESIDE, entrant_name=both("Peak"))
    a = tables.assignments
    db.execute(update(a).where(a.c.id == "assignment-1").values(body=encode(body).decode()))
    read = Calendar.from_ical(visits_calendar(db, ASSESSOR, "en"))
    assert "Peak · Site visit" in [str(each["summary"]) for each in read.walk("VEVENT")]


def test_ics_5_the_visits_are_the_same_bytes_and_say_when_to_ask_again(db) -> None:
    content = visits_calendar(db, ASSESSOR, "en")
    assert visits_calendar(db, ASSESSOR, "en") == content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in content
    assert b"X-PUBLISHED-TTL:PT1H" in content


@pytest.mark.parametrize(
    ("due", "told"),
    [
        pytest.param(
            ("2021-03-08T00:00:00+08:00", "2021-03-20T00:00:00+08:00"),
            (b"DTSTART;VALUE=DATE:20210308", b"DTEND;VALUE=DATE:20210320"), id="ICS-4 whole days",
        ),
        pytest.param(
            ("2021-03-08T09:00:00+08:00", "2021-03-08T12:00:00+08:00"),
            (b"DTSTART:20210308T010000Z", b"DTEND:20210308T040000Z"), id="ICS-4 a part of a day",
        ),
    ],
)  # fmt: skip
def test_a_visit_is_told_in_days_or_in_utc(database: Database, due: tuple[str, str], told: tuple[bytes, bytes]) -> None:
    begins, ends = map(datetime.fromisoformat, due)
    with database.transaction() as db:
        add_season(db)
        add_assignment(db, an_assignment(id="another", due_from=begins, due_until=ends))
        content = visits_calendar(db, ASSESSOR, "en")
    assert all(line in content for line in told)
    assert b"TZID" not in content


def test_ics_1_without_an_edition_it_is_empty(database: Database) -> None:
    with database.transaction() as db:
        add_season(db, now=NOON - timedelta(days=1))
        assert list(Calendar.from_ical(edition_calendar(db, "zh-Hant", NOON)).walk("VEVENT")) == []


def test_a_long_chinese_name_is_folded_between_its_characters(db) -> None:
    name = both("Peak", "山頂纜車客戶服務熱線及網上查詢中心" * 4)
    add_assignment(db, an_assignment(id="long", entrant_name=name))
    content = visits_calendar(db, ASSESSOR, "zh-Hant")
    lines = [line.decode() for line in content.split(b"\r\n")]
    assert all(len(line.encode()) <= 75 and "\n" not in line for line in lines)
    assert any(name["zh-Hant"] in str(each["summary"]) for each in Calendar.from_ical(content).walk("VEVENT"))
