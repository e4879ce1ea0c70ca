"""PST, LTR: letters put into the outbox with what they are about, sent by a job, tried again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.letters import LetterLine, newest_letters
from sync_server.database.writer import Writer
from sync_server.exchange.faq_desk import hand_in_faqs
from sync_server.exchange.letters import post_verdict
from sync_server.exchange.reminders import post_reminders
from sync_server.hand_in.faq import Faq, FaqList
from sync_server.hand_in.versions import Judgement, judge
from sync_server.post.outbox import GIVEN_UP_AFTER, WORDS_KEPT, PostJob, note_mail_server, try_again
from sync_server.post.smtp import MailServer
from tests.builders import NOON, both
from tests.sync_server.conftest import migrated
from tests.sync_server.enrolment_kit import add_edition
from tests.sync_server.mail_server import Taken, mail_server
from tests.sync_server.season_kit import SET_UP_AT, add_season

CONTACT = {"name": "Chan Tai Man", "email": "chan@example.org"}
FAQS = FaqList(
    channels=("phone_in",), faqs=(Faq(code="F1", question=both("When?", "何時？"), answer=both("At nine.", "九時。")),)
)


@pytest.fixture
def taken() -> Iterator[Taken]:
    with mail_server() as taken:
        yield taken


@pytest.fixture
def season(tmp_path: Path) -> Database:
    """A season whose FAQs are awaited, with an organisation that has somebody to write to."""
    database = migrated(Config(data_dir=tmp_path).database)
    with database.transaction() as db:
        add_season(db)
        add_edition(db, launch="2021-01-15", ceremony="2021-11-05")
        edition = {"organiser": both("The association", "協會"), "contact": {"email": "desk@example.org"}}
        db.execute(update(tables.editions).values(edition))
        db.execute(update(tables.entries).values(faq_awaited=True, faq_filing="never"))
        values = {"id": "harbour-ferry", "name": both("Harbour Ferry", "港灣渡輪"), "created_at": SET_UP_AT}
        db.execute(insert(tables.organisations).values(**values, contact=CONTACT))
        note_mail_server(db, NOON, is_there=True)
    return database


def hand_in_and_return(db: Connection) -> None:
    receipt = hand_in_faqs(db, "harbour-ferry", FAQS, by="u", now=NOON)
    hand_in_faqs(db, "harbour-ferry", FAQS, by="u", now=NOON)
    said = Judgement("returned", "", {"F1": "not-unique: Name one pier."})
    version = judge(db, receipt.hand_in_id, 1, said, by="me", now=NOON)
    post_verdict(db, version, said, NOON)


def log_of(database: Database) -> list[LetterLine]:
    with database.reading() as db:
        return list(newest_letters(db, 50))


class Running:
    """The job, with a clock of its own."""

    def __init__(self, database: Database, url: str) -> None:
        self.now = NOON
        self.writer = Writer(database)
        self._job = PostJob(database, self.writer, lambda: self.now, MailServer.of(url))

    def run(self) -> None:
        self._job("outbox")


@contextmanager
def job_of(database: Database, url: str) -> Iterator[Running]:
    running = Running(database, url)
    running.writer.start()
    yield running
    running.writer.close(5)


@pytest.fixture
def running(season: Database, taken: Taken) -> Iterator[Running]:
    with job_of(season, taken.url) as running:
        yield running


def test_pst_1_a_hand_in_and_its_verdict_are_each_one_letter(season: Database, running: Running, taken: Taken) -> None:
    """PST-2, LTR-1, LTR-2."""
    with season.transaction() as db:
        hand_in_and_return(db)
    running.run()
    assert [letter["To"] for letter in taken.letters] == ["Chan Tai Man <chan@example.org>"] * 2
    for letter in taken.letters:
        assert "Award 2021" in letter["Subject"]
        assert letter["Reply-To"] == "desk@example.org"
        for said in ("The association", "協會", "desk@example.org", "Award 2021"):
            assert said in letter.get_content()
    verdict = next(letter.get_content() for letter in taken.letters if "F1" in letter.get_content())
    assert "F1: Its answer is not the only right one. Name one pier." in verdict
    assert "not-unique" not in verdict
    assert {(line.kind, line.state) for line in log_of(season)} == {("receipt", "sent"), ("returned", "sent")}
    running.run()
    assert len(taken.letters) == 2


def test_pst_1_without_a_mail_server_nothing_is_kept(season: Database) -> None:
    with season.transaction() as db:
        note_mail_server(db, NOON, is_there=False)
        hand_in_and_return(db)
        assert post_reminders(db, "date", NOON) == 0
    assert log_of(season) == []


def test_rem_3_a_reminder_is_sent_once_a_day(season: Database, running: Running, taken: Taken) -> None:
    with season.transaction() as db:
        assert [post_reminders(db, kind, NOON) for kind in ("faq", "date", "date")] == [1, 1, 0]
        assert post_reminders(db, "date", NOON + timedelta(days=1)) == 1
    running.run()
    assert len(taken.letters) == 2
    running.now += timedelta(days=1)
    running.run()
    assert sorted(line.kind for line in log_of(season)) == ["milestone", "milestone", "reminder"]
    assert len(taken.letters) == 3


def test_pst_3_what_is_refused_for_good_waits_for_a_person_and_the_rest_is_tried_again(
    season: Database, running: Running, taken: Taken, caplog: pytest.LogCaptureFixture
) -> None:
    """SMT-3: a problem is a code, and the log names nobody."""
    caplog.set_level(logging.DEBUG)
    with season.transaction() as db:
        hand_in_and_return(db)
    taken.refuses["chan@example.org"] = "450 not now, chan@example.org"
    running.run()
    assert {(line.state, line.problem, line.tries) for line in log_of(season)} == {("waiting", "refused", 1)}
    running.run()
    assert {line.tries for line in log_of(season)} == {1}, "tried again before its time"
    taken.refuses["chan@example.org"] = "550 no such user"
    running.now += timedelta(hours=1)
    running.run()
    assert {(line.state, line.tries) for line in log_of(season)} == {("given-up", 2)}
    taken.refuses.clear()
    with season.transaction() as db:
        for line in log_of(season):
            try_again(db, line.key, running.now)
    running.run()
    assert {line.state for line in log_of(season)} == {"sent"}
    ours = " ".join(line.getMessage() for line in caplog.records if line.name.startswith("sync_server"))
    assert "letters: 0 left, 2 did not" in ours
    assert not any(said in ours for said in ("chan@", "Chan", "Harbour", "unique"))


def test_pst_3_a_server_that_stays_away_ends_it_after_three_days(season: Database) -> None:
    with mail_server() as gone:
        url = gone.url
    with season.transaction() as db:
        hand_in_and_return(db)
    with job_of(season, url) as running:
        for _ in range(20):
            running.run()
            running.now += timedelta(hours=6)
    lines = log_of(season)
    assert {(line.state, line.problem) for line in lines} == {("given-up", "no-connection")}
    assert all(line.tries > 5 for line in lines)
    assert timedelta(hours=6) * 20 > GIVEN_UP_AFTER


def test_pst_4_what_became_of_a_letter_is_written_before_the_next_is_sent(
    season: Database, running: Running, taken: Taken
) -> None:
    with season.transaction() as db:
        hand_in_and_return(db)
    noted: list[int] = []
    taken.before_taking = lambda: noted.append(sum(line.state == "sent" for line in log_of(season)))
    running.run()
    assert noted == [0, 1]


def test_pst_5_words_and_address_go_and_that_it_left_stays(season: Database, running: Running) -> None:
    with season.transaction() as db:
        hand_in_and_return(db)
    running.run()
    running.now += WORDS_KEPT + timedelta(hours=1)
    running.run()
    with season.reading() as db:
        rows = db.execute(select(tables.letters)).all()
    assert {(row.body, row.address, row.name, row.sent_at is not None) for row in rows} == {("", "", "", True)}
