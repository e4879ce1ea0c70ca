"""What the server replies, as plain values: never written to disk as they stand."""

from __future__ import annotations

from datetime import datetime

import msgspec

from checklists.language import Text


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """The server's reply to an enrolment."""

    token: str
    assessor_id: str
    assessor_name: str
    server_time: datetime | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing this device must know. `body` is JSON as it came."""

    seq: int
    kind: str  # form, programme, assignment, attempts, review, revocation
    id: str
    body: msgspec.Raw


class CounterOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The counter at which this device is to ask customers, and from when to before when."""

    company: str
    name: Text
    opens_at: datetime
    closes_at: datetime
    organiser: Text = {}
    contact: tuple[str, ...] = ()  # where customers' questions go


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of changes, already applied in order by whoever reads it."""

    changes: tuple[Change, ...]
    cursor: str
    more: bool
    server_time: datetime | None = None
    counter: CounterOrder | None = None


class PushReply(msgspec.Struct, frozen=True, kw_only=True):
    """The server's durable reply to one revision."""

    revision: int
    digest: str
    missing: tuple[str, ...] = ()
    received_at: datetime | None = None


class HeldFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an acknowledgement."""

    sha256: str
    held: bool


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """What the server holds of one assessment: the only thing that lets the device say "safe"."""

    revision: int
    digest: str
    files: tuple[HeldFile, ...] = ()
