"""The names the screens give to things: channels, states, outcomes, dates. One word per idea, in either language.

What the dashboard calls by the same name comes from `checklists`.

ZON-1  Days and times are those of the programme's rules, nobody else's.
ZON-2  While the rules are not here, or cannot be read here, they are the device's own, and each of them says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import flet as ft

from checklists.forms import evidence_kinds
from checklists.forms import labels as forms
from checklists.forms.form import Channel
from checklists.language import N_, Template
from checklists.record import labels as record
from checklists.record.assessment import Outcome, SyncState
from fieldapp.language import _, fill, spoken
from fieldapp.state import Due
from fieldapp.views.kit import Tone

CHANNELS: Mapping[str, Template] = forms.CHANNELS
CHANNEL_ICONS: Mapping[Channel, ft.IconData] = {
    Channel.PHONE_IN: ft.Icons.CALL,
    Channel.ONSITE: ft.Icons.STOREFRONT,
    Channel.ONLINE: ft.Icons.CHAT,
    Channel.FACE_TO_FACE: ft.Icons.PEOPLE,
    Channel.SITE_VISIT: ft.Icons.APARTMENT,
}
SUBCHANNELS: Mapping[str, Template] = forms.SUBCHANNELS
VARIANTS: Mapping[str, str] = {
    "branch": N_("Branch visit"),
    "recording": N_("Recording check"),
    "both": N_("Branch visit and recording check"),
    "full": N_("Full centre"),
    "small": N_("Small centre"),
    "outsourced": N_("Outsourced centre"),
}
LANGUAGES: Mapping[str, Template] = record.SPOKEN
DUES: Mapping[Due, str] = {
    Due.RETURNED: N_("Sent back, do first"),
    Due.OVERDUE: N_("Overdue"),
    Due.CLOSING: N_("Closes soon"),
    Due.TODAY: N_("Due today"),
    Due.WAITING: N_("Waiting for them"),
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
CONTACTS: Mapping[str, Template] = record.CONTACTS
STATUSES: Mapping[str, Template] = record.STATUSES
# The phone speaks to the assessor, who is "I" here.
OUTCOMES: Mapping[str, Template] = {
    **record.OUTCOMES,
    Outcome.MISDIAL: N_("I misdialled"),
    Outcome.CALLER_NETWORK_FAULT: N_("My phone or network failed"),
    Outcome.ABORTED_BY_ASSESSOR: N_("I stopped the try"),
}
MEDIA: Mapping[str, Template] = record.MEDIA
EVIDENCE: Mapping[str, Template] = evidence_kinds.LABELS
# Why a file was kept as it came, by the code its evidence carries.
NOT_PREPARED: Mapping[str, str] = {
    "picture-unreadable": N_("This photo cannot be opened here. It is kept as it came; take it again if you can."),
    "picture-too-large": N_("This photo is too large to prepare here. It is kept as it came."),
    "sound-unreadable": N_("This recording cannot be read on this device. It is kept as it came."),
}
_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def first_capital(text: str) -> str:
    """Return a rule's phrase as a line of its own."""
    return text[:1].upper() + text[1:]


def weekday(number: int) -> str:
    """Return the short name of an ISO weekday, 1 to 7."""
    return _(_DAYS[number - 1])


def evidence_name(kind: str) -> str:
    """Return what the form's evidence word is called; an unknown one by itself."""
    return _(EVIDENCE[kind]) if kind in EVIDENCE else kind


def why_not_prepared(code: str) -> str:
    """Return why a file was kept as it came."""
    return _(NOT_PREPARED[code]) if code in NOT_PREPARED else fill("Kept as it came: {why}", why=code)


def time_of_day(at: datetime, zone: ZoneInfo | None) -> str:
    """Return the time as a person types it, "14:32:05"."""
    return at.astimezone(zone).strftime("%H:%M:%S")


def running(sentences: Iterable[str]) -> str:
    """Return sentences one after another: in Chinese without a space, which its full stop has within itself."""
    return ("" if spoken() == "zh-Hant" else " ").join(sentences)


def clock(at: datetime, zone: ZoneInfo | None, *, seconds: bool = False) -> str:
    """Return the time of day, "14:32" (ZON-2)."""
    text = time_of_day(at, zone)
    return _of_zone(text if seconds else text[:5], zone)


def moment(at: datetime, zone: ZoneInfo | None, *, seconds: bool = False) -> str:
    """Return day and time, "Wed 3/3 14:32" (ZON-2)."""
    text = time_of_day(at, zone)
    return _of_zone(f"{_day(at, zone)} {text if seconds else text[:5]}", zone)


def wall(at: datetime, zone: ZoneInfo | None, *, seconds: bool = False) -> str:
    """Return what this phone's clock showed, where that was not the time."""
    return fill("This phone's clock showed {time}.", time=moment(at, zone, seconds=seconds))


def until(at: datetime, zone: ZoneInfo | None) -> str:
    """Return an exclusive end as people say it: midnight is 24:00 of the day before (ZON-2)."""
    if time_of_day(at, zone).startswith("00:00"):
        return _of_zone(f"{_day(at - timedelta(minutes=1), zone)} 24:00", zone)
    return moment(at, zone)


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


def left(until: datetime, now: datetime) -> str:
    """Return how long it is until then, "3 h 08 min", "18 min", "5 days"; under a minute and past: "0 min"."""
    minutes = max(0, (until - now) // timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    if hours >= 2 * 24:
        return fill("{count} days", count=hours // 24)
    if hours:
        return fill("{hours} h {minutes} min", hours=hours, minutes=f"{rest:02d}")
    return fill("{minutes} min", minutes=minutes)


def day(at: datetime, zone: ZoneInfo | None) -> str:
    """Return the day, "Wed 3/3" (ZON-2)."""
    return _of_zone(_day(at, zone), zone)


def _day(at: datetime, zone: ZoneInfo | None) -> str:
    local = at.astimezone(zone)
    return fill("{weekday} {day}/{month}", weekday=_(_DAYS[local.weekday()]), day=local.day, month=local.month)


def _of_zone(time: str, zone: ZoneInfo | None) -> str:
    return time if zone else fill("{time} (this device's time)", time=time)
