"""Sync: every finished visit with its state, the last reason and the next try, and what "safe" means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import flet as ft

from checklists.language import N_
from checklists.record.assessment import RecordStatus
from fieldapp.language import _, fill, read, say
from fieldapp.line import Line, LineState
from fieldapp.sizes import size_text
from fieldapp.state import App, SyncItem
from fieldapp.views import kit, words
from fieldapp.views.hand_over import TakeOverCard
from fieldapp.views.hooks import go, keyed, use_app
from fieldapp.views.leaving import TEXT, ZIP, use_way
from fieldapp.views.screen import clock_strip, may_be_cleared, screen

EXPORT_NAME, LOG_NAME = "unsent.zip", "sync-log.txt"


@ft.component
def SyncScreen() -> ft.View:
    """The queue, how it stands with the server, and the ways to hurry it or carry it away."""
    app = use_app("items", "line", "notice", "settings", "rows", "zone", "clock_off_s", "space")
    ft.use_effect(app.measure, [])
    busy = app.line.state is LineState.BUSY

    async def send(_event: object) -> None:
        await app.send_all()

    body: list[ft.Control] = [LineCard(app.line, app.zone, app.clock_off_s), *clock_strip(app)]
    body.extend(keyed(item.assessment_id, ItemCard, app, item) for item in app.items)
    if not app.items:
        body.append(
            kit.empty(ft.Icons.CLOUD_DONE, _("Nothing to send"), _("Finished visits appear here until they are safe."))
        )
    begun = sum(1 for row in app.rows if row.status is RecordStatus.DRAFT)
    if begun:
        message = fill("Begun and only on this phone: {count}. A visit is sent once you finish it.", count=begun)
        body.append(kit.banner(kit.Tone.FACT, message))
    if app.unsent:
        body += may_be_cleared(app)
    body += [_what_safe_means(), TakeOverCard(app), ExportCard(app)]
    label = _("Sending") if busy else _("Send now")
    return screen(
        app, _("Sync"), body, actions=[kit.main_button(label, send, "send-now", disabled=busy, icon=ft.Icons.SYNC)]
    )


FILES_WAIT = N_("Answers are sent. Photos and sound wait for Wi-Fi. Send now sends them on mobile data, too.")
LINE_WORDS: Mapping[LineState, tuple[kit.Tone, str]] = {
    LineState.IDLE: (kit.Tone.GOOD, N_("In touch with the server.")),
    LineState.BUSY: (kit.Tone.FACT, N_("Talking to the server.")),
    LineState.WAITING: (kit.Tone.PLAIN, N_("The server could not be reached.")),
    LineState.SIGN_IN_NEEDED: (
        kit.Tone.CAUTION,
        N_("The server no longer knows this phone. Enrol it again; nothing is lost."),
    ),
    LineState.NOT_ENROLLED: (kit.Tone.CAUTION, N_("This phone is not enrolled.")),
}


@ft.component
def LineCard(line: Line, zone: ZoneInfo | None, off_s: int = 0) -> ft.Control:
    """How it stands with the server: the last reason and the next try, by the server's clock (CLK-5)."""
    off = timedelta(seconds=off_s)
    tone, message = LINE_WORDS[line.state]
    rows: list[ft.Control] = [kit.banner(tone, _(message), key=f"line-{line.state.value}")]
    if line.reason is not None:
        rows.append(kit.words(say(line.reason)))
    times = [
        (_("Last contact"), words.moment(line.last_contact_at + off, zone) if line.last_contact_at else ""),
        (_("Next try"), words.clock(line.next_try_at + off, zone, seconds=True) if line.next_try_at else ""),
    ]
    if any(value for _label, value in times):
        rows.append(kit.facts(times))
    if line.total_bytes:
        sent = fill("{sent} of {total} sent", sent=size_text(line.sent_bytes), total=size_text(line.total_bytes))
        rows += [kit.progress(line.sent_bytes, line.total_bytes), kit.quiet(sent)]
    if line.files_wait:
        rows.append(kit.banner(kit.Tone.FACT, _(FILES_WAIT), key="files-wait"))
    if line.state in (LineState.SIGN_IN_NEEDED, LineState.NOT_ENROLLED):
        rows.append(kit.tonal_button(_("Enrol this phone again"), lambda _e: go("/enrol"), "enrol-again"))
    return kit.card(rows)


@ft.component
def ItemCard(app: App, item: SyncItem) -> ft.Control:
    """One finished visit on its way."""
    label, tone, icon = words.SYNCS[item.state]
    name = read(item.entrant)

    async def again(_event: object) -> None:
        await app.retry(item.assessment_id)

    rows: list[ft.Control] = [
        kit.words(_(", ").join((name, _(words.CHANNELS[item.channel]))), ft.TextThemeStyle.TITLE_SMALL),
        kit.flow([kit.pill(_(label), tone, icon)]),
    ]
    if item.files:
        files = fill("{held} of {count} files on the server", held=item.files - item.files_missing, count=item.files)
        rows.append(kit.quiet(files))
    if item.reason is not None:
        rows.append(kit.words(say(item.reason)))
    if item.next_try_at is not None:
        rows.append(kit.quiet(fill("Next try at {time}.", time=words.clock(item.next_try_at, app.zone, seconds=True))))
    if item.safe_at is not None:
        rows.append(kit.quiet(fill("Safe since {time}", time=words.moment(item.safe_at, app.zone))))
    if item.code and item.state.value == "refused":
        rows.append(
            kit.side_button(
                _("Send again"), again, f"retry-{item.assessment_id}", name=fill("Send again {name}", name=name)
            )
        )
    return kit.card(rows)


def _what_safe_means() -> ft.Control:
    return kit.card(
        [
            kit.heading(_('What "safe" means')),
            kit.words(_("The server has acknowledged the record and every photo and sound it names.")),
            kit.quiet(_("Until then the only copy is on this phone. Nothing is removed before it is safe.")),
        ]
    )


@ft.component
def ExportCard(app: App) -> ft.Control:
    """Everything unsent in one file, for when the network does not come back; and a log for whoever helps."""
    working, set_working = ft.use_state(False)
    way = use_way()

    async def export(_event: object) -> None:
        set_working(True)
        await app.export(lambda data: way.send(data, EXPORT_NAME, ZIP))
        set_working(False)

    async def log(_event: object) -> None:
        await way.send(app.sync_log().encode(), LOG_NAME, TEXT)

    return kit.card(
        [
            kit.heading(_("No network for days?")),
            kit.words(_("Export what is unsent as one file and give it to your coordinator.")),
            kit.side_button(_("Export unsent visits"), export, "export", disabled=working, icon=ft.Icons.SHARE),
            kit.quiet(_("The log says when and why sending failed. There is no name, no place and no answer in it.")),
            kit.side_button(_("Send the log on"), log, "share-log", icon=ft.Icons.SHARE),
        ]
    )
