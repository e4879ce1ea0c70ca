"""What the device keeps beside the assessments themselves: plain values, stored by `storage`, shown by `state`.

Every Struct here is written to disk as it stands: fields are only ever added, with a default.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from checklists.language import Language, Sentence, Text
from checklists.record.assessment import Assessment, Attempt, MediaKind, SyncState
from checklists.record.assignment import Assignment
from checklists.record.transitions import SYNC_TRANSITIONS, SyncEvent, after


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The assessor's choices. `server` "" means: where the app itself came from."""

    language: Language = "en"
    text_size: int = 100  # percent
    theme: str = "system"  # system, light, dark, contrast, contrast-dark
    server: str = ""
    files_when_metered: bool = False  # photos and sound also leave where the connection is paid by size
    phrases: tuple[str, ...] | None = None  # written with one tap; None: those the app offers


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """The lock on the screen: what is kept of its PIN, when it locks, and how often a wrong one was given in a row."""

    salt: str
    digest: str
    after_min: int
    wrong: int = 0
    wait_until: datetime | None = None
    for_customers: bool = False  # the phone was left to the customers of a counter


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """Who this device is. The id is made once, here; the token comes with enrolment."""

    id: str
    name: str = ""
    token: str = ""
    server: str = ""  # whose token it is; "" as an older release kept it: the server in use then
    assessor_id: str = ""
    assessor_name: str = ""
    lock: Lock | None = None  # of the screen
    clock_offset_s: int = 0  # server clock minus device clock, whole seconds, from the last answer

    @property
    def is_enrolled(self) -> bool:
        """Whether a server has taken this device on."""
        return bool(self.token)


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """A recording while it is made, or a photo until it is looked at: kept until it is with the visit it belongs to."""

    id: str
    assessment_id: str
    kind: MediaKind
    content_type: str
    begun_at: datetime
    question: str | None = None  # of a photo: the key of what it supports
    evidence_kind: str | None = None
    width_px: int = 0
    height_px: int = 0
    look: str = ""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer decided on one revision: `reason` for the whole, `comments` by question key."""

    id: str
    assessment_id: str
    revision: int
    decision: str  # returned, accepted, void
    reason: str = ""
    comments: dict[str, str] = {}
    at: datetime | None = None


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """The ruleset in force, flat, as the server sent it, and how long the server keeps sound."""

    name: str
    digest: str
    rules: dict[str, object] = {}
    audio_kept_days: int | None = None  # after the round's report; None: the server did not say


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What another's phone handed on: whose it is, and their record as it was then, to be read."""

    assessor: str
    name: str
    record: Assessment


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """The counter at which this device asks customers, and from when to before when answers are taken."""

    company: str
    name: Text
    opens_at: datetime
    closes_at: datetime
    organiser: Text = {}
    contact: tuple[str, ...] = ()  # where customers' questions go


class CounterAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer answered at a counter, by question. It is here until the server has it."""

    id: str
    company: str
    answers: dict[str, str]
    answered_at: datetime
    reason: Sentence | None = None  # why the server refused it; None: it waits to be sent


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the server has sent this device, up to and including `cursor`. Forms are kept apart: they are big.

    An assignment that another's phone handed on stands among the server's own, and what `came` with it beside.
    """

    cursor: str = ""
    programme: Programme | None = None
    assignments: dict[str, Assignment] = {}
    attempts: dict[str, tuple[Attempt, ...]] = {}  # of other assessors, by assignment
    reviews: dict[str, Review] = {}  # latest, by assessment
    handed_on: tuple[str, ...] = ()  # assignments that are somebody else's now
    came: dict[str, Came] = {}  # by assignment
    counter: Counter | None = None  # where this device asks customers now
    unread: tuple[str, ...] = ()  # changes this version of the app could not read


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Where one revision of one assessment is. `missing` counts once the record itself is `recorded`."""

    assessment_id: str
    revision: int = 0  # the one this is about
    state: SyncState = SyncState.WAITING
    recorded: bool = False  # the server durably has the record, though perhaps not every file
    missing: tuple[str, ...] = ()  # files the server still lacks, by SHA-256
    uploads: dict[str, str] = {}  # begun uploads by SHA-256: an address to go on at
    failures: int = 0  # in a row
    next_try_at: datetime | None = None
    reason: Sentence | None = None  # of the last failure or refusal
    code: str = ""  # of the same
    safe_at: datetime | None = None

    def about(self, record: Assessment) -> Delivery:
        """Return this when it is about that revision, else the beginning of one that is."""
        if self.revision == record.revision:
            return self
        state = after(SYNC_TRANSITIONS, self.state, SyncEvent.CHANGED)
        return Delivery(assessment_id=record.id, revision=record.revision, state=state)
