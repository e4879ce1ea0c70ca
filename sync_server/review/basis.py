"""What a decision was based on: nobody decides over what somebody else decided while the page was open.

BAS-1  A page that decides carries the number of the last entry the audit log had when the page was read.
BAS-2  If the log says that anything was done about the same thing after that, nothing is decided: whoever comes later
       is told who did what and when, keeps the words typed, and decides again.
BAS-3  A form without such a number may follow its own author's entries and those of phones, nobody else's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.database.queries.audit_log import KeptAuditRow, entries_about
from sync_server.review.outcome import CannotDecideError

MOST_TOLD = 5
# Looking changes nothing, and neither does coming and going.
LOOKS = frozenset(
    {
        "assessment-viewed", "assessments-listed", "assessments-exported", "photo-viewed", "sound-played",
        "original-downloaded", "standing-viewed", "standings-viewed", "awards-viewed", "borderline-viewed",
        "what-if-viewed", "season-exported", "audit-viewed", "audit-exported", "accounts-listed", "assessors-listed",
        "devices-listed", "enrolment-codes-listed", "assignments-listed", "signed-in", "signed-out", "sign-in-failed",
        "reminders-taken", "letters-listed", "visits-taken", "today-viewed", "money-viewed", "money-exported",
        "finding-read", "digest-read", "hand-in-viewed", "hand-ins-listed", "hand-in-file-taken",
        "password-changed", "password-reset", "access-request-made", "copy-taken-along",
        "api-tokens-listed", "odata-read", "webhooks-listed",
        "reports-listed", "quality-viewed", "report-viewed", "disputes-listed", "dispute-viewed", "hand-overs-listed",
        "csqs-listed", "csqs-visit-viewed", "ccsm-listed",
        "second-score-viewed", "ivrs-panel-viewed",
        "submissions-listed",
    }
)  # fmt: skip


class DecidedMeanwhileError(CannotDecideError):
    """Something was done about the same thing since the page was read: `entries`, the newest first."""

    def __init__(self, entries: Sequence[KeptAuditRow]) -> None:
        super().__init__(
            sentence(N_("Something was done here after you opened the page, so nothing of yours was kept yet."))
        )
        self.entries = entries


def refusal(error: SentenceError) -> Mapping[str, Any]:
    """Return what a page prints of a decision that could not be made: why, and what was done meanwhile."""
    return {
        "problem": error.message,
        "meanwhile": error.entries if isinstance(error, DecidedMeanwhileError) else (),
    }


class Basis(NamedTuple):
    """The number the page carried (None: none), and whose form it is."""

    number: int | None
    user_id: str


def basis_of(form_number: str, user_id: str) -> Basis:
    """Return the basis a form tells of."""
    is_number = form_number.isascii() and form_number.isdigit() and len(form_number) <= 18
    return Basis(int(form_number) if is_number else None, user_id)


def check_basis(db: Connection, subject: tuple[str, str], basis: Basis) -> None:
    """Raise DecidedMeanwhileError if something was done about `subject` since. Inside the write that decides."""
    entries = [
        entry
        for entry in entries_about(db, subject, after=basis.number or 0)
        if entry.action not in LOOKS
        and (basis.number is not None or (entry.actor_kind != "device" and entry.actor_id != basis.user_id))
    ]
    if entries:
        raise DecidedMeanwhileError(entries[:MOST_TOLD])
