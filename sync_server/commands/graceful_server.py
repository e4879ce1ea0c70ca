"""Runs an app under uvicorn, stopping gracefully: what is under way is answered, open live pages are let go.

Used by `serve`, `demo` and the tests, so that all stop alike.
"""

from __future__ import annotations

import contextlib
import gc
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from litestar import Litestar

from sync_server.config import Config
from sync_server.editions.front import Front
from sync_server.machine.connections import BoundedProtocol, Crowd
from sync_server.machine.files import files_that_may_be_open
from sync_server.machine.memory import part_with_large_blocks
from sync_server.machine.turns import take_turns_of
from sync_server.people.throttle import place_of
from sync_server.services import Services

SWITCH_S = 0.002
TURN_S = 0.0005  # of the event loop's thread: somebody waits for each of its steps
OTHER_FILES = 256  # databases, media, logs: what is open beside connections
LEAST_CONNECTIONS = 10
COLLECT_AFTER = (20_000, 20, 50)


class GracefulServer(uvicorn.Server):
    """uvicorn that ends live pages at once when asked to stop; they would hold it up until the timeout."""

    def __init__(
        self, config: uvicorn.Config, let_go: Callable[[], None], on_ready: Callable[[], None] | None = None
    ) -> None:
        super().__init__(config)
        self._let_go = let_go
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start answering, then say so: uvicorn itself only logs it."""
        await super().startup(sockets)
        spare_the_collector()
        take_turns_of(TURN_S)
        if self._on_ready is not None and not self.should_exit:
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals stop the server gracefully; uvicorn would raise them again once it has stopped."""
        with super().capture_signals():
            try:
                yield
            finally:
                self._captured_signals.clear()

    def stop(self) -> None:
        """Ask the server to stop, from any thread. Repeating it is harmless."""
        self._let_go()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop on SIGTERM and SIGINT."""
        self._let_go()
        super().handle_exit(sig, frame)


def spare_the_collector() -> None:
    """Let the garbage collector leave what was loaded for good alone, and look seldom: each record makes thousands of
    short-lived objects, none of them in cycles, and a full look in the middle of a burst is a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def server_for(
    app: Litestar | Front,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    on_ready: Callable[[], None] | None = None,
    **options: Any,
) -> GracefulServer:
    """Return a server for `app`. `options` are uvicorn's: ssl_certfile, ssl_keyfile, ...

    `on_ready` is called once, when the first request would be answered.
    """
    # The writer's thread and the event loop take turns; by default one may wait 5 ms for the other.
    sys.setswitchinterval(SWITCH_S)
    part_with_large_blocks()
    served: Front | Services = app if isinstance(app, Front) else app.state.services
    settings: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": True,
        "lifespan": "on",
        "timeout_graceful_shutdown": served.config.shutdown_s,
        # Phones keep their connection between records.
        "timeout_keep_alive": 75,
        "http": partial(BoundedProtocol, crowd=_crowd(served.config)),
        "ws": "none",
        # A caller says who it is by its connection; only a proxy that is trusted may say it for another.
        "proxy_headers": bool(served.config.proxies),
        "forwarded_allow_ips": list(served.config.proxies),
    }
    return GracefulServer(uvicorn.Config(app, **(settings | options)), served.let_go, on_ready)


def _crowd(config: Config) -> Crowd:
    return Crowd(
        most=max(LEAST_CONNECTIONS, min(config.max_connections, files_that_may_be_open() - OTHER_FILES)),
        most_of_a_place=config.max_connections_per_address,
        place_of=place_of,
        proxies=config.proxies,
    )


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a bound socket, so that the port is known and ours before anything else is started.

    Raises:
        OSError: the port is taken, or the address is not of this machine.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    bound.set_inheritable(True)
    return bound
