"""Draws a component without a browser, and finds what a person would see, hear and tap in it."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import Any

import flet as ft
from flet.components.component import Component, Renderer
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from checklists.language import Language
from fieldapp import language
from fieldapp.views.tappable import Tappable


class Drawn:
    """What a component drew, all the way down."""

    def __init__(self, component: Callable[..., Any], *args: Any, session: Session | None = None) -> None:
        _context_page.set((session or _session()).page)
        self.whole = Renderer().render(component, *args)
        self.controls = list(_controls(self.whole))

    def look(self) -> None:
        """See what a tap changed."""
        self.controls = list(_controls(self.whole))

    @property
    def texts(self) -> list[str]:
        """Every text, in the order it is drawn."""
        return [control.value for control in self.controls if isinstance(control, ft.Text) and control.opacity != 0]

    @property
    def names(self) -> list[str]:
        """The accessible names of what can be tapped."""
        return [name for name, _handler in self._tappable()]

    def chosen(self) -> list[str]:
        """The names of the answers marked as chosen."""
        return [c.label for c in self.controls if isinstance(c, ft.Semantics) and c.selected and c.label]

    async def tap(self, name: str) -> None:
        """Tap what is called `name`."""
        handlers = [handler for held, handler in self._tappable() if held == name]
        assert handlers, f"nothing called {name!r}; there is {self.names}"
        done = handlers[0](None)
        if inspect.isawaitable(done):
            await done

    def fields(self) -> dict[str, ft.TextField]:
        """The text fields by their label."""
        return {str(c.label): c for c in self.controls if isinstance(c, ft.TextField)}

    def _tappable(self) -> Iterator[tuple[str, Callable[[Any], Any]]]:
        for control in self.controls:
            if isinstance(control, Tappable):
                if control.on_click and control.label:
                    yield control.label, control.on_click
                continue
            handler = getattr(control, "on_click", None)
            if handler is None or isinstance(control, ft.Container) or getattr(control, "disabled", False):
                continue
            yield _name(control), handler


@contextmanager
def reading(chosen: Language) -> Iterator[None]:
    """Read the screens in another language for a while."""
    _context_page.set(_session().page)
    language.speak(chosen)
    try:
        yield
    finally:
        language.speak("en")


@asynccontextmanager
async def mounted(component: Callable[..., Any], *args: Any, session: Session | None = None) -> AsyncIterator[Drawn]:
    """Draw a component in a session, else one of its own, that runs its effects; it leaves the screen at the end."""
    session = session or a_session()
    session.start_updates_scheduler()
    drawn = Drawn(component, *args, session=session)
    drawn.whole.did_mount()
    yield drawn
    drawn.whole.will_unmount()


class _Unwatched(Connection):
    def send_message(self, message: object) -> None:
        """Nobody looks."""


def a_session() -> Session:
    """A session nobody looks at."""
    connection = _Unwatched()
    connection.pubsubhub = PubSubHub()
    return Session(connection)


@cache
def _session() -> Session:
    """One for all that only want to know that there is one."""
    return a_session()


def _name(control: Any) -> str:
    for held in (getattr(control, "content", None), getattr(control, "icon", None), getattr(control, "title", None)):
        for inner in _controls(held):
            name = getattr(inner, "semantics_label", None) or (inner.value if isinstance(inner, ft.Text) else None)
            if name:
                return str(name)
    return ""


def _controls(value: Any) -> Iterator[ft.Control]:
    if isinstance(value, Component):
        value.before_update()
        yield from _controls(value._b)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _controls(item)
    elif isinstance(value, ft.BaseControl):
        yield value  # type: ignore[misc]
        for field in dataclasses.fields(value):
            if not field.name.startswith("_") and field.name not in ("parent", "page", "data"):
                yield from _controls(getattr(value, field.name, None))
