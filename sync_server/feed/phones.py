"""What devices must be told, as changes of the feed. Call inside the write transaction that made the change.

Bodies by kind:
form        the whole Form
programme   {"name", "digest", "rules"}
assignment  the whole Assignment, withdrawn or not
attempts    {"attempts": [...]} of other assessors on that assignment
review      {"id", "assessment_id", "revision", "decision" (accepted, returned, void), "reason", "comments", "at"}
revocation  {"reason"}: of a device (its id), or of an assignment that was handed on
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.forms.form import Form
from checklists.record.assessment import Attempt
from checklists.record.assignment import Assignment
from sync_server.database.queries.assignments import holders_of, remember_holder
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.fieldwork.earlier_tries import tries_to_tell


def tell_form(db: Connection, form: Form, now: datetime) -> None:
    """Tell every device of a form version."""
    _tell_everyone(db, "form", form.id, wire.encode(form).decode(), now)


def tell_programme(db: Connection, name: str, digest: str, rules: Mapping[str, object], now: datetime) -> None:
    """Tell every device of the ruleset in force."""
    _tell_everyone(db, "programme", name, _json({"name": name, "digest": digest, "rules": rules}), now)


def tell_assignment(db: Connection, assignment: Assignment, now: datetime) -> None:
    """Tell its assessor of an assignment, new or changed; whoever held it before is told that it was handed on.

    Records of earlier holders stay welcome, and the next one is told of the tries in them.
    """
    earlier = [holder for holder in holders_of(db, assignment.id) if holder != assignment.assessor_id]
    remember_holder(db, assignment.id, assignment.assessor_id, now)
    tries = tries_to_tell(db, assignment.id, assignment.assessor_id) if earlier else ()
    append_changes(
        db,
        [
            _to(assignment.assessor_id, "assignment", assignment.id, wire.encode(assignment).decode(), now),
            *([attempts_change(assignment.assessor_id, assignment.id, tries, now)] if tries else ()),
            *(_to(holder, "revocation", assignment.id, _json({"reason": "handed-on"}), now) for holder in earlier),
        ],
    )


def tell_review(
    db: Connection,
    assessor_id: str,
    assessment_id: str,
    *,
    review_id: str,
    revision: int,
    decision: str,
    reason: str,
    comments: Mapping[str, str],
    now: datetime,
) -> None:
    """Tell an assessor what became of a record: accepted, returned with comments per question, or void."""
    body = {
        "id": review_id,
        "assessment_id": assessment_id,
        "revision": revision,
        "decision": decision,
        "reason": reason,
        "comments": comments,
        "at": now,
    }
    append_changes(db, [_to(assessor_id, "review", assessment_id, _json(body), now)])


def tell_device_revoked(db: Connection, assessor_id: str, device_id: str, now: datetime) -> None:
    """Tell an assessor's devices that one of them is revoked. The revoked one itself reads 401 from now on."""
    append_changes(db, [_to(assessor_id, "revocation", device_id, _json({"reason": "device-revoked"}), now)])


def attempts_change(assessor_id: str, assignment_id: str, attempts: Sequence[Attempt], now: datetime) -> NewChange:
    """Return the change that tells an assessor of others' attempts on the same assignment."""
    return _to(assessor_id, "attempts", assignment_id, _json({"attempts": attempts}), now)


def _tell_everyone(db: Connection, kind: str, subject_id: str, body: str, now: datetime) -> None:
    append_changes(db, [NewChange(audience="everyone", kind=kind, subject_id=subject_id, body=body, changed_at=now)])


def _to(assessor_id: str, kind: str, subject_id: str, body: str, now: datetime) -> NewChange:
    return NewChange(
        audience="assessor", assessor_id=assessor_id, kind=kind, subject_id=subject_id, body=body, changed_at=now
    )


def _json(body: Mapping[str, object]) -> str:
    return msgspec.json.encode(msgspec.json.decode(wire.encode(body)), order="sorted").decode()
