"""A port for a server that is stopped and comes back while its clients go on trying."""

from __future__ import annotations

import random
import socket

# Below what systems give to outgoing connections: a client that tries a port nobody listens on may be given that very
# port to come from, is then connected with itself, and the server that comes back finds its port taken.
PORTS = range(20_000, 32_000)


def port_that_stays() -> int:
    """Return a port that nobody listens on."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
