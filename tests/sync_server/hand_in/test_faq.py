"""FQH, FQD: the FAQs an entrant files, from the list that is handed in to the version a phone shows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import hand_ins as queries
from sync_server.exchange.csv.season_import import import_files
from sync_server.exchange.faq_desk import begin_day, hand_in_faqs, in_force, wrong_rows
from sync_server.hand_in.faq import (
    Faq,
    FaqList,
    Row,
    faq_of,
    is_filed_late,
    item_words,
    items_of,
    list_problem,
    row_of,
    rows_of_form,
)
from tests.builders import NOON, both
from tests.sync_server.season_kit import add_season

LOST = Faq(code="lost", question=both("Where is it?"), answer=both("At Pier 7."))
LIST = FaqList(channels=("phone_in",), faqs=(LOST,))
LINE = {"faq": "lost", "question_en": "Where?", "answer_en": "There."}


@pytest.mark.parametrize(
    ("rows", "channels", "words"),
    [
        pytest.param([LINE], ["phone_in"], None, id="a question with its answer"),
        pytest.param([], ["phone_in"], "at least one question", id="no question"),
        pytest.param([LINE], [], "at least one way", id="no channel"),
        pytest.param([LINE, LINE], ["phone_in"], "twice", id="a code that stands twice"),
    ],
)
def test_fqh_1_what_is_wrong_with_a_list(rows, channels, words) -> None:
    problem = list_problem([Row(cells=cells) for cells in rows], channels)
    assert (problem is None) == (words is None)
    assert words is None or words in str(problem)


def test_fqh_1_the_form_reads_as_it_was_shown_and_leaves_empty_lines_out() -> None:
    row = row_of(LOST)
    typed = {f"{name}-2": value for name, value in row.cells.items()} | {"faq-1": "empty"}
    assert [faq_of(each) for each in rows_of_form(typed)] == [LOST]
    unanswered = [Row(cells={"faq": "a b", "question_en": "Where?"})]
    assert [(one.row, one.column) for one in wrong_rows(unanswered)] == [(1, "faq")]


def test_fqh_2_a_faq_is_sent_back_with_a_reason_or_words() -> None:
    items = items_of({"reason-1": "not-unique", "words-1": "Two piers.", "reason-2": "made-up"}, ["lost", "other"])
    assert list(items) == ["lost"]
    reason, words = item_words(items["lost"])
    assert (str(reason), words) == ("Its answer is not the only right one.", "Two piers.")


@pytest.mark.parametrize(
    ("filings", "late"),
    [
        pytest.param([("in_time", None, False)], False, id="in time by its record, whatever came since"),
        pytest.param([("at", NOON, False)], True, id="at a moment after the deadline"),
        pytest.param([("at", NOON - timedelta(days=9), False)], False, id="at a moment before it"),
        pytest.param([("never", None, False), ("in_time", None, False)], True, id="never, for one of two entries"),
        pytest.param([("never", None, True)], True, id="not yet, and it is past"),
        pytest.param([("never", None, True), ("at", NOON - timedelta(days=9), False)], False, id="for one channel"),
    ],
)
def test_fqh_3_late_is_what_the_score_takes_for_late(filings, late) -> None:
    names = ("faq_filing", "faq_filed_at", "faq_awaited")
    entries = [dict(zip(names, filing, strict=True)) for filing in filings]
    assert is_filed_late(entries, NOON - timedelta(days=2), NOON) == late


def test_fqd_1_the_first_version_files_the_faq_of_its_entries_and_later_ones_change_no_moment(
    database: Database,
) -> None:
    with database.transaction() as db:
        add_season(db)
        db.execute(update(tables.entries).values(faq_filing="never", faq_awaited=True))
        for days in (0, 3):
            at = NOON + timedelta(days=days)
            later = FaqList(
                channels=("phone_in",), faqs=(LOST, Faq(code=f"n{days}", question=both("?"), answer=both("!")))
            )
            hand_in_faqs(db, "harbour-ferry", later, by="me", now=at)
        rows = db.execute(select(tables.entries.c.channel, tables.entries.c.faq_filing, tables.entries.c.faq_filed_at))
        filed = {row.channel: (row.faq_filing, row.faq_filed_at) for row in rows}
        first = queries.first_handed(db, "faq")
    assert filed == {"phone_in": ("at", NOON), "onsite": ("never", None)}
    assert first == {"harbour-ferry": NOON}


FILES = {
    "scenarios.csv": (
        b"scenario,channel,title_en,briefing_en,faqs,approved_by\nlost,phone_in,Lost,You lost it.,lost,A;B\n"
    ),
    "faqs.csv": (
        b"entrant,faq,version,question_en,answer_en,in_force_from\n"
        b"harbour-ferry,lost,1,Where?,At Pier 7.,2021-01-01\nharbour-ferry,lost,2,Where?,At Pier 8.,2021-03-10\n"
    ),
    "contact_points.csv": b"contact_point,entrant,channel,label_en,value\np,harbour-ferry,phone_in,Hotline,2000 0001\n",
    "entrants.csv": (
        b"entrant,name_en,industry,seats,staff_notice_on,staff_notice_en\n"
        b"harbour-ferry,Ferry,transport_logistics,35,2021-02-01,Told.\n"
    ),
    "assessors.csv": b"assessor,name,languages\nassessor-1,Name,yue\n",
    "assignments.csv": (
        b"assignment,assessor,entrant,channel,round,scenario\nnew,assessor-1,harbour-ferry,phone_in,1,lost\n"
    ),
}


def test_fqd_3_a_phone_shows_the_version_in_force_on_the_day(database: Database) -> None:
    def shown() -> tuple[int, ...]:
        row = db.execute(select(tables.assignments.c.body).where(tables.assignments.c.id == "new")).scalar_one()
        return tuple(faq.version for faq in decode(row, Assignment).filed_faqs)

    with database.transaction() as db:
        add_season(db)
        checked = import_files(db, FILES, now=NOON)
        assert not checked.problems, checked.problems
        before = shown()
        assert begin_day(db, NOON) == 0
        day = NOON.replace(month=3, day=10)
        told = (begin_day(db, day), begin_day(db, day))
        after = shown()
        changes = db.execute(select(tables.changes.c.kind).where(tables.changes.c.subject_id == "new")).scalars().all()
        counting = in_force(db, "harbour-ferry", date(2021, 3, 9))["lost"]["version"]
    assert (before, told, after, counting) == ((1,), (1, 0), (2,), 1)
    assert changes.count("assignment") == 2, "the phone was told again"
