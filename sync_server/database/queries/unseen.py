"""Which visits are not to be read yet in a table of many: one rule for every file and every other program.

UNS-1  A site visit whose current revision has no second rating that is final (RTD-3).
UNS-2  A visit that is drawn to be scored twice and was not, while its round has no copy that stands; and one whose
       scores are not settled, which a third person may come to score (DBL-2).
UNS-3  Its answers, and what each of its questions and sections came to, are left out. Its total stands in lists.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, exists, literal, select

from checklists.forms.form import Channel
from checklists.number import exact
from checklists.score.double_scoring import drawn, settle
from sync_server.database.queries.driver import select_rows
from sync_server.database.queries.panel import AGAIN, BLIND, SITE_VISIT
from sync_server.database.queries.settings import REVIEW_SEED, setting
from sync_server.database.tables import assessments, panel_marks

_COUNTABLE = (
    "SELECT id, entrant_id, channel, round, base, revision FROM assessments"
    " WHERE status IN ('finished', 'returned', 'accepted') AND base IS NOT NULL"
)
_SCORES = "SELECT subject, version, points FROM panel_marks WHERE is_final AND part = 'total' ORDER BY marked_at, judge"
_CLOSED = "SELECT DISTINCT round FROM publications WHERE round IS NOT NULL AND withdrawn_at IS NULL"


def unseen_visits(db: Connection) -> frozenset[str]:
    """Return those that wait."""
    rated = select(assessments.c.id).where(_waits_for_second_rating())
    return frozenset(db.execute(rated).scalars()) | _to_be_scored_twice(db)


def _waits_for_second_rating() -> ColumnElement[bool]:
    a, m = assessments.c, panel_marks.c
    subject = literal(SITE_VISIT) + a.id + "/" + cast(a.revision, Text)
    rated = exists(select(m.subject).where(m.subject == subject, m.is_final).correlate(assessments))
    return and_(a.channel == Channel.SITE_VISIT.value, ~rated)


def _to_be_scored_twice(db: Connection) -> frozenset[str]:
    scores = defaultdict[tuple[str, int], list[Fraction]](list)
    for subject, version, points in select_rows(db, _SCORES, ()):
        scores[subject, version].append(exact(points))
    closed = {number for (number,) in select_rows(db, _CLOSED, ())}
    by_entry, done, waits = defaultdict[tuple[str, str, int], list[str]](list), set[str](), set[str]()
    for name, entrant, channel, number, base, revision in select_rows(db, _COUNTABLE, ()):
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
