"""What one answer of several looks like: its words, its sign, its edge."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from fieldapp import theme

SHORT = 16  # letters
_CENTRE, _MIDDLE = ft.CrossAxisAlignment.CENTER, ft.MainAxisAlignment.CENTER


def choice_face(
    label: str,
    chosen: bool,
    on_tap: Callable[..., Awaitable[None] | None] | None,
    key: str,
    figure: str,
    *,
    centred: bool,
    is_tight: bool = False,
    is_roomy: bool = False,
) -> ft.Control:
    """Return the face of one answer: tinted, edged and ticked when chosen. `is_tight`: it is as wide as its words.

    `is_roomy`: for somebody who has not seen the app before; long words are as large as short ones there.
    """
    edge = theme.XS if figure else theme.L + theme.XS if is_tight else theme.S
    # A long answer is set smaller where it shares its line with others, or its page with many.
    is_small = len(label) >= SHORT and not (is_tight or is_roomy)
    content = _figure(label, figure, chosen) if figure else _words(label, chosen, edge, is_small, centred=centred)
    height = theme.L if is_roomy else theme.XS if figure and label else theme.M - 1
    return ft.Container(
        key=key,
        content=content,
        on_click=on_tap,
        ink=on_tap is not None,
        bgcolor=theme.CHOSEN if chosen else theme.PAPER,
        border=ft.Border.all(2, theme.PRIMARY if chosen else theme.EDGE),
        border_radius=theme.RADIUS,
        padding=ft.Padding.symmetric(horizontal=edge, vertical=height),
    )


def _figure(label: str, figure: str, chosen: bool) -> ft.Control:
    ink = theme.ON_CHOSEN if chosen else theme.INK
    weight = ft.FontWeight.W_700 if chosen else ft.FontWeight.W_400
    # A figure among others has no room for a sign: both its words turn bold.
    words_below = ft.Text(
        label,
        color=ink,
        weight=weight,
        theme_style=ft.TextThemeStyle.LABEL_SMALL,
        max_lines=1,
        overflow=ft.TextOverflow.ELLIPSIS,
    )
    above = ft.Text(figure, color=ink, theme_style=ft.TextThemeStyle.TITLE_SMALL)
    return ft.Column(
        [above, *([words_below] if label else [])],
        spacing=0,
        tight=True,
        horizontal_alignment=_CENTRE,
        alignment=_MIDDLE,
    )


def _words(label: str, chosen: bool, edge: int, is_small: bool, *, centred: bool) -> ft.Control:
    ink = theme.ON_CHOSEN if chosen else theme.INK
    weight = ft.FontWeight.W_700 if chosen else ft.FontWeight.W_400
    text = ft.Text(
        label,
        color=ink,
        weight=weight,
        text_align=ft.TextAlign.CENTER if centred else ft.TextAlign.START,
        theme_style=ft.TextThemeStyle.BODY_SMALL if is_small else ft.TextThemeStyle.BODY_MEDIUM,
    )
    # The sign has its place before it is shown, and the edge its width: nothing moves under the thumb.
    sign = ft.Icon(ft.Icons.CHECK, color=ink, size=theme.SIGN, opacity=int(chosen))
    held = ft.Container(text, expand=True, expand_loose=True)
    if not centred:
        return ft.Row([sign, held], spacing=theme.XS, tight=True)
    # In the corner it takes nothing from the words, of which a half of a narrow screen holds few.
    sign.left, sign.top = theme.XS - edge, -theme.S
    return ft.Stack(
        [ft.Row([held], alignment=_MIDDLE, tight=True), sign],
        fit=ft.StackFit.PASS_THROUGH,
        clip_behavior=ft.ClipBehavior.NONE,
    )
