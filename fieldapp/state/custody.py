"""What is on this phone alone, what of it leaves as a file, and what may be freed.

CUS-1  Photos and sound leave the phone by themselves at a start once their visit has been safe for 30 days, and never
       while anything else on the phone still names them.
CUS-2  How many photos there is room for is said where photos are taken and in the settings: as a caution that leads to
       where room is made once it is no more than a few hundred.
CUS-3  Where the phone has not promised to keep the app's storage, that is said with what helps beside what is on this
       phone alone, and in the settings.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from checklists.language import N_, Template, sentence
from checklists.record.assessment import Assessment, SyncState
from fieldapp.errors import NotKept, UnsentWork
from fieldapp.ports import Space
from fieldapp.sizes import size_text
from fieldapp.state.choices import Choices
from fieldapp.state.notices import Notice, NoticeKind
from fieldapp.state.shelf import Shelf

KEPT_FOR = timedelta(days=30)
PHOTO_BYTES = 600_000  # a large one, as the phone prepares it
FEW_PHOTOS = 300


@dataclass(eq=False)
class Custody(Choices):
    """Observable. Every verb returns whether what it did is durable."""

    space: Space = field(default_factory=lambda: Space(used_bytes=0))
    freeable_bytes: int = 0  # media of safe assessments
    _shelf: Shelf = field(init=False, repr=False)
    _exported: dict[str, Assessment] = field(default_factory=dict, init=False, repr=False)

    @property
    def unsent(self) -> int:
        """How many assessments on this device are not safe on the server, drafts included."""
        return len(self._unsent())

    @property
    def may_sign_out(self) -> bool:
        """Whether nothing is only here: neither safe nor exported as it stands now."""
        return not self._at_risk() and not self.ports.store.counter_answers()

    async def measure(self) -> bool:
        """Refresh `space` and `freeable_bytes`."""
        self.space = await self.ports.folder.space()
        self.freeable_bytes = sum(map(self.ports.media.size_bytes, self._freeable()))
        return True

    @property
    def photos_left(self) -> int | None:
        """How many photos there is room for; None where the phone does not say."""
        free = self.space.free_bytes
        return None if free is None else free // PHOTO_BYTES

    @property
    def may_be_cleared(self) -> bool:
        """Whether the phone was asked to keep the app's storage, and did not promise it (CUS-3)."""
        return self.space.persistent is False

    async def drop_old_media(self) -> None:
        """Remove media of visits that have been safe for long."""
        before = self._shelf.now() - KEPT_FOR
        old, named = set[str](), {file.sha256 for came in self._came() for file in came.evidence}
        for record in self.ports.store.assessments():
            delivery = self._shelf.delivery(record)
            safe_at = delivery.safe_at if delivery is not None and delivery.state is SyncState.SAFE else None
            is_old = safe_at is not None and safe_at < before
            (old if is_old else named).update(file.sha256 for file in record.evidence)
        if droppable := frozenset(old - named) & self.ports.media.hashes():
            try:
                await self.ports.media.drop(droppable)
            except NotKept as problem:
                self.notice = Notice.of(problem)

    def _came(self) -> list[Assessment]:
        return [came.record for came in self.ports.store.feed().came.values()]

    async def free_space(self) -> bool:
        """Remove media of safe assessments from the device; the records stay."""
        try:
            freed = await self.ports.media.drop(self._freeable())
        except NotKept as problem:
            self.notice = Notice.of(problem)
            return False
        self._say(NoticeKind.DONE, "space-freed", sentence(N_("{size} freed."), size=size_text(freed)))
        return await self.measure()

    async def export(self, leave: Callable[[bytes], Awaitable[bool]]) -> bool:
        """Have `leave` take a zip of what is unsent: records, media, manifest. Once it has, signing out is allowed."""
        from fieldapp.state.export import bundle  # noqa: PLC0415 - zip files are for a rare day, the start is every day's

        unsent = self._unsent()
        if not await leave(bundle(unsent, self.ports.media, self.ports.store.device(), self.ports.clock.now())):
            return False
        self._exported = {record.id: record for record in unsent}
        return True

    def _is_kept_here_alone(self, message: Template, **values: object) -> bool:
        """Whether unsent work is neither safe nor exported as it stands now; says so by `message`."""
        at_risk, customers = self._at_risk(), self.ports.store.counter_answers()
        if customers and not at_risk:
            words = N_(
                "Answers of customers are only on this phone: {count}. Connect to the network; they go by themselves."
            )
            self.notice = Notice.of(UnsentWork("unsent-work", sentence(words, count=len(customers))))
            return True
        if at_risk:
            self.notice = Notice.of(UnsentWork("unsent-work", sentence(message, count=len(at_risk), **values)))
        return bool(at_risk)

    def _unsent(self) -> list[Assessment]:
        return [record for record in self.ports.store.assessments() if not self._is_safe(record)]

    def _at_risk(self) -> list[Assessment]:
        return [record for record in self._unsent() if self._exported.get(record.id) is not record]

    def _is_safe(self, record: Assessment) -> bool:
        delivery = self._shelf.delivery(record)
        return delivery is not None and delivery.state is SyncState.SAFE

    def _freeable(self) -> frozenset[str]:
        needed = {evidence.sha256 for record in self._unsent() for evidence in record.evidence}
        return self.ports.media.hashes() - needed
