"""Enrolment codes that were issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sync_server.database.tables import assessors, enrolment_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One issued code; its own text is not kept."""

    code_hash: str
    hint: str
    assessor_id: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None = None
    device_id: str | None = None
    revoked_at: datetime | None = None


def add_code(db: Connection, row: CodeRow) -> None:
    """Keep a new code."""
    db.execute(insert(enrolment_codes).values(**asdict(row)))


def end_code(db: Connection, code_hash: str, now: datetime) -> bool:
    """Revoke an unused code. True if this call revoked it."""
    statement = (
        update(enrolment_codes)
        .where(
            enrolment_codes.c.code_hash == code_hash,
            enrolment_codes.c.used_at.is_(None),
            enrolment_codes.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return db.execute(statement).rowcount == 1


def list_codes(db: Connection, limit: int = 200) -> Sequence[tuple[CodeRow, str]]:
    """Return the newest codes, each with its assessor's name."""
    statement = (
        select(enrolment_codes, assessors.c.name.label("assessor_name"))
        .join_from(enrolment_codes, assessors)
        .order_by(enrolment_codes.c.created_at.desc(), enrolment_codes.c.code_hash)
        .limit(limit)
    )
    return [_with_name(row) for row in db.execute(statement)]


def _with_name(row: Row[*tuple[Any, ...]]) -> tuple[CodeRow, str]:
    values = dict(row._mapping)  # noqa: SLF001 - the documented mapping of a row
    name = str(values.pop("assessor_name"))
    return CodeRow(**values), name


def code_with_assessor(db: Connection, code_hash: str) -> tuple[CodeRow, str] | None:
    """Return an issued code with its assessor's name, or None. A code of an assessor who left is none."""
    statement = (
        select(enrolment_codes, assessors.c.name.label("assessor_name"))
        .join_from(enrolment_codes, assessors)
        .where(enrolment_codes.c.code_hash == code_hash, assessors.c.left_at.is_(None))
    )
    row = db.execute(statement).first()
    return _with_name(row) if row else None


def use_code(db: Connection, code_hash: str, device_id: str, now: datetime) -> None:
    """Note which device used the code, and when."""
    statement = update(enrolment_codes).where(enrolment_codes.c.code_hash == code_hash)
    db.execute(statement.values(used_at=now, device_id=device_id))
