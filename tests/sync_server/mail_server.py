"""A mail server in the tests' own process: it keeps what it takes, and refuses whom it is told to."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "award", "tram-72"


@dataclass
class Taken:
    """What came: letters, and whether each came over TLS. `refuses`: reply by address."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    before_taking: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}/?from=desk@award.example.org"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.before_taking()
        self.letters.append(message)
        self.over_tls.append(session.ssl is not None)
        return "250 OK"


@contextmanager
def mail_server(refuses: Mapping[str, str] | None = None, *, tls: ssl.SSLContext | None = None) -> Iterator[Taken]:
    """Serve until the end of the block; with `tls` it offers STARTTLS, and wants user and password."""
    taken = Taken(refuses=dict(refuses or {}))

    def sign_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    options: dict[str, Any] = {"tls_context": tls, "authenticator": sign_in, "auth_required": True} if tls else {}
    with socket.create_server(("127.0.0.1", 0)) as free:
        taken.port = free.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=taken.port, **options)
    controller.start()
    try:
        yield taken
    finally:
        controller.stop()
