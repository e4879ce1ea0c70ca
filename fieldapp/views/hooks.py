"""How a screen reaches the app, and renders again only for what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import flet as ft

from fieldapp.of_page import OfPage
from fieldapp.state import App


@dataclass(frozen=True, slots=True)
class AppHandle:
    """The app, wrapped so that receiving it does not mean rendering with every change of it."""

    app: App


_NOBODY: AppHandle | None = None
AppContext = ft.create_context(_NOBODY)


class _Watch:
    """Listens for some attributes of one observable. Observables hold listeners weakly; the component holds this."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.shown: tuple[object, ...] = ()
        self.turn: Callable[[Callable[[int], int]], None] | None = None
        self.stop: Callable[[], None] | None = None

    def changed(self, _sender: object, name: str | None) -> None:
        if self.turn and (name is None or name in self.names):
            self.turn(lambda n: n + 1)

    def begin(self, thing: ft.Observable | None) -> None:
        self.end()
        if thing is None:
            return
        self.stop = thing.subscribe(self.changed)
        # Nobody was notified of what was replaced between the rendering and this moment.
        if any(getattr(thing, name) is not shown for name, shown in zip(self.names, self.shown, strict=True)):
            self.changed(thing, None)

    def end(self) -> None:
        if self.stop:
            self.stop()
            self.stop = None


def use_fields(thing: ft.Observable | None, *names: str) -> None:
    """Render this component again when one of `thing`'s attributes `names` is replaced."""
    _count, turn = ft.use_state(0)
    watch = ft.use_memo(_Watch, [])
    watch.names, watch.turn = names, turn
    watch.shown = tuple(getattr(thing, name) for name in names) if thing is not None else ()
    ft.use_effect(lambda: watch.begin(thing), [thing], watch.end)


def use_app(*names: str) -> App:
    """Return the app, and render again when one of its attributes `names` is replaced."""
    handle = ft.use_context(AppContext)
    if handle is None:
        raise LookupError("a screen is only drawn inside AppContext")
    use_fields(handle.app, *names)
    return handle.app


def keyed(key: str, component: Callable[..., ft.Control], *args: Any) -> ft.Control:
    """Return `component(*args)` that keeps its state with `key`, not with its place in a list."""
    return component(*args, key=key)


LIST = "/"  # the first screen's address
_touched = OfPage[Callable[[], None]]()


def follow_going(page: ft.Page, touched: Callable[[], None]) -> None:
    """Call `touched` whenever somebody opens a screen of `page`; the screen is drawn at once.

    Flet asks the client to go there, and draws once the client has gone: by then the client has drawn the old screen
    anew, for nothing. What it is asked to draw comes first here; the address it reports afterwards is no news.
    """
    _touched.put(page, touched)
    _Going(page).follow()


class _Going:
    """The way of one page from screen to screen.

    Two screens may follow each other before the client has told of the first: what it tells of that must not bring it
    back. So whatever it tells is only heard when it is asked for nothing: then somebody went there by hand.
    """

    def __init__(self, page: ft.Page) -> None:
        self._page, self._hears_all = page, page.before_event
        self._asked: dict[int, str] = {}  # where the client was asked to go, and has not told that it went
        self._numbers = count()

    def follow(self) -> None:
        page: Any = self._page
        page.navigate, page.before_event = self.to, self.hears
        page.on_view_pop = lambda event: go(one_level_up(event.route))

    def to(self, route: str) -> None:
        """Draw the screen at `route`, and ask the client to go there."""
        draw: Callable[..., Any] | None = self._page.on_route_change
        number = next(self._numbers)
        if draw is not None:  # else nothing follows the address yet: what does once the client tells is to hear of it
            draw(ft.RouteChangeEvent(name="route_change", control=self._page, route=route))
            self._asked[number] = route
        asking = asyncio.ensure_future(self._page.push_route(route))
        asking.add_done_callback(lambda _done: self._asked.pop(number, None))  # where it was already it tells nothing

    def hears(self, event: Any) -> bool:
        """Whether anything is to be done for what the client tells."""
        heard = self._hears_all(event)
        if getattr(event, "name", "") == "connect":  # anew: what was asked before will never be told
            self._asked.clear()
        return heard is not False and not (isinstance(event, ft.RouteChangeEvent) and self._was_asked(event.route))

    def _was_asked(self, route: str) -> bool:
        if not self._asked:
            return False
        told = next((number for number, asked in self._asked.items() if asked == route), -1)
        self._asked = {number: asked for number, asked in self._asked.items() if number > told}
        return True


def go(route: str) -> None:
    """Open the screen at `route`."""
    page = ft.context.page
    touched = _touched.get(page)
    if touched is not None:
        touched()
    page.navigate(route)


def one_level_up(route: str) -> str:
    """Return where the way up leads from `route`: said by the screen that is left, not by the one seen meanwhile.

    A second tap, or a second Back, may come before the first is drawn. back.js has the same rule.
    """
    first, *rest = route.strip("/").split("/")
    return f"{LIST}{first}/{rest[0]}" if len(rest) > 1 else LIST


def view_route() -> str:
    """Return the address of the screen being drawn. Two views with one address would leave together."""
    return ft.use_view_path() or LIST


def use_on_top() -> bool:
    """Whether this screen is the one seen. Screens below it stay cheap: they render nothing."""
    return ft.use_view_path() == ft.use_route_location()
