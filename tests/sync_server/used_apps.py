"""An app whose server has stopped serves the next one: two thirds of what a start costs are its 275 routes.

They depend on few settings. What belongs to one server alone (state, lifespan, metrics, what is around the routes)
comes from the new server's configuration, as for a new app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.events import SimpleEventEmitter
from litestar.middleware import DefineMiddleware
from litestar.types import ASGIApp

from sync_server.config import Config

# What `create_app` builds into routes, middleware and hooks; the rest they read from the services of the request's app.
BUILT_IN = ("is_https", "max_body_bytes", "max_chunk_bytes")


class _Remembering(DefineMiddleware):
    """Makes a middleware of each route, and can give all of them other arguments."""

    def __init__(self, middleware: Callable[..., ASGIApp], **kwargs: Any) -> None:
        super().__init__(middleware, **kwargs)
        self._made: list[tuple[Any, ASGIApp]] = []

    def __call__(self, app: ASGIApp) -> ASGIApp:
        made = super().__call__(app)
        self._made.append((made, app))
        return made

    def renew(self, **kwargs: Any) -> None:
        for made, app in self._made:
            made.__init__(app=app, **kwargs)


@dataclass(frozen=True)
class _Used:
    """An app, what it was made for, its own handler, and its middleware."""

    app: Litestar
    made_for: tuple[Any, ...]
    handler: ASGIApp
    middleware: tuple[_Remembering, ...]

    def serve(self, config: AppConfig) -> Litestar:
        self.app.state = config.state
        self.app.asgi_handler = self.handler
        self.app._lifespan_managers = config.lifespan  # there is no other way in
        self.app.event_emitter = SimpleEventEmitter(listeners=[])
        for kept, wanted in zip(self.middleware, config.middleware, strict=True):
            assert isinstance(wanted, DefineMiddleware)
            kept.renew(**wanted.kwargs)
        return self.app


_serving: dict[int, _Used] = {}
_free: list[_Used] = []


def use_apps_again() -> None:
    """Have every app of this process made of one that was given back, where one is made for the same settings."""
    make = Litestar.from_config

    def from_config(config: AppConfig) -> Litestar:
        made_for = _made_for(config)
        used = next((one for one in _free if one.made_for == made_for), None)
        if used:
            _free.remove(used)
        else:
            config.middleware[:] = [_remembering(one) for one in config.middleware]
            middleware = tuple(one for one in config.middleware if isinstance(one, _Remembering))
            app = make(config)
            used = _Used(app, made_for, app.asgi_handler, middleware)
        _serving[id(used.app)] = used
        return used.serve(config)

    setattr(Litestar, "from_config", staticmethod(from_config))  # noqa: B010 - a class of others


def give_back(app: Litestar) -> None:
    """Let the next server have an app whose own has stopped."""
    if used := _serving.pop(id(app), None):
        _free.append(used)


def _remembering(middleware: Any) -> _Remembering:
    assert isinstance(middleware, DefineMiddleware)
    assert not middleware.args
    return _Remembering(middleware.middleware, **middleware.kwargs)


def _made_for(config: AppConfig) -> tuple[Any, ...]:
    settings: Config = config.state["services"].config
    # A route is one and the same for every app; routers are made anew. The field app is a route of its own folder.
    routes = tuple(route.path if isinstance(route, Router) else route for route in config.route_handlers)
    return (*(getattr(settings, name) for name in BUILT_IN), routes)
