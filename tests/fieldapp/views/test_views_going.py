"""Whoever opens a screen sees it before the client has told that it went there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import flet as ft
import msgpack
import pytest
from flet.controls.context import _context_page
from flet.messaging.protocol import InvokeMethodRequestBody
from flet.messaging.session import Session

from fieldapp.views import hooks
from fieldapp.views.start import Elsewhere
from tests.fieldapp.client import PACKED, Client, rest


@ft.component
def first() -> ft.View:
    return ft.View(route=hooks.view_route(), controls=[ft.Text("the list")] if hooks.use_on_top() else [])


@ft.component
def second() -> ft.View:
    return ft.View(route=hooks.view_route(), controls=[ft.Text("one visit")] if hooks.use_on_top() else [])


@ft.component
def third() -> ft.View:
    return ft.View(route=hooks.view_route(), controls=[ft.Text("its photos")])


def app() -> ft.Control:
    of_it = ft.Route(path="evidence", component=third)
    visit = ft.Route(path="visit/:id", component=second, children=[of_it])
    return ft.Router([ft.Route(component=first, children=[visit])], not_found=Elsewhere, manage_views=True)


@ft.component
def whole() -> ft.Control | list[ft.View]:
    """A page before the first screen, and the screens, as the app has."""
    is_open, set_open = ft.use_state(ft.context.page.route != "/visit/9")
    opening.append(lambda: set_open(True))
    return app() if is_open else [ft.View(route="/", controls=[ft.Text("a code")])]


opening: list[Callable[[], None]] = []


async def no_rest() -> None:
    """Nothing is drawn meanwhile."""


@pytest.fixture
def start() -> str:
    """The address the client was opened with."""
    return "/"


@pytest.fixture
async def client(start: str) -> AsyncIterator[Client]:
    """A client that shows what is at `start`."""
    connection = Client()
    session = Session(connection)
    page = session.page
    _context_page.set(page)
    page.route = start
    msgpack.packb(session.get_page_patch(), default=PACKED)
    hooks.follow_going(page, lambda: None)
    page.render_views(whole)
    await rest()
    connection.at_start = connection.words()
    yield connection
    session.close()


async def told(name: str, route: str) -> None:
    """What the client tells: that it went to an address, or that its own Back took a screen away."""
    page = ft.context.page
    if name == "route_change":
        page.session.apply_page_patch({"route": route})
    await page.session.dispatch_event(page._i, name, {"route": route})


async def answered(client: Client) -> None:
    """The client says of everything it was asked that it did it."""
    for message in client.sent:
        if isinstance(message.body, InvokeMethodRequestBody):
            asked = message.body
            ft.context.page.session.handle_invoke_method_results(asked.control_id, asked.call_id, None, None)
    await rest()


async def test_a_screen_is_sent_before_the_client_is_asked_to_go_there(client: Client) -> None:
    hooks.go("/visit/1")
    await rest()
    drawn, asked = client.words()
    assert "one visit" in drawn
    assert "push_route" in asked


async def test_the_way_back_is_drawn_at_once_too(client: Client) -> None:
    hooks.go("/visit/1")
    await rest()
    client.words()
    await told("view_pop", "/visit/1")
    await rest()
    drawn, asked = client.words()
    assert "the list" in drawn
    assert "push_route" in asked


async def test_what_the_client_then_tells_draws_nothing_again(client: Client) -> None:
    hooks.go("/visit/1")
    await rest()
    client.words()
    await told("route_change", "/visit/1")
    await rest()
    assert client.words() == []


@pytest.mark.parametrize(
    "way", [["/visit/1", "/"], ["/visit/1", "/visit/2"], ["/visit/1", "/visit/1/evidence", "/visit/1"]]
)
async def test_two_screens_within_one_round_trip_do_not_bring_the_first_back(client: Client, way: list[str]) -> None:
    for route in way:
        hooks.go(route)
        await rest()
    client.words()
    for route in way:
        await told("route_change", route)
        await rest()
    assert client.words() == []


async def test_a_browsers_back_is_followed_once_the_client_was_where_it_was_asked_to_go(client: Client) -> None:
    hooks.go("/visit/1")
    await rest()
    await told("route_change", "/visit/1")
    client.words()
    await told("route_change", "/")
    await rest()
    (drawn,) = client.words()
    assert "the list" in drawn


async def test_a_browsers_back_is_followed_where_the_client_was_there_already(client: Client) -> None:
    hooks.go("/visit/1")
    await rest()
    await told("route_change", "/visit/1")
    hooks.go("/visit/1")  # tells nothing, for it went nowhere
    await rest()
    await answered(client)
    client.words()
    await told("route_change", "/")
    await rest()
    (drawn,) = client.words()
    assert "the list" in drawn


async def test_a_browsers_back_before_the_client_was_asked_is_passed_over(client: Client) -> None:
    """It ends where it was asked to go."""
    hooks.go("/visit/1")
    await rest()
    await told("route_change", "/visit/1")
    hooks.go("/visit/1/evidence")
    await rest()
    client.words()
    await told("route_change", "/")
    await told("route_change", "/visit/1/evidence")
    await rest()
    assert client.words() == []


@pytest.mark.parametrize("start", ["/visit/9"])
async def test_where_no_screen_follows_the_address_yet_it_is_followed_when_the_client_tells(client: Client) -> None:
    opening[-1]()
    hooks.go("/visit/1")
    await rest()
    client.words()
    await told("route_change", "/visit/1")
    await rest()
    (drawn,) = client.words()
    assert "/visit/1" in drawn


async def test_an_address_that_is_no_screens_leads_to_the_list(client: Client) -> None:
    await told("route_change", "/nowhere/at/all")
    await rest()
    _nothing, drawn, asked = client.words()
    assert "the list" in drawn
    assert "push_route" in asked


@pytest.mark.parametrize("start", ["/nowhere"])
async def test_an_app_opened_at_an_address_that_is_no_screens_goes_to_the_list(client: Client) -> None:
    said = " ".join(client.at_start)
    assert "the list" in said
    assert "push_route" in said


async def test_a_phone_that_is_turned_is_heard_as_well(client: Client) -> None:
    """What Flet tells of that has no name."""
    page, heard = ft.context.page, []
    page.on_media_change = lambda event: heard.append(event.orientation)
    edges = dict.fromkeys(("left", "top", "right", "bottom"), 0)
    media = {"padding": edges, "view_padding": edges, "view_insets": edges, "orientation": "landscape"}
    more = {"device_pixel_ratio": 2, "always_use_24_hour_format": True}
    await page.session.dispatch_event(page._i, "media_change", {**media, **more})
    assert heard == [ft.Orientation.LANDSCAPE]
    assert client.words() == []


@pytest.mark.parametrize("between", [no_rest, rest], ids=["at once", "after drawing"])
async def test_two_backs_of_the_phone_lead_two_levels_up(
    client: Client, between: Callable[[], Awaitable[None]]
) -> None:
    """The client has taken both screens away, whatever was drawn meanwhile."""
    hooks.go("/visit/1/evidence")
    await rest()
    client.words()
    await told("view_pop", "/visit/1/evidence")
    await between()
    await told("view_pop", "/visit/1")
    await rest()
    assert any("the list" in words for words in client.words())


@pytest.mark.parametrize("between", [no_rest, rest], ids=["at once", "after drawing"])
async def test_an_arrow_tapped_twice_leads_one_level_up(client: Client, between: Callable[[], Awaitable[None]]) -> None:
    hooks.go("/visit/1/evidence")
    await rest()
    client.words()
    for _tap in range(2):
        hooks.go(hooks.one_level_up("/visit/1/evidence"))
        await between()
    await rest()
    said = " ".join(client.words())
    assert "one visit" in said
    assert "the list" not in said
