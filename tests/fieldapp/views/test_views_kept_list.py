"""The list stays as it was left while another screen is seen, and only what changed is drawn for whoever comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import flet as ft
import msgpack
import pytest
from flet.controls.context import _context_page
from flet.messaging.session import Session

from fieldapp.state import App
from fieldapp.views import hooks
from fieldapp.views.hooks import AppContext, AppHandle
from fieldapp.views.today.page import Today
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.client import PACKED, Client, rest

VISITS = 7
LITTLE = 100  # bytes


@ft.component
def one_visit() -> ft.View:
    return ft.View(route=hooks.view_route(), controls=[ft.Text("one visit")])


@ft.component
def screens(handle: AppHandle) -> list[ft.View]:
    routes = [ft.Route(component=Today, children=[ft.Route(path="visit/:id", component=one_visit)])]
    shown: list[ft.View] = AppContext(handle, lambda: ft.Router(routes, manage_views=True))
    return shown


@pytest.fixture
async def app() -> App:
    phone = await fill(Phone(), *(an_assignment(id=f"assignment-{n}") for n in range(VISITS)), token="known")
    await phone.app.start()
    await phone.worker.stop()
    return phone.app


@pytest.fixture
async def client(app: App) -> AsyncIterator[Client]:
    """A client in a visit, come from the list."""
    connection = Client()
    session = Session(connection)
    _context_page.set(session.page)
    session.page.route = hooks.LIST
    msgpack.packb(session.get_page_patch(), default=PACKED)
    hooks.follow_going(session.page, lambda: None)
    session.page.render_views(screens, AppHandle(app))
    await rest()
    connection.at_start = connection.words()
    hooks.go("/visit/assignment-1")
    await rest()
    connection.words()
    yield connection
    session.close()


async def test_coming_back_sends_nothing_that_is_there_already(client: Client) -> None:
    assert "to do: 7" in "".join(client.at_start)
    hooks.go(hooks.LIST)
    await rest()
    back, _asked = client.words()
    assert len(back) < LITTLE


async def test_what_changes_meanwhile_is_drawn_on_coming_back_and_not_before(client: Client, app: App) -> None:
    app.rows = app.rows[1:]
    await rest()
    assert client.words() == []
    hooks.go(hooks.LIST)
    await rest()
    back, _asked = client.words()
    assert "to do: 6" in back
