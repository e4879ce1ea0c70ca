"""A device trades a one-time code for its token.

ENR-4  The answer may be lost on the way: the same code and device within REPEAT_WITHIN gives a fresh token again.
ENR-5  Any other second use is refused; so is a code that is unknown, ended or expired.
ENR-6  An address that tries many unknown codes is slowed down (THR-5), right codes included, for seconds at a time.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.database.queries import enrolment_codes, sign_in_throttles
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.devices import enrol_device
from sync_server.errors import ApiError
from sync_server.people import throttle
from sync_server.people.device_tokens import new_token, token_hash
from sync_server.people.enrolment_codes import code_hash

REPEAT_WITHIN = timedelta(minutes=10)
UNKNOWN = "enrolment-code-unknown"


class Enrolled(NamedTuple):
    """The token, told this once, and whose it is."""

    token: str
    assessor_id: str
    assessor_name: str


def enrol_from(
    db: Connection, code: str, device_id: str, device_name: str, now: datetime, *, address: str
) -> Enrolled | ApiError:
    """`enrol` a device that speaks from `address`, unless that address must wait; an unknown code is counted for it.

    Codes: those of `enrol`, and `too-many-requests` with Retry-After.
    """
    name = hashlib.sha256(f"enrolment {throttle.place_of(address)}".encode()).hexdigest()
    since = now - throttle.ENROLMENT_WINDOW
    wait = throttle.wait_after(*sign_in_throttles.failures_of(db, name, since), now, throttle.ENROLMENT)
    if wait:
        headers = {"Retry-After": str(math.ceil(wait.total_seconds()))}
        return ApiError(
            429, "too-many-requests", "Too many unknown codes came from here. Wait a little.", headers=headers
        )
    outcome = enrol(db, code, device_id, device_name, now)
    if isinstance(outcome, ApiError) and outcome.code == UNKNOWN:
        sign_in_throttles.count_failure(db, name, now, since)
    return outcome


def enrol(db: Connection, code: str, device_id: str, device_name: str, now: datetime) -> Enrolled | ApiError:
    """Enrol a device inside a write transaction. A refusal is returned, not raised: nothing was written.

    Codes: `enrolment-code-unknown`, `enrolment-code-used`, `enrolment-code-revoked`, `enrolment-code-expired`.
    """
    found = enrolment_codes.code_with_assessor(db, code_hash(code))
    if found is None:
        return ApiError(404, UNKNOWN, "There is no such enrolment code. Check it, or ask for a new one.")
    row, assessor_name = found
    if row.revoked_at is not None:
        return ApiError(410, "enrolment-code-revoked", "This enrolment code was withdrawn. Ask for a new one.")
    if row.used_at is not None:
        if row.device_id != device_id or now - row.used_at > REPEAT_WITHIN:
            return ApiError(409, "enrolment-code-used", "This enrolment code was used already. Ask for a new one.")
    elif row.expires_at <= now:
        return ApiError(410, "enrolment-code-expired", "This enrolment code has expired. Ask for a new one.")
    token = new_token()
    if row.used_at is None:
        enrolment_codes.use_code(db, row.code_hash, device_id, now)
    enrol_device(
        db,
        device_id=device_id,
        assessor_id=row.assessor_id,
        name=device_name,
        token_hash=token_hash(token),
        now=now,
    )
    append_audit(db, [AuditRow(now, "device", device_id, "device-enrolled", "assessor", row.assessor_id)])
    return Enrolled(token, row.assessor_id, assessor_name)
