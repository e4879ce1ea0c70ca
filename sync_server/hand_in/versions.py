"""Handing a document in, and what the office says of it: one way for enrolments, FAQs and whatever has a deadline.

HIN-1  Every version is kept as it came, with its moment and a digest of its words and files; nothing is overwritten.
HIN-2  The same words and files again are the same version: the receipt is given again, and nothing is written.
HIN-3  Late is computed from the deadline as it is now, whenever somebody looks: the first version decides.
HIN-4  A version is accepted, or sent back with words, once. Only the newest can be; what was accepted may be followed
       by another version where its kind says so, and stays accepted until that one is.
HIN-5  The same words and files under another code, as the back button of a browser sends them, begin nothing either.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.database.queries import hand_ins as queries
from sync_server.database.queries.hand_ins import HandInRow, VersionRow

VISITOR = "visitor"


class CannotJudgeError(SentenceError, ValueError):
    """Of this version nothing can be said now; the message says why."""


class ClosedError(SentenceError, ValueError):
    """Nothing more can be handed in; the message says why."""


class HandedFile(NamedTuple):
    """A file as it came with a version, in the field of the form that held it."""

    field: str
    name: str
    content: bytes

    @property
    def row(self) -> Mapping[str, Any]:
        """What a version keeps of it, beside its bytes."""
        sha256 = hashlib.sha256(self.content).hexdigest()
        return {"field": self.field, "name": self.name, "sha256": sha256, "size_bytes": len(self.content)}


class Receipt(NamedTuple):
    """What whoever handed in is given: the number, the version, its moment and its digest."""

    hand_in_id: str
    version: int
    handed_at: datetime
    digest: str
    is_repeated: bool = False


class Judgement(NamedTuple):
    """What the office says of a version. `items`: words about a part of it, by the part's name."""

    verdict: str  # "accepted" or "returned"
    words: str
    items: Mapping[str, str] = {}
    counts_from: str | None = None
    set_id: str | None = None


def begun(db: Connection, kind: str, subject: str, now: datetime, *, code_hash: str | None = None) -> HandInRow:
    """Return the hand-in of a kind about `subject`, or of a code; begun now where there is none. In a write."""
    kept = queries.hand_in_about(db, kind, subject) if code_hash is None else queries.hand_in_of_code(db, code_hash)
    if kept is not None:
        return kept
    row = HandInRow(secrets.token_hex(8), kind, subject, now)
    queries.begin(db, row, code_hash)
    return row


def hand_in(
    db: Connection,
    to: HandInRow,
    body: Mapping[str, Any],
    files: Sequence[HandedFile],
    *,
    by: str,
    now: datetime,
    carried: Sequence[Mapping[str, Any]] = (),
    again: bool = False,
) -> Receipt:
    """Keep a version and return its receipt (HIN-1, HIN-2). Inside a write transaction.

    `carried` are files of an earlier version that stay; `again`: one may follow a version that was accepted.

    Raises:
        ClosedError: it was accepted, and this kind has no version after that.
    """
    rows = [*carried, *(file.row for file in files)]
    digest = digest_of(body, rows)
    kept = queries.versions_of(db, to.id)
    newest = kept[0] if kept else None
    if newest is not None and newest.digest == digest and newest.verdict != "returned":
        return Receipt(to.id, newest.version, newest.handed_at, digest, is_repeated=True)
    if newest is not None and newest.verdict == "accepted" and not again:
        raise ClosedError(sentence(N_("This was accepted already. Write to the organiser if something has changed.")))
    number = newest.version + 1 if newest else 1
    for file in files:
        queries.keep_file(db, to.id, file.row["sha256"], file.content)
    queries.add_version(db, VersionRow(to.id, number, now, by, dict(body), rows, digest))
    return Receipt(to.id, number, now, digest)


def came_before(db: Connection, kind: str, body: Mapping[str, Any], files: Sequence[HandedFile]) -> Receipt | None:
    """Return the receipt of a hand-in of a kind whose newest version is these very words and files, if there is one.

    One that was sent back waits for others, and is none.
    """
    digest = digest_of(body, [file.row for file in files])
    for hand_in_id in queries.of_digest(db, kind, digest):
        newest = queries.versions_of(db, hand_in_id)[0]
        if newest.digest == digest and newest.verdict != "returned":
            return Receipt(hand_in_id, newest.version, newest.handed_at, digest, is_repeated=True)
    return None


def judge(db: Connection, hand_in_id: str, version: int, judgement: Judgement, *, by: str, now: datetime) -> VersionRow:
    """Keep what the office says of a version, and return the version (HIN-4). Inside a write transaction.

    Raises:
        LookupError: there is no such version.
        CannotJudgeError: it is not the newest, something was said of it, or nothing is said to one that is sent back.
    """
    kept = queries.versions_of(db, hand_in_id)
    newest = kept[0] if kept else None
    if newest is None or not 1 <= version <= newest.version:
        raise LookupError(hand_in_id)
    if version != newest.version:
        raise CannotJudgeError(sentence(N_("A newer version came meanwhile. Look at that one.")))
    if newest.verdict is not None:
        raise CannotJudgeError(sentence(N_("Somebody has decided about this version already.")))
    if judgement.verdict == "returned" and not judgement.words.strip() and not judgement.items:
        raise CannotJudgeError(sentence(N_("Say what is to be changed: whoever handed it in reads it.")))
    queries.add_verdict(
        db,
        hand_in_id=hand_in_id,
        version=version,
        verdict=judgement.verdict,
        words=judgement.words.strip(),
        items=dict(judgement.items),
        counts_from=judgement.counts_from,
        set_id=judgement.set_id,
        decided_by=by,
        decided_at=now,
    )
    return newest


def is_late(first_at: datetime | None, deadline: datetime | None, now: datetime) -> bool:
    """Say whether what was first handed in then (None: not yet) is late by `now` (HIN-3). Without a deadline: never."""
    return deadline is not None and (first_at or now) > deadline


def digest_of(body: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of a version: of its words, and of each file's field and own SHA-256."""
    named = sorted((file["field"], file["sha256"]) for file in files)
    return hashlib.sha256(msgspec.json.encode([body, named], order="deterministic")).hexdigest()
