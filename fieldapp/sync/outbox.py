"""What to do next, given what the device holds and what the server replied. Pure: no clock, no chance, no I/O.

R-OUT-1  Drafts stay here, but for one that was handed on to another's phone. Of a finished assessment, its newest
         revision is sent.
R-OUT-2  The record first, then each file the server lacks, then its acknowledgement; every record before any file.
R-OUT-3  "safe" only on the server's acknowledgement of this record and every file it names.
R-OUT-4  What the server acknowledged is never sent again, unless the server says that it no longer has it.
R-OUT-5  A failed one waits longer each time and never holds up the others; a refused one waits for a person.
R-OUT-6  While the network is gone, everything waits for one next try.
(R-OUT-7, of files on a connection that is paid by size, is in `thrift`.)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from checklists import wire
from checklists.language import N_, sentence
from checklists.record.assessment import Assessment, RecordStatus, SyncState
from checklists.record.transitions import SYNC_TRANSITIONS, SyncEvent, after
from fieldapp.errors import AppError, Unreachable
from fieldapp.kept import Delivery
from fieldapp.line import Line, LineState
from fieldapp.server_replies import Acknowledgement, PushReply
from fieldapp.sync.backoff import LONGEST_S, next_try


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One finished revision, and how far it got. `files` in the order the record names them, each once."""

    record: Assessment
    body: bytes
    digest: str
    files: tuple[str, ...]
    delivery: Delivery

    @property
    def id(self) -> str:
        """The assessment's id."""
        return self.record.id


class SendRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Put the record of `parcel`."""

    parcel: Parcel


class SendFile(msgspec.Struct, frozen=True, kw_only=True):
    """Send the file `sha256` of `parcel`."""

    parcel: Parcel
    sha256: str


class AskAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Ask what the server holds of `parcel`."""

    parcel: Parcel


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing to do before `until`; None: until something changes."""

    until: datetime | None = None
    files_wait: bool = False  # there is a file to send, and none is to be sent now


Step = SendRecord | SendFile | AskAcknowledgement | Rest
_STAGE: dict[type, int] = {SendRecord: 0, AskAcknowledgement: 1, SendFile: 2}


def parcel(record: Assessment, delivery: Delivery) -> Parcel | None:
    """Return what there is to deliver of `record`; None for a draft that goes on here.

    A delivery of an older revision counts no more.
    """
    if record.status is RecordStatus.DRAFT and not record.is_given:
        return None
    body = wire.encode(record)
    return Parcel(
        record=record,
        body=body,
        digest=wire.digest(body),
        files=tuple(dict.fromkeys(evidence.sha256 for evidence in record.evidence)),
        delivery=delivery.about(record),
    )


def next_step(parcels: Iterable[Parcel], line: Line, now: datetime, *, files_wait: bool = False) -> Step:
    """Return the one thing to do at `now`; with `files_wait`, no file."""
    open_ones = [p for p in parcels if p.delivery.state in (SyncState.WAITING, SyncState.SENDING)]
    if not open_ones or line.state in (LineState.SIGN_IN_NEEDED, LineState.NOT_ENROLLED):
        return Rest()
    if not is_due(line.next_try_at, now):
        return Rest(until=line.next_try_at)
    steps = [_step_of(p) for p in open_ones if is_due(p.delivery.next_try_at, now)]
    wanted = [step for step in steps if not (files_wait and isinstance(step, SendFile))]
    if not wanted:
        later = [p.delivery.next_try_at for p in open_ones if not is_due(p.delivery.next_try_at, now)]
        return Rest(until=min(filter(None, later), default=None), files_wait=bool(steps))
    return min(wanted, key=_urgency)


def is_due(at: datetime | None, now: datetime) -> bool:
    """Whether a waiting time is over; one too long to be ours was set by a clock that has been put right since."""
    return at is None or at <= now or at - now > timedelta(seconds=LONGEST_S)


def _step_of(parcel: Parcel) -> SendRecord | SendFile | AskAcknowledgement:
    if not parcel.delivery.recorded:
        return SendRecord(parcel=parcel)
    if parcel.delivery.missing:
        return SendFile(parcel=parcel, sha256=parcel.delivery.missing[0])
    return AskAcknowledgement(parcel=parcel)


def _urgency(step: SendRecord | SendFile | AskAcknowledgement) -> tuple[int, int, datetime, str]:
    parcel = step.parcel
    return (
        _STAGE[type(step)],
        parcel.delivery.failures,
        parcel.record.finished_at or parcel.record.started_at,
        parcel.id,
    )


def started(delivery: Delivery) -> Delivery:
    """Return it on its way: kept before the first byte leaves."""
    return replace(delivery, state=after(SYNC_TRANSITIONS, delivery.state, SyncEvent.STARTED))


def recorded(parcel: Parcel, reply: PushReply) -> Delivery:
    """Return the delivery after the server's reply to the record.

    Raises:
        Unreachable: the reply is about another content; it proves nothing.
    """
    if reply.revision < parcel.record.revision or (
        reply.revision == parcel.record.revision and reply.digest != parcel.digest
    ):
        raise half_a_reply()
    lacking = tuple(sha256 for sha256 in parcel.files if sha256 in reply.missing)
    return _went_well(replace(parcel.delivery, recorded=True, missing=lacking))


def begun(delivery: Delivery, sha256: str, upload: str) -> Delivery:
    """Return it with the address where that file goes on."""
    return replace(delivery, uploads={**delivery.uploads, sha256: upload})


def forgotten(delivery: Delivery, sha256: str) -> Delivery:
    """Return it without the address of a file that must begin again."""
    return replace(delivery, uploads={k: v for k, v in delivery.uploads.items() if k != sha256})


def file_sent(delivery: Delivery, sha256: str) -> Delivery:
    """Return it after the server verified that file."""
    return _went_well(
        replace(
            forgotten(delivery, sha256), missing=tuple(lacking for lacking in delivery.missing if lacking != sha256)
        )
    )


def acknowledged(parcel: Parcel, acknowledgement: Acknowledgement, now: datetime) -> Delivery:
    """Return the delivery after an acknowledgement: safe, or with what the server turns out not to have."""
    has_record = acknowledgement.revision > parcel.record.revision or (
        acknowledgement.revision == parcel.record.revision and acknowledgement.digest == parcel.digest
    )
    present = {file.sha256 for file in acknowledgement.files if file.held}
    lacking = tuple(sha256 for sha256 in parcel.files if sha256 not in present)
    if has_record and not lacking:
        state = after(SYNC_TRANSITIONS, parcel.delivery.state, SyncEvent.ACKNOWLEDGED)
        return replace(_went_well(parcel.delivery), state=state, missing=(), uploads={}, safe_at=now)
    return replace(parcel.delivery, recorded=has_record, missing=lacking)


def failed(delivery: Delivery, problem: Unreachable, now: datetime, *, jitter: int) -> Delivery:
    """Return it waiting for its next try. A lost network is nobody's fault and counts on the line, not here."""
    state = after(SYNC_TRANSITIONS, delivery.state, SyncEvent.FAILED)
    waiting = replace(delivery, state=state, reason=problem.message, code=problem.code)
    if problem.network:
        return waiting
    failures = delivery.failures + 1
    when = next_try(now, failures, jitter=jitter, asked_s=problem.retry_after_s)
    return replace(waiting, failures=failures, next_try_at=when)


