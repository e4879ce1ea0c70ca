"""What the moments of a visit are called while it is tapped along; a form's own label where it has another moment."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from checklists.forms.form import Channel, MeasurementItem
from checklists.language import N_
from fieldapp.language import _, read

# The next stamp, and its sign.
NEXT: Mapping[str, tuple[str, ft.IconData]] = {
    "t_arrive": (N_("I am at the door"), ft.Icons.PLACE),
    "t_ticket": (N_("I join the queue"), ft.Icons.CONFIRMATION_NUMBER),
    "t_ack": (N_("Somebody notices me"), ft.Icons.WAVING_HAND),
    "t_served": (N_("I am being served"), ft.Icons.PERSON),
    "t_leave": (N_("I have left"), ft.Icons.LOGOUT),
    "t_end": (N_("The meeting is over"), ft.Icons.LOGOUT),
    "t_asked": (N_("I ask for the drawn recordings"), ft.Icons.QUEUE_MUSIC),
    "t_retrieved": (N_("All of them are ready to hear"), ft.Icons.HEADPHONES),
    "t_sent": (N_("I have sent it"), ft.Icons.SEND),
    "t_auto": (N_("An automatic answer came"), ft.Icons.SMART_TOY),
    "t_human": (N_("First real reply"), ft.Icons.MARK_EMAIL_READ),
    "t_resolved": (N_("The complete answer came"), ft.Icons.TASK_ALT),
    "t_opening": (N_("The opening meeting begins"), ft.Icons.GROUPS),
    "t_closing": (N_("The closing meeting is over"), ft.Icons.LOGOUT),
}
# How it stands after a stamp.
AFTER: Mapping[str, str] = {
    "t_arrive": N_("Inside"),
    "t_ticket": N_("In the queue"),
    "t_ack": N_("Noticed, not served yet"),
    "t_served": N_("Being served"),
    "t_leave": N_("The visit is over"),
    "t_end": N_("The meeting is over"),
    "t_asked": N_("Waiting for the recordings"),
    "t_retrieved": N_("The recordings are there"),
    "t_sent": N_("Waiting for a reply"),
    "t_auto": N_("Only an automatic answer so far"),
    "t_human": N_("Waiting for the complete answer"),
    "t_resolved": N_("Answered completely"),
    "t_opening": N_("Going through the items"),
    "t_closing": N_("The visit is over"),
}
BEFORE: Mapping[Channel, str] = {
    Channel.ONSITE: N_("On the way"),
    Channel.FACE_TO_FACE: N_("On the way"),
    Channel.ONLINE: N_("Ready to write"),
    Channel.SITE_VISIT: N_("On the way"),
}


def next_name(item: MeasurementItem) -> str:
    """Return what the stamp says that is to be tapped."""
    named = NEXT.get(item.key)
    return _(named[0]) if named else read(item.label)


def next_sign(item: MeasurementItem) -> ft.IconData:
    """Return its sign."""
    named = NEXT.get(item.key)
    return named[1] if named else ft.Icons.TIMER


def standing(channel: Channel, latest: MeasurementItem | None, span: MeasurementItem | None) -> str:
    """Return how it stands: what is being timed, else what came after the latest stamp."""
    if span is not None:
        return read(span.label)
    if latest is None:
        return _(BEFORE.get(channel, N_("Ready")))
    return _(AFTER[latest.key]) if latest.key in AFTER else read(latest.label)
