"""Photos that were taken and not looked at yet: kept like recordings under way, until black is drawn and they are kept.

CAP-1  A photo is durable before it is shown to be looked at: a kill loses none, it waits at the next start.
CAP-2  Only the picture as it was kept goes into the record; with that the one before the black is gone.
CAP-3  A photo used before, by its bytes or by its look, is told with where; it is kept all the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import flet as ft

from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Evidence, MediaKind
from checklists.record.reuse import uses
from fieldapp.errors import NotKept, NotPrepared
from fieldapp.ids import new_id
from fieldapp.kept import Take
from fieldapp.ports import Photo, Ports, Stroke
from fieldapp.state.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from fieldapp.state.visit import Visit


@dataclass(eq=False)
class Captures(ft.Observable):
    """Observable. `waiting` are the photos to look at, oldest first; `tell` shows what went wrong."""

    ports: Ports = field(repr=False)
    tell: Callable[[Notice], None] = field(repr=False)
    waiting: tuple[Take, ...] = ()
    _settling: set[str] = field(default_factory=set, repr=False)  # being kept or put away now

    def look(self) -> None:
        """See what an earlier start left, and tell it."""
        self.waiting = tuple(take for take in self.ports.takes.unfinished() if take.kind is MediaKind.PHOTO)
        if self.waiting:
            message = N_("Photos that were taken and not looked at yet wait at their visits: {count}.")
            told = sentence(message, count=len(self.waiting))
            self.tell(Notice(kind=NoticeKind.WARNING, code="photo-waits", message=told))

    def of(self, assessment_id: str, take_id: str) -> Take | None:
        """Return one that waits; None when it was kept or put away."""
        mine = (take for take in self.waiting if take.assessment_id == assessment_id)
        return next((take for take in mine if take.id == take_id), None)

    def picture(self, take: Take) -> bytes:
        """Return the picture as it was taken."""
        return b"".join(self.ports.takes.pieces(take))

    async def begin(self, visit: Visit, raw: bytes, key: str | None, kind: str | None) -> Take | None:
        """Keep a camera file to be looked at. One that cannot be shown here goes into the record as it came: None."""
        try:
            photo = await self.ports.photos.prepare(raw)
        except NotPrepared:
            await visit.add_photo(raw, key=key, evidence_kind=kind)
            return None
        if visit.is_draft and not await visit.keep():
            return None
        now = self.ports.clock.now()
        take = Take(
            id=new_id(now),
            assessment_id=visit.assessment.id,
            kind=MediaKind.PHOTO,
            content_type=photo.content_type,
            begun_at=now,
            question=key,
            evidence_kind=kind,
            width_px=photo.width_px,
            height_px=photo.height_px,
            look=photo.look,
        )
        try:
            await self.ports.takes.begin(take)
            await self.ports.takes.add(take, photo.data)
        except NotKept as problem:
            self.tell(Notice.of(problem))
            return None
        self.waiting = (*self.waiting, take)
        return take

    async def keep(self, visit: Visit, take: Take, strokes: Sequence[Stroke], caption: str) -> bool:
        """Put the picture, black where the strokes went, into the record; return whether it is durable there."""
        return await self._settled(take, lambda: self._keep(visit, take, strokes, caption))

    async def drop(self, take: Take) -> bool:
        """Put a photo away that is not wanted."""
        return await self._settled(take, lambda: self._drop(take))

    async def _settled(self, take: Take, settle: Callable[[], Awaitable[bool]]) -> bool:
        """Do it once: a second tap finds no picture any more, and would keep an empty one in the place of the first."""
        if take.id in self._settling or self.of(take.assessment_id, take.id) is None:
            return False
        self._settling.add(take.id)
        try:
            return await settle()
        finally:
            self._settling.remove(take.id)

    async def _keep(self, visit: Visit, take: Take, strokes: Sequence[Stroke], caption: str) -> bool:
        try:
            if strokes:
                photo = await self.ports.photos.blacked_out(self.picture(take), strokes)
            else:
                photo = Photo(data=self.picture(take), content_type=take.content_type, look=take.look)
        except NotPrepared as problem:
            self.tell(Notice(kind=NoticeKind.PROBLEM, code=problem.code, message=problem.message))
            return False
        kept = await visit.add_prepared(photo, take, caption.strip())
        if kept is None or not await self._drop(take):
            return False
        self._tell_reuse(kept, visit.assessment.id)
        return True

    async def _drop(self, take: Take) -> bool:
        try:
            await self.ports.takes.drop(take)
        except NotKept as problem:
            self.tell(Notice.of(problem))
            return False
        self.waiting = tuple(other for other in self.waiting if other.id != take.id)
        return True

    def _tell_reuse(self, kept: Evidence, of: str) -> None:
        found = uses(kept, of, self.ports.store.assessments())
        if found:
            assignment = self.ports.store.feed().assignments.get(found[0].record.assignment_id)
            where = assignment.entrant_name if assignment else {"en": found[0].record.entrant_id}
            self.tell(Notice(kind=NoticeKind.WARNING, code="photo-used-before", message=_used_before(where)))


def _used_before(entrant: object) -> Sentence:
    message = N_("This photo was used before, at {entrant}. If it is not the same thing, take a new one.")
    return sentence(message, entrant=entrant)
