"""A mail server by its address, and what it says to a letter.

SMT-1  A user's password never travels in clear: with a user in the address TLS is needed, from the first byte (smtps)
       or by STARTTLS. Without one STARTTLS is used where the server offers it. Certificates are checked.
SMT-2  What a server says to one letter is about that letter: a refusal for good (5xx), or not now. What goes wrong with
       the connection is about all of them, and none is lost.
SMT-4  A letter is plain ASCII on the way: no server need offer more to take its Chinese.
SMT-3  A problem is a code. What a server said may hold an address, and is neither kept nor logged.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from sync_server.database.queries.letters import DueLetter

TIMEOUT_S = 20.0
ADDRESS = re.compile(r"[^\s@,;<>()\"]{1,64}@[A-Za-z0-9.-]{1,253}")
REFUSED_FROM = 500  # a reply from here on is for good


class Outcome(NamedTuple):
    """What became of a letter: no problem, or a code; `is_final`: trying again would change nothing."""

    key: str
    problem: str = ""
    is_final: bool = False


class _ConnectionError(Exception):
    """No letter can be sent now; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where letters are taken, and by whom they are signed. `context` checks the server's certificate."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = ""
    sender: str = ""
    context: ssl.SSLContext | None = None

    @classmethod
    def of(cls, url: str) -> MailServer:
        """Return the server at smtp[s]://user:password@host:port/?from=address; the setting was checked."""
        parts = urlsplit(url)
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if is_tls else 587 if parts.username else 25),
            is_tls=is_tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=parse_qs(parts.query).get("from", [""])[0],
        )

    def send(self, due: Sequence[DueLetter]) -> Iterator[Outcome]:
        """Yield what becomes of each letter, one after the other over one connection (SMT-2). Blocks."""
        left = list(due)
        try:
            connection = self._connected()
        except _ConnectionError as error:
            yield from (Outcome(each.letter.key, error.code) for each in left)
            return
        try:
            while left:
                yield self._sent(connection, left[0])
                left.pop(0)
        except _ConnectionError as error:
            yield from (Outcome(each.letter.key, error.code) for each in left)
        finally:
            _leave(connection)

    def _connected(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        connection: smtplib.SMTP | None = None
        try:
            if self.is_tls:
                connection = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context)
            else:
                connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
            self._begin(connection, context)
        except (smtplib.SMTPException, OSError, _ConnectionError) as error:
            if connection is not None:
                _leave(connection)
            raise _ConnectionError(_code_of(error)) from None
        return connection

    def _begin(self, connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """Turn to TLS and sign in, as SMT-1 has it."""
        connection.ehlo_or_helo_if_needed()
        if not self.is_tls and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        elif self.user and not self.is_tls:
            raise _ConnectionError("tls-missing")
        if self.user:
            connection.login(self.user, self.password)

    def _sent(self, connection: smtplib.SMTP, due: DueLetter) -> Outcome:
        key = due.letter.key
        if not ADDRESS.fullmatch(due.letter.address) or not due.letter.address.isascii():
            return Outcome(key, "address-wrong", is_final=True)
        sender = self.sender or due.letter.reply_to
        if not ADDRESS.fullmatch(sender):
            return Outcome(key, "sender-missing")
        try:
            connection.send_message(message_of(due, sender), sender, [due.letter.address])
        except smtplib.SMTPRecipientsRefused as error:
            return Outcome(key, "refused", is_final=all(code >= REFUSED_FROM for code, _ in error.recipients.values()))
        except smtplib.SMTPSenderRefused:
            return Outcome(key, "sender-refused")
        except smtplib.SMTPDataError as error:
            return Outcome(key, "refused", is_final=error.smtp_code >= REFUSED_FROM)
        except (smtplib.SMTPException, OSError):
            raise _ConnectionError("no-connection") from None
        return Outcome(key)


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye, and close the connection whatever the server says to that."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        connection.quit()
    connection.close()


def _code_of(error: Exception) -> str:
    if isinstance(error, _ConnectionError):
        return error.code
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "sign-in-refused"
    return "certificate-not-trusted" if isinstance(error, ssl.SSLError) else "no-connection"


def message_of(due: DueLetter, sender: str) -> EmailMessage:
    """Return the letter as mail. The same letter has the same Message-ID, so that one sent twice is seen once."""
    letter = due.letter
    message = EmailMessage()
    message["Subject"] = _line(letter.subject)
    message["From"] = Address(_line(letter.sender), addr_spec=sender)
    message["To"] = Address(_line(letter.name), addr_spec=letter.address)
    if ADDRESS.fullmatch(letter.reply_to) and letter.reply_to != sender:
        message["Reply-To"] = letter.reply_to
    message["Date"] = format_datetime(due.made_at)
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body, cte="base64")
    return message


def _line(text: str) -> str:
    """Return words that fit a header: on one line."""
    return " ".join(text.split())
