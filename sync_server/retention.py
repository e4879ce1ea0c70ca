"""How long files are kept, and erasing them after that, with proof (privacy E22).

RET-1  Sound is kept AUDIO after its round was released; photos and other files FILES after the last round was.
RET-2  A file that no record ever named is kept UNNAMED after it arrived.
RET-3  A file used several times is kept as long as its longest use. Rounds not yet released keep everything.
RET-4  Nothing of an entrant under a legal hold is erased; the hold is the setting `legal-hold`, a list of entrants.
RET-5  The bytes go first, with everything made of them; then the row is marked and the audit log says which rule it
       was. A power cut in between leaves a file to be erased again, never a false proof.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from checklists.assessment import MediaKind
from sync_server.database import Database
from sync_server.media.store import MediaStore
from sync_server.queries import retention as queries
from sync_server.queries.audit_log import AuditRow, append_audit
from sync_server.queries.media import count_held_files
from sync_server.queries.retention import FileUse
from sync_server.queries.settings import setting

AUDIO = timedelta(days=90)
FILES = timedelta(days=365)
UNNAMED = timedelta(days=90)
HOLD = "legal-hold"
SOUND = frozenset({MediaKind.AUDIO_NOTE.value, MediaKind.RECORDING.value})
COMMAND = "retention"


class Due(NamedTuple):
    """A file whose time is over: since when, by which rule, and the assessments that name it."""

    sha256: str
    since: datetime
    rule: str  # "audio-90-days", "files-365-days", "unnamed-90-days"
    assessments: tuple[str, ...]


def due_files(database: Database, now: datetime) -> list[Due]:
    """Return the files to be erased at `now`."""
    with database.reading() as db:
        released = queries.release_moments(db)
        held_back = frozenset(setting(db, HOLD) or ())
        due = [
            _due(sha256, list(uses), released, held_back)
            for sha256, uses in groupby(queries.file_uses(db), key=lambda use: use.sha256)
        ]
    return [one for one in due if one is not None and one.since <= now]


def erase(database: Database, media: MediaStore, due: Due, now: datetime) -> None:
    """Erase one file and what was made of it. Returns once the proof is durable; a repeat is harmless."""
    with database.reading() as db:
        made = queries.derivatives_of(db, due.sha256)
    for sha256 in (*made, due.sha256):
        media.remove(sha256)
    with database.transaction() as db:
        if queries.mark_erased(db, due.sha256, now):
            told = {"rule": due.rule, "due_since": due.since.isoformat(), "derivatives": len(made)}
            append_audit(db, [AuditRow(now, "command", COMMAND, "media-erased", "media", due.sha256, told)])
        for assessment_id in due.assessments:
            count_held_files(db, assessment_id)


def _due(
    sha256: str, uses: list[FileUse], released: Mapping[int, datetime | None], held_back: Collection[str]
) -> Due | None:
    if any(use.entrant_id in held_back for use in uses):
        return None
    ends = [_end(use, released) for use in uses]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return None
    since, rule = max(known)
    return Due(sha256, since, rule, tuple(sorted({use.assessment_id for use in uses if use.assessment_id})))


def _end(use: FileUse, released: Mapping[int, datetime | None]) -> tuple[datetime, str] | None:
    """Return when one use ends and by which rule; None: not yet known."""
    if use.assessment_id is None:
        return use.stored_at + UNNAMED, "unnamed-90-days"
    if use.kind in SOUND:
        reported = released.get(use.round) if use.round is not None else None
        return None if reported is None else (reported + AUDIO, "audio-90-days")
    results = released.get(max(released)) if released else None
    return None if results is None else (results + FILES, "files-365-days")
