"""Server addresses and enrolment links, as people paste them. Pure."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit


def tidy(address: str) -> str | None:
    """Return `address` as scheme, host and port; "" stays "". None: it is no http(s) address."""
    text = address.strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in parts.netloc or "@" in parts.netloc:
        return None
    return f"{parts.scheme}://{parts.netloc.lower()}"


def is_safe(address: str) -> bool:
    """Return whether what goes to a (tidy) address cannot be read on the way: https, or this device itself."""
    parts = urlsplit(address)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def code_in(text: str) -> str:
    """Return the enrolment code in `text`: the code itself, or a link that carries it."""
    tail = text.partition("#")[2] or text
    return parse_qs(urlsplit(tail).query).get("code", [text])[0].strip()


def server_in(text: str) -> str | None:
    """Return the server an enrolment link names, None for a bare code."""
    return tidy(text) if "://" in text else None
