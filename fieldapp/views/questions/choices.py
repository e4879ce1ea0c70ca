"""The buttons an answer is chosen with: large, labelled, and never told apart by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.views import kit
from fieldapp.views.questions.question_item import OnAnswer, QuestionItem, named
from fieldapp.views.tappable import Tappable, one_of


def option_button(
    item: QuestionItem,
    value: AnswerValue,
    label: str,
    on_answer: OnAnswer,
    *,
    figure: str = "",
    name: str = "",
    expand: bool = False,
) -> Tappable:
    """Return one answer as a button, `figure` above its words. Chosen: filled and ticked. Its name ends in the key."""
    chosen = item.value == value and type(item.value) is type(value)

    async def tap(_event: object) -> None:
        await on_answer(item.key, value)

    return kit.choice(
        named(name or " ".join(filter(None, (figure, label))), item.key),
        label,
        chosen,
        None if item.locked else tap,
        f"answer-{item.key}-{value}",
        figure=figure,
        centred=expand,
        expand=expand,
    )


def side_by_side(buttons: Sequence[ft.Control], columns: int = 0) -> ft.Control:
    """Return answers in rows of `columns`, equally wide; 0: all in one row."""
    columns = columns or len(buttons)
    rows = [list(buttons[at : at + columns]) for at in range(0, len(buttons), columns)]
    for row in rows:
        row.extend(ft.Container(expand=True) for _missing in range(columns - len(row)))
    drawn = [
        ft.Row(row, spacing=theme.S, intrinsic_height=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)
        for row in rows
    ]
    return drawn[0] if len(drawn) == 1 else kit.stack(drawn)


def not_applicable(item: QuestionItem, on_answer: OnAnswer, *, expand: bool = False) -> list[Tappable]:
    """Return the N/A button with the only reason it is allowed for; nothing where N/A is not offered."""
    reason = item.question.not_applicable
    if reason is None:
        return []
    label = fill("Not applicable: {reason}", reason=read(reason))
    return [option_button(item, NOT_APPLICABLE, label, on_answer, name=_("Not applicable"), expand=expand)]


def with_not_applicable(
    item: QuestionItem, options: Sequence[Tappable], on_answer: OnAnswer
) -> tuple[list[Tappable], list[Tappable]]:
    """Return `options` and what N/A adds to them, counted together: one of all of them may be chosen."""
    whole = one_of([*options, *not_applicable(item, on_answer)])
    return whole[: len(options)], whole[len(options) :]
