"""Areas of a photo blacked out after the fact: what was under them is destroyed, with proof.

BKO-1  A decision has at least one area within the picture, at most MOST_AREAS, and a reason. It is of a photo that is
       held and prepared for showing, whose entrant is under no legal hold (RET-4), and that is not being blacked out.
BKO-2  The blackened picture is kept first and stands for the original from then on; then the bytes of the original go,
       with all that was made of it; then the proof is written: old and new hash, areas, reason and author. A kill in
       between leaves a photo whole or blacked out, and the work is done to its end; a repeat does nothing new.
BKO-3  No record and no digest changes: revisions, of before and to come, name the original, and the blackened picture
       stands for it wherever files are shown, kept or handed out.
BKO-4  The original counts as come (RET-6): no phone is asked to send it again, and none can bring it back.
BKO-5  Where the picture cannot be made, or a legal hold came meanwhile, nothing is destroyed, and the page says why.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.number import NotANumberError, exact
from checklists.record.assessment import MediaKind
from sync_server.clock import Clock
from sync_server.custody.file_retention import RETENTION, held_entrants
from sync_server.database.engine import Database
from sync_server.database.queries import blackouts as queries
from sync_server.database.queries.assessment_pages import kind_of_file
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.blackouts import Area, BlackoutRow
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.jobs import Job, ask_for
from sync_server.database.queries.media import MediaRow
from sync_server.database.queries.retention import entrants_naming, erasable_derivatives, mark_erased
from sync_server.database.writer import StorageFullError, Writer
from sync_server.evidence.arrivals import note_arrival
from sync_server.evidence.shown import FULL, files_held
from sync_server.evidence.sniff import HEAD_BYTES, sniffed_type
from sync_server.evidence.store import MediaGoneError, MediaStore
from sync_server.evidence.workshop import Workshop
from sync_server.review.outcome import By

BLACK_OUT = "black-out"
MOST_AREAS = 6
MAX_WORDS = 2000
SIDES = ("left", "top", "width", "height")


class CannotBlackOutError(SentenceError, ValueError):
    """It cannot be blacked out like this."""


def areas_of(form: Mapping[str, str]) -> Sequence[Area]:
    """Return the areas of a form: `left-1`, `top-1`, `width-1`, `height-1` and so on, in per cent.

    Raises:
        CannotBlackOutError: there is none, or one is not within the picture; it says which.
    """
    areas = []
    for number in range(1, MOST_AREAS + 1):
        typed = [form.get(f"{side}-{number}", "").strip() for side in SIDES]
        if any(typed):
            areas.append(_area(number, typed))
    if not areas:
        raise CannotBlackOutError(sentence(N_("Mark at least one area of the photo.")))
    return areas


def reason_of(form: Mapping[str, str]) -> str:
    """Return the reason of a form. Raises CannotBlackOutError when there is none."""
    reason = form.get("reason", "").strip()
    if not reason:
        raise CannotBlackOutError(sentence(N_("Give a reason: it is kept in the log.")))
    return reason[:MAX_WORDS]


def _area(number: int, typed: Sequence[str]) -> Area:
    try:
        left, top, width, height = (exact(text) for text in typed)
    except NotANumberError as error:
        message = sentence(N_("Area {number}: give four numbers from 0 to 100, such as 12.5."), number=number)
        raise CannotBlackOutError(message) from error
    if min(left, top) < 0 or min(width, height) <= 0 or max(left + width, top + height) > 100:
        message = sentence(
            N_("Area {number} is empty or reaches beyond the photo: 0 to 100 is all of it."), number=number
        )
        raise CannotBlackOutError(message)
    first = (_thousandths(left), _thousandths(top))
    # Outward, so that nothing at the edge of what was marked stays to be seen.
    return (*first, -_thousandths(-left - width) - first[0], -_thousandths(-top - height) - first[1])


def _thousandths(percent: Fraction) -> int:
    return percent * 10 // 1


def refuse(db: Connection, assessment_id: str, sha256: str) -> None:
    """Raise CannotBlackOutError where this file of the assessment cannot be blacked out now (BKO-1)."""
    kind = kind_of_file(db, assessment_id, sha256)
    file = files_held(db, assessment_id, [sha256]).get(sha256)
    if kind != MediaKind.PHOTO.value or file is None:
        raise CannotBlackOutError(sentence(N_("There is no such photo here: it was not received, or it was erased.")))
    if not file.is_made(FULL):
        raise CannotBlackOutError(
            sentence(N_("The photo is not prepared for showing: there is nothing to mark areas on."))
        )
    row = queries.blackout_of(db, sha256)
    if row is not None and not row.problem:
        raise CannotBlackOutError(sentence(N_("This photo is being blacked out already.")))
    if entrants_naming(db, sha256) & held_entrants(db):
        raise CannotBlackOutError(
            sentence(N_("The entrant's files are under a legal hold: nothing of them is destroyed."))
        )


def decide(db: Connection, assessment_id: str, sha256: str, areas: Sequence[Area], *, reason: str, by: By) -> None:
    """Keep what is to be blacked out, and ask for the work.

    Raises:
        CannotBlackOutError: it cannot be.
    """
    refuse(db, assessment_id, sha256)
    queries.keep_decision(db, sha256, assessment_id, areas=areas, reason=reason, by=by.user_id, now=by.now)
    ask_for(db, [Job(BLACK_OUT, sha256)], by.now)


class BlackOutJob:
    """Makes the blackened picture and destroys the original. One call a file; a repeat does nothing new."""

    def __init__(self, database: Database, writer: Writer, store: MediaStore, clock: Clock, workshop: Workshop) -> None:
        self._database = database
        self._writer = writer
        self._store = store
        self._clock = clock
        self._workshop = workshop

    def __call__(self, sha256: str) -> None:
        """Do what was decided about `sha256`. Blocks; returns when the proof is durable.

        Raises:
            ChildLostError: the machine ended the work; nothing is destroyed yet.
            StorageFullError: there is no room to work in.
        """
        with self._database.reading() as db:
            row = queries.blackout_of(db, sha256)
            is_held_back = bool(entrants_naming(db, sha256) & held_entrants(db))
        if row is None or row.is_done or row.problem:
            return
        if row.blackened_sha256 is None:
            problem = "legal-hold" if is_held_back else self._replaced(row)
            if problem:
                self._fail(row, problem)
                return
        self._destroy(sha256)

    def give_up(self, sha256: str) -> None:
        """Say of a photo that it failed each time; one that is replaced already keeps its decision."""
        with self._database.reading() as db:
            row = queries.blackout_of(db, sha256)
        if row is not None and row.blackened_sha256 is None and not row.problem:
            self._fail(row, "gave-up")

    def _replaced(self, row: BlackoutRow) -> str:
        """Let the blackened picture stand for the original, or return why there is none, as a word."""
        try:
            head = b"".join(self._store.read(row.sha256, 0, HEAD_BYTES))
            (made,) = self._workshop.make(self._store.read(row.sha256), sniffed_type(head), areas=row.areas)
        except MediaGoneError:
            return "missing"
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFullError from error
            raise
        if made.problem:
            return made.problem
        name, now = hashlib.sha256(made.data).hexdigest(), self._clock()
        self._store.put(name, made.data)

        def keep(db: Connection) -> None:
            note_arrival(db, MediaRow(name, len(made.data), made.content_type, now))
            queries.note_replaced(db, row.sha256, name)

        self._writer.run_from_thread(keep)
        return ""

    def _destroy(self, sha256: str) -> None:
        with self._database.reading() as db:
            derivatives = erasable_derivatives(db, sha256)
            row = queries.blackout_of(db, sha256)
        for name in (*derivatives, sha256):
            self._store.remove(name)
        now = self._clock()

        def prove(db: Connection) -> None:
            if row is not None and mark_erased(db, sha256, now):
                queries.note_destroyed(db, sha256, now)
                details = {
                    "blackened": row.blackened_sha256, "areas": len(row.areas), "by": row.decided_by,
                    "derivatives": len(derivatives),
                }  # fmt: skip
                append_audit(db, [AuditRow(now, "system", RETENTION, "media-blacked-out", "media", sha256, details)])
                self._tell(db, row)

        self._writer.run_from_thread(prove)

    def _fail(self, row: BlackoutRow, problem: str) -> None:
        now = self._clock()

        def note(db: Connection) -> None:
            queries.note_problem(db, row.sha256, problem)
            details = {"problem": problem}
            append_audit(db, [AuditRow(now, "system", RETENTION, "black-out-failed", "media", row.sha256, details)])
            self._tell(db, row)

        self._writer.run_from_thread(note)

    def _tell(self, db: Connection, row: BlackoutRow) -> None:
        change = NewChange(audience="office", kind="media", subject_id=row.assessment_id, changed_at=self._clock())
        append_changes(db, [change])
