"""Enrolment codes: one phone, once, for one assessor. Issued here, shown once as words and QR, revoked here.

ENR-1  A code is random (59 bits), easy to read aloud, typed in any case with or without hyphens.
ENR-2  Only its SHA-256 is kept, with its last four characters so that a coordinator can tell codes apart.
ENR-3  It ends when used, when revoked, or when its time is over: the setting says how long it lasts.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import segno
from sqlalchemy import Connection

from sync_server.database.queries import enrolment_codes
from sync_server.database.queries.enrolment_codes import CodeRow

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L
GROUPS, GROUP_CHARS = 3, 4


class CodeState(StrEnum):
    """What an issued code can still do."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A new code in clear: the only moment it is known."""

    code: str  # "K7QF-9WXM-2HPT"
    assessor_id: str
    expires_at: datetime


def issue_code(db: Connection, *, assessor_id: str, created_by: str, now: datetime, lasts: timedelta) -> IssuedCode:
    """Make and keep a code for an existing assessor. `created_by` is a user's id or "command"."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP_CHARS)) for _ in range(GROUPS))
    row = CodeRow(
        code_hash=code_hash(code),
        hint=code[-GROUP_CHARS:],
        assessor_id=assessor_id,
        created_at=now,
        created_by=created_by,
        expires_at=now + lasts,
    )
    enrolment_codes.add_code(db, row)
    return IssuedCode(code=code, assessor_id=assessor_id, expires_at=row.expires_at)


def revoke_code(db: Connection, code_hash: str, now: datetime) -> bool:
    """End an unused code. True if it was still open; a repeat changes nothing."""
    return enrolment_codes.end_code(db, code_hash, now)


def code_hash(code: str) -> str:
    """Return the name under which `code` is kept, however it was typed."""
    plain = "".join(character for character in code.upper() if character in LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest()


def state_of(row: CodeRow, now: datetime) -> CodeState:
    """Say what the code can still do."""
    if row.used_at is not None:
        return CodeState.USED
    if row.revoked_at is not None:
        return CodeState.REVOKED
    return CodeState.EXPIRED if row.expires_at <= now else CodeState.OPEN


def enrolment_link(base_url: str, code: str) -> str:
    """Return the address that opens the app with the code filled in. The code stays behind the #: no server log."""
    return f"{base_url.rstrip('/')}/app/#/enrol?code={code}"


def qr_svg(address: str, label: str) -> str:
    """Return the QR code of `address` as an SVG element without inline style, with `label` as its title."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        out, kind="svg", xmldecl=False, svgns=True, border=2, title=label, svgclass=None, lineclass=None, omitsize=True
    )
    return out.getvalue().decode()
