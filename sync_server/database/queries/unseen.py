"""Which visits are not to be read yet in a table of many: one rule for every file and every other program.

UNS-1  A site visit whose current revision has no second rating that is final (RTD-3).
UNS-2  A visit that is drawn to be scored twice and was not, while its round has no copy that stands; and one whose
       scores are not settled, which a third person may come to score (DBL-2).
UNS-3  Its answers, and what each of its questions and sections came to, are left out. Its total stands in lists.
UNS-4  A file that is read page by page finds them once, and anew where a page brings what came since: to find them
       takes as long as reading all visits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, exists, func, literal, select

from checklists.forms.form import Channel
from checklists.number import exact
from checklists.score.double_scoring import drawn, settle
from sync_server.database.queries.driver import each_row, select_rows
from sync_server.database.queries.panel import AGAIN, BLIND, SITE_VISIT
from sync_server.database.queries.settings import REVIEW_SEED, setting
from sync_server.database.tables import assessments, panel_marks

_COUNTABLE = (
    "SELECT id, entrant_id, channel, round, base, revision FROM assessments"
    " WHERE status IN ('finished', 'returned', 'accepted') AND base IS NOT NULL"
)
_SCORES = "SELECT subject, version, points FROM panel_marks WHERE is_final AND part = 'total' ORDER BY marked_at, judge"
_CLOSED = "SELECT DISTINCT round FROM publications WHERE round IS NOT NULL AND withdrawn_at IS NULL"


class UnseenInFile:
    """What one file leaves out, of whatever page (UNS-4)."""

    def __init__(self) -> None:
        self._visits = frozenset[str]()
        self._until: datetime | None = None

    def among(self, db: Connection, received: Iterable[datetime]) -> frozenset[str]:
        """Return those that wait, where the visits of a page were `received`."""
        if self._until is None or max(received, default=self._until) > self._until:
            self._until = db.execute(select(func.max(assessments.c.received_at))).scalar_one()
            self._visits = unseen_visits(db)
        return self._visits


def unseen_visits(db: Connection, entry: tuple[str, str] | None = None) -> frozenset[str]:
    """Return those that wait; of one entry (entrant, channel) alone, where one is named."""
    return unrated_visits(db) | _to_be_scored_twice(db, entry)


def unrated_visits(db: Connection) -> frozenset[str]:
    """Return the site visits that wait for their second rating (UNS-1)."""
    return frozenset(db.execute(select(assessments.c.id).where(_waits_for_second_rating())).scalars())


def _waits_for_second_rating() -> ColumnElement[bool]:
    a, m = assessments.c, panel_marks.c
    subject = literal(SITE_VISIT) + a.id + "/" + cast(a.revision, Text)
    rated = exists(select(m.subject).where(m.subject == subject, m.is_final).correlate(assessments))
    return and_(a.channel == Channel.SITE_VISIT.value, ~rated)


def _to_be_scored_twice(db: Connection, entry: tuple[str, str] | None) -> frozenset[str]:
    scores = defaultdict[tuple[str, int], list[Fraction]](list)
    for subject, version, points in select_rows(db, _SCORES, ()):
        scores[subject, version].append(exact(points))
    closed = {number for (number,) in select_rows(db, _CLOSED, ())}
    by_entry, done, waits = defaultdict[tuple[str, str, int], list[str]](list), set[str](), set[str]()
    countable = _COUNTABLE + " AND entrant_id = ? AND channel = ?" if entry else _COUNTABLE
    for name, entrant, channel, number, base, revision in each_row(db, countable, entry or ()):
        if number not in closed:
            by_entry[entrant, channel, number].append(name)
        blind = scores.get((BLIND + name, revision))
        if blind:
            done.add(name)
            again = scores.get((AGAIN + name, revision))
            if settle(exact(base), blind, again[0] if again else None).base is None:
                waits.add(name)
    seed = setting(db, REVIEW_SEED) or ""
    for ids in by_entry.values():
        waits.update(drawn(ids, done, seed))
    return frozenset(waits)
