"""The composition root: which adapter stands behind which port on this platform, and which address opens which screen.

Screens other than the first are imported when they are first opened: what is not imported does not delay the start.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import flet as ft

from fieldapp import faults, installed, language, set_fields, theme
from fieldapp.clock import SystemClock
from fieldapp.errors import AppError, OpenElsewhere
from fieldapp.kept import Settings
from fieldapp.media import audio_preparer, device_microphone, photo_preparer
from fieldapp.ports import Folder, Ports
from fieldapp.position import DevicePositions
from fieldapp.state import App, Phase
from fieldapp.storage import FileMedia, FileTakes, Keeper, TinyStore
from fieldapp.sync.door import Door
from fieldapp.sync.transport import HttpServer
from fieldapp.sync.worker import Worker
from fieldapp.views import hooks, window
from fieldapp.views.hooks import AppContext, AppHandle, use_fields
from fieldapp.views.start import Blocked, Elsewhere, starting
from fieldapp.views.today.page import Today

if TYPE_CHECKING:
    from fieldapp.storage.browser import BrowserFolder

IN_BROWSER = sys.platform == "emscripten"
LOOK_AGAIN_S = 30
QUICKLY_S = 0.5  # storage that opens within this needs no screen that says so
FIRST_ROWS = 4  # fill a phone's screen beside the next visit
NOBODY: Callable[[], None] | None = None
DATA_FOLDER = "FLET_APP_STORAGE_DATA"  # where a packaged app, and the terminal, keep their data


set_fields.look_only_into_these()


class Early:
    """What can be done before there is a page: the storage is opened while the toolkit still starts."""

    def __init__(self) -> None:
        self._is_lost, self._tell = False, NOBODY
        self.ports = ports(self.lose)
        self.opening = asyncio.ensure_future(self.ports.store.open())

    def follow(self, tell: Callable[[], None]) -> None:
        """Call `tell` when another tab takes the storage over; now, where one has."""
        self._tell = tell
        if self._is_lost:
            tell()

    def lose(self) -> None:
        """Another tab has taken the storage over."""
        self._is_lost = True
        if self._tell:
            self._tell()


async def main(page: ft.Page, early: Early | None = None) -> None:
    """Open the app in `page`: the visits as soon as the storage is open, a word that it opens where that takes long."""
    installed.mark("page")
    early = early or Early()
    # The browser calls back from outside; what such a call changes belongs to this page all the same.
    here = copy_context()
    app = App(
        early.ports,
        origin=installed.origin() or origin_of(page.url),
        settings=of_the_phone(),
        first_rows=FIRST_ROWS,
    )
    faults.watch(page, app)
    opened = asyncio.create_task(app.start(early.opening))
    await asyncio.wait({opened}, timeout=QUICKLY_S)
    installed.mark("opened")
    # All of it goes with the first screen: Flutter draws everything anew for each.
    page.title = installed.name()
    page.on_app_lifecycle_state_change = partial(_look_again, app)
    theme.dress(page, app.settings.text_size, theme.Appearance(app.settings.theme))
    language.speak_locale(page, app.settings.language)
    window.follow(page)
    hooks.follow_going(page, app.lock.touch)
    page.render_views(Root, AppHandle(app))
    installed.mark("drawn")
    if IN_BROWSER:  # `fieldapp.main` has switched it off; what stands now stays
        gc.freeze()
        gc.enable()
    installed.on_news(lambda: here.copy().run(app.notify))
    if not IN_BROWSER:
        _let_go_when_left(page, app)
    await opened
    early.follow(lambda: here.copy().run(lost, app))
    page.run_task(_follow_the_clock, app)


async def _follow_the_clock(app: App) -> None:
    """What is due, and the next try, change by themselves while the app stays open."""
    while True:
        await asyncio.sleep(LOOK_AGAIN_S)
        app.look_again()


def _look_again(app: App, event: ft.AppLifecycleStateChangeEvent) -> None:
    """The phone is taken up again: hours may have passed at once."""
    if event.state in (ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME):
        app.look_again()


def of_the_phone() -> Settings:
    """Return the settings of a phone on which nobody has chosen any."""
    return Settings(language=installed.spoken())


def origin_of(url: str | None) -> str:
    """Return the server an address was loaded from: scheme, host and port. Server mode names its web socket."""
    parts = urlsplit(url or "")
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    return f"{scheme}://{parts.netloc}" if parts.netloc else ""


def ports(app_lost: Callable[[], None]) -> Ports:
    """Return the adapters of this platform. `app_lost` is called when another tab takes the storage over."""
    clock = SystemClock()
    folder, door = _in_browser(app_lost) if IN_BROWSER else _on_system()
    keeper = Keeper(folder)
    store, media = TinyStore(keeper, of_the_phone()), FileMedia(keeper)
    worker = partial(Worker, store=store, media=media, server=HttpServer(door, clock), clock=clock)
    if IN_BROWSER:
        from fieldapp.sync.online import is_metered, when_online

        sync = worker(is_metered=is_metered)
        when_online(sync.wake)
    else:
        sync = worker()
    return Ports(
        folder=folder,
        store=store,
        media=media,
        clock=clock,
        photos=photo_preparer(),
        audio=audio_preparer(),
        takes=FileTakes(keeper),
        microphone=device_microphone(),
        sync=sync,
        positions=DevicePositions(),
    )


def _let_go_when_left(page: ft.Page, app: App) -> None:
    """In server mode a closed or reloaded page must not hold the folder against the next one."""

    async def leave(_event: object) -> None:
        await app.ports.sync.stop()
        app.ports.folder.close()

    async def come_back(_event: object) -> None:
        await app.start()

    page.on_disconnect = leave
    page.on_connect = come_back


def lost(app: App) -> None:
    """Another tab took the storage over: this one must neither write nor send any more, and says so."""
    app.ports.sync.let_go()
    app.blocked, app.phase = OpenElsewhere().message, Phase.BLOCKED


async def use_here(app: App) -> None:
    """Take the storage over from the tab that holds it, and open the app in this one."""
    if IN_BROWSER:
        folder = cast("BrowserFolder", app.ports.folder)
        with suppress(AppError):  # the start below tells it in words
            await folder.open(take_over=True)
        if app.device or folder.is_left:  # what was read here before is older than what the other tab kept
            installed.reload()
            return
    await app.start()


def _in_browser(lost: Callable[[], None]) -> tuple[Folder, Door]:
    from fieldapp.storage.browser import BrowserFolder
    from fieldapp.sync.door_fetch import FetchDoor

    return BrowserFolder(on_lost=lost), FetchDoor()


def _on_system() -> tuple[Folder, Door]:
    from fieldapp.storage.files import FileFolder
    from fieldapp.sync.door_requests import RequestsDoor

    return FileFolder(Path(os.environ.get(DATA_FOLDER, "demo-data"))), RequestsDoor()


def _screen(module: str, name: str) -> Callable[..., ft.Control]:
    """Return the component of a screen, imported now."""
    component: Callable[..., ft.Control] = getattr(import_module(f"fieldapp.views.{module}"), name)
    return component


def _later(module: str, name: str) -> Callable[[], ft.Control]:
    """Return a screen that is imported when it is first opened."""

    def screen() -> ft.Control:
        return _screen(module, name)()

    return screen


ROUTES = [
    ft.Route(
        component=Today,
        children=[
            ft.Route(path="enrol", component=_later("enrol", "Enrol")),
            ft.Route(path="sync", component=_later("sync", "SyncScreen")),
            ft.Route(path="settings", component=_later("settings", "SettingsScreen")),
            ft.Route(
                path="visit/:id",
                component=_later("visit.page", "VisitScreen"),
                children=[
                    ft.Route(path="call", component=_later("call.page", "CallScreen")),
                    ft.Route(path="walk", component=_later("walk.page", "WalkScreen")),
                    ft.Route(path="notes", component=_later("discreet.page", "DiscreetScreen")),
                    ft.Route(path="sort", component=_later("discreet.sort", "SortScreen")),
                    ft.Route(path="evidence", component=_later("evidence.page", "EvidenceScreen")),
                    ft.Route(path="review", component=_later("review", "ReviewScreen")),
                    ft.Route(path="photo/:take/:back", component=_later("evidence.photo", "PhotoScreen")),
                    ft.Route(path="picture/:file", component=_later("evidence.full_view", "FullViewScreen")),
                    ft.Route(path="hand-over", component=_later("hand_over", "HandOverScreen")),
                    ft.Route(path="came", component=_later("hand_over", "CameScreen")),
                    ft.Route(path="done", component=_later("done", "DoneScreen")),
                    ft.Route(path="section/:section/:question?", component=_later("section", "SectionScreen")),
                ],
            ),
        ],
    ),
]


@ft.component
def Root(handle: AppHandle) -> list[ft.Control] | ft.Control:
    """The whole app: the screens before the first, then the one the address names."""
    app = handle.app
    use_fields(app, "phase", "blocked", "settings")
    use_fields(app.lock, "is_locked", "lock")
    settings = app.settings
    language.speak(settings.language)
    page = ft.context.page
    ft.use_effect(
        lambda: theme.dress(page, settings.text_size, theme.Appearance(settings.theme)),
        [settings.text_size, settings.theme],
    )
    ft.use_effect(lambda: language.speak_locale(page, settings.language), [settings.language])
    ft.use_effect(lambda: installed.show_at_start(settings.theme), [settings.theme])
    if app.phase is Phase.STARTING:
        return [starting()]
    if app.phase is Phase.BLOCKED:
        return [Blocked(app, lambda: use_here(app))]
    if app.lock.is_for_customers:
        return [AppContext(handle, _later("kiosk", "KioskScreen"))]
    if app.lock.is_locked:
        return [_screen("lock", "Locked")(app)]
    if app.phase is Phase.ENROL:
        return [AppContext(handle, _later("enrol", "Enrol"))]
    return AppContext(handle, lambda: ft.Router(ROUTES, not_found=Elsewhere, manage_views=True))
