"""What a coordinator hands an assessor: one assignment, with everything needed to do it without a network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec

from checklists.forms.form import Channel
from checklists.language import Text
from checklists.record.assessment import Attempt


class RecordingPolicy(StrEnum):
    """Whether the contact may be recorded (privacy E2). An audio note of the assessor's own voice always may."""

    NONE = "none"
    ENTRANT_SYSTEM_ONLY = "entrant_system_only"
    ASSESSOR_AUDIO_WITH_NOTICE = "assessor_audio_with_notice"


class ServiceHours(msgspec.Struct, frozen=True, kw_only=True):
    """When an entrant serves: ISO weekdays, "HH:MM" spans in the programme's zone, and dates it is closed."""

    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    hours: tuple[tuple[str, str], ...] = (("00:00", "24:00"),)
    closed_on: tuple[date, ...] = ()


class FiledFaq(msgspec.Struct, frozen=True, kw_only=True):
    """A question the scenario asks, and the answer the entrant filed, in the version in force on the day."""

    number: int  # from 1, in the order the scenario asks
    question: Text
    answer: Text
    version: int
    in_force_from: date


class ContactPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A number, address or link that may be used; nothing else may be (privacy E14)."""

    label: Text
    value: str


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """The part the assessor plays, and when to stop."""

    id: str
    title: Text
    briefing: Text
    stop_rules: tuple[Text, ...] = ()


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A place to visit."""

    id: str
    name: Text
    address: Text
    lat: float | None = None  # degrees, WGS 84
    lon: float | None = None
    district: str | None = None


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Why the assessor must not assess an organisation (privacy E11). `until` is the last day; None: for good."""

    organisation: str
    reason: str
    until: date | None = None


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One assessment to be made. `due_until` is exclusive; the phone works from this alone, offline."""

    id: str
    assessor_id: str
    entrant_id: str
    entrant_name: Text
    industry: str
    channel: Channel
    round: int  # 1..3
    form: str
    scenario: Scenario
    due_from: datetime
    due_until: datetime
    language: str = "yue"  # yue, en, cmn
    subchannel: str | None = None
    variant: str | None = None
    annex: str | None = None
    branch: Branch | None = None
    contact_points: tuple[ContactPoint, ...] = ()
    filed_faqs: tuple[FiledFaq, ...] = ()
    service: ServiceHours | None = None  # the branch's where it has its own, else the entry's
    recording_policy: RecordingPolicy = RecordingPolicy.NONE
    recordings_to_draw: int = 0
    reply_target_s: int | None = None  # promised or default time to a complete answer (online)
    earlier_attempts: tuple[Attempt, ...] = ()  # of other assessors on the same assignment
    withdrawn: bool = False
    settings: Mapping[str, str] = {}
    onsite_variant: str | None = None  # of the entry: recording, branch, both
    direction: str | None = None  # of the entry: inbound, outbound, both
    assessor_languages: tuple[str, ...] = ()
    assessor_districts: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()  # of the assessor with this entrant's organisation
    exception: str = ""  # why it may break a rule about languages, rotation, conflicts or red lines

    @property
    def may_be_recorded(self) -> bool:
        """Whether the assessor may record the contact, after giving notice (privacy E2)."""
        return self.recording_policy is RecordingPolicy.ASSESSOR_AUDIO_WITH_NOTICE
