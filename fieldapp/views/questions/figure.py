"""Questions answered by measuring: the figure and where it comes from, and a way to correct it by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from checklists.number import NotANumberError, as_answer, exact, shown
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.views import kit, words
from fieldapp.views.questions.choices import not_applicable
from fieldapp.views.questions.question_item import OnAnswer, QuestionItem, named


@ft.component
def BandsQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """Shows the figure that was measured; a figure typed by hand stands in its place until it is taken back."""
    by_hand = None if item.value in (None, NOT_APPLICABLE, item.measured) else item.value
    correcting, set_correcting = ft.use_state(False)

    async def keep(figure: AnswerValue | None) -> None:
        set_correcting(False)
        await on_answer(item.key, figure)

    async def use_measured(_event: object) -> None:
        await keep(item.measured)

    # What stands below to be put down says itself what is missing.
    is_said = item.measures_here and by_hand is None and item.measured is None
    rows: list[ft.Control] = [] if is_said else [_figure(item, by_hand)]
    if correcting:
        rows.append(FigureField(item.key, "" if by_hand is None else str(by_hand), keep))
    elif not item.locked:
        buttons = []
        if not item.measured_from or (item.measured is not None and item.is_unfolded):
            label = _("Correct by hand") if item.measured_from else _("Enter by hand")
            name = named(label, item.key)
            buttons.append(kit.text_button(label, lambda _e: set_correcting(True), f"correct-{item.key}", name=name))
        if item.measured is not None and item.value != item.measured:
            back = _("Use the measured figure")
            buttons.append(kit.text_button(back, use_measured, f"measured-{item.key}", name=named(back, item.key)))
        rows += [kit.flow(buttons)] if buttons else []
    return kit.stack([*rows, *not_applicable(item, on_answer)])


def figure_words(figure: AnswerValue, in_seconds: bool) -> str:
    """Return a figure with its unit: seconds as people say them, anything else as it is."""
    if not in_seconds:
        return str(figure)
    return words.length(figure) if isinstance(figure, int) else fill("{seconds} s", seconds=shown(exact(figure), 1))


def _figure(item: QuestionItem, by_hand: AnswerValue | None) -> ft.Control:
    measured = None if item.measured is None else figure_words(item.measured, item.unit_seconds)
    if by_hand is not None:
        text, source = figure_words(by_hand, item.unit_seconds), _("Entered by hand")
        if measured:
            source = fill("Entered by hand; measured: {figure}", figure=measured)
    elif measured is not None:
        text, source = measured, fill("Measured: {source}", source=item.measured_from)
    elif item.measured_from:
        text, source = "–", fill("Comes from the measurement: {source}", source=item.measured_from)
    else:
        text, source = "–", _("Not entered yet")
    return kit.label_row(kit.words(text, ft.TextThemeStyle.TITLE_SMALL), [kit.quiet(source)])


def figure_in(typed: str) -> AnswerValue | None:
    """Return the figure typed, as an answer holds it; None when it is none, or below nought."""
    try:
        number = exact(typed)
    except NotANumberError:
        return None
    return as_answer(number) if number >= 0 else None


@ft.component
def FigureField(key: str, kept: str, on_keep: Callable[[AnswerValue | None], Awaitable[None]]) -> ft.Control:
    """One figure, typed, kept with its own button."""
    typed, set_typed = ft.use_state(kept)
    figure = figure_in(typed)

    async def keep(_event: object) -> None:
        if figure is not None:
            await on_keep(figure)

    field = ft.TextField(
        key=f"figure-{key}",
        label=named(_("Figure"), key),
        value=typed,
        keyboard_type=ft.KeyboardType.NUMBER,
        on_change=lambda e: set_typed(e.control.value),
        on_submit=keep,
        error=_("Not a figure") if typed and figure is None else None,
        expand=True,
    )
    name = named(_("Keep the figure"), key)
    return ft.Row([field, kit.tonal_button(_("Keep"), keep, f"keep-{key}", name=name)], spacing=theme.S)
