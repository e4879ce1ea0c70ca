"""Frozen copies of rounds, results, findings and the index, and their signatures.

When one was released follows from `releases`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from sync_server.database.tables import publications, releases, signatures, users

SIGNERS = 2
RESULTS = "results"


def what_of(number: int | None) -> str:
    """Return the name that copies and releases of a round have; None: that of the results."""
    return RESULTS if number is None else f"round-{number}"


@dataclass(frozen=True, kw_only=True)
class NewPublication:
    """One row to be kept. `body` is deflated; `reason` is "" where nothing stayed open and nothing is corrected."""

    id: str
    what: str
    round: int | None
    copy: int
    correction: int
    audience: str
    rules_version: int
    rules_digest: str
    digest: str
    body: bytes
    reason: str
    made_at: datetime
    made_by: str


class Signature(NamedTuple):
    """Who signed, and when."""

    user_id: str
    name: str
    signed_at: datetime


class Publication(NamedTuple):
    """One copy without its body. `published_at` None: no entrant has seen it yet."""

    id: str
    what: str
    round: int | None
    copy: int
    correction: int
    audience: str
    rules_version: int
    rules_digest: str
    digest: str
    reason: str
    made_at: datetime
    made_by: str
    made_by_name: str
    withdrawn_at: datetime | None
    withdrawn_because: str
    signatures: tuple[Signature, ...]
    published_at: datetime | None

    @property
    def kind(self) -> str:
        """What it is a copy of: "round", "results", "finding", "index"."""
        return self.what.partition("-")[0]

    @property
    def is_signed(self) -> bool:
        """Whether as many people signed as it takes."""
        return len(self.signatures) >= SIGNERS


def add_publication(db: Connection, row: NewPublication) -> None:
    """Keep a copy. Fails where one of the same correction stands (unique index)."""
    db.execute(insert(publications).values(**asdict(row)))


def copies_of(db: Connection, what: str | None = None) -> Sequence[Publication]:
    """Return every copy there ever was, of `what` or of everything, the oldest first."""
    p, maker = publications.c, users.alias()
    statement = (
        select(
            p.id, p.what, p.round, p.copy, p.correction, p.audience, p.rules_version, p.rules_digest, p.digest,
            p.reason, p.made_at, p.made_by, maker.c.name, p.withdrawn_at, p.withdrawn_because, releases.c.released_at,
        )
        .select_from(
            publications.join(maker, maker.c.id == p.made_by).outerjoin(releases, releases.c.what == p.what)
        )
        .order_by(p.made_at, p.what, p.copy)
    )  # fmt: skip
    rows = db.execute(statement if what is None else statement.where(p.what == what)).all()
    signed = _signatures(db)
    return [
        Publication._make((*row[:15], signed.get(row.id, ()), _published_at(row, signed.get(row.id, ()))))
        for row in rows
    ]


def _published_at(row: Any, signed: Sequence[Signature]) -> datetime | None:
    """A first publication is out once its event is written; a correction, once the second person signed it."""
    if row.withdrawn_at is not None or row.released_at is None or len(signed) < SIGNERS:
        return None
    released_at: datetime = row.released_at
    return max(released_at, *(one.signed_at for one in signed)) if row.correction else released_at


def standing_copy(db: Connection, what: str) -> Publication | None:
    """Return the newest copy of `what` that was not withdrawn, or None."""
    return next((one for one in reversed(copies_of(db, what)) if one.withdrawn_at is None), None)


def published(db: Connection, what: str) -> Publication | None:
    """Return what of `what` is out: its newest correction, or its first publication; None: nothing is."""
    return next((one for one in reversed(copies_of(db, what)) if one.published_at is not None), None)


def signed_copy(db: Connection, what: str) -> Publication | None:
    """Return the newest copy of `what` that as many people signed as it takes, and that stands; None: there is none."""
    return next((one for one in reversed(copies_of(db, what)) if one.is_signed and one.withdrawn_at is None), None)


def publication_of_id(db: Connection, publication_id: str) -> Publication | None:
    """Return one copy, or None."""
    return next((one for one in copies_of(db) if one.id == publication_id), None)


def body_of_publication(db: Connection, publication_id: str) -> bytes:
    """Return the deflated season file of a copy that is there."""
    return bytes(db.execute(select(publications.c.body).where(publications.c.id == publication_id)).scalar_one())


def signed_off(db: Connection) -> set[str]:
    """Return what has a standing copy that as many people signed as it takes."""
    p, s = publications.c, signatures.c
    statement = (
        select(p.what)
        .join_from(publications, signatures, s.publication_id == p.id)
        .where(p.withdrawn_at.is_(None), p.correction == 0)
        .group_by(p.what, p.id)
        .having(func.count() >= SIGNERS)
    )
    return set(db.execute(statement).scalars())


def sign(db: Connection, publication_id: str, user_id: str, digest: str, now: datetime) -> None:
    """Keep a signature. Fails where the same person signed already (primary key)."""
    row = {"publication_id": publication_id, "user_id": user_id, "digest": digest, "signed_at": now}
    db.execute(insert(signatures).values(**row))


def withdraw(db: Connection, publication_id: str, user_id: str, reason: str, now: datetime) -> None:
    """Note that a copy no longer stands, with why."""
    p = publications.c
    changed = {"withdrawn_at": now, "withdrawn_by": user_id, "withdrawn_because": reason}
    db.execute(update(publications).where(p.id == publication_id).values(**changed))


def _signatures(db: Connection) -> Mapping[str, tuple[Signature, ...]]:
    s = signatures.c
    statement = (
        select(s.publication_id, s.user_id, users.c.name, s.signed_at)
        .join_from(signatures, users, users.c.id == s.user_id)
        .order_by(s.signed_at)
    )
    found: dict[str, list[Signature]] = {}
    for row in db.execute(statement):
        found.setdefault(row.publication_id, []).append(Signature(*row[1:]))
    return {name: tuple(each) for name, each in found.items()}
