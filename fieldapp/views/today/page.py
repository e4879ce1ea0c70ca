"""The first screen: every visit grouped by what to do now, the next one at the thumb, search, sync and settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import flet as ft

from checklists.record.assessment import SyncState
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.line import LineState
from fieldapp.state import App, Due, VisitRow
from fieldapp.state.today import TO_DO, matching, next_row
from fieldapp.views import kit, words
from fieldapp.views.hooks import keyed, use_app, use_on_top, view_route
from fieldapp.views.new_version import newer_version
from fieldapp.views.screen import clock_strip, line_strip, whole_screen
from fieldapp.views.today import lines
from fieldapp.views.today.bar import bar
from fieldapp.views.today.counter import counter_card
from fieldapp.views.today.next_visit import next_visit
from fieldapp.views.today.tile import VisitTile
from fieldapp.views.window import use_low

# How many of a group are drawn before somebody asks for the rest: what nobody looks at yet costs no time.
FOLDED = {Due.LATER: 8, Due.NOT_YET: 8, Due.FINISHED: 8}
SHOWN, FOUND = 25, 40
LARGE = 130  # percent
RECENTLY = timedelta(hours=18)  # what was finished today stays in sight
NO_GROUP: frozenset[Due] = frozenset()
NOT_SEARCHING: str | None = None
NOT_DRAWN: ft.View | None = None


@ft.component
def Today() -> ft.View:
    """The list, with the ways to search, sync and settings."""
    app = use_app("rows", "line", "notice", "settings", "items", "device", "zone", "minute", "clock_off_s", "counter")
    unfolded, set_unfolded = ft.use_state(NO_GROUP)
    query, set_query = ft.use_state(NOT_SEARCHING)
    is_large, set_large = ft.use_state(app.settings.text_size >= LARGE)
    is_laid, set_laid = ft.use_state(app.first_rows == 0)
    is_low = use_low()
    drawn = ft.use_ref(NOT_DRAWN)
    if not use_on_top():
        # As it was left: the client keeps it, scrolled to where it was, and whoever comes back waits for no other.
        drawn.current = drawn.current or ft.View(route=view_route())
        return drawn.current

    def unfold(due: Due) -> None:
        set_unfolded(unfolded | {due})

    async def refresh(_event: object) -> None:
        await app.sync_now()

    def search(_event: object) -> None:
        set_query("" if query is None else None)

    def lay(height: float) -> None:
        set_large(height > theme.LARGE_TITLE)
        set_laid(True)
        app.on_drawn()

    now = app.minute or datetime.now(UTC)
    following = next_row(app.rows, now) if query is None else None
    parts = next_visit(app, following, app.zone, now) if following else ()
    strip = line_strip(app.line, app.zone)
    body: list[ft.Control] = [_head(app, now, lay), *([strip] if strip else []), *clock_strip(app)]
    body += newer_version()
    if query is None:
        body += counter_card(app)
        # Where words are large the shelf has room for the button alone.
        body += [
            *(parts[:1] if is_large else ()),
            *_groups(app, now, following, unfolded, unfold, 0 if is_laid else app.first_rows),
        ]
    else:
        body += [_field(query, set_query), *_found(app, now, query)]
    is_looking = app.line.state is LineState.BUSY
    below = bar(app, refresh, search, is_searching=query is not None, is_looking=is_looking)
    drawn.current = whole_screen(app, body, actions=parts[1:] if is_large else parts, bar=below, is_low=is_low)
    return drawn.current


def _head(app: App, now: datetime, on_laid: Callable[[float], None]) -> ft.Control:
    """Return title, day, and how much is to be done. The height of the title tells how large the words are."""
    left = sum(row.due in TO_DO and not row.withdrawn for row in app.rows)
    told = fill("{day}, to do: {count}", day=words.day(now, app.zone), count=left)
    title = ft.Container(kit.heading(_("Today"), 1), on_size_change=lambda e: on_laid(e.height))
    return kit.label_row(title, [kit.quiet(told)])


def _field(query: str, on_query: Callable[[str], None]) -> ft.Control:
    return ft.TextField(
        key="search",
        label=_("Search entrants, branches and scenarios"),
        value=query,
        autofocus=True,
        prefix_icon=ft.Icons.SEARCH,
        on_change=lambda e: on_query(e.control.value),
    )


def _found(app: App, now: datetime, query: str) -> list[ft.Control]:
    found = matching(app.rows, query)
    if not found:
        return [kit.quiet(_("No visit has these words in its name."))]
    more = [kit.quiet(fill("And {count} more: write another word.", count=len(found) - FOUND))]
    return [*_tiles(app, now, found[:FOUND]), *(more if len(found) > FOUND else [])]


def _groups(
    app: App,
    now: datetime,
    following: VisitRow | None,
    unfolded: frozenset[Due],
    unfold: Callable[[Due], None],
    first: int,
) -> list[ft.Control]:
    if not app.rows:
        return [
            kit.empty(
                ft.Icons.EVENT_AVAILABLE,
                _("No visits yet"),
                _("Your coordinator has not assigned any. They appear here by themselves; Refresh looks at once."),
            )
        ]
    shown: list[ft.Control] = []
    for due, rows in app.groups:
        others = [row for row in rows if row is not following]
        if others:
            seen = others if due in unfolded else _folded(due, others, now)
            if first:  # nothing else is laid out before these are seen
                return [_group(app, due, others, seen[:first], now, None)]
            shown.append(_group(app, due, others, seen, now, unfold))
    return shown


def _group(
    app: App,
    due: Due,
    rows: Sequence[VisitRow],
    seen: Sequence[VisitRow],
    now: datetime,
    unfold: Callable[[Due], None] | None,
) -> ft.Control:
    title = fill("{group} ({count})", group=_(words.DUES[due]), count=len(rows))
    more: list[ft.Control] = []
    if unfold is not None and len(seen) < len(rows):
        label = fill("Show {count} more", count=len(rows) - len(seen))
        name = fill("{group}: {more}", group=_(words.DUES[due]), more=label)
        more = [kit.text_button(label, lambda _e: unfold(due), f"unfold-{due.value}", name=name)]
    return ft.Column(
        [kit.group_heading(title), *_tiles(app, now, seen), *more],
        key=f"group-{due.value}",
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _folded(due: Due, rows: Sequence[VisitRow], now: datetime) -> Sequence[VisitRow]:
    if due is Due.FINISHED:
        rows = [row for row in rows if row.sync is not SyncState.SAFE or _is_recent(row, now)]
    return rows[: FOLDED.get(due, SHOWN)]


def _is_recent(row: VisitRow, now: datetime) -> bool:
    return row.finished_at is not None and now - row.finished_at < RECENTLY


def _tiles(app: App, now: datetime, rows: Sequence[VisitRow]) -> list[ft.Control]:
    return [keyed(row.assignment_id, MemoTile, row, lines.told(row, now, app.zone)) for row in rows]


MemoTile = ft.memo(VisitTile)  # type: ignore[no-untyped-call]
