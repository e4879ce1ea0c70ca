"""The industry group of an entrant, decided by a person: before enrolment closes and, as a ruling, after it (R22).

GRP-1  Who decided it, when and why is appended; nothing is overwritten, and undoing is another decision.
GRP-2  From the close of enrolment on the group is locked: files and typed rows that change it are refused. A ruling
       changes it, and is kept with every effect; they are shown before it is confirmed, and must still be so then.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.award.rule_effects import Effects
from sync_server.database.queries.groupings import GroupingRow, append_groupings
from sync_server.database.queries.season_pages import row_of_key
from sync_server.exchange.season_changes import change, write_at_once
from sync_server.hand_in.deadlines import enrolment_deadline


class CannotGroupError(SentenceError, ValueError):
    """The group cannot be decided like this; the message says why."""


class Regrouping(NamedTuple):
    """What is decided: which group, why, and what it changes."""

    entrant_id: str
    industry: str
    reason: str
    effects: Effects


def is_locked(db: Connection, now: datetime) -> bool:
    """Say whether enrolment has closed, so that a group changes only by a ruling (GRP-2)."""
    deadline = enrolment_deadline(db)
    return deadline is not None and now >= deadline


def regroup(db: Connection, decision: Regrouping, *, by: str, now: datetime) -> str:
    """Change the group and keep the decision; return the id of the set of changes. Inside a write transaction.

    Raises:
        CannotGroupError: there is no reason, or no change.
        LookupError: there is no such entrant.
    """
    row = row_of_key(db, "entrants", (decision.entrant_id,))
    if row is None:
        raise LookupError(decision.entrant_id)
    if not decision.reason.strip():
        raise CannotGroupError(sentence(N_("Give a reason: it is kept with the decision.")))
    if row["industry"] == decision.industry:
        raise CannotGroupError(sentence(N_("It is in this group already.")))
    kept = GroupingRow(
        entrant_id=decision.entrant_id,
        proposed=None,
        industry=decision.industry,
        reason=decision.reason.strip(),
        is_ruling=is_locked(db, now),
        effects=decision.effects,
        decided_by=by,
        decided_at=now,
    )
    append_groupings(db, [kept])
    after = {**row, "industry": decision.industry}
    return write_at_once(db, [change("entrants", row, after)], kind="page", by=by, now=now, report={"staged": 1})
