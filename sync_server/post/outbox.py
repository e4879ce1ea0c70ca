"""The outbox and the job that empties it.

PST-1  A letter is put into the outbox in the transaction that makes it necessary, and only where this database's server
       has a mail server: no request waits for mail, and none is forgotten.
PST-2  About one thing there is one letter, however often it is put there.
PST-3  A letter that did not leave is tried again, later each time, for GIVEN_UP_AFTER. A refusal for good ends that,
       and so does an address that is none: the log shows it, and somebody can have it tried again.
PST-4  What became of each letter is written before the next one is sent: a crash sends one letter twice at most, under
       the same Message-ID.
PST-5  WORDS_KEPT after a letter left, its words and address are taken out; that it left stays.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries import letters as queries
from sync_server.database.queries.jobs import Job, ask_for
from sync_server.database.queries.letters import DueLetter, NewLetter
from sync_server.database.queries.settings import keep_setting, setting
from sync_server.database.writer import Writer
from sync_server.post.smtp import MailServer, Outcome

logger = logging.getLogger(__name__)

POST_JOB = Job("post", "outbox")
HAS_SERVER = "post.has_server"
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)
WORDS_KEPT = timedelta(days=90)
LOOK_AGAIN = timedelta(days=1)
MOST_AT_ONCE = 20  # fewer than time out within a worker's lease


def has_mail_server(db: Connection) -> bool:
    """Whether letters of this database leave as mail."""
    return setting(db, HAS_SERVER) is True


def note_mail_server(db: Connection, now: datetime, *, is_there: bool) -> None:
    """Keep whether this database's server has a mail server, as it starts; what waits is looked at."""
    if has_mail_server(db) != is_there:
        keep_setting(db, HAS_SERVER, is_there, now)
    if is_there:
        ask_for(db, [POST_JOB], now)


def post(db: Connection, letter: NewLetter, now: datetime) -> bool:
    """Put a letter into the outbox (PST-1, PST-2). In a write transaction. False: it is there, or no mail leaves."""
    if not letter.address or not has_mail_server(db) or not queries.add_letter(db, letter, now):
        return False
    ask_for(db, [POST_JOB], now)
    return True


def try_again(db: Connection, key: str, now: datetime) -> None:
    """Have a letter tried now. One that has left stays as it is."""
    if queries.try_again(db, key, now):
        ask_for(db, [POST_JOB], now)


class PostJob:
    """Sends what is due, notes what became of it, and asks for itself again. Safe to repeat."""

    def __init__(self, database: Database, writer: Writer, clock: Clock, server: MailServer) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._server = server

    def __call__(self, _subject: str) -> None:
        """Do it. Blocks as long as the mail server lets it wait; never in a thread that somebody else waits for."""
        now = self._clock()
        with self._database.reading() as db:
            due = {each.letter.key: each for each in queries.due_letters(db, now, MOST_AT_ONCE)}
        left = 0
        if due:
            for outcome in self._server.send(list(due.values())):
                self._writer.run_from_thread(partial(_note, outcome, due[outcome.key], self._clock()))
                left += not outcome.problem
            logger.info("letters: %d left, %d did not", left, len(due) - left)

        def again(db: Connection) -> None:
            queries.forget_words(db, self._clock() - WORDS_KEPT)
            waiting = queries.next_letter_due(db)
            latest = self._clock() + LOOK_AGAIN
            ask_for(db, [POST_JOB], latest if waiting is None else min(waiting, latest))

        self._writer.run_from_thread(again)


def _note(outcome: Outcome, due: DueLetter, now: datetime, db: Connection) -> None:
    if not outcome.problem:
        queries.note_sent(db, outcome.key, now)
        return
    wait = min(FIRST_WAIT * 2 ** min(due.tries, 10), LONGEST_WAIT)
    is_over = outcome.is_final or now + wait > due.made_at + GIVEN_UP_AFTER
    queries.note_not_sent(db, outcome.key, outcome.problem, None if is_over else now + wait)
