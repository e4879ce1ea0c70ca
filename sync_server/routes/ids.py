"""Ids that come from outside, made safe before they reach a path, a query or a log."""

from __future__ import annotations

import re

from sync_server.errors import RefusedError

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def canonical_uuid(text: str, place: str) -> str:
    """Return any UUID in its usual form, in lower case.

    Raises:
        RefusedError: `id-not-valid`, naming `place`.
    """
    lower = text.lower()
    if not _UUID.fullmatch(lower):
        raise RefusedError("id-not-valid", place=place)
    return lower


def is_sha256(text: str) -> bool:
    """Return whether `text` is a SHA-256 in lower-case hex."""
    return _SHA256.fullmatch(text) is not None
