"""The log of tries to get through: which try is next, how each ended, and one more in two taps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

import flet as ft

from checklists.forms.form import Channel
from checklists.record.assessment import Attempt, Outcome
from checklists.record.attempts import JudgedTry, NextTry, Verdict, label
from fieldapp import theme
from fieldapp.language import _, fill, say
from fieldapp.state.outcomes import Preview
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.call.outcomes import outcome_rows
from fieldapp.views.visit_hooks import Keeping

_NO_TRY: Attempt | None = None


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
    wrong, set_wrong = ft.use_state(_NO_TRY)
    own = visit.assessment.attempts if visit.is_draft else ()
    connected = any(attempt.outcome is Outcome.CONNECTED and not attempt.taken_back_at for attempt in own)

    async def log(outcome: Outcome, _event: object) -> None:
        set_asking(False)
        await visit.attempt(outcome)

    async def correct(outcome: Outcome | None, _event: object) -> None:
        set_wrong(None)
        if wrong is not None:
            await visit.correct_attempt(wrong, outcome)

    def line(attempt: Attempt, judged: JudgedTry | None = None) -> ft.Control:
        mine = attempt in own and attempt.taken_back_at is None
        return _line(attempt, visit.zone, judged, (lambda _e: set_wrong(attempt)) if mine else None)

    ft.use_dialog(outcome_choice(visit.previews(), log, lambda: set_asking(False)) if asking else None)
    ft.use_dialog(correction_choice(wrong, correct, lambda: set_wrong(None)) if wrong else None)
    rows: list[ft.Control] = [
        kit.heading(_("Tries to get through")),
        *_judged(visit, line),
    ]
    if visit.reading.series is None:
        rows.extend(line(attempt) for attempt in visit.assessment.attempts)
    if not visit.assessment.attempts and not (visit.reading.series and visit.reading.series.tries):
        rows.append(kit.quiet(_("No try logged yet.")))
    if visit.is_draft and not connected:
        rows.append(kit.tonal_button(_("Log a try"), lambda _e: set_asking(True), "log-try", icon=ft.Icons.ADD_CALL))
    return kit.card(rows)


def _judged(visit: Visit, line: Callable[[Attempt, JudgedTry], ft.Control]) -> list[ft.Control]:
    """Return which try is next, each try with why it counts, and what the log should do better."""
    series, upcoming = visit.reading.series, visit.reading.next_try
    rows: list[ft.Control] = []
    if series is None:
        return rows
    if upcoming is not None:
        title = words.first_capital(say(label(upcoming, series.rules)))
        rows.append(kit.words(title, ft.TextThemeStyle.TITLE_SMALL, key="next-try"))
        rows.extend(_hints(upcoming, visit.zone) if visit.is_draft else [])
    rows.extend(line(judged.attempt, judged) for judged in series.tries)
    rows.extend(kit.banner(kit.Tone.CAUTION, say(warning)) for warning in series.warnings)
    return rows


def _hints(upcoming: NextTry, zone: ZoneInfo | None) -> list[ft.Control]:
    hints: list[ft.Control] = [kit.quiet(say(advice)) for advice in upcoming.advice]
    if upcoming.counts_from is not None:
        hints.append(
            kit.quiet(fill("A failed try counts again from {time}.", time=words.clock(upcoming.counts_from, zone)))
        )
    if not upcoming.in_service_hours:
        hints.append(kit.quiet(_("Outside the entrant's service hours: a failed try now does not count.")))
    return hints


def _line(attempt: Attempt, zone: ZoneInfo | None, judged: JudgedTry | None, on_wrong: kit.OnTap | None) -> ft.Control:
    connected = attempt.outcome is Outcome.CONNECTED and attempt.taken_back_at is None
    counted = judged is not None and judged.verdict is Verdict.COUNTS
    title = _(", ").join((words.moment(attempt.trusted_at, zone), _(words.OUTCOMES[attempt.outcome])))
    if judged is not None and judged.number:
        title = f"{judged.number}. {title}"
    why: list[ft.Control] = [kit.quiet(say(judged.why))] if judged is not None else []
    if attempt.at != attempt.trusted_at:
        why.append(kit.quiet(words.wall(attempt.at, zone)))
    if on_wrong is not None:
        name = fill("Not so: {try_}", try_=title)
        why.append(kit.text_button(_("Not so? Correct it"), on_wrong, f"wrong-{attempt.at.isoformat()}", name=name))
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


def outcome_choice(
    previews: Sequence[Preview], log: Callable[[Outcome, object], Awaitable[None]], close: Callable[[], None]
) -> ft.BottomSheet:
    """Return the outcomes, each one tap away and under what it would count for; the likely one at the thumb."""
    return _sheet(
        _("What did this try come to?"), outcome_rows(previews, log, likely=Outcome.CONNECTED), close, at_end=True
    )


def correction_choice(
    attempt: Attempt, correct: Callable[[Outcome | None, object], Awaitable[None]], close: Callable[[], None]
) -> ft.BottomSheet:
    """Return what a try came to instead, and that it was none; the mistake stays in the log as such."""
    none = kit.side_button(_("There was no such try: take it back"), partial(correct, None), "outcome-none")
    others = [
        kit.side_button(_(words.OUTCOMES[outcome]), partial(correct, outcome), f"corrected-{outcome.value}")
        for outcome in Outcome
        if outcome is not attempt.outcome
    ]
    return _sheet(_("What did this try come to instead?"), [none, *others], close)


def _sheet(
    title: str, buttons: Sequence[ft.Control], close: Callable[[], None], *, at_end: bool = False
) -> ft.BottomSheet:
    return ft.BottomSheet(
        scrollable=True,
        show_drag_handle=True,
        on_dismiss=lambda _e: close(),
        content=ft.Container(
            padding=theme.L,
            content=ft.Column(
                [
                    kit.heading(title),
                    kit.text_button(_("Cancel"), lambda _e: close(), "outcome-cancel"),
                    *buttons,
                ],
                scroll=ft.ScrollMode.AUTO,
                auto_scroll=at_end,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                tight=True,
            ),
        ),
    )
