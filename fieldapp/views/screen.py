"""The frame of every screen: title, notice, one scrolling column, and the actions at the thumb."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import flet as ft

from checklists.language import N_
from fieldapp import theme
from fieldapp.language import _, fill, say
from fieldapp.line import Line, LineState
from fieldapp.state import App, Notice, NoticeKind
from fieldapp.views import kit, words
from fieldapp.views.day_pane import DayPane
from fieldapp.views.hooks import LIST, go, keyed, one_level_up, view_route
from fieldapp.views.sync_sign import SyncSign
from fieldapp.views.window import use_wide, use_width

LAST_NARROW = "\u2e7f"  # what follows is set twice as wide

_TONES = {
    NoticeKind.DONE: kit.Tone.GOOD,
    NoticeKind.WARNING: kit.Tone.CAUTION,
    NoticeKind.PROBLEM: kit.Tone.ALARM,
}


def screen(
    app: App,
    title: str,
    body: Sequence[ft.Control],
    *,
    actions: Sequence[ft.Control] = (),
    tools: Sequence[ft.Control] = (),
    strip: ft.Control | None = None,
    column: ft.Ref[ft.Column] | None = None,
    spacing: int = theme.M,
) -> ft.View:
    """Return a whole screen. `actions` stand at the thumb, `tools` in the title bar, `strip` stays below it.

    The parts have keys: what comes and goes must not make the others new, for a tap on its way to what was replaced is
    lost.
    """
    scrolled = _scrolled([*_whole_title(title), *body], spacing, theme.M, column)
    below = [*_told(app), *([thumb(actions, app.settings.text_size)] if actions else [])]
    pane = _pane(app)
    return ft.View(
        route=view_route(),
        appbar=ft.AppBar(
            leading=_back(),
            automatically_imply_leading=False,
            title=BarTitle(title, bool(pane)),
            actions=[*tools, *_sign(app)],
            bgcolor=theme.PAPER,
            toolbar_height=theme.bar_height(app.settings.text_size),
        ),
        padding=0,
        spacing=0,
        controls=[
            ft.SafeArea(
                expand=True,
                avoid_intrusions_top=False,
                content=_beside(
                    pane,
                    ft.Column(
                        [*([_middle(strip, 0, key="strip")] if strip else []), scrolled, *below], spacing=0, expand=True
                    ),
                ),
            )
        ],
    )


def _back() -> ft.Control | None:
    """Return the arrow to the screen one level up, where there is one.

    Flet's own takes this screen away before the other is drawn: an empty one would be seen meanwhile.
    """
    here = view_route()
    if here == LIST:
        return None
    return kit.icon_button(ft.Icons.ARROW_BACK, _("Back"), lambda _e: go(one_level_up(here)), "back")


def _sign(app: App) -> list[ft.Control]:
    """Return whether all is safe; where words are large the title needs the room."""
    is_known = app.device is not None and app.device.is_enrolled
    return [SyncSign(app)] if is_known and app.settings.text_size < theme.LARGE_TEXT else []


@ft.component
def BarTitle(title: str, beside_pane: bool) -> ft.Control:
    """A screen's title, above the column that it is of. A phone may be turned meanwhile."""
    width, pane = use_width(), theme.PANE if use_wide() and beside_pane else 0
    column = pane + max(0, width - pane - theme.READING_WIDTH) / 2 + theme.M
    left = max(0, column - theme.TITLE_STARTS) if width > theme.READING_WIDTH else 0
    name = ft.Text(title, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS, style=theme.TITLE)
    return ft.Container(name, padding=ft.Padding.only(left=left))


def _pane(app: App) -> list[ft.Control]:
    """Return the day, to stand beside a visit where there is room; nothing while no visit is open."""
    return (
        [keyed("pane", DayPane, app.visit.assignment.id)] if app.visit is not None and "/visit/" in view_route() else []
    )


