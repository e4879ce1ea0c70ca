"""The pieces every screen is made of. Plain functions: they hold no state and know no rules.

Everything tapped is at least `theme.TOUCH` high, has a stable `key`, and an accessible name that is unique on its
screen. `name` is what assistive technology (and a journey) calls it; the visible words are the default.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Any

import flet as ft

from fieldapp import theme
from fieldapp.views.choice_face import choice_face
from fieldapp.views.tappable import Tappable

OnTap = Callable[..., Awaitable[None] | None]


class Tone(StrEnum):
    """What a coloured surface means. Never the only sign: an icon and words go with it."""

    PLAIN = "plain"
    FACT = "fact"
    GOOD = "good"
    CAUTION = "caution"
    ALARM = "alarm"


PAPERS = {
    Tone.PLAIN: (theme.RAISED, theme.INK),
    Tone.FACT: (theme.FACT_PAPER, theme.ON_FACT_PAPER),
    Tone.GOOD: (theme.CHOSEN, theme.ON_CHOSEN),
    Tone.CAUTION: (theme.CAUTION_PAPER, theme.ON_CAUTION_PAPER),
    Tone.ALARM: (theme.ALARM_PAPER, theme.ON_ALARM_PAPER),
}
_SIGN = {
    Tone.PLAIN: ft.Icons.INFO_OUTLINE,
    Tone.FACT: ft.Icons.INFO_OUTLINE,
    Tone.GOOD: ft.Icons.CHECK_CIRCLE_OUTLINE,
    Tone.CAUTION: ft.Icons.WARNING_AMBER,
    Tone.ALARM: ft.Icons.ERROR_OUTLINE,
}


_HEADINGS = {
    1: ft.TextThemeStyle.HEADLINE_SMALL,
    2: ft.TextThemeStyle.TITLE_MEDIUM,
    3: ft.TextThemeStyle.TITLE_SMALL,  # a long word fits into a card in the largest words
}
# A quiet paper is hardly another than the card it lies on: the edge says that it is a button.
_EDGED = ft.ButtonStyle(side=ft.BorderSide(1, theme.EDGE))


def words(value: str, style: ft.TextThemeStyle = ft.TextThemeStyle.BODY_MEDIUM, **more: Any) -> ft.Text:
    """Return running text that wraps."""
    return ft.Text(value, theme_style=style, **more)


def quiet(value: str, **more: Any) -> ft.Text:
    """Return secondary text."""
    return words(value, ft.TextThemeStyle.BODY_SMALL, **{"color": theme.QUIET, **more})


def heading(value: str, level: int = 2) -> ft.Control:
    """Return a heading that assistive technology can jump to."""
    return ft.Semantics(heading_level=level, header=True, content=words(value, _HEADINGS[level]))


def group_heading(value: str) -> ft.Control:
    """Return the quiet heading of a group in a list."""
    text = quiet(value, weight=ft.FontWeight.W_700)
    padding = ft.Padding.only(top=theme.M, bottom=theme.XS)
    return ft.Semantics(heading_level=2, header=True, content=ft.Container(text, padding=padding))


def button_content(label: str, name: str | None) -> ft.Control:
    """Return a button's words, wrapping, with their accessible name."""
    return ft.Text(label, semantics_label=name, text_align=ft.TextAlign.CENTER)


def main_button(label: str, on_tap: OnTap | None, key: str, *, name: str | None = None, **more: Any) -> ft.FilledButton:
    """Return the one action a screen is about, at the thumb."""
    return ft.FilledButton(content=button_content(label, name), on_click=on_tap, key=key, **more)


def side_button(label: str, on_tap: OnTap | None, key: str, *, name: str | None = None, **more: Any) -> ft.Control:
    """Return an action of the second rank."""
    return ft.OutlinedButton(content=button_content(label, name), on_click=on_tap, key=key, **more)


def ending_button(label: str, on_tap: OnTap | None, key: str) -> ft.Control:
    """Return an action that ends something."""
    style = ft.ButtonStyle(color=theme.ALARM, side=ft.BorderSide(2, theme.ALARM))
    return ft.OutlinedButton(content=button_content(label, None), on_click=on_tap, key=key, style=style)


