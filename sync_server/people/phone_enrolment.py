"""A device trades a one-time code for its token. A refusal is a value: what it counted must be kept.

ENR-4  The answer may be lost on the way: the same code and device within REPEAT_WITHIN gives a fresh token again.
ENR-5  Any other second use is refused; so is a code that is unknown, ended or expired.
ENR-6  An address that tries many unknown codes is slowed down (THR-5), right codes included, for seconds at a time.
ENR-7  The id of a phone that may still speak for another assessor is refused, and the code stays unused: the phone
       makes a new id. One that was revoked may be handed on; what was announced from it has ended then.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.database.queries import enrolment_codes, sign_in_throttles
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.devices import enrol_device, holder_of_device
from sync_server.database.queries.uploads import end_uploads_of_device
from sync_server.people import throttle
from sync_server.people.device_tokens import new_token, token_hash
from sync_server.people.enrolment_codes import code_hash

REPEAT_WITHIN = timedelta(minutes=10)
OF_ANOTHER = "device-of-another"
UNKNOWN = "enrolment-code-unknown"


class Enrolled(NamedTuple):
    """The token, shown this once, and whose it is."""

    token: str
    assessor_id: str
    assessor_name: str


class NotEnrolled(NamedTuple):
    """Why the device gets no token, and after how many seconds it may try again."""

    code: str
    wait_s: int | None = None


def enrol_from(
    db: Connection, code: str, device_id: str, device_name: str, now: datetime, *, address: str
) -> Enrolled | NotEnrolled:
    """`enrol` a device that speaks from `address`, unless that address must wait; an unknown code is counted for it.

    Codes: those of `enrol`, and `too-many-requests`.
    """
    name = hashlib.sha256(f"enrolment {throttle.place_of(address)}".encode()).hexdigest()
    since = now - throttle.ENROLMENT_WINDOW
    sign_in_throttles.bring_back_failures(db, [name], now)
    wait = throttle.wait_after(*sign_in_throttles.failures_of(db, name, since), now, throttle.ENROLMENT)
    if wait:
        return NotEnrolled("too-many-requests", wait_s=math.ceil(wait.total_seconds()))
    result = enrol(db, code, device_id, device_name, now)
    if isinstance(result, NotEnrolled) and result.code == UNKNOWN:
        sign_in_throttles.count_failure(db, name, now, since)
    return result


def enrol(db: Connection, code: str, device_id: str, device_name: str, now: datetime) -> Enrolled | NotEnrolled:
    """Enrol a device inside a write transaction, or write nothing.

    Codes: `enrolment-code-unknown`, `enrolment-code-used`, `enrolment-code-revoked`, `enrolment-code-expired`,
    `device-of-another`.
    """
    issued = enrolment_codes.code_with_assessor(db, code_hash(code))
    if issued is None:
        return NotEnrolled(UNKNOWN)
    row, assessor_name = issued
    if row.revoked_at is not None:
        return NotEnrolled("enrolment-code-revoked")
    if row.used_at is not None:
        if row.device_id != device_id or now - row.used_at > REPEAT_WITHIN:
            return NotEnrolled("enrolment-code-used")
    elif row.expires_at <= now:
        return NotEnrolled("enrolment-code-expired")
    holder = holder_of_device(db, device_id)
    if holder is not None and holder[0] != row.assessor_id:
        if holder[1]:
            return NotEnrolled(OF_ANOTHER)
        end_uploads_of_device(db, device_id, now)
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
