"""Finding the copy that a report is made of: what is out, or (a draft) what stands or would be taken now.

KPT-1  Without a draft there is a report of what is published, and of nothing else.
KPT-2  A draft is of the standing copy; where none was taken, of one taken now and kept nowhere.
"""

from __future__ import annotations

from datetime import datetime

from checklists.language import N_, SentenceError, sentence
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import publications as queries
from sync_server.publication import closing, frozen
from sync_server.reports.round_copy import Key, RoundCopy

MOST_READ = 4
_read: dict[tuple[str, str, datetime | None], RoundCopy] = {}  # a copy never changes: scored once, not once a reader


class NoReportError(SentenceError, LookupError):
    """There is no such report; `message` says why."""


def copy_of(desk: SeasonDesk, number: int, *, draft: bool = False) -> RoundCopy:
    """Return the copy of a round that its reports are made of.

    Raises:
        NoReportError: there is no such round, or nothing of it is out and no draft is wanted.
    """
    if number not in desk.in_force.programme.rounds:
        raise NoReportError(sentence(N_("There is no round {number}."), number=number))
    what = queries.what_of(number)
    out = queries.published(desk.db, what)
    if out is None and not draft:
        raise NoReportError(
            sentence(
                N_("Round {number} is not released; --draft makes a report that says so on every page."), number=number
            )
        )
    forms = desk.book.forms(desk.db)
    kept = out or queries.standing_copy(desk.db, what)
    if kept is None:
        taken = closing.take(desk, number)
        return RoundCopy(taken.file, number, forms, digest=taken.digest)
    name = (kept.id, kept.digest, None if out is None else out.published_at)
    if name in _read:
        return _read[name]
    if len(_read) >= MOST_READ:
        _read.clear()
    copy = _read[name] = RoundCopy(
        frozen.inflated(queries.body_of_publication(desk.db, kept.id)),
        number,
        forms,
        id=kept.id,
        digest=kept.digest,
        rules_version=kept.rules_version,
        released_at=None if out is None else out.published_at,
    )
    return copy


def check_entry(copy: RoundCopy, key: Key) -> None:
    """Raise NoReportError where `copy` has no report of an entry."""
    if key not in copy.entries:
        names = ", ".join("/".join(each) for each in list(copy.entries)[:20])
        raise NoReportError(
            sentence(
                N_("{entry} is no entry of round {number}; use one of {names}"),
                entry="/".join(key),
                number=copy.number,
                names=names,
            )
        )
    if key not in copy.reported:
        raise NoReportError(
            sentence(N_("{entry} withdrew, or has nothing in round {number}."), entry="/".join(key), number=copy.number)
        )
