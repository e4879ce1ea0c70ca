"""Whoever opens a screen sees it before the client has told that it went there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import flet as ft
import msgpack
import pytest
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import Message, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from fieldapp.views import hooks

PACKED = configure_encode_object_for_msgpack(ft.BaseControl)


class Client(Connection):
    """Notes what it is sent, and goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.pubsubhub, self.page_url = PubSubHub(), "http://phone"
        self.sent: list[Message] = []

    def send_message(self, message: Message) -> None:
        self.sent.append(message)

    def words(self) -> list[str]:
        """The messages since the last look."""
        told = [repr(msgpack.packb(each.body, default=PACKED)) for each in self.sent]
        self.sent.clear()
        return told


@ft.component
def first() -> ft.View:
    return ft.View(route=hooks.view_route(), controls=[ft.Text("the list")] if hooks.use_on_top() else [])


@ft.component
def second() -> ft.View:
    return ft.View(route=hooks.view_route(), controls=[ft.Text("one visit")])


def app() -> ft.Control:
    return ft.Router(
        [ft.Route(component=first, children=[ft.Route(path="visit", component=second)])], manage_views=True
    )


async def rest() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client that shows the list."""
    connection = Client()
    session = Session(connection)
    page = session.page
    _context_page.set(page)
    page.route = "/"
    msgpack.packb(session.get_page_patch(), default=PACKED)
    hooks.follow_going(page, lambda: None)
    page.render_views(app)
    await rest()
    connection.words()
    yield connection
    session.close()


async def test_a_screen_is_sent_before_the_client_is_asked_to_go_there(client: Client) -> None:
    hooks.go("/visit")
    await rest()
    drawn, asked = client.words()
    assert "one visit" in drawn
    assert "push_route" in asked


async def test_the_way_back_is_drawn_at_once_too(client: Client) -> None:
    hooks.go("/visit")
    await rest()
    client.words()
    page = ft.context.page
    await page.session.dispatch_event(page._i, "view_pop", {"route": "/visit"})
    await rest()
    drawn, asked = client.words()
    assert "the list" in drawn
    assert "push_route" in asked


async def test_what_the_client_then_tells_draws_nothing_again(client: Client) -> None:
    hooks.go("/visit")
    await rest()
    client.words()
    page = ft.context.page
    page.session.apply_page_patch({"route": "/visit"})
    await page.session.dispatch_event(page._i, "route_change", {"route": "/visit"})
    await rest()
    assert client.words() == []
