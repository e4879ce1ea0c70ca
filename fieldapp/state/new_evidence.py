"""Bytes to evidence: prepared when the device can, kept as they came and marked when it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checklists.record.assessment import Evidence, MediaKind
from fieldapp.errors import NotPrepared
from fieldapp.ids import new_id
from fieldapp.kept import Take
from fieldapp.ports import Photo, Ports, Sound
from fieldapp.state.content_types import content_type as type_of


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """Keeps bytes and returns the evidence that will refer to them. Every verb raises NotKept.

    `question` is the key of the question they support, None for the whole visit; `kind` the form's word for it.
    """

    ports: Ports

    async def photo(self, raw: bytes, *, now: datetime, question: str | None, kind: str | None) -> Evidence:
        """Keep a picture."""
        why = ""
        try:
            photo = await self.ports.photos.prepare(raw)
        except NotPrepared as problem:
            photo = Photo(data=raw, content_type=type_of(raw))
            why = problem.code
        return Evidence(
            id=new_id(now),
            sha256=await self.ports.media.keep(photo.data),
            size_bytes=len(photo.data),
            kind=MediaKind.PHOTO,
            content_type=photo.content_type,
            taken_at=now,
            question=question,
            evidence_kind=kind,
            prepared=not why,
            why_not_prepared=why,
            look=photo.look,
        )

    async def looked_at(self, photo: Photo, take: Take, caption: str) -> Evidence:
        """Keep a picture as it was looked at, of the moment it was taken."""
        return Evidence(
            id=take.id,
            sha256=await self.ports.media.keep(photo.data),
            size_bytes=len(photo.data),
            kind=MediaKind.PHOTO,
            content_type=photo.content_type,
            taken_at=take.begun_at,
            question=take.question,
            evidence_kind=take.evidence_kind,
            caption=caption,
            look=photo.look,
        )

    async def sound(
        self, raw: bytes, content_type: str, *, now: datetime, kind: MediaKind, ran_s: int | None
    ) -> Evidence:
        """Keep sound of the whole visit. `ran_s` is its length where the bytes do not tell."""
        why = ""
        try:
            sound = await self.ports.audio.prepare(raw, content_type)
        except NotPrepared as problem:
            sound = Sound(data=raw, content_type=type_of(raw, content_type))
            why = problem.code
        return Evidence(
            id=new_id(now),
            sha256=await self.ports.media.keep(sound.data),
            size_bytes=len(sound.data),
            kind=kind,
            content_type=sound.content_type,
            taken_at=now,
            prepared=not why,
            why_not_prepared=why,
            duration_s=ran_s if sound.duration_s is None else sound.duration_s,
        )

    async def file(
        self, raw: bytes, content_type: str, *, now: datetime, question: str | None, kind: str | None
    ) -> Evidence:
        """Keep a file as it came."""
        return Evidence(
            id=new_id(now),
            sha256=await self.ports.media.keep(raw),
            size_bytes=len(raw),
            kind=MediaKind.FILE,
            content_type=type_of(raw, content_type),
            taken_at=now,
            question=question,
            evidence_kind=kind,
        )
