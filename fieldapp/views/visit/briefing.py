"""The briefing: the part to play, when to stop, whom to contact, and what may be recorded. All offline."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from checklists.days import day_words
from checklists.forms.form import Form
from checklists.language import N_
from checklists.record.assignment import Assignment, ContactPoint, RecordingPolicy, ServiceHours
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.views import kit, words

POLICIES: Mapping[RecordingPolicy, str] = {
    RecordingPolicy.NONE: N_("Do not record. Audio notes of your own voice afterwards are fine."),
    RecordingPolicy.ENTRANT_SYSTEM_ONLY: N_("Only the entrant's own recordings are heard. Do not record yourself."),
    RecordingPolicy.ASSESSOR_AUDIO_WITH_NOTICE: N_("You may record after giving notice, as the banner says."),
}
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@ft.component
def BriefingCard(assignment: Assignment, form: Form, opened: bool) -> ft.Control:
    """The briefing, folded once the visit is under way."""
    shown, set_shown = ft.use_state(opened)
    label = _("Hide briefing") if shown else _("Show briefing")
    head = ft.Row(
        [
            ft.Container(kit.heading(read(assignment.scenario.title)), expand=True),
            kit.icon_button(
                ft.Icons.EXPAND_LESS if shown else ft.Icons.EXPAND_MORE,
                label,
                lambda _e: set_shown(not shown),
                "fold-briefing",
            ),
        ]
    )
    if not shown:
        return kit.card([head])
    return kit.card(
        [
            head,
            kit.words(read(assignment.scenario.briefing)),
            *_stop_rules(assignment),
            *(ContactRow(point) for point in assignment.contact_points),
            kit.facts(_facts(assignment, form)),
        ]
    )


def _stop_rules(assignment: Assignment) -> list[ft.Control]:
    rules = assignment.scenario.stop_rules
    if not rules:
        return []
    # Always there, so never loud: what warns is what is not always so.
    return [
        kit.stack([kit.quiet(_("When to stop, and what not to do:")), *(kit.quiet(read(rule)) for rule in rules)], 2)
    ]


def _facts(assignment: Assignment, form: Form) -> list[tuple[str, str]]:
    branch = assignment.branch
    place = _(", ").join((read(branch.name), read(branch.address))) if branch else ""
    kind = read(form.title)
    if assignment.subchannel:
        kind = _(words.SUBCHANNELS.get(assignment.subchannel, assignment.subchannel))
    if assignment.variant:
        kind = _(words.VARIANTS.get(assignment.variant, assignment.variant))
    return [
        (_("Kind of visit"), kind),
        (_("Language to use"), _(words.LANGUAGES.get(assignment.language, assignment.language))),
        (_("Place"), place),
        (_("Service hours"), service_hours(assignment.service)),
        (_("Recording"), _(POLICIES[assignment.recording_policy])),
    ]


def service_hours(service: ServiceHours | None) -> str:
    """Return when the entrant serves, "Mon Tue Wed Thu Fri 09:00-18:00"."""
    if service is None:
        return ""
    days = _("Every day") if service.days == EVERY_DAY else " ".join(words.weekday(number) for number in service.days)
    spans = _(", ").join(f"{start}–{end}" for start, end in service.hours)
    closed = _(", ").join(read(day_words(day)) for day in service.closed_on)
    return f"{days} {spans}" + (fill("; closed on {days}", days=closed) if closed else "")


@ft.component
def ContactRow(point: ContactPoint) -> ft.Control:
    """One number or address that may be used, to copy or to open. No other may be used (privacy E14)."""
    dialled = point.value.replace(" ", "")
    label = read(point.label)
    tools: list[ft.Control] = []
    if dialled.isascii() and dialled.lstrip("+").isdigit():
        tools.append(
            _action(
                ft.Icons.CALL, fill("Call {number}", number=point.value), ft.OpenUrl(f"tel:{dialled}"), "call", dialled
            )
        )
    elif point.value.startswith(("http://", "https://")):
        tools.append(
            _action(ft.Icons.OPEN_IN_NEW, fill("Open {label}", label=label), ft.OpenUrl(point.value), "open", dialled)
        )
    copy = ft.CopyToClipboard(point.value)
    tools.append(_action(ft.Icons.CONTENT_COPY, fill("Copy {number}", number=point.value), copy, "copy", dialled))
    text = kit.stack([kit.quiet(label), kit.words(point.value, ft.TextThemeStyle.TITLE_MEDIUM)], spacing=0)
    return ft.Row([ft.Container(text, expand=True), *tools], spacing=theme.XS)


def _action(icon: ft.IconData, name: str, action: ft.ClientAction, verb: str, value: str) -> ft.Control:
    return kit.icon_button(icon, name, None, f"{verb}-{value}", action=action)
