"""The bound socket a server answers on, its certificate, and running it until it is stopped. For `demo` and `serve`."""

from __future__ import annotations

import argparse
import dataclasses
import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Litestar

from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server import clock
from sync_server.commands.graceful_server import listening_socket, server_for
from sync_server.commands.terminal import Terminal
from sync_server.config import Config
from sync_server.editions.front import Front
from sync_server.machine import tls
from sync_server.machine.tls import Certificate, TlsError

BACKLOG = 2048


class CannotListenError(SentenceError):
    """The address cannot be used."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket, not yet answering, and the certificate it will show."""

    sock: socket.socket
    host: str
    port: int
    certificate: Certificate | None

    @property
    def scheme(self) -> str:
        """http or https."""
        return "http" if self.certificate is None else "https"

    @property
    def url(self) -> str:
        """The address for people on this machine, or where only others' is known, on the network."""
        return self.urls[0]

    @property
    def urls(self) -> tuple[str, ...]:
        """Every address this server can be reached at, this machine's own first."""
        everywhere = self.host in ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound
        hosts = ["127.0.0.1", *tls.network_addresses()] if everywhere else [self.host]
        return tuple(f"{self.scheme}://{_in_url(host)}:{self.port}" for host in hosts)

    @property
    def phone_url(self) -> str:
        """The address a phone on the same network opens; this machine's own when it listens to itself only."""
        return self.urls[min(1, len(self.urls) - 1)]

    def named(self, config: Config) -> Config:
        """Return `config` with the names that come from where this listens and from its certificate."""
        vouched = () if self.certificate is None else tls.names_in(self.certificate.chain)
        names = {*filter(None, config.host_names.split(",")), *vouched, self.host}
        return dataclasses.replace(config, host_names=",".join(sorted(names)))

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach it."""
        return tls.is_loopback(self.host)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options every serving command shares."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for the whole network")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on; 0 for any free one")
    parser.add_argument("--tls", action="store_true", help="serve https with a certificate made here, offered at /ca")
    parser.add_argument("--cert", type=Path, metavar="FILE", help="serve https with this certificate (PEM)")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the certificate's private key (PEM)")


def listen(arguments: argparse.Namespace, data: Path) -> Listener:
    """Bind the address and find the certificate. `data` keeps the local authority of --tls.

    Raises:
        CannotListenError: the port is taken, the address is not of this machine, or the certificate is not usable.
    """
    certificate = _certificate(arguments, data)
    host, port = arguments.host, arguments.port
    try:
        sock = listening_socket(host, port)
    except OSError as error:
        raise CannotListenError(_why_not(error, host, port)) from error
    try:
        # Listening at once: two servers that start together must not both believe that the port is theirs.
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise CannotListenError(_why_not(error, host, port)) from error
    return Listener(sock=sock, host=host, port=sock.getsockname()[1], certificate=certificate)


def run(app: Litestar | Front, listener: Listener, *, on_ready: Callable[[], None]) -> None:
    """Answer requests until SIGINT or SIGTERM. `on_ready` is called once, when the first request would be answered."""
    certificate = listener.certificate
    options: dict[str, Any] = {}
    if certificate is not None:
        options = {"ssl_certfile": certificate.chain, "ssl_keyfile": str(certificate.key)}
    server_for(app, on_ready=on_ready, backlog=BACKLOG, **options).run(sockets=[listener.sock])


def tell_about_phones(terminal: Terminal, listener: Listener) -> None:
    """Say what a phone needs before the app works on it: to reach this machine, and to trust its certificate."""
    certificate = listener.certificate
    if listener.is_private:
        terminal.say(N_("Only this machine can reach it. For phones, start with --host 0.0.0.0 --tls."))
    elif certificate is None:
        terminal.say(
            N_("Phones open {url}, but the app works offline only over https that they trust: start with --tls."),
            url=listener.phone_url,
        )
    elif certificate.authority is None:
        terminal.say(N_("Phones open the address that the certificate names, on port {port}."), port=listener.port)
    else:
        terminal.say(N_("On each phone, first open {url}/ca and follow its steps."), url=listener.phone_url)
        terminal.say(N_("Its fingerprint must be {fingerprint}"), fingerprint=certificate.fingerprint)
        _tell_about_authority(terminal, certificate, certificate.authority)


def _tell_about_authority(terminal: Terminal, certificate: Certificate, authority: Path) -> None:
    folder = authority.parent
    if not certificate.is_limited:
        terminal.say(
            N_(
                "An older release made this authority: it could vouch for any site. To have one for this machine only, "
                "stop the server, remove {folder}, start again, and install the new one on each phone."
            ),
            folder=folder,
        )
    if certificate.unnamed:
        terminal.say(
            N_(
                "Its authority was made without {names}: phones cannot use these. To have one that names them, stop "
                "the server, remove {folder}, start again, and install the new one on each phone."
            ),
            names=tuple(certificate.unnamed),
            folder=folder,
        )


def _certificate(arguments: argparse.Namespace, data: Path) -> Certificate | None:
    try:
        if arguments.cert or arguments.key:
            if not (arguments.cert and arguments.key):
                raise CannotListenError(sentence(N_("--cert and --key go together: give both files.")))
            return tls.given_certificate(arguments.cert, arguments.key)
        if arguments.tls:
            return tls.local_certificate(data / tls.FOLDER, tls.host_names(arguments.host), now=clock.now())
    except TlsError as error:
        raise CannotListenError(sentence(N_("The certificate cannot be used: {why}"), why=str(error))) from error
    return None


def _why_not(error: OSError, host: str, port: int) -> Sentence:
    if error.errno == errno.EADDRINUSE:
        return sentence(
            N_("Port {port} is taken by another program. Choose another with --port, or --port 0 for any free one."),
            port=port,
        )
    if error.errno == errno.EACCES:
        return sentence(N_("Port {port} needs an administrator. Choose one from 1024 up with --port."), port=port)
    return sentence(
        N_("This machine cannot listen on {host} ({why}). Use 127.0.0.1 for this machine, 0.0.0.0 for its network."),
        host=host,
        why=error.strerror or str(error),
    )


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError("write a port from 0 to 65535")
    return int(text)
