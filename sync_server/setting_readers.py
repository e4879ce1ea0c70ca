"""How each kind of setting is read from text. Each refuses what it cannot be with what would be right (ValueError)."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

APP_NAME_LETTERS = 12
LABEL_LETTERS = 40
TELLING = ("assess", "award", "mystery", "shopper", "評審", "神秘", "顧客", "獎")  # read over a shoulder
ACCOUNT_ROLES = ("admin", "coordinator", "reviewer", "viewer", "entrant", "entrant_reader", "judge", "member")


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return the reader of a whole number within bounds."""

    def read(raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw[:12]) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(raw)

    return read


def database_url(raw: str) -> str:
    """Read the address of a database, as SQLAlchemy takes it."""
    scheme = urlsplit(raw).scheme.partition("+")[0]
    if scheme == "sqlite":
        return raw
    if scheme in {"postgresql", "postgres"}:
        return "postgresql+psycopg" + raw[raw.index("://") :]
    raise ValueError("write postgresql://user:password@host/name, or sqlite:////absolute/path")


def media_url(raw: str) -> str:
    """Read the address of an object store or of a folder."""
    url = urlsplit(raw)
    if url.scheme == "s3" and url.netloc:
        return raw
    if url.scheme == "file" and url.path.startswith("/"):
        return raw
    raise ValueError("write s3://bucket/prefix (with ?endpoint=...&region=...) or file:///absolute/folder")


def smtp_url(raw: str) -> str:
    """Read the address of a mail server."""
    url = urlsplit(raw)
    query = parse_qs(url.query, keep_blank_values=True)
    is_whole = url.scheme in {"smtp", "smtps"} and url.hostname and url.path in {"", "/"} and query.keys() <= {"from"}
    if not is_whole or not all(re.fullmatch(r"[^@\s]+@[^@\s]+", one) for one in query.get("from", ["a@b"])):
        raise ValueError("write smtp://user:password@host:587/?from=award@example.org, or smtps://... on port 465")
    try:
        url.port  # noqa: B018 - reading it is what finds a wrong one
    except ValueError as error:
        raise ValueError("write the port as a number") from error
    return raw


def web_url(raw: str) -> str:
    """Read an address that people type, without a path."""
    url = urlsplit(raw)
    if url.scheme not in {"http", "https"} or not url.netloc or url.path.strip("/"):
        raise ValueError("write https://host or http://host:port, without a path")
    return raw.rstrip("/")


def issuer(raw: str) -> str:
    """Read the issuer of a provider, as the provider writes it."""
    url = urlsplit(raw)
    is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in {"127.0.0.1", "::1", "localhost"})
    if not is_safe or not url.hostname or url.query or url.fragment or url.username is not None:
        raise ValueError("write the issuer as the provider gives it: https://..., without ? and #")
    return raw


def secret_file(raw: str) -> str:
    """Read the path of a file that holds a secret."""
    try:
        is_empty = not Path(raw).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError("write the path of a text file that the server may read") from error
    if is_empty:
        raise ValueError("write the path of a file that holds the secret; this one is empty")
    return raw


def claim(raw: str) -> str:
    """Read the name of a claim."""
    if not re.fullmatch(r"[A-Za-z0-9_:./-]{1,200}", raw):
        raise ValueError("write the name of a claim, such as email or preferred_username")
    return raw


def label(raw: str) -> str:
    """Read a short name."""
    if len(raw) > LABEL_LETTERS or not raw.isprintable():
        raise ValueError(f"write at most {LABEL_LETTERS} letters")
    return raw


def app_name(raw: str) -> str:
    """Read what the app is called where it is installed."""
    if len(raw) > APP_NAME_LETTERS or not raw.isprintable():
        raise ValueError(f"write a name of at most {APP_NAME_LETTERS} letters: phones cut longer ones")
    if said := [word for word in TELLING if word in raw.casefold()]:
        raise ValueError(f'write a name that does not say what the app is for: without "{said[0]}"')
    return raw


def addresses(raw: str) -> str:
    """Read IP addresses."""
    for address in raw.split(","):
        try:
            ip_address(address.strip())
        except ValueError as error:
            raise ValueError("write IP addresses with commas between them, such as 127.0.0.1,::1") from error
    return ",".join(str(ip_address(address.strip())) for address in raw.split(","))


def host_names(raw: str) -> str:
    """Read names of hosts."""
    names = [name.strip().lower() for name in raw.split(",")]
    if not all(re.fullmatch(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", name) for name in names):
        raise ValueError("write names with commas between them, such as tool.example.org,*.field.example.org")
    return ",".join(names)


def zone(raw: str) -> str:
    """Read a time zone."""
    try:
        ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("write a zone of the tz database, such as Asia/Hong_Kong") from error
    return raw


def level(raw: str) -> str:
    """Read a level of logging."""
    if raw.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError("write debug, info, warning or error")
    return raw.lower()


def roles(raw: str) -> str:
    """Read roles of accounts."""
    names = [name.strip().lower() for name in raw.split(",")]
    if wrong := [name for name in names if name not in ACCOUNT_ROLES]:
        raise ValueError(f'"{wrong[0]}" is no role; write any of {",".join(ACCOUNT_ROLES)}')
    return ",".join(names)