def paused(delivery: Delivery) -> Delivery:
    """Return it waiting, through no fault of its own (sign-in needed, app stopped)."""
    return replace(delivery, state=after(SYNC_TRANSITIONS, delivery.state, SyncEvent.FAILED))


def refused(delivery: Delivery, problem: AppError) -> Delivery:
    """Return it refused, with the reason; it waits for a person."""
    state = after(SYNC_TRANSITIONS, delivery.state, SyncEvent.REFUSED)
    return replace(delivery, state=state, reason=problem.message, code=problem.code, next_try_at=None)


def retried(delivery: Delivery) -> Delivery:
    """Return a refused one waiting again, from the beginning: somebody put something right."""
    state = after(SYNC_TRANSITIONS, delivery.state, SyncEvent.RETRIED)
    return Delivery(assessment_id=delivery.assessment_id, revision=delivery.revision, state=state)


def hurried(delivery: Delivery) -> Delivery:
    """Return it without its waiting time: the assessor, or a new network, says now."""
    return replace(delivery, next_try_at=None)


def line_failed(line: Line, problem: Unreachable, now: datetime, *, jitter: int) -> Line:
    """Return the line waiting for the next try."""
    failures = line.failures + 1
    return replace(
        line,
        state=LineState.WAITING,
        reason=problem.message,
        code=problem.code,
        failures=failures,
        next_try_at=next_try(now, failures, jitter=jitter, asked_s=problem.retry_after_s),
        sending=None,
    )


def half_a_reply() -> Unreachable:
    """Return the error for a reply that proves nothing."""
    return Unreachable(
        "half-an-answer",
        sentence(N_("The server's answer was incomplete. Nothing is lost; it will be tried again.")),
        network=False,
    )


def _went_well(delivery: Delivery) -> Delivery:
    return replace(delivery, failures=0, next_try_at=None, reason=None, code="")
