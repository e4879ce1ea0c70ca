"""The first erasure of a season: announced on every page of the desk, and nothing goes before somebody confirmed it.

RET-11  Nothing of a season is erased unless a notice of it was confirmed by a coordinator or an administrator, and
        stood for NOTICE_LASTS by observed time. Who confirmed it is kept, and so is the confirmation, once and for all.
RET-12  The notice comes NOTICE_LASTS before the first erasure is due, or as soon as something is found to be due.
        While nobody has confirmed it, it says each day how much is due by then; when nothing is due any more, it goes.
RET-13  Every time that erasing asks for is observed time (OBS-1), and every release is the event, not a typed date: a
        clock that jumps, forward or back, or a folder that stood still makes nothing due.
RET-14  A confirmation does not go with a backup: a restored season announces its first erasure anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.database.queries import erasure_notices as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.erasure_notices import Amount, NoticeRow

NOTICE_LASTS = timedelta(days=14)
SUBJECT = "erasure-notice"


class Announced(NamedTuple):
    """What a page of the desk says: how much is erased, and not before when."""

    id: int
    not_before: datetime
    files: int
    assessments: int


def announced(db: Connection) -> Announced | None:
    """Return the notice that waits to be confirmed."""
    notice = queries.newest_notice(db)
    if notice is None or notice.confirmed_at is not None:
        return None
    return Announced(notice.id, _not_before(notice), notice.files, notice.assessments)


def may_erase(db: Connection, observed: datetime) -> bool:
    """Return whether what is due may go: a notice was confirmed and has stood long enough."""
    notice = queries.newest_notice(db)
    return notice is not None and notice.confirmed_at is not None and notice.announced_at + NOTICE_LASTS <= observed


def announce(db: Connection, amount: Amount | None, observed: datetime, now: datetime, *, by: str) -> None:
    """Say what will be due within NOTICE_LASTS (None: nothing), unless a notice of this season was confirmed."""
    notice = queries.newest_notice(db)
    if notice is not None and notice.confirmed_at is not None:
        return
    if amount is None:
        if notice is not None:
            queries.withdraw_notice(db, notice.id)
    elif notice is None:
        queries.add_notice(db, amount, observed)
        details = {"files": amount.files, "assessments": amount.assessments, "due_at": amount.due_at.isoformat()}
        append_audit(db, [AuditRow(now, by, "retention", "erasure-announced", "season", "season", details)])
    else:
        queries.renew_notice(db, notice.id, amount)


def confirm(db: Connection, notice_id: int, user_id: str, now: datetime) -> bool:
    """Keep that an account confirmed a notice. False: somebody had, or it was withdrawn. The caller logs it."""
    return queries.confirm_notice(db, notice_id, user_id, now)


def _not_before(notice: NoticeRow) -> datetime:
    return max(notice.due_at, notice.announced_at + NOTICE_LASTS)
