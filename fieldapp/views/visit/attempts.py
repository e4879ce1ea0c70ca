"""The log of tries to get through: which try is next, how each ended, and one more in two taps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from zoneinfo import ZoneInfo

import flet as ft

from checklists.forms.form import Channel
from checklists.record.assessment import Attempt, Outcome
from checklists.record.attempts import JudgedTry, NextTry, Verdict, label
from fieldapp import theme
from fieldapp.language import _, fill, say
from fieldapp.state import Visit
from fieldapp.views import kit, words
from fieldapp.views.visit_hooks import Keeping


def has_attempts(visit: Visit) -> bool:
    """Whether tries to get through are logged: where the rule applies, and while the rules have not arrived."""
    if visit.reading.series is not None:
        return visit.reading.series.applies
    return visit.assignment.channel is Channel.PHONE_IN or visit.assignment.subchannel == "chat"


@ft.component
def AttemptsCard(keeping: Keeping) -> ft.Control:
    """Where the series stands, the log, and the button for one more try."""
    visit = keeping.visit
    asking, set_asking = ft.use_state(False)
    attempts = visit.assessment.attempts
    connected = any(attempt.outcome is Outcome.CONNECTED for attempt in attempts)

    async def log(outcome: Outcome, _event: object) -> None:
        set_asking(False)
        await visit.attempt(outcome)

    ft.use_dialog(outcome_choice(log, lambda: set_asking(False)) if asking else None)
    rows: list[ft.Control] = [
        kit.heading(_("Tries to get through")),
        *_judged(visit),
    ]
    if visit.reading.series is None:
        rows.extend(_line(attempt, visit.zone) for attempt in attempts)
    if not attempts and not (visit.reading.series and visit.reading.series.tries):
        rows.append(kit.quiet(_("No try logged yet.")))
    if visit.is_draft and not connected:
        rows.append(kit.tonal_button(_("Log a try"), lambda _e: set_asking(True), "log-try", icon=ft.Icons.ADD_CALL))
    return kit.card(rows)


def _judged(visit: Visit) -> list[ft.Control]:
    """Return which try is next, each try with why it counts, and what the log should do better."""
    series, upcoming = visit.reading.series, visit.reading.next_try
    rows: list[ft.Control] = []
    if series is None:
        return rows
    if upcoming is not None:
        line = first_capital(say(label(upcoming, series.rules)))
        rows.append(kit.words(line, ft.TextThemeStyle.TITLE_SMALL, key="next-try"))
        rows.extend(_hints(upcoming, visit.zone))
    rows.extend(_line(judged.attempt, visit.zone, judged) for judged in series.tries)
    rows.extend(kit.banner(kit.Tone.CAUTION, say(warning)) for warning in series.warnings)
    return rows


def first_capital(text: str) -> str:
    """Return a rule's phrase as a line of its own."""
    return text[:1].upper() + text[1:]


def _hints(upcoming: NextTry, zone: ZoneInfo | None) -> list[ft.Control]:
    hints: list[ft.Control] = [kit.quiet(say(advice)) for advice in upcoming.advice]
    if upcoming.counts_from is not None:
        hints.append(
            kit.quiet(fill("A failed try counts again from {time}.", time=words.clock(upcoming.counts_from, zone)))
        )
    if not upcoming.in_service_hours:
        hints.append(kit.quiet(_("Outside the entrant's service hours: a failed try now does not count.")))
    return hints


def _line(attempt: Attempt, zone: ZoneInfo | None, judged: JudgedTry | None = None) -> ft.Control:
    connected = attempt.outcome is Outcome.CONNECTED
    counted = judged is not None and judged.verdict is Verdict.COUNTS
    title = f"{words.moment(attempt.at, zone)} · {_(words.OUTCOMES[attempt.outcome])}"
    if judged is not None and judged.number:
        title = f"{judged.number}. {title}"
    why = [kit.quiet(say(judged.why))] if judged is not None else []
    return ft.Row(
        [
            ft.Icon(
                ft.Icons.CHECK_CIRCLE if connected else ft.Icons.PHONE_MISSED,
                color=theme.ALARM if counted else theme.QUIET,
                size=theme.ICON_SMALL,
            ),
            ft.Container(kit.stack([kit.words(title), *why], spacing=0), expand=True),
        ],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def outcome_choice(log: Callable[[Outcome, object], Awaitable[None]], close: Callable[[], None]) -> ft.BottomSheet:
    """Return the list of outcomes, each one tap away."""

    def button(outcome: Outcome) -> ft.Control:
        make = kit.main_button if outcome is Outcome.CONNECTED else kit.side_button
        return make(_(words.OUTCOMES[outcome]), partial(log, outcome), f"outcome-{outcome.value}")

    return ft.BottomSheet(
        scrollable=True,
        show_drag_handle=True,
        on_dismiss=lambda _e: close(),
        content=ft.Container(
            padding=theme.L,
            content=ft.Column(
                [
                    kit.heading(_("What did this try come to?")),
                    *(button(outcome) for outcome in Outcome),  # in its own order: what happens most comes first
                    kit.text_button(_("Cancel"), lambda _e: close(), "outcome-cancel"),
                ],
                scroll=ft.ScrollMode.AUTO,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                tight=True,
            ),
        ),
    )
