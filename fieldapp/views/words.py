"""The names the screens give to things: channels, states, outcomes, dates. One word per idea, in either language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import flet as ft

from checklists.forms.form import Channel
from checklists.language import N_
from checklists.record.assessment import Contact, Outcome, RecordStatus, SyncState
from fieldapp.language import _, fill
from fieldapp.state import Due
from fieldapp.views.kit import Tone

# Every clock of the award is Hong Kong's (R1), which has had no daylight saving since 1979.
HONG_KONG = timezone(timedelta(hours=8), "HKT")

CHANNELS: Mapping[Channel, str] = {
    Channel.PHONE_IN: N_("Phone-in"),
    Channel.ONSITE: N_("Onsite"),
    Channel.ONLINE: N_("Online"),
    Channel.FACE_TO_FACE: N_("Face-to-face"),
}
CHANNEL_ICONS: Mapping[Channel, ft.IconData] = {
    Channel.PHONE_IN: ft.Icons.CALL,
    Channel.ONSITE: ft.Icons.STOREFRONT,
    Channel.ONLINE: ft.Icons.CHAT,
    Channel.FACE_TO_FACE: ft.Icons.PEOPLE,
}
SUBCHANNELS: Mapping[str, str] = {
    "chat": N_("Live chat"),
    "social": N_("Social media"),
    "email": N_("Email"),
    "form": N_("Web form"),
}
VARIANTS: Mapping[str, str] = {
    "branch": N_("Branch visit"),
    "recording": N_("Recording check"),
    "both": N_("Branch visit and recording check"),
}
LANGUAGES: Mapping[str, str] = {"yue": N_("Cantonese"), "en": N_("English"), "cmn": N_("Putonghua")}
DUES: Mapping[Due, str] = {
    Due.RETURNED: N_("Sent back to you"),
    Due.OVERDUE: N_("Overdue"),
    Due.TODAY: N_("Due today"),
    Due.WEEK: N_("Due this week"),
    Due.LATER: N_("Later"),
    Due.NOT_YET: N_("Not open yet"),
    Due.FINISHED: N_("Done"),
}
SYNCS: Mapping[SyncState, tuple[str, Tone, ft.IconData]] = {
    SyncState.WAITING: (N_("Waiting to be sent"), Tone.PLAIN, ft.Icons.SCHEDULE),
    SyncState.SENDING: (N_("Sending"), Tone.FACT, ft.Icons.CLOUD_UPLOAD),
    SyncState.SAFE: (N_("Safe on the server"), Tone.GOOD, ft.Icons.CLOUD_DONE),
    SyncState.REFUSED: (N_("Refused by the server"), Tone.ALARM, ft.Icons.CLOUD_OFF),
}
CONTACTS: Mapping[Contact, str] = {
    Contact.OPEN: N_("Not reached yet"),
    Contact.CONNECTED: N_("Connected"),
    Contact.UNREACHABLE: N_("Not reachable"),
    Contact.VOID: N_("Void"),
}
STATUSES: Mapping[RecordStatus, str] = {
    RecordStatus.DRAFT: N_("Draft"),
    RecordStatus.FINISHED: N_("Finished"),
    RecordStatus.RETURNED: N_("Sent back"),
    RecordStatus.ACCEPTED: N_("Accepted"),
    RecordStatus.VOID: N_("Void"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.CONNECTED: N_("Connected"),
    Outcome.NO_ANSWER: N_("No answer"),
    Outcome.BUSY: N_("Busy"),
    Outcome.QUEUE_TIMEOUT: N_("Queue too long"),
    Outcome.DROPPED_BEFORE_AGENT: N_("Cut off before an agent"),
    Outcome.IVRS_DEAD_END: N_("Menu led nowhere"),
    Outcome.VOICEMAIL: N_("Voicemail only"),
    Outcome.NETWORK_ANNOUNCEMENT: N_("Number not in service"),
    Outcome.CLOSED: N_("Closed at this hour"),
    Outcome.MISDIAL: N_("I misdialled"),
    Outcome.WRONG_NUMBER_SUPPLIED: N_("Wrong number supplied"),
    Outcome.CALLER_NETWORK_FAULT: N_("My phone or network failed"),
    Outcome.ABORTED_BY_ASSESSOR: N_("I stopped the try"),
    Outcome.SEVERE_WEATHER: N_("Severe weather"),
}
EVIDENCE: Mapping[str, str] = {
    "note": N_("Note"),
    "verbatim": N_("Verbatim quote"),
    "photo_no_people": N_("Photo without people"),
    "ticket_photo": N_("Photo of the ticket"),
    "screenshot": N_("Screenshot"),
    "timestamp_capture": N_("Capture with the time"),
    "call_log": N_("Call log"),
    "menu_map": N_("Map of the menu"),
    "transcript": N_("Transcript"),
    "verbatim_redacted": N_("Quote without personal data"),
    "receipt": N_("Receipt"),
    "clock": N_("Clock marks"),
    "draw_log": N_("Draw log"),
}
# Why a file was kept as it came, by the code its evidence carries.
NOT_PREPARED: Mapping[str, str] = {
    "picture-unreadable": N_("This photo cannot be opened here. It is kept as it came; take it again if you can."),
    "picture-too-large": N_("This photo is too large to prepare here. It is kept as it came."),
    "sound-unreadable": N_("This recording cannot be read on this device. It is kept as it came."),
}
_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def weekday(number: int) -> str:
    """Return the short name of an ISO weekday, 1 to 7."""
    return _(_DAYS[number - 1])


def evidence_name(kind: str) -> str:
    """Return what the form's evidence word is called; an unknown one by itself."""
    return _(EVIDENCE[kind]) if kind in EVIDENCE else kind


def why_not_prepared(code: str) -> str:
    """Return why a file was kept as it came."""
    return _(NOT_PREPARED[code]) if code in NOT_PREPARED else fill("Kept as it came: {why}", why=code)


def clock(at: datetime, *, seconds: bool = False) -> str:
    """Return the Hong Kong time of day, "14:32"."""
    return at.astimezone(HONG_KONG).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(at: datetime) -> str:
    """Return the Hong Kong day, "Wed 3 Mar"."""
    local = at.astimezone(HONG_KONG)
    return fill("{weekday} {day}/{month}", weekday=_(_DAYS[local.weekday()]), day=local.day, month=local.month)


def moment(at: datetime) -> str:
    """Return day and time."""
    return f"{day(at)} {clock(at)}"


def until(at: datetime) -> str:
    """Return an exclusive end as people say it: midnight is 24:00 of the day before."""
    local = at.astimezone(HONG_KONG)
    if (local.hour, local.minute) == (0, 0):
        return f"{day(at - timedelta(minutes=1))} 24:00"
    return moment(at)


def length(seconds: int) -> str:
    """Return a length of time, "2 min 05 s"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return fill("{hours} h {minutes} min", hours=hours, minutes=f"{minutes:02d}")
    return (
        fill("{minutes} min {seconds} s", minutes=minutes, seconds=f"{rest:02d}")
        if minutes
        else fill(N_("{seconds} s"), seconds=rest)
    )
