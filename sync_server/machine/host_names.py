"""Under which names this server is called: a page is shown under its own names only.

HST-1  An IP address is always ours, and so are localhost, the machine's own name, the host of the public address, and
       what the setting `host_names` (with what the certificate names) adds; "*." there stands for one more label.
HST-2  Any other name is not: a site elsewhere may let its own name lead here (DNS rebinding), and the browser would
       take this server's pages for that site's.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import ip_address

MOST_GIVEN = 100
LONGEST_GIVEN = 255


class HostNames:
    """The names of one server."""

    def __init__(self, names: Collection[str]) -> None:
        own = socket.gethostname().lower()
        self._given: set[str] = set()  # hosts as requests named them, all of them ours: reading an address takes longer
        self._names = {"localhost", own, f"{own}.local", *(name.lower() for name in names if name)}

    def has(self, host: str) -> bool:
        """Return whether `host`, as a request names it (with its port or without), is this server."""
        if host in self._given:
            return True
        name = _without_port(host).lower().removesuffix(".")
        if not (_is_address(name) or name in self._names or f"*.{name.partition('.')[2]}" in self._names):
            return False
        if len(self._given) < MOST_GIVEN and len(host) <= LONGEST_GIVEN:
            self._given.add(host)
        return True


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
