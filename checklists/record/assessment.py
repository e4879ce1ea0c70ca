"""The Assessment record: one call, contact or visit, as the device writes it and the server keeps it.

Three axes, never mixed: the state of the contact (`Contact`), what the record is (`RecordStatus`), and where it is
(`SyncState`, known to the device alone and not part of the record). Each has one table in `transitions`.
A record is changed by replacing it, with the verbs of `verbs`.

A moment is the phone's wall time; the `clock` beside it is what `trusted_time` corrects it by.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import msgspec

from checklists.forms.form import Channel
from checklists.record.trusted_time import ClockReading, Moment, corrected

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
    """One try to get through. `at` is aware; `in_service_hours` None lets the entrant's filed hours decide.

    It is judged by its corrected time.
    """

    at: datetime
    outcome: Outcome
    in_service_hours: bool | None = None
    stamped: bool = True  # by the app's clock; False: typed in afterwards
    note: str = ""
    taken_back_at: datetime | None = None  # a mistake: it stays in the log and counts for nothing
    clock: ClockReading | None = None  # read when it was put down
    ended_at: datetime | None = None  # when it was given up; None: by an app that did not ask, or typed in
    call_back: bool = False  # they called: it answers a message left before

    @property
    def moment(self) -> Moment:
        """The moment of the try."""
        return Moment(self.at, self.clock if self.stamped else None)

    @property
    def trusted_at(self) -> datetime:
        """The corrected time of the try."""
        return corrected(self.at, self.clock) if self.clock and self.stamped else self.at


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What was answered, and when it was last changed."""

    value: AnswerValue
    at: datetime
    clock: ClockReading | None = None


class Position(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a stamp was made: degrees as decimal text, accuracy in metres."""

    latitude: str
    longitude: str
    accuracy_m: int


class Measurement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One measurement. Exactly the fields of its kind are set; an edited stamp keeps its `original_at`.

    `clock` was read when `at` was stamped or typed in, `original_clock` with `original_at`, `span_clocks` with `spans`.
    `clock_moved_s` is of a release that kept no clocks: how far the clock moved since the stamp before (`clock_moves`).
    """

    at: datetime | None = None  # stamp, stamp_place, stamp_choice
    original_at: datetime | None = None
    corrected_at: datetime | None = None  # when it was typed in or corrected last
    reason: str = ""  # why it was
    stamped: bool = True  # by the app's clock; False: typed in or corrected
    never: bool = False  # of an answer to a written message: none had come by `at` (`unanswered`)
    clock_moved_s: int = 0  # above 0: put forward; below: put back
    position: Position | None = None
    no_position: str = ""  # why one was looked for and not had: "refused", "off", "unknown"
    choice: str | None = None  # stamp_choice
    number: int | None = None  # integer
    pair: tuple[int, int] | None = None  # integer_pair
    spans: tuple[tuple[datetime, datetime | None], ...] = ()  # spans; an open one has no end yet
    code: str | None = None  # coded
    clock: ClockReading | None = None
    original_clock: ClockReading | None = None
    span_clocks: tuple[tuple[ClockReading | None, ClockReading | None], ...] = ()

    @property
    def moment(self) -> Moment | None:
        """The moment of a stamp, or the one typed in."""
        return None if self.at is None else Moment(self.at, self.clock if self.stamped else None)

    @property
    def trusted_at(self) -> datetime | None:
        """The corrected time of it."""
        return corrected(self.at, self.clock) if self.at is not None and self.clock and self.stamped else self.at

    @property
    def first_moment(self) -> Moment | None:
        """The moment that was stamped first; None: none was."""
        if self.original_at is not None:
            return Moment(self.original_at, self.original_clock)
        return self.moment if self.stamped else None

    @property
    def span_moments(self) -> tuple[tuple[Moment, Moment | None], ...]:
        """The moments of `spans`."""
        if not self.spans:
            return ()
        clocks = self.span_clocks + ((None, None),) * (len(self.spans) - len(self.span_clocks))
        return tuple(
            (Moment(start, clock[0]), None if end is None else Moment(end, clock[1]))
            for (start, end), clock in zip(self.spans, clocks, strict=False)
        )


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
    caption: str = ""  # what the assessor says of it
    look: str = ""  # of a photo: 64 bits in hex that change little when it is saved anew (`reuse`)
    clock: ClockReading | None = None

    @property
    def moment(self) -> Moment:
        """When it was taken."""
        return Moment(self.taken_at, self.clock)


class Draw(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A seeded random draw of recordings: anyone can repeat it."""

    at: datetime
    seed: str
    listed: int
    picked: tuple[int, ...]
    clock: ClockReading | None = None


class MenuStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One key pressed in a voice menu: when, which, after how many options, and whether the same menu came again."""

    at: datetime
    key: str  # 0 to 9, * or #
    heard: int = 0  # options offered; 0: not counted
    repeats: bool = False
    clock: ClockReading | None = None


class TakenOver(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a visit goes on from that came from another phone by itself (`hand_over`): whose, which, its tries."""

    assessor: str
    assessment: str
    at: datetime
    attempts: tuple[Attempt, ...] = ()  # without their notes, which stay in the record they are of
    clock: ClockReading | None = None

    @property
    def moment(self) -> Moment:
        """When it was taken over."""
        return Moment(self.at, self.clock)


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
    jotted: str = ""  # notes of a visit under way, not sorted into its questions yet (`jotted`)
    recordings: int = 0  # how many drawn recordings are judged
    reworked: tuple[str, ...] = ()  # keys of the questions looked at again since this revision was opened
    finished_at: datetime | None = None
    updated_at: datetime | None = None
    app_version: str = ""
    started_clock: ClockReading | None = None
    finished_clock: ClockReading | None = None
    taken_over: TakenOver | None = None
    given_at: datetime | None = None  # when it was handed on as a file, for somebody else to go on with (`hand_over`)
    given_clock: ClockReading | None = None

    @property
    def start(self) -> Moment:
        """When it was begun."""
        return Moment(self.started_at, self.started_clock)

    @property
    def end(self) -> Moment | None:
        """When it was finished."""
        return None if self.finished_at is None else Moment(self.finished_at, self.finished_clock)

    @property
    def is_given(self) -> bool:
        """Whether it is a draft that somebody else goes on with."""
        return self.status is RecordStatus.DRAFT and self.given_at is not None