def _beside(pane: list[ft.Control], content: ft.Control) -> ft.Control:
    if not pane:
        return content
    return ft.Row([*pane, content], spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def whole_screen(
    app: App, body: Sequence[ft.Control], *, actions: Sequence[ft.Control] = (), bar: ft.Control, is_low: bool = False
) -> ft.View:
    """Return a screen without a title bar: `body` scrolls, `actions` stand on a shelf at the thumb, `bar` below.

    `is_low`: the phone lies on its side; the shelf stands beside what is read, and would else hide it.
    """
    scrolled = _scrolled(body, theme.S, theme.L)
    parts: list[ft.Control] = [scrolled, *_told(app), *([_shelf(app, actions)] if actions else [])]
    if is_low and actions:
        parts = [*_told(app), ft.Row([scrolled, _at_the_side(actions)], spacing=0, expand=True)]
    column = ft.Column([*parts, bar], spacing=0, expand=True)
    return ft.View(route=view_route(), padding=0, spacing=0, controls=[ft.SafeArea(expand=True, content=column)])


def _scrolled(
    body: Sequence[ft.Control], spacing: int, padding: int, column: ft.Ref[ft.Column] | None = None
) -> ft.Control:
    return ft.Column(
        [_middle(kit.stack(body, spacing), padding)],
        ref=column,
        key="body",
        expand=True,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def notices(app: App) -> list[ft.Control]:
    """Return the notice that stands, for a screen of another frame."""
    return _told(app)


def _told(app: App) -> list[ft.Control]:
    return [_middle(notice_bar(app, app.notice), theme.S, key="notice")] if app.notice else []


def _shelf(app: App, actions: Sequence[ft.Control]) -> ft.Control:
    # Where paper is black, no shadow parts the shelf from what scrolls behind it.
    is_edged = theme.Appearance(app.settings.theme).is_contrast
    return ft.Container(
        border=ft.Border.all(1, theme.LINE) if is_edged else None,
        key="shelf",
        bgcolor=theme.CARD,
        border_radius=ft.BorderRadius.only(top_left=theme.RADIUS_L, top_right=theme.RADIUS_L),
        # A line, and no blur: where the processor draws, a blur took half the time of each frame of the list.
        shadow=ft.BoxShadow(color=theme.LINE, offset=ft.Offset(0, -1)),
        content=_middle(kit.stack(actions), theme.L),
    )


def _at_the_side(actions: Sequence[ft.Control]) -> ft.Control:
    column = ft.Column(
        [kit.stack(actions)],
        tight=True,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Container(
        column, key="shelf", bgcolor=theme.CARD, padding=theme.M, alignment=ft.Alignment.BOTTOM_CENTER, expand=True
    )


def _whole_title(title: str) -> list[ft.Control]:
    """Return the title again where a bar of two lines may cut it: on a narrow screen with large words."""
    width = sum(2 if letter > LAST_NARROW else 1 for letter in title)
    return [kit.words(title, ft.TextThemeStyle.TITLE_SMALL)] if width > theme.TITLE_LETTERS else []


def _middle(content: ft.Control, padding: int, key: str | None = None) -> ft.Control:
    """Return `content` no wider than a column that reads well, in the middle of a wide screen."""
    return ft.Container(
        key=key,
        alignment=ft.Alignment.TOP_CENTER,
        content=ft.Container(content, width=theme.READING_WIDTH, padding=padding),
    )


def thumb(actions: Sequence[ft.Control], text_size: int) -> ft.Control:
    """Return the actions at the thumb on their shelf."""
    content = actions[0] if len(actions) == 1 else keyed("actions", Actions, actions, text_size)
    return ft.Container(key="thumb", bgcolor=theme.CARD, content=_middle(content, theme.S))


@ft.component
def Actions(actions: Sequence[ft.Control], text_size: int) -> ft.Control:
    """Several actions: equally wide side by side while each has its words in one line, else one below the other.

    So they stand where words are large: there the one that matters would be cut.
    """
    too_narrow, set_too_narrow = ft.use_state(0.0)  # the width in which they did not fit
    width, set_width = ft.use_state(0.0)
    is_large = text_size >= theme.LARGE_TEXT
    is_apart = is_large or 0 < width <= too_narrow

    def laid(event: ft.LayoutSizeChangeEvent[ft.LayoutControl]) -> None:
        set_width(event.width)
        if not is_apart and event.height > theme.ONE_LINE:
            set_too_narrow(max(too_narrow, event.width))

    row = (
        kit.stack(actions) if is_apart else ft.Row([ft.Container(one, expand=True) for one in actions], spacing=theme.S)
    )
    return ft.Container(row, on_size_change=None if is_large else laid)


def notice_bar(app: App, notice: Notice) -> ft.Control:
    """Return a notice, with the button that puts it away."""

    async def dismiss(_event: object) -> None:
        await app.dismiss()

    button = kit.text_button(_("Understood"), dismiss, "dismiss-notice")
    return kit.banner(_TONES[notice.kind], say(notice.message), [button], key=f"notice-{notice.code}")


def clock_strip(app: App) -> list[ft.Control]:
    """Return that the phone's clock is wrong, where it is (CLK-5)."""
    off = app.clock_off_s
    if not off:
        return []
    told = N_("This phone's clock is {length} slow; times are corrected.")
    if off < 0:
        told = N_("This phone's clock is {length} fast; times are corrected.")
    return [kit.banner(kit.Tone.CAUTION, fill(told, length=words.length(abs(off))), key="clock-off")]


def may_be_cleared(app: App) -> list[ft.Control]:
    """Return that the phone may clear what the app keeps, and what helps, where it is so (CUS-3)."""
    if not app.may_be_cleared:
        return []
    told = _(
        "This phone may clear the app's storage when space is short."
        " Send what is finished soon, and add the app to the home screen."
    )
    return [kit.banner(kit.Tone.CAUTION, told, key="may-be-cleared")]


def line_strip(line: Line, zone: ZoneInfo | None) -> ft.Control | None:
    """Return how it stands with the server, when that is worth knowing; None when all is well."""
    if line.state is LineState.SIGN_IN_NEEDED:
        message = _("The server no longer knows this phone. Enrol it again; nothing is lost.")
        button = kit.tonal_button(_("Enrol this phone again"), lambda _e: go("/enrol"), "enrol-again")
        return kit.banner(kit.Tone.CAUTION, message, [button], key="sign-in-needed")
    if line.state is not LineState.WAITING:
        return None
    message = _("Offline. Everything is kept on this phone and sent when the network is back.")
    if line.next_try_at:
        message += " " + fill("Next try at {time}.", time=words.clock(line.next_try_at, zone))
    return kit.banner(kit.Tone.PLAIN, message, key="offline")
