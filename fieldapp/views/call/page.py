"""The call itself, full screen: reading above, doing below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import flet as ft

from checklists.record.assessment import Contact, Outcome
from checklists.record.attempts import label
from fieldapp import theme
from fieldapp.language import _, fill, read, say
from fieldapp.state import App
from fieldapp.state.call import BIG, Script, Stage, dialled, likely, needs_outcome
from fieldapp.state.rows import number_of, written_number
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.call.clock import RunningClock
from fieldapp.views.call.menu import Keypad, menu_map, seconds_in_menu
from fieldapp.views.call.outcomes import outcome_rows
from fieldapp.views.call.ribbon import ribbon
from fieldapp.views.call.six_tries import is_written_off, six_tries, title
from fieldapp.views.call.stamps import big_stamp, ends, small_stamps, stage_name, stamp_button
from fieldapp.views.call.undo import UndoBar
from fieldapp.views.hooks import go, keyed, use_on_top
from fieldapp.views.screen import whole_screen
from fieldapp.views.start import starting
from fieldapp.views.sync_sign import SyncSign
from fieldapp.views.visit.sections import first_open
from fieldapp.views.visit_hooks import Keeping, Opened, use_drawn, use_opened, when_open
from fieldapp.views.window import use_low

LARGE = 130  # percent


@ft.component
def CallScreen() -> ft.Control:
    """One call, once the visit is open."""
    return when_open(CallBody)


@ft.component
def CallBody(opened: Opened) -> ft.Control:
    """The page itself. The screen stays awake, and each new stage is felt."""
    app, visit, keeping, _durable = use_opened(opened, "assessment", "reading", "undo")
    is_large, set_large = ft.use_state(app.settings.text_size >= LARGE)
    is_low = use_low()
    stage, since = visit.stage
    ft.use_effect(_stay_awake, [], _may_sleep)
    use_drawn(visit)

    async def feel() -> None:
        if stage is not Stage.READY:
            await ft.HapticFeedback().medium_impact()  # type: ignore[no-untyped-call]

    ft.use_effect(feel, [stage])
    if not use_on_top() or visit.script is None:
        return starting()
    script = visit.script
    to_do = doing(keeping, script, stage, 1 if is_large else 2)
    above = [
        _head(visit, script, stage),
        ft.Container(
            kit.heading(_title(visit, script, stage), 1),
            on_size_change=lambda e: set_large(e.height > theme.LARGE_TITLE),
        ),
        *([_clock(visit, stage, since, is_large=is_large)] if since else []),
        *ribbon(visit, script),
        *_reading(visit, stage),
    ]
    # Where words are large, and between calls, the shelf holds the one next thing; the rest follows what is read.
    is_apart = is_large or stage in (Stage.READY, Stage.ENDED)
    body = [*above, *to_do[:-1]] if is_apart else above
    shelf = to_do[-1:] if is_apart else to_do
    if is_large and stage in BIG and visit.script:
        shelf = [big_stamp(visit, script, stage, is_large=True)]
    undo = [keyed(f"undo-{visit.undo.at.isoformat()}", UndoBar, visit, visit.undo)] if visit.undo else []
    return whole_screen(app, body, actions=[*undo, *shelf], bar=_back(app, visit, told=not is_large), is_low=is_low)


def _title(visit: Visit, script: Script, stage: Stage) -> str:
    return title(visit) if stage is Stage.READY and is_written_off(visit) else stage_name(script, stage)


def _head(visit: Visit, script: Script, stage: Stage) -> ft.Control:
    upcoming, series = visit.reading.next_try, visit.reading.series
    tries = words.first_capital(say(label(upcoming, series.rules))) if upcoming and series else ""
    begun = dialled(script, visit.assessment.measurements)
    whole: list[ft.Control] = []
    if begun and stage is not Stage.ENDED:
        whole = [
            kit.quiet(_("whole call") if script.answered else _("whole chat")),
            RunningClock(visit, begun.corrected, None, ft.TextThemeStyle.TITLE_SMALL),
        ]
    name = kit.words(read(visit.assignment.entrant_name), ft.TextThemeStyle.TITLE_SMALL)
    return kit.stack([kit.label_row(name, whole), *([kit.quiet(tries)] if tries else [])], theme.XS)


def _clock(visit: Visit, stage: Stage, since: datetime, *, is_large: bool) -> ft.Control:
    begun = dialled(visit.script, visit.assessment.measurements) if visit.script else None
    if stage is Stage.ENDED:
        return RunningClock(visit, begun.corrected if begun else since, since, ft.TextThemeStyle.DISPLAY_SMALL)
    # Of large words the largest would not fit a narrow screen: the clock stops growing there.
    is_small = is_large or stage is Stage.MENU
    style = ft.TextThemeStyle.DISPLAY_SMALL if is_small else ft.TextThemeStyle.DISPLAY_LARGE
    return keyed(f"clock-{since.isoformat()}", RunningClock, visit, since, None, style)


def _reading(visit: Visit, stage: Stage) -> list[ft.Control]:
    """Return what is read now: the way through the menu, or the part to play."""
    record = visit.assessment
    rows: list[ft.Control] = []
    if stage is Stage.MENU or record.menu:
        rows.append(menu_map(record.menu))
        if told := seconds_in_menu(visit):
            rows.append(kit.quiet(told))
    is_read = stage in (Stage.READY, Stage.RINGING, Stage.QUEUE, Stage.TALK, Stage.HOLD)
    if is_read and not (stage is Stage.READY and is_written_off(visit)):
        scenario = visit.assignment.scenario
        rows.append(kit.group_heading(read(scenario.title)))
        rows.append(kit.words(read(scenario.briefing), ft.TextThemeStyle.BODY_LARGE))
        asked = [read(faq.question) for faq in visit.assignment.filed_faqs]
        if asked and stage is not Stage.READY:
            rows += [kit.group_heading(_("To ask")), *(kit.words(question) for question in asked)]
        rules = words.running(read(rule) for rule in scenario.stop_rules)
        rows += [kit.quiet(rules)] if rules else []
    return rows


def doing(keeping: Keeping, script: Script, stage: Stage, columns: int) -> list[ft.Control]:
    """Return what is tapped now, the most likely last: nearest to the thumb."""
    visit = keeping.visit
    if needs_outcome(script, visit.assessment):
        return _outcomes(visit, script, columns)
    if stage is Stage.ENDED or (stage is Stage.READY and visit.assessment.contact is Contact.CONNECTED):
        return [_to_questions(visit)]
    if stage is Stage.READY:
        return six_tries(keeping) if is_written_off(visit) else [*six_tries(keeping), _dial(visit)]
    keypad = [Keypad(visit)] if stage is Stage.MENU else []
    return [
        *keypad,
        *ends(visit, script, stage),
        *small_stamps(visit, script, stage),
        big_stamp(visit, script, stage),
    ]


def _outcomes(visit: Visit, script: Script, columns: int) -> list[ft.Control]:
    series = visit.reading.series
    limit_s = series.rules.queue_timeout_s if series else 0

    async def choose(outcome: Outcome, _event: object) -> None:
        await visit.came_to(outcome)

    first = likely(script, visit.assessment.measurements, limit_s)
    rows = outcome_rows(visit.previews(), choose, likely=first, without=frozenset({Outcome.CONNECTED}), columns=columns)
    return [kit.heading(_("How did it end?")), *rows]


def _dial(visit: Visit) -> ft.Control:
    number = number_of(visit.assignment)

    async def dial(_event: object) -> None:
        await visit.dial()

    if not number:
        return stamp_button(_("The chat is open"), ft.Icons.CHAT, dial, "dial")
    return stamp_button(
        fill("Dial {number}", number=written_number(visit.assignment)),
        ft.Icons.CALL,
        dial,
        "dial",
        action=ft.OpenUrl(f"tel:{number}"),
    )


def _to_questions(visit: Visit) -> ft.Control:
    return kit.main_button(_("Answer the questions"), lambda _e: go(first_open(visit)), "to-questions")


def _back(app: App, visit: Visit, *, told: bool) -> ft.Control:
    def back(_event: object) -> None:
        go(f"/visit/{visit.assignment.id}")

    says = _("Everything is kept. The clocks run on when you leave.") if told else ""
    row: Sequence[ft.Control] = (
        kit.icon_button(ft.Icons.ARROW_BACK, _("Back"), back, "call-back"),
        ft.Container(kit.quiet(says, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS), expand=True),
        SyncSign(app),
    )
    return ft.Container(
        key="bar",
        bgcolor=theme.CARD,
        padding=theme.XS,
        alignment=ft.Alignment.CENTER,
        content=ft.Container(ft.Row(list(row), spacing=theme.S), width=theme.READING_WIDTH),
    )


async def _stay_awake() -> None:
    await ft.Wakelock().enable()  # type: ignore[no-untyped-call]


async def _may_sleep() -> None:
    await ft.Wakelock().disable()  # type: ignore[no-untyped-call]
