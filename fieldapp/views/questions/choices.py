"""The buttons an answer is chosen with: large, labelled, and never told apart by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.views import kit
from fieldapp.views.questions.question_item import OnAnswer, QuestionItem


def option_button(
    item: QuestionItem,
    value: AnswerValue,
    label: str,
    on_answer: OnAnswer,
    *,
    name: str = "",
    expand: bool = False,
) -> ft.Control:
    """Return one answer as a button. Chosen: filled and ticked. Its accessible name is "<question key> <answer>"."""
    chosen = item.value == value and type(item.value) is type(value)

    async def tap(_event: object) -> None:
        await on_answer(item.key, value)

    return kit.choice(
        f"{item.key} {name or label}",
        label,
        chosen,
        None if item.locked else tap,
        f"answer-{item.key}-{value}",
        centred=expand,
        expand=expand,
    )


def side_by_side(buttons: Sequence[ft.Control]) -> ft.Control:
    """Return a few short answers in one row, equally wide."""
    return ft.Row(list(buttons), spacing=theme.XS)


def not_applicable(item: QuestionItem, on_answer: OnAnswer) -> list[ft.Control]:
    """Return the N/A button with the only reason it is allowed for; nothing where N/A is not offered."""
    reason = item.question.not_applicable
    if reason is None:
        return []
    label = fill("Not applicable: {reason}", reason=read(reason))
    return [option_button(item, NOT_APPLICABLE, label, on_answer, name=_("Not applicable"))]
