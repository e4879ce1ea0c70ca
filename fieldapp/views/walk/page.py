"""A visit while it happens, full screen: reading above, doing below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import flet as ft

from checklists.forms.form import Channel, MeasurementItem
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.state import App
from fieldapp.state.visit import Visit
from fieldapp.state.walk import ASKED, Walk, since
from fieldapp.views import kit, words
from fieldapp.views.call.clock import RunningClock, use_seconds
from fieldapp.views.call.undo import UndoBar
from fieldapp.views.hooks import go, keyed, use_on_top
from fieldapp.views.screen import whole_screen
from fieldapp.views.start import starting
from fieldapp.views.sync_sign import SyncSign
from fieldapp.views.visit.measurements import ROWS
from fieldapp.views.visit.recordings import RecordingsCard
from fieldapp.views.visit_hooks import Keeping, Opened, use_drawn, use_opened, when_open
from fieldapp.views.walk.place import before_arriving, place
from fieldapp.views.walk.stamps import doing
from fieldapp.views.walk.wording import standing
from fieldapp.views.window import use_low

LARGE = 130  # percent


@ft.component
def WalkScreen() -> ft.Control:
    """One visit, once it is open."""
    return when_open(WalkBody)


@ft.component
def WalkBody(opened: Opened) -> ft.Control:
    """The page itself. Each new stamp is felt."""
    app, visit, keeping, _durable = use_opened(opened, "assessment", "reading", "undo", "locating")
    is_large, set_large = ft.use_state(app.settings.text_size >= LARGE)
    is_low = use_low()
    use_drawn(visit)
    walk, kept = visit.walk, visit.assessment.measurements
    latest = walk.latest(kept) if walk else None

    async def feel() -> None:
        if latest is not None:
            await ft.HapticFeedback().medium_impact()  # type: ignore[no-untyped-call]

    ft.use_effect(feel, [latest.key if latest else ""])
    if not use_on_top() or walk is None:
        return starting()
    stage = standing(visit.assignment.channel, latest, walk.open_span(kept))
    to_do = doing(visit, walk, is_large=is_large)
    above = [
        _head(visit, walk),
        ft.Container(kit.heading(stage, 1), on_size_change=lambda e: set_large(e.height > theme.LARGE_TITLE)),
        *_clock(visit, walk, latest, is_large=is_large),
        *_reading(keeping, walk, latest),
    ]
    undo = [keyed(f"undo-{visit.undo.at.isoformat()}", UndoBar, visit, visit.undo)] if visit.undo else []
    body = [*above, *to_do[:-1]] if is_large else above
    shelf = to_do[-1:] if is_large else to_do
    return whole_screen(app, body, actions=[*undo, *shelf], bar=bar(app, visit, is_large=is_large), is_low=is_low)


def _head(visit: Visit, walk: Walk) -> ft.Control:
    name = kit.words(read(visit.assignment.entrant_name), ft.TextThemeStyle.TITLE_SMALL)
    begun = visit.assessment.measurements.get(walk.arriving)
    if begun is None or begun.trusted_at is None:
        return name
    is_message = visit.assignment.channel is Channel.ONLINE
    when = (words.moment if is_message else words.clock)(begun.trusted_at, visit.zone)
    told = fill("sent {time}", time=when) if is_message else fill("here since {time}", time=when)
    return kit.label_row(name, [kit.quiet(told)])


def _clock(visit: Visit, walk: Walk, latest: MeasurementItem | None, *, is_large: bool) -> list[ft.Control]:
    kept = visit.assessment.measurements
    begun = since(walk, kept)
    if begun is None or latest is None:
        return []
    first = kept[walk.arriving].trusted_at if walk.arriving in kept else None
    is_over = latest.key == walk.leaving
    if visit.assignment.channel is Channel.ONLINE:
        return [
            keyed(
                f"waited-{begun.isoformat()}",
                Waited,
                visit,
                first if is_over and first else begun,
                begun if is_over else None,
            )
        ]
    # Of large words the largest would not fit a narrow screen: the clock stops growing there.
    style = ft.TextThemeStyle.DISPLAY_SMALL if is_over or is_large else ft.TextThemeStyle.DISPLAY_LARGE
    ends = (first, begun) if is_over and first else (begun, None)
    return [keyed(f"clock-{begun.isoformat()}", RunningClock, visit, *ends, style)]


@ft.component
def Waited(visit: Visit, since: datetime, until: datetime | None) -> ft.Control:
    """How long an answer is waited for: hours and days, for it takes no less."""
    use_seconds()
    length = words.left(until or visit.now(), since)
    return kit.words(length, ft.TextThemeStyle.DISPLAY_SMALL)


def _reading(keeping: Keeping, walk: Walk, latest: MeasurementItem | None) -> list[ft.Control]:
    """Return what is read now, and what is counted beside it."""
    visit = keeping.visit
    kept, scenario = visit.assessment.measurements, visit.assignment.scenario
    rows: list[ft.Control] = []
    if latest is None:
        rows += before_arriving(visit)
    else:
        rows += _promised(visit)
        rows += _draw(keeping, walk)
        rows += place(keeping, walk.leaving if walk.leaving in kept else walk.arriving) if _is_place(walk) else []
        rows += [ROWS[item.kind](keeping, item, kept.get(item.key)) for item in walk.counts]
    if latest is None or latest.key != walk.leaving:
        rows += [kit.group_heading(read(scenario.title)), kit.words(read(scenario.briefing))]
        asked = [read(faq.question) for faq in visit.assignment.filed_faqs]
        rows += [kit.group_heading(_("To ask")), *map(kit.words, asked)] if asked else []
        rules = words.running(read(rule) for rule in scenario.stop_rules)
        rows += [kit.quiet(rules)] if rules else []
    return [*rows, *_so_far(keeping, walk)]


def _is_place(walk: Walk) -> bool:
    return walk.stamps[0].kind.value == "stamp_place"


def _promised(visit: Visit) -> list[ft.Control]:
    """Return until when an answer was promised, while it is not there."""
    waits = visit.waits
    if waits is None:
        return []
    closes: list[ft.Control] = [kit.quiet(_("If nobody answers, you can close it here once the time scores nothing."))]
    if waits.until is None:
        return closes if visit.is_answer_awaited and not visit.unanswered else list[ft.Control]()
    when = words.moment(waits.until, visit.zone)
    if waits.until <= visit.now():
        return [kit.quiet(fill("The answer was due {time}: it is late.", time=when), color=theme.CAUTION)]
    return [kit.quiet(fill("An answer is due by {time}. Today's list reminds you.", time=when)), *closes]


def _draw(keeping: Keeping, walk: Walk) -> list[ft.Control]:
    """Return the draw of recordings from when they can be asked for."""
    visit = keeping.visit
    if not visit.sheet.needs_draw or not any(item.key == ASKED for item in walk.stamps):
        return []
    return [RecordingsCard(keeping)]


def _so_far(keeping: Keeping, walk: Walk) -> list[ft.Control]:
    """Return the stamps that are there, each to be corrected, and those that were passed over."""
    kept, left = keeping.visit.assessment.measurements, walk.passed_over(keeping.visit.assessment.measurements)
    shown: Sequence[MeasurementItem] = [i for i in (*walk.stamps, *walk.spans) if i.key in kept or i in left]
    if not shown:
        return []
    rows = [ROWS[item.kind](keeping, item, kept.get(item.key)) for item in shown]
    return [kit.group_heading(_("So far")), *rows]


def bar(app: App, visit: Visit, *, is_large: bool) -> ft.Control:
    """Return the way back, and to the notes page."""
    base = f"/visit/{visit.assignment.id}"

    def back(_event: object) -> None:
        go(base)

    told = "" if is_large else _("Everything is kept. The clocks run on when you leave.")
    row: list[ft.Control] = [
        kit.icon_button(ft.Icons.ARROW_BACK, _("Back"), back, "walk-back"),
        ft.Container(kit.quiet(told, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS), expand=True),
        kit.icon_button(ft.Icons.DARK_MODE, _("Notes page"), lambda _e: go(f"{base}/notes"), "walk-notes"),
        SyncSign(app),
    ]
    return ft.Container(
        key="bar",
        bgcolor=theme.CARD,
        padding=theme.XS,
        alignment=ft.Alignment.CENTER,
        content=ft.Container(ft.Row(row, spacing=theme.S), width=theme.READING_WIDTH),
    )
