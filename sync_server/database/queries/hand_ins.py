"""Hand-ins with their versions, their files and what the office said of each: append, and look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, insert, select

from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.tables import hand_in_files, hand_in_verdicts, hand_in_versions, hand_ins


class VersionRow(NamedTuple):
    """A version as it came, with what was said of it; `verdict` None: nothing yet."""

    hand_in_id: str
    version: int
    handed_at: datetime
    handed_by: str
    body: Mapping[str, Any]
    files: Sequence[Mapping[str, Any]]
    digest: str
    verdict: str | None = None
    words: str | None = None
    items: Mapping[str, str] | None = None
    counts_from: str | None = None
    set_id: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def state(self) -> str:
        """What it is now: "waiting", "accepted" or "returned"."""
        return self.verdict or "waiting"


class HandInRow(NamedTuple):
    """A hand-in: what it is, and about whom."""

    id: str
    kind: str
    subject: str
    begun_at: datetime


def begin(db: Connection, row: HandInRow, code_hash: str | None = None) -> None:
    """Add a hand-in without a version. A repeat changes nothing."""
    db.execute(insert_ignoring_duplicates(db, hand_ins).values(**row._asdict(), code_hash=code_hash))


def hand_in_of(db: Connection, hand_in_id: str) -> HandInRow | None:
    """Return one hand-in, or None."""
    return _one(db, hand_ins.c.id == hand_in_id)


def hand_in_of_code(db: Connection, code_hash: str) -> HandInRow | None:
    """Return the hand-in that somebody without an account comes back to, or None."""
    return _one(db, hand_ins.c.code_hash == code_hash)


def hand_in_about(db: Connection, kind: str, subject: str) -> HandInRow | None:
    """Return the hand-in of a kind about somebody, or None."""
    return _one(db, and_(hand_ins.c.kind == kind, hand_ins.c.subject == subject))


def _one(db: Connection, which: Any) -> HandInRow | None:
    columns = [hand_ins.c[name] for name in HandInRow._fields]
    row = db.execute(select(*columns).where(which)).first()
    return HandInRow(*row) if row else None


def add_version(db: Connection, row: VersionRow) -> None:
    """Append a version."""
    names = VersionRow._fields[:7]
    db.execute(insert(hand_in_versions).values(**{name: getattr(row, name) for name in names}))


def versions_of(db: Connection, hand_in_id: str) -> Sequence[VersionRow]:
    """Return the versions of a hand-in, the newest first."""
    statement = _versions().where(hand_in_versions.c.hand_in_id == hand_in_id)
    return [VersionRow(*row) for row in db.execute(statement.order_by(hand_in_versions.c.version.desc()))]


def of_digest(db: Connection, kind: str, digest: str) -> Sequence[str]:
    """Return the hand-ins of a kind of which some version has a digest, the first handed in first."""
    statement = (
        select(hand_ins.c.id)
        .join(hand_in_versions, hand_in_versions.c.hand_in_id == hand_ins.c.id)
        .where(hand_ins.c.kind == kind, hand_in_versions.c.digest == digest)
        .order_by(hand_in_versions.c.handed_at, hand_ins.c.id)
    )
    return db.execute(statement).scalars().all()


def newest_versions(db: Connection, kind: str) -> Sequence[tuple[HandInRow, VersionRow]]:
    """Return every hand-in of a kind that has a version, with its newest; who handed in last comes first."""
    newest = (
        select(hand_in_versions.c.hand_in_id, func.max(hand_in_versions.c.version).label("version"))
        .group_by(hand_in_versions.c.hand_in_id)
        .subquery()
    )
    columns = [hand_ins.c[name] for name in HandInRow._fields]
    statement = (
        _versions()
        .join(hand_ins, hand_ins.c.id == hand_in_versions.c.hand_in_id)
        .join(
            newest,
            and_(newest.c.hand_in_id == hand_in_versions.c.hand_in_id, newest.c.version == hand_in_versions.c.version),
        )
        .where(hand_ins.c.kind == kind)
        .order_by(hand_in_versions.c.handed_at.desc(), hand_in_versions.c.hand_in_id)
        .add_columns(*columns)
    )
    width = len(VersionRow._fields)
    return [(HandInRow(*row[width:]), VersionRow(*row[:width])) for row in db.execute(statement)]


def first_handed(db: Connection, kind: str) -> Mapping[str, datetime]:
    """Return when the first version of each hand-in of a kind came, by its subject."""
    statement = (
        select(hand_ins.c.subject, func.min(hand_in_versions.c.handed_at))
        .join(hand_in_versions, hand_in_versions.c.hand_in_id == hand_ins.c.id)
        .where(hand_ins.c.kind == kind)
        .group_by(hand_ins.c.subject)
    )
    return {subject: datetime.fromisoformat(at) if isinstance(at, str) else at for subject, at in db.execute(statement)}


def count_waiting(db: Connection, kind: str) -> int:
    """Return how many hand-ins of a kind have a newest version of which nothing was said."""
    return sum(version.verdict is None for _, version in newest_versions(db, kind))


def add_verdict(db: Connection, **values: Any) -> None:
    """Append what the office says of a version; a second one of the same version is refused by the table."""
    db.execute(insert(hand_in_verdicts).values(**values))


def keep_file(db: Connection, hand_in_id: str, sha256: str, content: bytes) -> None:
    """Keep a file's bytes. A repeat changes nothing."""
    values = {"hand_in_id": hand_in_id, "sha256": sha256, "content": content}
    db.execute(insert_ignoring_duplicates(db, hand_in_files).values(**values))


def file_of(db: Connection, hand_in_id: str, sha256: str) -> bytes | None:
    """Return a file's bytes, or None."""
    statement = select(hand_in_files.c.content).where(
        hand_in_files.c.hand_in_id == hand_in_id, hand_in_files.c.sha256 == sha256
    )
    content: bytes | None = db.execute(statement).scalar_one_or_none()
    return content


def _versions() -> Any:
    v, said = hand_in_versions.c, hand_in_verdicts.c
    return select(
        v.hand_in_id, v.version, v.handed_at, v.handed_by, v.body, v.files, v.digest,
        said.verdict, said.words, said["items"], said.counts_from, said.set_id, said.decided_by, said.decided_at,
    ).outerjoin(
        hand_in_verdicts, and_(said.hand_in_id == v.hand_in_id, said.version == v.version)
    )  # fmt: skip
