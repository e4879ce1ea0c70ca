"""The first screen: every assignment, grouped by when it is due, with how far it is and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import flet as ft

from checklists.record.assessment import Contact, RecordStatus
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.line import LineState
from fieldapp.state import App, Due, VisitRow
from fieldapp.views import kit, words
from fieldapp.views.hooks import go, keyed, use_app, use_on_top, view_route
from fieldapp.views.new_version import newer_version
from fieldapp.views.screen import line_strip, screen


@ft.component
def Visits() -> ft.View:
    """The visits list, with the ways to sync and settings."""
    app = use_app("rows", "line", "notice", "settings", "items", "device", "zone")
    if not use_on_top():
        return ft.View(route=view_route())
    busy = app.line.state is LineState.BUSY

    async def refresh(_event: object) -> None:
        await app.sync_now()

    waiting = sum(1 for item in app.items if item.safe_at is None)
    sync_name = fill("Sync, {count} waiting", count=waiting) if waiting else _("Sync")
    tools = [
        kit.icon_button(
            ft.Icons.SYNC, sync_name, lambda _e: go("/sync"), "open-sync", badge=str(waiting) if waiting else None
        ),
        kit.icon_button(ft.Icons.SETTINGS, _("Settings"), lambda _e: go("/settings"), "open-settings"),
    ]
    label = _("Looking for news…") if busy else _("Refresh")
    button = kit.side_button(label, refresh, "refresh", disabled=busy, icon=ft.Icons.REFRESH)
    strip = line_strip(app.line, app.zone)
    return screen(
        app, _("Visits"), [*([strip] if strip else []), *newer_version(), *_groups(app)], tools=tools, actions=[button]
    )


def _groups(app: App) -> Sequence[ft.Control]:
    if not app.rows:
        return [
            kit.empty(
                ft.Icons.EVENT_AVAILABLE,
                _("No visits yet"),
                _("Your coordinator has not assigned any. They appear here by themselves; Refresh looks at once."),
            )
        ]
    shown: list[ft.Control] = []
    for due, rows in app.groups:
        shown.append(kit.heading(fill("{group} ({count})", group=_(words.DUES[due]), count=len(rows))))
        shown.extend(keyed(row.assignment_id, VisitTile, row, app.zone) for row in rows)
    return shown


@ft.component
def VisitTile(row: VisitRow, zone: ZoneInfo | None) -> ft.Control:
    """One visit: channel, entrant, scenario, branch, when it is due, how far and where it is."""
    where = f" · {read(row.branch)}" if row.branch else ""
    channel = _(words.CHANNELS[row.channel])
    if row.subchannel:
        channel = _(words.SUBCHANNELS.get(row.subchannel, row.subchannel))
    return kit.tile(
        read(row.entrant),
        f"{channel} · {read(row.scenario)}{where}",
        lambda _e: go(f"/visit/{row.assignment_id}"),
        f"visit-{row.assignment_id}",
        icon=words.CHANNEL_ICONS[row.channel],
        below=[_due(row, zone), *_progress(row), kit.flow(_pills(row), theme.XS)],
    )


def _due(row: VisitRow, zone: ZoneInfo | None) -> ft.Control:
    when = (
        fill("Opens {day}", day=words.moment(row.due_from, zone))
        if row.due is Due.NOT_YET
        else fill("Due by {day}", day=words.until(row.due_until, zone))
    )
    return kit.quiet(when)


def _progress(row: VisitRow) -> list[ft.Control]:
    if row.status is None or not row.asked:
        return []
    count = fill("{done} of {all} answered", done=row.answered, all=row.asked)
    return [kit.progress(row.answered, row.asked), kit.quiet(count)]


def _pills(row: VisitRow) -> list[ft.Control]:
    pills: list[ft.Control] = []
    if row.withdrawn:
        pills.append(kit.pill(_("Withdrawn"), kit.Tone.CAUTION, ft.Icons.BLOCK))
    if row.status is None:
        pills.append(kit.pill(_("Not started")))
    elif row.status is RecordStatus.DRAFT and row.contact in (Contact.CONNECTED, Contact.UNREACHABLE):
        pills.append(kit.pill(_(words.CONTACTS[row.contact]), kit.Tone.FACT))
    elif row.status is not RecordStatus.DRAFT:
        pills.append(kit.pill(_(words.STATUSES[row.status]), kit.Tone.FACT))
    if row.sync is not None:
        label, tone, icon = words.SYNCS[row.sync]
        pills.append(kit.pill(_(label), tone, icon))
    return pills
