"""The chips below a question: evidence that is wanted or there, and phrases that are written with one tap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import flet as ft

from fieldapp import theme
from fieldapp.views import kit
from fieldapp.views.questions.question_item import named


def chip(
    label: str,
    on_tap: kit.OnTap | None,
    key: str,
    *,
    name: str,
    tone: kit.Tone = kit.Tone.PLAIN,
    icon: ft.IconData | ft.Control | None = None,
    as_wide_as: str = "",
    **more: Any,
) -> ft.Control:
    """Return a short thing to tap beside a question: wanted (amber, edged), there (green, ticked), or offered.

    `as_wide_as`: what it said before, or will say, so that it stays as wide.
    """
    paper, ink = kit.PAPERS[tone]
    text: ft.Control = ft.Text(label, semantics_label=name, color=ink, theme_style=ft.TextThemeStyle.BODY_SMALL)
    if as_wide_as:
        room = ft.Text(as_wide_as, theme_style=ft.TextThemeStyle.BODY_SMALL, opacity=0)
        text = ft.Stack([text, room], alignment=ft.Alignment.CENTER)
    edge = {kit.Tone.CAUTION: theme.CAUTION, kit.Tone.GOOD: theme.PRIMARY}.get(tone, theme.LINE)
    return ft.OutlinedButton(
        content=text,
        icon=icon if icon is None or isinstance(icon, ft.Control) else ft.Icon(icon, size=theme.ICON_SMALL, color=ink),
        on_click=on_tap,
        key=key,
        style=ft.ButtonStyle(
            bgcolor=paper,
            side=ft.BorderSide(2 if tone is kit.Tone.CAUTION else 1, edge),
            shape=ft.StadiumBorder(),
            padding=ft.Padding.symmetric(horizontal=theme.M, vertical=theme.S),
        ),
        **more,
    )


def phrase_chips(key: str, phrases: Sequence[str], write: Callable[[str], Awaitable[object]]) -> list[ft.Control]:
    """Return the phrases to write at the question `key`, each with one tap."""

    def of(phrase: str) -> ft.Control:
        async def tap(_event: object) -> None:
            await write(phrase)

        return chip(phrase, tap, f"phrase-{key}-{phrase}", name=named(phrase, key))

    return [of(phrase) for phrase in phrases]
