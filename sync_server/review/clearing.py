"""Which photos of a visit its entrant may see, and why it may not see the others.

CLR-1  An entrant sees a photo once a reviewer cleared exactly the picture that stands for it, or a coordinator blacked
       areas of it out, and nobody has kept that picture back since. No person, no name, no exact moment (E4, E6, E8).
CLR-2  Sound is never among them, nor what is there to prove a moment or a number: a call log, a capture with the time.
CLR-3  Each photo that is not shown says why. What is shown is made for showing; a file as it came is never given.
CLR-4  Who decides is a reviewer; who keeps a picture back says why, and the entrant reads that. Decisions are appended.
CLR-5  A caption (CPN) holds for exactly the picture that was cleared with it, until it is decided about again and until
       the visit is set aside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.forms.evidence_kinds import CALL_LOG, CLOCK, DRAW_LOG, LABELS
from checklists.language import N_, Sentence, Template, Text, sentence
from checklists.record.assessment import Assessment, Evidence, MediaKind
from checklists.record.labels import MEDIA
from sync_server.database.queries.assessment_pages import FileRow, body_of, files_of
from sync_server.database.queries.blackouts import BlackoutRow, blackouts_on
from sync_server.database.queries.clearances import Clearance, add_clearances, clearances_of
from sync_server.database.queries.quotes import Reviewed, reviewed
from sync_server.evidence.shown import FULL, PREVIEW, Given, HeldFile, files_held, given_for
from sync_server.review.outcome import By, CannotDecideError, current_assessment

MAX_WORDS = 500
NEVER = frozenset({CALL_LOG, CLOCK, DRAW_LOG, "timestamp_capture"})


class OwnPhoto(NamedTuple):
    """One photo of a visit for its entrant. `why_not` None: it is shown, as `full` and `preview`."""

    ref: str
    question: str | None
    name: Template
    sha256: str
    why_not: Sentence | None
    may_be_decided: bool  # somebody can clear it, or keep it back
    is_undecided: bool  # and nobody has
    full: Given | None = None
    preview: Given | None = None
    caption: Text = MappingProxyType({})  # it is in the report, with this
    was_captioned: bool = False  # it was, and is no more: another picture, or the visit was set aside


def photos_of(db: Connection, assessment_id: str) -> Sequence[OwnPhoto]:
    """Return the photos that the current revision names: those of the whole visit first, then by question.

    Raises:
        CannotDecideError: there is no such assessment.
    """
    assessment = current_assessment(db, assessment_id)
    body = body_of(db, assessment_id, assessment.digest)
    if body is None:
        raise LookupError(assessment_id)
    named = {one.id: one for one in wire.decode(body.body, Assessment).evidence}
    rows = [row for row in files_of(db, assessment_id, assessment.digest) if row.kind == MediaKind.PHOTO.value]
    names = [row.sha256 for row in rows]
    held, decided, black = (
        files_held(db, assessment_id, names),
        clearances_of(db, assessment_id),
        blackouts_on(db, names),
    )
    photos = [
        _photo(row, named.get(row.evidence_id), held.get(row.sha256), decided.get(row.sha256), black.get(row.sha256))
        for row in rows
    ]
    if any(one.caption for one in decided.values()):
        state = reviewed(db, [assessment_id])[assessment_id]
        photos = [_with_caption(one, decided, black.get(one.sha256), state) for one in photos]
    # By reference: not in the order in which they were taken.
    return sorted(photos, key=lambda one: (one.question or "", one.ref))


def clear(db: Connection, assessment_id: str, sha256: str, *, reason: str, by: By, may_be_seen: bool) -> Sequence[str]:
    """Keep what a reviewer decided of one photo, or ("") of all that nobody has decided; return which those were.

    Raises:
        CannotDecideError: there is no such photo to decide about, or it is kept back without a reason.
    """
    if not may_be_seen and not reason.strip():
        raise CannotDecideError(sentence(N_("Say why the entrant may not see it: that is what it reads instead.")))
    open_ = [one for one in photos_of(db, assessment_id) if one.may_be_decided]
    chosen = [one.sha256 for one in open_ if one.sha256 == sha256 or (not sha256 and one.is_undecided)]
    if not chosen:
        raise CannotDecideError(
            sentence(N_("There is no such photo to decide about: it is not here, or never for an entrant."))
        )
    said = "" if may_be_seen else reason.strip()[:MAX_WORDS]
    add_clearances(db, assessment_id, set(chosen), reason=said, by=by.user_id, now=by.now, may_be_seen=may_be_seen)
    return chosen


def _photo(
    row: FileRow,
    evidence: Evidence | None,
    held: HeldFile | None,
    decided: Clearance | None,
    blackout: BlackoutRow | None,
) -> OwnPhoto:
    kind = evidence.evidence_kind if evidence is not None else None
    full = preview = None
    if held is not None:
        full, preview = (
            given_for(held.original, held.derived, purposes, was_prepared=False) for purposes in (FULL, PREVIEW)
        )
    may_be_decided = full is not None and row.erased_at is None and kind not in NEVER
    why_not = _why_not(row, kind, held, decided, blackout)
    if why_not is None and (full is None or preview is None):
        why_not = sentence(N_("Not shown: nothing to be shown could be made of it, or not yet."))
    return OwnPhoto(
        ref=hashlib.sha256(f"own-photo:{row.evidence_id}".encode()).hexdigest()[:10],
        question=row.question,
        name=LABELS.get(kind or "", MEDIA[MediaKind.PHOTO]),
        sha256=row.sha256,
        why_not=why_not,
        may_be_decided=may_be_decided,
        is_undecided=may_be_decided and decided is None and why_not is not None,
        full=full if why_not is None else None,
        preview=preview if why_not is None else None,
    )


def _with_caption(
    photo: OwnPhoto, decided: Mapping[str, Clearance], blackout: BlackoutRow | None, state: Reviewed
) -> OwnPhoto:
    """Return `photo` with the caption that holds for it (CLR-5)."""
    now, before = decided.get(photo.sha256), decided.get(blackout.sha256) if blackout is not None else None
    is_aside = now is not None and state.set_aside_at is not None and state.set_aside_at >= now.decided_at
    if now is not None and now.caption and photo.why_not is None and not is_aside:
        return photo._replace(caption=now.caption)
    return photo._replace(was_captioned=any(one is not None and bool(one.caption) for one in (now, before)))


def _why_not(
    row: FileRow, kind: str | None, held: HeldFile | None, decided: Clearance | None, blackout: BlackoutRow | None
) -> Sentence | None:
    if row.erased_at is not None:
        return sentence(N_("No longer kept: its time was over."))
    if kind in NEVER:
        return sentence(N_("Not shown: it is there to prove a moment or a number."))
    if held is None:
        return sentence(N_("Not shown: it has not arrived."))
    if blackout is not None and not blackout.blackened_sha256 and not blackout.problem:
        return sentence(N_("Not shown yet: areas of it are being blacked out."))
    if decided is not None:
        return None if decided.may_be_seen else sentence(N_("Not shown: {reason}"), reason=decided.reason)
    if blackout is not None and blackout.blackened_sha256:
        return None
    return sentence(N_("Not shown yet: nobody has looked at it for people, names and exact moments."))
