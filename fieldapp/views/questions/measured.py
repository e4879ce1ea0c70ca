"""Questions answered by measuring: the figure and where it comes from, and a way to correct it by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from checklists.number import NotANumberError, as_answer, exact, shown
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.views import kit, words
from fieldapp.views.questions.asked import Asked, OnAnswer
from fieldapp.views.questions.choices import not_applicable


@ft.component
def BandsQuestion(asked: Asked, on_answer: OnAnswer) -> ft.Control:
    """Shows the figure that was measured; a figure typed by hand stands in its place until it is taken back."""
    by_hand = None if asked.value in (None, NOT_APPLICABLE, asked.measured) else asked.value
    correcting, set_correcting = ft.use_state(False)

    async def keep(figure: AnswerValue | None) -> None:
        set_correcting(False)
        await on_answer(asked.key, figure)

    async def use_measured(_event: object) -> None:
        await keep(asked.measured)

    rows: list[ft.Control] = [_figure(asked, by_hand)]
    if correcting:
        rows.append(FigureField(asked.key, "" if by_hand is None else str(by_hand), keep))
    elif not asked.locked and (asked.measured is not None or not asked.measured_from):
        label = _("Correct by hand") if asked.measured_from else _("Enter by hand")
        name = f"{asked.key} {label}"
        buttons = [kit.text_button(label, lambda _e: set_correcting(True), f"correct-{asked.key}", name=name)]
        if asked.measured is not None and asked.value != asked.measured:
            back = _("Use the measured figure")
            buttons.append(kit.text_button(back, use_measured, f"measured-{asked.key}", name=f"{asked.key} {back}"))
        rows.append(kit.flow(buttons))
    return kit.stack([*rows, *not_applicable(asked, on_answer)])


def figure_words(figure: AnswerValue, in_seconds: bool) -> str:
    """Return a figure with its unit: seconds as people say them, anything else as it is."""
    if not in_seconds:
        return str(figure)
    return words.length(figure) if isinstance(figure, int) else fill("{seconds} s", seconds=shown(exact(figure), 1))


def _figure(asked: Asked, by_hand: AnswerValue | None) -> ft.Control:
    measured = None if asked.measured is None else figure_words(asked.measured, asked.unit_seconds)
    if by_hand is not None:
        text, source = figure_words(by_hand, asked.unit_seconds), _("Entered by hand")
        if measured:
            source = fill("Entered by hand; measured: {figure}", figure=measured)
    elif measured is not None:
        text, source = measured, fill("Measured: {source}", source=asked.measured_from)
    elif asked.measured_from:
        text, source = "–", fill("Comes from the measurement: {source}", source=asked.measured_from)
    else:
        text, source = "–", _("Not entered yet")
    return ft.Container(
        bgcolor=theme.RAISED,
        border_radius=theme.RADIUS,
        padding=theme.M,
        content=kit.stack([kit.words(text, ft.TextThemeStyle.TITLE_LARGE), kit.quiet(source)], spacing=theme.XS),
    )


def figure_in(typed: str) -> AnswerValue | None:
    """Return the figure typed, as an answer holds it; None when it is none, or below nought."""
    try:
        number = exact(typed)
    except NotANumberError:
        return None
    return as_answer(number) if number >= 0 else None


@ft.component
def FigureField(key: str, held: str, on_keep: Callable[[AnswerValue | None], Awaitable[None]]) -> ft.Control:
    """One figure, typed, kept with its own button."""
    typed, set_typed = ft.use_state(held)
    figure = figure_in(typed)

    async def keep(_event: object) -> None:
        if figure is not None:
            await on_keep(figure)

    field = ft.TextField(
        key=f"figure-{key}",
        label=fill("{key} figure", key=key),
        value=typed,
        keyboard_type=ft.KeyboardType.NUMBER,
        on_change=lambda e: set_typed(e.control.value),
        on_submit=keep,
        error=_("Not a figure") if typed and figure is None else None,
        expand=True,
    )
    name = fill("{key} keep figure", key=key)
    return ft.Row([field, kit.tonal_button(_("Keep"), keep, f"keep-{key}", name=name)], spacing=theme.S)
