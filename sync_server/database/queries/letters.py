"""The outbox: add a letter once, take those that are due, note what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import letters


class NewLetter(NamedTuple):
    """A letter as it is put into the outbox. `sender` is the organiser's name, `reply_to` an address or empty."""

    key: str
    kind: str
    about: str
    name: str
    address: str
    sender: str
    reply_to: str
    subject: str
    body: str


class DueLetter(NamedTuple):
    """A letter that is to be tried now."""

    letter: NewLetter
    made_at: datetime
    tries: int


class LetterLine(NamedTuple):
    """What the log shows of a letter."""

    key: str
    kind: str
    about: str
    address: str
    subject: str
    made_at: datetime
    due_at: datetime | None
    tries: int
    sent_at: datetime | None
    problem: str

    @property
    def state(self) -> str:
        """Where it stands: "sent", "waiting" or "given-up"."""
        return "sent" if self.sent_at else "waiting" if self.due_at else "given-up"


def add_letter(db: Connection, row: NewLetter, now: datetime) -> bool:
    """Put a letter into the outbox, due now; False: one of its key is there, and stays as it is."""
    statement = insert_ignoring_duplicates(db, letters).values(**row._asdict(), made_at=now, due_at=now)
    return db.execute(statement).rowcount == 1


def due_letters(db: Connection, now: datetime, limit: int) -> Sequence[DueLetter]:
    """Return the letters to try now, the oldest first."""
    columns = [letters.c[name] for name in NewLetter._fields]
    own = len(columns)
    statement = select(*columns, letters.c.made_at, letters.c.tries).where(letters.c.due_at <= now)
    rows = db.execute(statement.order_by(letters.c.due_at, letters.c.key).limit(limit))
    return [DueLetter(NewLetter(*row[:own]), *row[own:]) for row in rows]


def next_letter_due(db: Connection) -> datetime | None:
    """Return when the next letter is to be tried; None: none waits."""
    return db.execute(
        select(letters.c.due_at).where(letters.c.due_at.is_not(None)).order_by("due_at").limit(1)
    ).scalar()


def note_sent(db: Connection, key: str, now: datetime) -> None:
    """Note that a server took a letter."""
    values = {"sent_at": now, "due_at": None, "tries": letters.c.tries + 1, "problem": ""}
    db.execute(update(letters).where(letters.c.key == key).values(values))


def note_not_sent(db: Connection, key: str, problem: str, due_at: datetime | None) -> None:
    """Note why a letter did not leave, and when it is tried again; None: never by itself."""
    values = {"problem": problem, "due_at": due_at, "tries": letters.c.tries + 1}
    db.execute(update(letters).where(letters.c.key == key, letters.c.sent_at.is_(None)).values(values))


def try_again(db: Connection, key: str, now: datetime) -> bool:
    """Let a letter that has not left be tried now; False: there is none."""
    statement = update(letters).where(letters.c.key == key, letters.c.sent_at.is_(None))
    return db.execute(statement.values(due_at=now)).rowcount == 1


def newest_letters(db: Connection, limit: int) -> Sequence[LetterLine]:
    """Return the newest letters: those that wait or were given up first."""
    columns = [letters.c[name] for name in LetterLine._fields]
    order = (letters.c.sent_at.is_not(None), letters.c.made_at.desc(), letters.c.key)
    return [LetterLine(*row) for row in db.execute(select(*columns).order_by(*order).limit(limit))]


def count_letters(db: Connection) -> int:
    """Return how many letters there are."""
    return int(db.execute(select(func.count()).select_from(letters)).scalar_one())


def forget_words(db: Connection, before: datetime) -> None:
    """Take address, name and words out of letters that left before a moment; that they left stays."""
    old = update(letters).where(letters.c.sent_at < before, letters.c.body != "")
    db.execute(old.values(body="", address="", name=""))
