"""How long files are kept, and erasing them after that, with proof (privacy E22).

RET-1  Sound is kept for the period of `audio` after its round was released; other files for `files` after the last was.
       A release is its event (REL-2); the last round is the last that the rules have.
RET-2  A file that no record ever named is kept for `unnamed` after it arrived. The settings say how long each is.
RET-3  A file used several times is kept as long as its longest use. Rounds not yet released keep everything.
RET-4  Nothing of an entrant under a legal hold is erased: a dispute or a claim is under way. The hold is the setting
       `legal-hold`, a list of entrants; it counts for each file at the moment it would be erased.
RET-5  The bytes go first, with everything made of them; then the row is marked and the audit log says which rule it
       was. A power cut in between leaves a file to be erased again, never a false proof.
RET-6  An erased file counts as come: receipts stay complete, and a phone that still has it need not send it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.record.assessment import MediaKind
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.queries import retention as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.releases import release_events
from sync_server.database.queries.retention import FileUse
from sync_server.database.queries.settings import keep_setting, setting
from sync_server.evidence.store import MediaStore
from sync_server.season.rules import version_in_force

HOLD = "legal-hold"
RETENTION = "retention"


class Periods(NamedTuple):
    """Days each kind is kept."""

    audio: int = 90
    files: int = 365
    unnamed: int = 90


DEFAULT_PERIODS = Periods()


class Due(NamedTuple):
    """A file whose time is over: since when, by which rule, and the assessments that name it."""

    sha256: str
    since: datetime
    rule: str  # "audio-90-days", "files-365-days", "unnamed-90-days"
    assessments: tuple[str, ...]
    entrants: frozenset[str]


def periods_of(config: Config) -> Periods:
    """Return the periods of the settings."""
    return Periods(config.retention_audio_days, config.retention_files_days, config.retention_unnamed_days)


def due_files(database: Database, now: datetime, periods: Periods = DEFAULT_PERIODS) -> list[Due]:
    """Return the files to be erased at `now`."""
    with database.reading() as db:
        released = released_at(db)
        held_back = held_entrants(db)
        due = [
            _due(sha256, list(uses), released, periods)
            for sha256, uses in groupby(queries.file_uses(db), key=lambda use: use.sha256)
        ]
    return [file for file in due if file is not None and file.since <= now and not file.entrants & held_back]


def released_at(db: Connection) -> Mapping[int, datetime | None]:
    """Return when each round of the season was released; None: it was not."""
    events = release_events(db)
    return {number: events[number].released_at if number in events else None for number in version_in_force(db).rounds}


def held_entrants(db: Connection) -> frozenset[str]:
    """Return the entrants under a legal hold."""
    return frozenset(setting(db, HOLD) or ())


def hold(db: Connection, entrant_id: str, *, reason: str, now: datetime, lift: bool = False) -> bool:
    """Set or lift the legal hold of an entrant, with a reason for the audit log. False: there is no such entrant."""
    if not queries.is_entrant(db, entrant_id):
        return False
    before = held_entrants(db)
    after = before - {entrant_id} if lift else before | {entrant_id}
    if after != before:
        keep_setting(db, HOLD, sorted(after), now)
        action = "legal-hold-lifted" if lift else "legal-hold-set"
        append_audit(db, [AuditRow(now, "command", RETENTION, action, "entrant", entrant_id, {"reason": reason})])
    return True


def erase(database: Database, media: MediaStore, due: Due, now: datetime, *, by: str = "command") -> bool:
    """Erase one file and what was made of it. True once the proof is durable; False: it is under a legal hold now.

    A repeat is harmless.
    """
    with database.reading() as db:
        if due.entrants & held_entrants(db):
            return False
        derivatives = queries.erasable_derivatives(db, due.sha256)
    for sha256 in (*derivatives, due.sha256):
        media.remove(sha256)
    with database.transaction() as db:
        if queries.mark_erased(db, due.sha256, now):
            details = {"rule": due.rule, "due_since": due.since.isoformat(), "derivatives": len(derivatives)}
            append_audit(db, [AuditRow(now, by, RETENTION, "media-erased", "media", due.sha256, details)])
    return True


def _due(sha256: str, uses: list[FileUse], released: Mapping[int, datetime | None], periods: Periods) -> Due | None:
    ends = [_end(use, released, periods) for use in uses]
    certain = [end for end in ends if end is not None]
    if len(certain) < len(ends):
        return None
    since, rule = max(certain)
    assessments = tuple(sorted({use.assessment_id for use in uses if use.assessment_id}))
    return Due(sha256, since, rule, assessments, frozenset(use.entrant_id for use in uses if use.entrant_id))


def _end(use: FileUse, released: Mapping[int, datetime | None], periods: Periods) -> tuple[datetime, str] | None:
    """Return when one use ends and by which rule; None: not yet known."""
    if use.assessment_id is None:
        return use.stored_at + timedelta(days=periods.unnamed), f"unnamed-{periods.unnamed}-days"
    if use.kind is not None and MediaKind(use.kind).is_sound:
        reported = released.get(use.round) if use.round is not None else None
        return _after(reported, periods.audio, "audio")
    return after_results(released, periods.files, "files")


def after_results(released: Mapping[int, datetime | None], days: int, kind: str) -> tuple[datetime, str] | None:
    """Return when what is kept for `days` after the last round's release ends, and its rule; None: not yet known."""
    return _after(released.get(max(released)) if released else None, days, kind)


def _after(moment: datetime | None, days: int, kind: str) -> tuple[datetime, str] | None:
    return None if moment is None else (moment + timedelta(days=days), f"{kind}-{days}-days")
