"""What phones must know, as changes of the feed. Call inside the write transaction that made the change.

Bodies by kind:
form        the whole Form
programme   {"name", "digest", "rules", "audio_kept_days"}: the rules under the names that every phone knows (R-EAR-3),
            the digest of those in force; the last is how long sound is kept after its round was released, left out
            until a start of the server has noted it (`season.set_up.promise_audio_days`)
assignment  the whole Assignment, withdrawn or not
attempts    {"attempts": [...]} of other assessors on that assignment
review      {"id", "assessment_id", "revision", "decision" (accepted, returned, void, taken-back),
            "reason", "comments", "at"}; taken-back is of a return: the record waits for review again
revocation  {"reason"}: of a device (its id), or of an assignment that was handed on
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.forms.form import Form
from checklists.rules.earlier import for_phones
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.settings import setting

AUDIO_KEPT_DAYS = "audio-kept-days"  # the setting that notes what phones promise: days sound is kept


def tell_form(db: Connection, form: Form, now: datetime) -> None:
    """Send a form version to every device."""
    _tell_everyone(db, "form", form.id, wire.encode(form).decode(), now)


def tell_programme(db: Connection, name: str, digest: str, rules: Mapping[str, object], now: datetime) -> None:
    """Send the ruleset in force to every device, and how long sound is kept."""
    body: dict[str, object] = {"name": name, "digest": digest, "rules": for_phones(rules)}
    days = setting(db, AUDIO_KEPT_DAYS)
    if days is not None:
        body["audio_kept_days"] = days
    _tell_everyone(db, "programme", name, body_text(body), now)


class Review(NamedTuple):
    """How a record was reviewed: accepted, returned with comments by question, or void; or a return taken back."""

    id: str
    assessment_id: str
    revision: int
    decision: str
    reason: str
    comments: Mapping[str, str]


def tell_review(db: Connection, assessor_id: str, review: Review, now: datetime) -> None:
    """Tell the phones of an assessor how a record was reviewed."""
    body = body_text(review._asdict() | {"at": now})
    append_changes(db, [to_assessor(assessor_id, "review", review.assessment_id, body, now)])


def tell_device_revoked(db: Connection, assessor_id: str, device_id: str, now: datetime) -> None:
    """Tell an assessor's devices that one of them is revoked. The revoked one itself reads 401 from now on."""
    append_changes(
        db, [to_assessor(assessor_id, "revocation", device_id, body_text({"reason": "device-revoked"}), now)]
    )


def _tell_everyone(db: Connection, kind: str, subject_id: str, body: str, now: datetime) -> None:
    append_changes(db, [NewChange(audience="everyone", kind=kind, subject_id=subject_id, body=body, changed_at=now)])


def to_assessor(assessor_id: str, kind: str, subject_id: str, body: str, now: datetime) -> NewChange:
    """Return a change for the phones of one assessor. `body` is JSON text."""
    return NewChange(
        audience="assessor", assessor_id=assessor_id, kind=kind, subject_id=subject_id, body=body, changed_at=now
    )


def body_text(body: Mapping[str, object]) -> str:
    """Return `body` as a change carries it: canonical JSON."""
    return msgspec.json.encode(msgspec.json.decode(wire.encode(body)), order="sorted").decode()
