"""The buttons an answer is chosen with: large, labelled, and never told apart by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.views import kit
from fieldapp.views.questions.asked import Asked, OnAnswer


def option_button(
    asked: Asked,
    value: AnswerValue,
    label: str,
    on_answer: OnAnswer,
    *,
    name: str = "",
    expand: bool = False,
) -> ft.Control:
    """Return one answer as a button. Chosen: filled and ticked. Its accessible name is "<question key> <answer>"."""
    chosen = asked.value == value and type(asked.value) is type(value)

    async def tap(_event: object) -> None:
        await on_answer(asked.key, value)

    return kit.choice(
        f"{asked.key} {name or label}",
        label,
        chosen,
        None if asked.locked else tap,
        f"answer-{asked.key}-{value}",
        centred=expand,
        expand=expand,
    )


def side_by_side(buttons: Sequence[ft.Control]) -> ft.Control:
    """Return a few short answers in one row, equally wide."""
    return ft.Row(list(buttons), spacing=theme.XS)


def not_applicable(asked: Asked, on_answer: OnAnswer) -> list[ft.Control]:
    """Return the N/A button with the only reason it is allowed for; nothing where N/A is not offered."""
    reason = asked.question.not_applicable
    if reason is None:
        return []
    label = fill("Not applicable: {reason}", reason=read(reason))
    return [option_button(asked, NOT_APPLICABLE, label, on_answer, name=_("Not applicable"))]
