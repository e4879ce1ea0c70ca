"""The server's answers, read carefully: what is not a whole answer of ours proves nothing, and says who acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from checklists import wire
from checklists.language import N_, Sentence, Template, sentence
from fieldapp.errors import Refused, SignInNeeded, SyncError, Unreachable
from fieldapp.sync.door import Reply
from fieldapp.sync.outbox import half_a_reply

T = TypeVar("T")
_SIGN_IN_AGAIN = frozenset({"device-revoked"})
# Without a code of ours these still say that this very request cannot be right; others may be a proxy's own.
_NEVER_RIGHT = frozenset({400, 411, 413, 414, 415, 422, 431})
_TRY_LATER = frozenset({408, 423, 425, 429})  # not refusals: the same request may be right in a while

# What the assessor reads for codes that ask something of them; any other refusal is told in the server's own words.
MESSAGES: dict[str, Template] = {
    "enrolment-code-unknown": N_("This code is not known. Check it letter by letter, or ask the coordinator for one."),
    "enrolment-code-used": N_("This code was already used on another device. Ask the coordinator for a new one."),
    "enrolment-code-expired": N_("This code has expired. Ask the coordinator for a new one."),
    "enrolment-code-revoked": N_("This code was withdrawn. Ask the coordinator for a new one."),
    "device-revoked": N_(
        "The coordinator has withdrawn this device. Nothing is lost: ask for a new code and enrol again, "
        "or export your work."
    ),
    "recording-not-allowed": N_(
        "A recording of the contact is not allowed here, so the server will not take this visit. Ask the coordinator."
    ),
    "transfer-pending": N_(
        "You took this visit over from another phone. It is kept at the office, and counts once the coordinator "
        "confirms it; it is sent again by itself."
    ),
    "transfer-refused": N_(
        "The coordinator did not confirm that you took this visit over. Nothing is lost: ask the coordinator."
    ),
    "too-many-requests": N_("The server asks for patience. It will be tried again by itself."),
}


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """The server's error body."""

    code: str = ""
    message: str = ""


def body_of(reply: Reply, kind: type[T]) -> T:
    """Return what a good reply holds.

    Raises:
        SyncError: as `error_of`, or Unreachable when the body is not the whole thing.
    """
    if not 200 <= reply.status < 300:
        raise error_of(reply)
    if "json" not in reply.headers.get("content-type", ""):
        raise _not_ours()
    try:
        return wire.decode(reply.body, kind)
    except wire.NotReadableError as error:
        raise half_a_reply() from error


def error_of(reply: Reply) -> SyncError:
    """Return the error that a reply which is not good stands for."""
    error = _error_body(reply.body)
    if reply.status == 401 or error.code in _SIGN_IN_AGAIN:
        code = error.code or "sign-in-needed"
        return SignInNeeded(
            code,
            _message(code)
            or sentence(N_("The server no longer knows this device. Nothing is lost: enrol again with a new code.")),
        )
    if reply.status in _TRY_LATER or reply.status >= 500:
        return Unreachable(
            error.code or f"http-{reply.status}",
            _message(error.code)
            or sentence(
                N_("The server has a problem of its own ({status}). Nothing is lost; it will be tried again."),
                status=reply.status,
            ),
            network=False,
            retry_after_s=_retry_after_s(reply),
        )
    if not error.code and reply.status not in _NEVER_RIGHT:
        return _not_ours()
    code = error.code or f"http-{reply.status}"
    message = _message(error.code) or sentence(
        N_("The server will not take it: {message} ({code})"), message=error.message, code=code
    )
    return Refused(code, message, status=reply.status)


def _not_ours() -> Unreachable:
    # A hotel's sign-in page, a proxy, another program: another network may reach the right one.
    return Unreachable(
        "not-our-server",
        sentence(N_("Something other than the sync server answered. Check the network's own sign-in page.")),
    )


def _message(code: str) -> Sentence | None:
    return sentence(MESSAGES[code]) if code in MESSAGES else None


def _error_body(body: bytes) -> ErrorBody:
    try:
        return wire.decode(body, ErrorBody)
    except wire.NotReadableError:
        return ErrorBody()


def _retry_after_s(reply: Reply) -> int | None:
    seconds = reply.headers.get("retry-after", "")
    return int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 6 else None


def offset_s(server_time: datetime | None, heard_at: datetime) -> int | None:
    """Return how far the server's clock is ahead, in whole seconds; None where the reply does not say."""
    if server_time is None or server_time.tzinfo is None:
        return None
    return round((server_time - heard_at) / timedelta(seconds=1))
