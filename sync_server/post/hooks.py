"""Webhooks by the Standard Webhooks rules: what is told, how it is signed, when it is tried again.

HOK-1  What happened is read off the audit log, which is written in the transaction of what it tells of: nothing is told
       that was undone, nothing is forgotten, and whatever happens waits for no webhook.
HOK-2  A message is signed with HMAC-SHA-256 over its id, its moment and its bytes. For ROTATION after a new secret was
       made it carries a signature of the old one beside the new.
HOK-3  A message that was not taken (any answer but 2xx, or none) is tried again after WAITS, a day in all, under the
       same id; then it is given up, and somebody can send it again.
HOK-4  A message holds codes and ids: no name and no words.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

PREFIX = "whsec_"
ROTATION = timedelta(hours=24)
_MINUTES = (1, 5, 30, 120, 300, 480, 500)
WAITS = tuple(timedelta(minutes=minutes) for minutes in _MINUTES)

# Action of the audit log -> what the message calls it.
EVENTS: Mapping[str, str] = {
    "assessment-received": "assessment.received",  # from revision 2 on: assessment.edited
    "assessment-accepted": "assessment.accepted",
    "assessment-returned": "assessment.returned",
    "assessment-voided": "assessment.voided",
    "assessment-unvoided": "assessment.unvoided",
    "assessment-decided": "assessment.decided",
    "round-closed": "round.closed",
    "round-released": "round.released",
    "dispute-opened": "dispute.opened",
    "dispute-decided": "dispute.decided",
}
EDITED = "assessment.edited"
TYPES = (*EVENTS.values(), EDITED)


def new_secret() -> str:
    """Return a fresh secret, as a receiver is given it."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def type_of(action: str, details: Mapping[str, Any]) -> str:
    """Return what a message calls an entry of the audit log; "" where nobody is told."""
    event = EVENTS.get(action, "")
    revision = details.get("revision", 1)
    return EDITED if action == "assessment-received" and isinstance(revision, int) and revision > 1 else event


def message(event: str, at: datetime, subject: tuple[str, str], details: Mapping[str, Any]) -> bytes:
    """Return the bytes of a message: its type, its moment, and of what it tells the kind, the id and the revision."""
    data: dict[str, object] = {"kind": subject[0], "id": subject[1]}
    if isinstance(details.get("revision"), int):
        data["revision"] = details["revision"]
    return msgspec.json.encode({"type": event, "timestamp": at, "data": data})


def headers(message_id: str, at: datetime, body: bytes, signing: tuple[str, ...]) -> dict[str, str]:
    """Return the headers of a message, signed with each of the secrets."""
    moment = str(int(at.timestamp()))
    content = f"{message_id}.{moment}.".encode() + body
    signed = (hmac.digest(b64decode(secret.removeprefix(PREFIX)), content, "sha256") for secret in signing)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{b64encode(one).decode()}" for one in signed),
        "content-type": "application/json",
    }


def next_try(tries: int, now: datetime) -> datetime | None:
    """Return when a message that failed `tries` times is tried again; None: never by itself."""
    return now + WAITS[tries - 1] if tries <= len(WAITS) else None
