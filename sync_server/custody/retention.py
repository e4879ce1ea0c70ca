"""One look at everything whose time is over: announced first (RET-11), then erased, with proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sync_server.custody import erasure_notice
from sync_server.custody.erasure_notice import NOTICE_LASTS
from sync_server.custody.file_retention import Due, Periods, due_files, erase
from sync_server.custody.word_retention import WordErasure, WordsDue, due_words
from sync_server.database.engine import Database
from sync_server.database.queries.erasure_notices import Amount
from sync_server.evidence.store import MediaStore
from sync_server.season.forms import FormBook


class AllDue(NamedTuple):
    """Files to be erased, and assessments whose words are."""

    files: Sequence[Due]
    words: Sequence[WordsDue]

    @property
    def amount(self) -> Amount | None:
        """How much it is; None: nothing."""
        since = [file.since for file in self.files] + [words.since for words in self.words]
        return Amount(min(since), len(self.files), len(self.words)) if since else None


class Retention:
    """What is due in one data folder. `by` is who erases, for the audit log: "command" or "system"."""

    def __init__(self, database: Database, store: MediaStore, forms: FormBook, periods: Periods, *, by: str) -> None:
        self._database = database
        self._store = store
        self._words = WordErasure(database, forms, by=by)
        self._periods = periods
        self._by = by

    def due(self, observed: datetime) -> AllDue:
        """Return what is due at `observed`."""
        return AllDue(
            due_files(self._database, observed, self._periods), due_words(self._database, observed, self._periods)
        )

    def is_confirmed(self, observed: datetime, now: datetime) -> bool:
        """Announce what will be due, where that is not done yet, and return whether what is due may go."""
        with self._database.reading() as db:
            if erasure_notice.may_erase(db, observed):
                return True
        amount = self.due(observed + NOTICE_LASTS).amount
        with self._database.transaction() as db:
            erasure_notice.announce(db, amount, observed, now, by=self._by)
        return False

    def erased(self, due: AllDue, now: datetime) -> Iterator[Due | WordsDue]:
        """Erase what is `due`, and yield each once its proof is durable. Only after `is_confirmed` said so."""
        for file in due.files:
            if erase(self._database, self._store, file, now, by=self._by):
                yield file
        for words in due.words:
            if self._words.erase(words, now):
                yield words
