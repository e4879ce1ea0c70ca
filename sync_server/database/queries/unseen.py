"""Which visits are not to be read yet in a table of many: one rule for every file and every other program (RTD-3)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, exists, literal, select

from checklists.forms.form import Channel
from sync_server.database.queries.panel import SITE_VISIT
from sync_server.database.tables import assessments, panel_marks


def waits_for_second_rating() -> ColumnElement[bool]:
    """Return whether an assessment is a site visit whose current revision has no second rating that is final."""
    a, m = assessments.c, panel_marks.c
    subject = literal(SITE_VISIT) + a.id + "/" + cast(a.revision, Text)
    rated = exists(select(m.subject).where(m.subject == subject, m.is_final).correlate(assessments))
    return and_(a.channel == Channel.SITE_VISIT.value, ~rated)


def unseen_visits(db: Connection) -> frozenset[str]:
    """Return those that wait."""
    return frozenset(db.execute(select(assessments.c.id).where(waits_for_second_rating())).scalars())