def key_button(label: str, on_tap: OnTap, name: str, key: str, *, in_a_row: int = 3) -> ft.Control:
    """Return one key of a keypad: three in a row as on a telephone, four where height is short."""
    return _tonal(button_content(label, name), on_tap, key, col=12 // in_a_row)


def tonal_button(label: str, on_tap: OnTap | None, key: str, *, name: str | None = None, **more: Any) -> ft.Control:
    """Return an action of the first rank that may stand several times on a screen."""
    return _tonal(button_content(label, name), on_tap, key, **more)


def _tonal(content: ft.Control, on_tap: OnTap | None, key: str, **more: Any) -> ft.Control:
    # Flat by itself: Flet puts the button's own elevation in the place of its style's.
    return ft.FilledTonalButton(content=content, on_click=on_tap, key=key, style=_EDGED, elevation=0, **more)


def text_button(label: str, on_tap: OnTap | None, key: str, *, name: str | None = None, **more: Any) -> ft.TextButton:
    """Return an action of the third rank."""
    return ft.TextButton(content=button_content(label, name), on_click=on_tap, key=key, **more)


def icon_button(
    icon: ft.IconData, name: str, on_tap: OnTap | None, key: str, *, badge: str | None = None, **more: Any
) -> ft.IconButton:
    """Return a button that is only a picture. The name sits on the picture: a tooltip would name the wrong node."""
    return ft.IconButton(
        ft.Icon(icon, semantics_label=name, badge=badge),
        on_click=on_tap,
        key=key,
        size_constraints=ft.BoxConstraints(min_width=theme.TOUCH, min_height=theme.TOUCH),
        **more,
    )


def named(name: str, control: ft.Control, **more: Any) -> ft.Control:
    """Return `control` called `name` by assistive technology, where it shows no name of its own."""
    return ft.MergeSemantics(ft.Semantics(label=name, content=control), **more)


def stack(controls: Sequence[ft.Control], spacing: int = theme.S, **more: Any) -> ft.Column:
    """Return `controls` one under another, as wide as the screen allows."""
    return ft.Column(
        list(controls),
        spacing=spacing,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
        **more,
    )


def flow(controls: Sequence[ft.Control], spacing: int = theme.S) -> ft.Row:
    """Return `controls` side by side, wrapping where the screen ends."""
    return ft.Row(list(controls), wrap=True, spacing=spacing, run_spacing=theme.XS)


def label_row(label: ft.Control, controls: Sequence[ft.Control]) -> ft.Row:
    """Return a label with what is tapped beside it, or below it where words are large or the screen is narrow."""
    alone = controls[0] if len(controls) == 1 and isinstance(controls[0], ft.Text) else None
    tools = alone or ft.Row(list(controls), spacing=theme.S, tight=True, wrap=True)
    return ft.Row(
        [label, tools],
        wrap=True,
        spacing=theme.S,
        run_spacing=theme.XS,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def card(controls: Sequence[ft.Control], key: ft.KeyValue | None = None, **more: Any) -> ft.Container:
    """Return one thing on its own paper."""
    return ft.Container(
        content=stack(controls),
        bgcolor=theme.CARD,
        border=ft.Border.all(1, theme.LINE),
        border_radius=theme.RADIUS,
        padding=theme.L,
        key=key,
        **more,
    )


def banner(tone: Tone, message: str, actions: Sequence[ft.Control] = (), key: str | None = None) -> ft.Control:
    """Return a message that stays until its cause is gone."""
    paper, ink = PAPERS[tone]
    line = ft.Row(
        [ft.Icon(_SIGN[tone], color=ink), ft.Text(message, color=ink, expand=True)],
        vertical_alignment=ft.CrossAxisAlignment.START,
        spacing=theme.M,
    )
    return ft.Semantics(
        live_region=tone is Tone.ALARM,
        container=True,
        content=ft.Container(
            content=stack([line, *([ft.Row(list(actions), wrap=True)] if actions else [])]),
            bgcolor=paper,
            border_radius=theme.RADIUS,
            padding=theme.M,
            key=key,
        ),
    )


def pill(label: str, tone: Tone = Tone.PLAIN, icon: ft.IconData | None = None) -> ft.Control:
    """Return a short state in words, with a sign."""
    paper, ink = PAPERS[tone]
    sign = [ft.Icon(icon, color=ink, size=theme.ICON_SMALL)] if icon else []
    text = ft.Text(label, color=ink, theme_style=ft.TextThemeStyle.LABEL_MEDIUM)
    return ft.Container(
        content=ft.Row([*sign, text], spacing=theme.XS, tight=True, wrap=True),
        bgcolor=paper,
        border_radius=theme.RADIUS,
        padding=ft.Padding.symmetric(horizontal=theme.S, vertical=theme.XS),
    )


def dialog(title: str, actions: Sequence[ft.Control], content: ft.Control | None = None, **more: Any) -> ft.AlertDialog:
    """Return a question that must be answered first, called by its title for assistive technology too."""
    return ft.AlertDialog(
        title=ft.Text(title, theme_style=ft.TextThemeStyle.TITLE_LARGE),
        semantics_label=title,
        actions=list(actions),
        content=content,
        scrollable=True,
        # On the narrowest phone, in the largest words, a word of ten letters still fits into a line.
        inset_padding=ft.Padding.symmetric(horizontal=theme.L, vertical=theme.XL),
        **more,
    )


def progress(done: int, total: int) -> ft.Control:
    """Return how far something is, as a bar. Silent: the words beside it say the same, and tiles keep their role."""
    share = done / total if total else 0.0
    bar = ft.ProgressBar(value=share, bar_height=theme.BAR, border_radius=theme.BAR)
    return ft.Semantics(exclude_semantics=True, content=bar)


def empty(icon: ft.IconData, title: str, message: str) -> ft.Control:
    """Return what a list shows when nothing is in it, and why."""
    return ft.Container(
        padding=theme.XL,
        content=ft.Column(
            [
                ft.Icon(icon, size=theme.ICON_LARGE, color=theme.QUIET),
                words(title, ft.TextThemeStyle.TITLE_MEDIUM, text_align=ft.TextAlign.CENTER),
                quiet(message, text_align=ft.TextAlign.CENTER),
            ],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            tight=True,
        ),
    )


def tile(
    title: str,
    subtitle: str,
    on_tap: OnTap,
    key: str,
    *,
    icon: ft.IconData,
    below: Sequence[ft.Control] = (),
    trailing: ft.Control | None = None,
) -> ft.Control:
    """Return a row that opens something."""
    text = stack([words(title, ft.TextThemeStyle.TITLE_SMALL), quiet(subtitle), *below], spacing=theme.XS)
    return ft.Container(
        bgcolor=theme.CARD,
        border=ft.Border.all(1, theme.LINE),
        border_radius=theme.RADIUS,
        content=ft.ListTile(
            key=key,
            leading=ft.Icon(icon, color=theme.PRIMARY),
            title=text,
            trailing=trailing or ft.Icon(ft.Icons.CHEVRON_RIGHT, color=theme.QUIET),
            on_click=on_tap,
            content_padding=ft.Padding.symmetric(horizontal=theme.M, vertical=theme.S),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
            min_height=theme.TOUCH,
        ),
    )


def facts(pairs: Sequence[tuple[str, str]]) -> ft.Control:
    """Return labels with their values, one a line."""
    return stack(
        [stack([quiet(label), words(value)], spacing=0) for label, value in pairs if value],
        spacing=theme.S,
    )


def choice(
    name: str,
    label: str,
    chosen: bool,
    on_tap: OnTap | None,
    key: str,
    *,
    figure: str = "",
    centred: bool = False,
    expand: bool = False,
    roomy: bool = False,
) -> Tappable:
    """Return one answer of several, tapped by finger, key or screen reader alike. `on_tap` None: shown, not changed."""
    return Tappable(
        expand=expand or None,  # even False would make a wrapping row refuse it
        container=True,
        exclude_semantics=True,
        button=True,
        selected=chosen,
        label=name,
        on_click=on_tap,
        content=choice_face(
            label, chosen, on_tap, key, figure, centred=centred, is_tight=centred and not expand, is_roomy=roomy
        ),
    )
