"""What the states, tries and files of a record are called on every screen (LBL-1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from checklists.language import N_, Template
from checklists.record.assessment import Contact, MediaKind, Outcome, RecordStatus

STATUSES: Mapping[str, Template] = MappingProxyType(
    {
        RecordStatus.DRAFT: N_("Draft"),
        RecordStatus.FINISHED: N_("Finished"),
        RecordStatus.RETURNED: N_("Returned"),
        RecordStatus.ACCEPTED: N_("Accepted"),
        RecordStatus.VOID: N_("Void"),
    }
)
CONTACTS: Mapping[str, Template] = MappingProxyType(
    {
        Contact.OPEN: N_("Not reached yet"),
        Contact.CONNECTED: N_("Connected"),
        Contact.UNREACHABLE: N_("Not reachable"),
        Contact.VOID: N_("Void"),
    }
)
# Of the assessor in the third person: the phone has words of its own for what "I" did.
OUTCOMES: Mapping[str, Template] = MappingProxyType(
    {
        Outcome.CONNECTED: N_("Connected"),
        Outcome.NO_ANSWER: N_("No answer"),
        Outcome.BUSY: N_("Busy"),
        Outcome.QUEUE_TIMEOUT: N_("Queue too long"),
        Outcome.DROPPED_BEFORE_AGENT: N_("Cut off before an agent"),
        Outcome.IVRS_DEAD_END: N_("Menu led nowhere"),
        Outcome.VOICEMAIL: N_("Voicemail only"),
        Outcome.NETWORK_ANNOUNCEMENT: N_("Number not in service"),
        Outcome.CLOSED: N_("Closed at this hour"),
        Outcome.MISDIAL: N_("Misdialled"),
        Outcome.WRONG_NUMBER_SUPPLIED: N_("Wrong number supplied"),
        Outcome.CALLER_NETWORK_FAULT: N_("Fault on the assessor's network"),
        Outcome.ABORTED_BY_ASSESSOR: N_("Stopped by the assessor"),
        Outcome.SEVERE_WEATHER: N_("Severe weather"),
    }
)
MEDIA: Mapping[str, Template] = MappingProxyType(
    {
        MediaKind.PHOTO: N_("Photo"),
        MediaKind.AUDIO_NOTE: N_("Audio note"),
        MediaKind.RECORDING: N_("Recording"),
        MediaKind.FILE: N_("File"),
    }
)
# The languages an assessment is held in.
SPOKEN: Mapping[str, Template] = MappingProxyType({"yue": N_("Cantonese"), "en": N_("English"), "cmn": N_("Putonghua")})
