"""Whether what a caller holds is still the same."""

from __future__ import annotations


def matches(if_none_match: str, etag: str) -> bool:
    """Return whether a caller that sends this If-None-Match holds what `etag` names (RFC 9110, 13.1.2)."""
    etags = {item.strip().removeprefix("W/") for item in if_none_match.split(",")}
    return etag in etags or "*" in etags
