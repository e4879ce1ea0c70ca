"""The Assessment record: one call, contact or visit, as the device writes it and the server keeps it.

Three axes, never mixed: the state of the contact (`Contact`), what the record is (`RecordStatus`), and where it is
(`SyncState`, known to the device alone and not part of the record). Each has one table in `transitions`.
A record is changed by replacing it, with the verbs of `verbs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import msgspec

from checklists.forms.form import Channel

NOT_APPLICABLE = "na"
ERASED = "[erased]"  # stands where written words were once their retention time was over

# true/false, 0..4, a whole measured number, or text: a choice's code, a decimal number, words, or "na". Never a float.
AnswerValue = bool | int | str


class Contact(StrEnum):
    """Whether anybody was reached."""

    OPEN = "open"
    CONNECTED = "connected"
    UNREACHABLE = "unreachable"
    VOID = "void"


class RecordStatus(StrEnum):
    """What the record is."""

    DRAFT = "draft"
    FINISHED = "finished"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    VOID = "void"


class SyncState(StrEnum):
    """Where the record is. `SAFE` only once the server has acknowledged the record and every file it names."""

    WAITING = "waiting"
    SENDING = "sending"
    SAFE = "safe"
    REFUSED = "refused"


class Outcome(StrEnum):
    """The disposition of one attempt (award-rules 1.2)."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    QUEUE_TIMEOUT = "queue_timeout"
    DROPPED_BEFORE_AGENT = "dropped_before_agent"
    IVRS_DEAD_END = "ivrs_dead_end"
    VOICEMAIL = "voicemail"
    NETWORK_ANNOUNCEMENT = "network_announcement"
    CLOSED = "closed"
    MISDIAL = "misdial"
    WRONG_NUMBER_SUPPLIED = "wrong_number_supplied"
    CALLER_NETWORK_FAULT = "caller_network_fault"
    ABORTED_BY_ASSESSOR = "aborted_by_assessor"
    SEVERE_WEATHER = "severe_weather"


class Attempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One try to get through. `at` is aware; `in_service_hours` None lets the entrant's filed hours decide."""

    at: datetime
    outcome: Outcome
    in_service_hours: bool | None = None
    stamped: bool = True  # by the app's clock; False: typed in afterwards
    note: str = ""
    taken_back_at: datetime | None = None  # a mistake: it stays in the log and counts for nothing
    ended_at: datetime | None = None  # when it was given up; None: by an app that did not ask, or typed in
    call_back: bool = False  # they called: it answers a message left before


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What was answered, and when it was last changed."""

    value: AnswerValue
    at: datetime


class Position(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a stamp was made: degrees as decimal text, accuracy in metres."""

    latitude: str
    longitude: str
    accuracy_m: int


class Measurement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One measurement. Exactly the fields of its kind are set; an edited stamp keeps its `original_at`.

    `clock_moved_s`: how far the device's clock moved, against its own timer, since the stamp or span end before.
    """

    at: datetime | None = None  # stamp, stamp_place, stamp_choice
    original_at: datetime | None = None
    corrected_at: datetime | None = None  # when it was typed in or corrected last
    reason: str = ""  # why it was
    stamped: bool = True  # by the app's clock; False: typed in or corrected
    clock_moved_s: int = 0  # above 0: put forward; below: put back
    position: Position | None = None
    choice: str | None = None  # stamp_choice
    number: int | None = None  # integer
    pair: tuple[int, int] | None = None  # integer_pair
    spans: tuple[tuple[datetime, datetime | None], ...] = ()  # spans; an open one has no end yet
    code: str | None = None  # coded


class MediaKind(StrEnum):
    """What a file is. An audio note is the assessor's own voice; a recording of the contact follows the policy."""

    PHOTO = "photo"
    AUDIO_NOTE = "audio_note"
    RECORDING = "recording"
    FILE = "file"

    @property
    def is_sound(self) -> bool:
        """Whether it is heard, not looked at: kept for a shorter time, and never for an entrant to hear."""
        return self in (MediaKind.AUDIO_NOTE, MediaKind.RECORDING)


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One file that belongs to the assessment. The bytes are kept under `sha256` before any record refers to them."""

    id: str
    sha256: str
    size_bytes: int
    kind: MediaKind
    content_type: str
    taken_at: datetime
    question: str | None = None  # the key of the question it supports; None: the whole visit
    evidence_kind: str | None = None  # the form's word: "photo_no_people", "ticket_photo", ...
    prepared: bool = True  # False: kept as it came, because the device could not prepare it
    why_not_prepared: str = ""
    duration_s: int | None = None  # whole seconds, for sound


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """A seeded random draw of recordings: anyone can repeat it."""

    at: datetime
    seed: str
    listed: int
    picked: tuple[int, ...]


class MenuStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One key pressed in a voice menu: when, which, after how many options, and whether the same menu came again."""

    at: datetime
    key: str  # 0 to 9, * or #
    heard: int = 0  # options offered; 0: not counted
    repeats: bool = False


class Assessment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One assessment, one revision. Keys of `answers` are question ids; of the nth drawn recording, "PB1#2"."""

    id: str
    revision: int
    assignment_id: str
    entrant_id: str
    channel: Channel
    form: str  # "phone_in@1"
    started_at: datetime
    schema: int = 1
    subchannel: str | None = None
    variant: str | None = None
    branch_id: str | None = None
    annex: str | None = None  # "ivrs_annex@1"; its answers stand beside the form's
    contact: Contact = Contact.OPEN
    status: RecordStatus = RecordStatus.DRAFT
    void_reason: str | None = None
    attempts: tuple[Attempt, ...] = ()
    measurements: Mapping[str, Measurement] = MappingProxyType({})
    answers: Mapping[str, Answer] = MappingProxyType({})
    notes: Mapping[str, Mapping[str, str]] = MappingProxyType({})  # question key -> evidence kind -> words
    evidence: tuple[Evidence, ...] = ()
    draws: tuple[Draw, ...] = ()
    menu: tuple[MenuStep, ...] = ()  # the keys of the call that connected, in their order
    recordings: int = 0  # how many drawn recordings are judged
    reworked: tuple[str, ...] = ()  # keys of the questions looked at again since this revision was opened
    finished_at: datetime | None = None
    updated_at: datetime | None = None
    app_version: str = ""
