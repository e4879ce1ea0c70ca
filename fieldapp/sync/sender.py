"""One step of sending, carried out: the server is asked, and what came of it is kept before anything else is done."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from checklists.language import N_, sentence
from checklists.record.assessment import Assessment, SyncState
from fieldapp.errors import NotKept, Refused, SignInNeeded, Unreachable
from fieldapp.kept import Delivery
from fieldapp.line import LineState
from fieldapp.ports import Clock, MediaStore, Server, Store
from fieldapp.sync import outbox
from fieldapp.sync.outbox import AskAcknowledgement, Parcel, SendFile, SendRecord
from fieldapp.sync.report import Report


class Sender:
    """Sends what `outbox` decides. `chance` spreads the waiting times."""

    def __init__(
        self,
        *,
        store: Store,
        media: MediaStore,
        server: Server,
        clock: Clock,
        chance: Callable[[], int],
        report: Report,
    ) -> None:
        self._store = store
        self._media = media
        self._server = server
        self._clock = clock
        self._chance = chance
        self._report = report
        self._parcels: dict[str, tuple[Assessment, Delivery, Parcel | None]] = {}

    def open_parcels(self) -> list[Parcel]:
        """Return what is not safe on the server yet."""
        return [p for record in self._store.assessments() if (p := self._parcel(record))]

    async def take(self, step: SendRecord | SendFile | AskAcknowledgement) -> None:
        """Do one step, and keep what came of it.

        Raises:
            Unreachable: there is no network; a server's own trouble is noted on the delivery alone.
            SignInNeeded: the server no longer knows this device.
            NotKept: the device could not store what came of it.
        """
        parcel = step.parcel
        self._report.say(
            replace(self._report.line, state=LineState.BUSY, sending=parcel.id, sent_bytes=0, total_bytes=0)
        )
        if parcel.delivery.state is not SyncState.SENDING:
            parcel = replace(parcel, delivery=await self.keep(outbox.started(parcel.delivery)))
        try:
            match step:
                case SendRecord():
                    reply = await self._server.put(parcel.id, parcel.body)
                    await self.keep(outbox.recorded(parcel, reply))
                case SendFile():
                    await self._send_file(parcel, step.sha256)
                case AskAcknowledgement():
                    await self._ask_acknowledgement(parcel)
            self._report.contacted(self._clock.now())
        except Unreachable as problem:
            await self.keep(outbox.failed(self._latest(parcel), problem, self._clock.now(), jitter=self._chance()))
            if problem.network:
                raise
        except SignInNeeded:
            await self.keep(outbox.paused(self._latest(parcel)))
            raise
        except Refused as problem:
            await self.keep(outbox.refused(self._latest(parcel), problem))

    async def keep(self, delivery: Delivery) -> Delivery:
        """Store how far a record has got, then say so."""
        await self._store.save_delivery(delivery)
        self._report.delivery(delivery)
        return delivery

    async def _send_file(self, parcel: Parcel, sha256: str) -> None:
        evidence = next(file for file in parcel.record.evidence if file.sha256 == sha256)
        try:
            data = self._media.read(sha256)
        except NotKept as problem:
            await self.keep(outbox.refused(parcel.delivery, problem))
            return
        delivery = parcel.delivery
        upload = delivery.uploads.get(sha256)
        if upload is None:
            upload = await self._server.begin_file(
                sha256,
                size_bytes=len(data),
                kind=evidence.kind.value,
                content_type=evidence.content_type,
                assessment_id=parcel.id,
            )
            delivery = await self.keep(outbox.begun(delivery, sha256, upload))
        if await self._server.send_file(upload, data, self._report.progress):
            await self.keep(outbox.file_sent(delivery, sha256))
        else:
            await self.keep(outbox.forgotten(delivery, sha256))
            raise outbox.half_a_reply()

    async def _ask_acknowledgement(self, parcel: Parcel) -> None:
        delivery = outbox.acknowledged(parcel, await self._server.acknowledgement(parcel.id), self._clock.now())
        if delivery.state is SyncState.SAFE:
            await self.keep(delivery)
            return
        # The server lost what it had acknowledged: it is sent again, but not in a circle without a pause.
        problem = Unreachable(
            "receipt-incomplete",
            sentence(N_("The server does not hold everything yet. What is missing will be sent again.")),
            network=False,
        )
        await self.keep(outbox.failed(delivery, problem, self._clock.now(), jitter=self._chance()))

    def _parcel(self, record: Assessment) -> Parcel | None:
        delivery = self._store.delivery(record.id)
        if delivery.state is SyncState.SAFE and delivery.revision == record.revision:
            return None
        kept = self._parcels.get(record.id)
        if kept and kept[0] is record and kept[1] is delivery:
            return kept[2]
        parcel = outbox.parcel(record, delivery)
        self._parcels[record.id] = (record, delivery, parcel)
        return parcel

    def _latest(self, parcel: Parcel) -> Delivery:
        return self._store.delivery(parcel.id).about(parcel.record)
