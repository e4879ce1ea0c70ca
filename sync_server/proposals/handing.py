"""Drafts and versions of a proposal, and its deadline.

PRP-1  A version is taken before the template's deadline, to the second; after it only where the organiser has reopened
       this proposal with a reason, before the moment given. Otherwise the page says so and keeps the draft.
PRP-2  A draft is kept whatever is wrong with it, and is never a version by itself.
PRP-9  A window that was opened before another one handed in is told so, and keeps what was typed in it.
PRP-10 A draft that another window has kept since a page was shown is not replaced unseen: the page says so, shows what
       was typed in it, and replaces the other when it is asked again.
PRP-3  A version handed in after the deadline is late, and says by how much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from checklists.days import moment_words
from checklists.language import N_, Sentence, SentenceError, Text, sentence
from checklists.proposal.template import TICKED, Template
from sync_server.database.queries import hand_ins
from sync_server.database.queries import proposals as queries
from sync_server.database.queries.hand_ins import HandInRow
from sync_server.database.queries.proposals import DraftRow, ReopeningRow
from sync_server.hand_in.versions import VISITOR, ClosedError, HandedFile, Receipt, begun, digest_of, hand_in
from sync_server.people.secret import secret_hash

KIND = "proposal"
ATTACHMENT, FIGURES = "attachment", "-figures"
MOST_DRAFTS = 5_000
MOST_CHARACTERS = 60_000  # of a whole draft


class DraftMovedError(ClosedError):
    """Another window has kept this draft since the page was shown (PRP-10)."""


class CannotReopenError(SentenceError):
    """The deadline is not moved; the message says why."""


def last_moment(template: Template) -> Text:
    """Return the last second in which a proposal is in time, in words."""
    return moment_words(template.deadline - timedelta(seconds=1), seconds=True)


def body_of(template: Template, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into the template's fields; what is empty is left out."""
    return {name: typed[name].strip() for name in template.names() if typed.get(name, "").strip()}


def stamp_of(draft: Mapping[str, str]) -> str:
    """Return what a page carries to say which draft it showed."""
    return digest_of(draft, [])[:16]


def save_draft(
    db: Connection, code: str, body: Mapping[str, str], now: datetime, *, seen: str | None = None
) -> HandInRow:
    """Keep a draft under its code (PRP-2). In a write. `seen` is the stamp of the draft that its page showed.

    Raises:
        DraftMovedError: another one is kept by now.
        ClosedError: it is far too long, or so many drafts are kept that no new one is.
    """
    if sum(map(len, body.values())) > MOST_CHARACTERS:
        raise ClosedError(sentence(N_("This is far longer than the template: shorten it, then it is kept.")))
    code_hash = secret_hash(code)
    begun_before = hand_ins.hand_in_of_code(db, code_hash)
    if begun_before is not None and seen is not None:
        _check_seen(db, begun_before.id, body, seen)
    if begun_before is None and len(queries.proposal_rows(db)) >= MOST_DRAFTS:
        raise ClosedError(sentence(N_("So many proposals were begun that no more are taken. Write to the organiser.")))
    to = begun(db, KIND, "", now, code_hash=code_hash)
    queries.keep_draft(db, DraftRow(to.id, body, now))
    return to


def _check_seen(db: Connection, hand_in_id: str, body: Mapping[str, str], seen: str) -> None:
    kept = queries.draft_of(db, hand_in_id)
    if kept is None or kept.body == body or stamp_of(kept.body) == seen:
        return
    if any(version.body == kept.body for version in hand_ins.versions_of(db, hand_in_id)):
        return  # it stays as what was handed in
    words = N_(
        "Another window has kept this draft meanwhile. What you typed in this one stands below: kept again, it takes"
        " the place of the other. To see the other first, open it by its code in a new window."
    )
    raise DraftMovedError(sentence(words))


def take_version(
    db: Connection,
    template: Template,
    code: str,
    body: Mapping[str, str],
    files: Sequence[HandedFile],
    *,
    now: datetime,
    carried: Sequence[Mapping[str, Any]] = (),
) -> Receipt:
    """Keep a version and its draft, and return the receipt (PRP-1). In a write; the draft alone where it is closed.

    Raises:
        ClosedError: nothing was written; the caller keeps the draft.
    """
    kept = hand_ins.hand_in_of_code(db, secret_hash(code))
    closed = why_closed(db, template, kept.id if kept else "", now)
    if closed is not None:
        raise ClosedError(closed)
    to = save_draft(db, code, body, now)
    return hand_in(db, to, body, files, by=VISITOR, now=now, carried=carried)


def why_closed(db: Connection, template: Template, hand_in_id: str, now: datetime) -> Sentence | None:
    """Return why a version is not taken at `now`; None where it is (PRP-1)."""
    if now < template.deadline or any(now < row.until for row in queries.reopenings_of(db, hand_in_id)):
        return None
    words = N_("The last moment for handing in was {moment}. Whoever comes later writes to the organiser.")
    return sentence(words, moment=last_moment(template))


def late_by(template: Template, handed_at: datetime) -> Sentence | None:
    """Say by how much a version is late; None where it is in time (PRP-3)."""
    if handed_at < template.deadline:
        return None
    seconds = int((handed_at - template.deadline).total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    return sentence(
        N_("Late by {hours} h {minutes} min {seconds} s"), hours=hours, minutes=minutes, seconds=seconds % 60
    )


def reopen(db: Connection, hand_in_id: str, until: datetime, reason: str, *, by: str, now: datetime) -> None:
    """Let one proposal be handed in until a moment, with why.

    Raises:
        CannotReopenError: no reason, or a moment that has passed. LookupError: there is no such proposal.
    """
    row = hand_ins.hand_in_of(db, hand_in_id)
    if row is None or row.kind != KIND:
        raise LookupError(hand_in_id)
    if not reason.strip():
        raise CannotReopenError(sentence(N_("Give a reason: it is kept with the proposal.")))
    if until <= now:
        raise CannotReopenError(sentence(N_("That moment has passed: give a later one.")))
    queries.add_reopening(db, ReopeningRow(hand_in_id, until, reason.strip()[:2000], by, now))


def is_ticked(body: Mapping[str, str], name: str) -> bool:
    """Is a box ticked?"""
    return body.get(name) == TICKED
