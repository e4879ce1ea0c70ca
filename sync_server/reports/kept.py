"""Finding the copy that a report is made of: what is out, or (a draft) what stands or would be taken now.

KPT-1  Without a draft there is a report of what is published, and of nothing else.
KPT-3  So it is with the results: what is out, or a draft for the office alone.
KPT-2  A draft is of the standing copy; where none was taken, of one taken now and kept nowhere.
KPT-5  Such a draft compares with nobody: while a round is not closed no entry's figures are whole. One of a single
       entry is made of that entry's visits alone.
KPT-4  Of a form version that is gone there is no report: half of one would look whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from checklists.forms.form import Form
from checklists.language import N_, SentenceError, sentence
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import publications as queries
from sync_server.database.queries.publications import Publication
from sync_server.machine.memory import give_back
from sync_server.publication import closing
from sync_server.publication.packed import inflated
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.round_copy import Key, RoundCopy
from sync_server.season.rules import results_moment

MOST_READ = 6  # of three rounds a correction and what it corrects; one of 21,600 visits is 4 MB here
_read: dict[tuple[str, str, datetime | None], RoundCopy] = {}  # a copy never changes: scored once, not once a reader
_results: dict[tuple[object, ...], ResultsCopy] = {}  # one: the newest that was asked for


class NoReportError(SentenceError, LookupError):
    """There is no such report; `message` says why."""


def copy_of(desk: SeasonDesk, number: int, *, draft: bool = False, key: Key | None = None) -> RoundCopy:
    """Return the copy of a round that its reports are made of.

    `key`: only this entry's report is wanted; a draft of a round that is not closed then has no other (KPT-5).

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
        taken = closing.take(desk, number) if key is None else _entry_taken(desk, number, key, forms)
        return RoundCopy(taken.file, number, forms, digest=taken.digest, is_closed=False)
    return read_copy(desk.db, kept, forms, None if out is None else out.published_at)


def _entry_taken(desk: SeasonDesk, number: int, key: Key, forms: Mapping[str, Form]) -> closing.Taken:
    names = [(row.entrant_id, row.channel) for row in desk.entry_rows()]
    if key not in names:
        raise _no_entry(number, key, names)
    out = {each: one for each, one in closing.before(desk.db, number).items() if one is not None}
    held = {each: read_copy(desk.db, one, forms, one.published_at).file for each, one in out.items()}
    return closing.take_entry(desk, number, key, held)


def read_copy(db: Connection, kept: Publication, forms: Mapping[str, Form], released_at: datetime | None) -> RoundCopy:
    """Return a copy of a round as it is kept, with those that were out before it."""
    name = (kept.id, kept.digest, released_at)
    if name in _read:
        return _read[name]
    if len(_read) >= MOST_READ:
        _read.clear()
    corrected = _corrected(db, kept) if kept.correction else None
    copy = _read[name] = RoundCopy(
        inflated(queries.body_of_publication(db, kept.id)),
        kept.round or 0,
        forms,
        id=kept.id,
        digest=kept.digest,
        rules_version=kept.rules_version,
        released_at=released_at,
        correction=kept.correction,
        reason=kept.reason,
        before=None if corrected is None else read_copy(db, corrected, forms, corrected.published_at),
    )
    copy.entries  # noqa: B018 - scored now, as every reader needs it, so that what that freed can be given back
    give_back()
    return copy


def _corrected(db: Connection, correction: Publication) -> Publication | None:
    """Return the copy that was out until `correction`."""
    out = [one for one in queries.copies_of(db, correction.what) if one.published_at is not None]
    return next((one for one in reversed(out) if one.copy < correction.copy), None)


def results_of(desk: SeasonDesk, *, draft: bool = False, live: bool = False) -> ResultsCopy:
    """Return the copy of the results that letters and the ceremony's papers are made of.

    `live`: where none was taken, a draft is of one taken now, which reads the whole season.

    Raises:
        NoReportError: they are not out, and no draft is wanted.
    """
    out = queries.published(desk.db, queries.RESULTS)
    if out is None and not draft:
        raise NoReportError(
            sentence(N_("The results are not released; --draft makes papers that say so on every page."))
        )
    forms, moment = desk.book.forms(desk.db), results_moment(desk.db)
    kept = out or queries.standing_copy(desk.db, queries.RESULTS)
    if kept is None and not live:
        raise NoReportError(sentence(N_("The results are not closed yet.")))
    if kept is None:
        taken = closing.take(desk, None)
        return ResultsCopy(taken.file, forms, digest=taken.digest, release_at=moment)
    name = (kept.id, kept.digest, str(kept.is_signed), str(moment), out and out.published_at)
    if name not in _results:
        _results.clear()
        _results[name] = ResultsCopy(
            inflated(queries.body_of_publication(desk.db, kept.id)),
            forms,
            id=kept.id,
            digest=kept.digest,
            rules_version=kept.rules_version,
            is_signed=kept.is_signed,
            correction=kept.correction,
            reason=kept.reason,
            release_at=moment,
            released_at=None if out is None else out.published_at,
        )
    return _results[name]


def check_entry(copy: RoundCopy, key: Key) -> None:
    """Raise NoReportError where `copy` has no report of an entry."""
    if key not in copy.entries:
        raise _no_entry(copy.number, key, list(copy.entries))
    if key not in copy.reported:
        raise NoReportError(
            sentence(N_("{entry} withdrew, or has nothing in round {number}."), entry="/".join(key), number=copy.number)
        )
    if gone := copy.forms_gone(key):
        words = N_("{entry} was assessed on {forms}, which is gone: restore it from a backup, then make the report.")
        raise NoReportError(sentence(words, entry="/".join(key), forms=tuple(gone)))


def _no_entry(number: int, key: Key, names: Sequence[Key]) -> NoReportError:
    words = N_("{entry} is no entry of round {number}; use one of {names}")
    return NoReportError(
        sentence(words, entry="/".join(key), number=number, names=tuple("/".join(each) for each in names[:20]))
    )
