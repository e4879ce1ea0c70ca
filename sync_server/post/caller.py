"""Calls out, to addresses that somebody typed: never into the network the server itself stands in.

NOP-1  Only https, and only an address of the public internet, in whatever way it is written: not this machine, not a
       private, shared, link-local, multicast or reserved network, not one of these inside an address of IPv6.
NOP-2  A name is looked up once; what was looked at is what is called. One private address among several is enough to
       refuse them all. No redirect is followed.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

TIMEOUT_S = 10.0
MOST_READ = 1_000
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_OUTDATED = (IPv6Network("::/96"), IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # they hold IPv4 inside

Resolve = Callable[[str, int], Sequence[str]]


class CallRefusedError(Exception):
    """It is not called; the argument is a code: address-not-valid, address-not-public, name-unknown."""


def is_public(address: str) -> bool:
    """Say whether a numeric address is one of the public internet (NOP-1)."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in (*_NAT64, *_OUTDATED)):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def is_private_number(host: str) -> bool:
    """Say whether a host is itself a numeric address, however written, that is not public. Looks nothing up."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return not all(is_public(str(one[4][0])) for one in found)


def parts_of(address: str) -> tuple[str, int, str]:
    """Return host, port and path of an https address. Raises CallRefusedError."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError as error:
        raise CallRefusedError("address-not-valid") from error
    is_plain = address.isascii() and all("!" <= letter <= "~" for letter in address)
    is_named = bool(host) and parts.port != 0 and parts.username is None
    if parts.scheme != "https" or not is_named or not is_plain:
        raise CallRefusedError("address-not-valid")
    return host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def looked_up(host: str, port: int) -> Sequence[str]:
    """Return the numeric addresses of a host. Raises CallRefusedError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CallRefusedError("name-unknown") from error
    return [str(one[4][0]) for one in found]


class Caller:
    """Posts bytes. `private_hosts` are names and addresses that may lie in the server's own network."""

    def __init__(
        self,
        private_hosts: Iterable[str] = (),
        *,
        context: ssl.SSLContext | None = None,
        resolve: Resolve = looked_up,
    ) -> None:
        self._private_hosts = frozenset(host.lower() for host in private_hosts)
        self._context = context
        self._resolve = resolve

    def target(self, address: str) -> tuple[str, str, int, str]:
        """Return host, the numeric address to call, port and path (NOP-1, NOP-2). Raises CallRefusedError."""
        host, port, path = parts_of(address)
        numeric = list(self._resolve(host, port))
        if not numeric:
            raise CallRefusedError("name-unknown")
        if host.lower() not in self._private_hosts and not all(is_public(one) for one in numeric):
            raise CallRefusedError("address-not-public")
        return host, numeric[0], port, path

    def post(self, address: str, body: bytes, headers: dict[str, str]) -> int:
        """Send it and return the status of the answer.

        Raises:
            CallRefusedError: it is not called.
            OSError, http.client.HTTPException: nobody answers, or not as HTTP does.
        """
        host, numeric, port, path = self.target(address)
        connection = _Pinned(host, numeric, port, self._context or ssl.create_default_context())
        try:
            connection.request("POST", path, body, headers | {"user-agent": "mystery-shopper-field-tool"})
            answer = connection.getresponse()
            answer.read(MOST_READ)
            return answer.status
        finally:
            connection.close()


class _Pinned(http.client.HTTPSConnection):
    """A connection to the very address that was looked at, under the name that was typed."""

    def __init__(self, host: str, numeric: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S, context=context)
        self._numeric = numeric
        self._checked = context

    def connect(self) -> None:
        """Connect to the numeric address; the certificate is that of the name."""
        plain = socket.create_connection((self._numeric, self.port), TIMEOUT_S)
        self.sock = self._checked.wrap_socket(plain, server_hostname=self.host)
