"""One look at everything whose time is over: announced first (RET-11), then erased, with proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sync_server.custody import erasure_notice
from sync_server.custody.erasure_notice import NOTICE_LASTS
from sync_server.custody.file_retention import RETENTION, Due, Periods, due_files, erase
from sync_server.custody.word_retention import WordErasure, WordsDue, due_words
from sync_server.database.engine import Database
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.erasure_notices import Amount
from sync_server.database.queries.submissions import forget_before
from sync_server.evidence.store import MediaStore
from sync_server.season.forms import FormBook


class AllDue(NamedTuple):
    """Files to be erased, and assessments whose words are."""

    files: Sequence[Due]
    words: Sequence[WordsDue]
    submissions_before: datetime | None = None  # what of other apps came before it and became no record

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
            due_files(self._database, observed, self._periods),
            due_words(self._database, observed, self._periods),
            observed - timedelta(days=self._periods.unnamed),
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
        if due.submissions_before is not None:
            self._forget_submissions(due.submissions_before, now)

    def _forget_submissions(self, before: datetime, now: datetime) -> None:
        """Remove what other apps sent and nobody made a record of, as files that no record names."""
        with self._database.transaction() as db:
            gone = forget_before(db, before)
            if gone:
                details = {"rule": f"unnamed-{self._periods.unnamed}-days", "submissions": gone}
                append_audit(
                    db, [AuditRow(now, self._by, RETENTION, "submissions-erased", "submissions", "tray", details)]
                )
