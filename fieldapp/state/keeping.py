"""Bytes to evidence: prepared when the device can, kept as they came and marked when it cannot."""

from __future__ import annotations

from datetime import datetime

from checklists.record.assessment import Evidence, MediaKind
from fieldapp.errors import NotPrepared
from fieldapp.ids import new_id
from fieldapp.ports import AudioPreparer, MediaStore, Photo, PhotoPreparer, Sound
from fieldapp.state import content_types


async def photo(
    raw: bytes, preparer: PhotoPreparer, media: MediaStore, *, now: datetime, question: str | None, kind: str | None
) -> Evidence:
    """Keep a picture and return the evidence that will refer to it. Raises NotKept."""
    why = ""
    try:
        made = await preparer.prepare(raw)
    except NotPrepared as problem:
        made = Photo(data=raw, content_type=content_types.content_type(raw))
        why = problem.code
    return Evidence(
        id=new_id(now),
        sha256=await media.keep(made.data),
        size_bytes=len(made.data),
        kind=MediaKind.PHOTO,
        content_type=made.content_type,
        taken_at=now,
        question=question,
        evidence_kind=kind,
        prepared=not why,
        why_not_prepared=why,
    )


async def sound(
    raw: bytes,
    content_type: str,
    preparer: AudioPreparer,
    media: MediaStore,
    *,
    now: datetime,
    question: str | None,
    kind: MediaKind,
    ran_s: int | None = None,
) -> Evidence:
    """Keep sound and return the evidence that will refer to it. Raises NotKept."""
    why = ""
    try:
        made = await preparer.prepare(raw, content_type)
    except NotPrepared as problem:
        made = Sound(data=raw, content_type=content_types.content_type(raw, content_type))
        why = problem.code
    return Evidence(
        id=new_id(now),
        sha256=await media.keep(made.data),
        size_bytes=len(made.data),
        kind=kind,
        content_type=made.content_type,
        taken_at=now,
        question=question,
        prepared=not why,
        why_not_prepared=why,
        duration_s=ran_s if made.duration_s is None else made.duration_s,
    )


async def file(
    raw: bytes, content_type: str, media: MediaStore, *, now: datetime, question: str | None, kind: str | None
) -> Evidence:
    """Keep a file as it came and return the evidence that will refer to it. Raises NotKept."""
    return Evidence(
        id=new_id(now),
        sha256=await media.keep(raw),
        size_bytes=len(raw),
        kind=MediaKind.FILE,
        content_type=content_types.content_type(raw, content_type),
        taken_at=now,
        question=question,
        evidence_kind=kind,
    )
