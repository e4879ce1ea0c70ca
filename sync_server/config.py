"""Every setting of the server: one table, read from `SYNC_SERVER_*`, documented by itself.

`Config.from_environment` names every wrong setting at once, with what would be right, before anything is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "SYNC_SERVER_"
MB = 1_000_000
APP_NAME_LETTERS = 12
TELLING = ("assess", "award", "mystery", "shopper", "評審", "神秘", "顧客", "獎")  # read over a shoulder


class ConfigError(ValueError):
    """One or more settings are wrong; the message has a line for each: name, what is wrong, what would be right."""


ACCOUNT_ROLES = ("admin", "coordinator", "reviewer", "viewer", "entrant", "entrant_reader", "judge", "member")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings in force. Field `x_y` is the environment's `SYNC_SERVER_X_Y`; `SETTINGS` says what each means."""

    data_dir: Path = Path("sync-server-data")
    database_url: str = ""
    media_url: str = ""
    media_key_id: str = ""
    media_secret: str = ""
    public_url: str = ""
    app_dir: str = ""
    app_name: str = ""
    max_body_bytes: int = 2 * MB
    max_upload_bytes: int = 200 * MB
    max_chunk_bytes: int = 64 * MB
    upload_expiry_h: int = 72
    writer_queue: int = 512
    writer_batch: int = 128
    session_h: int = 12
    enrolment_code_h: int = 72
    retention_audio_days: int = 90
    retention_files_days: int = 365
    retention_unnamed_days: int = 90
    shutdown_s: int = 20
    time_zone: str = "Asia/Hong_Kong"
    log_level: str = "info"
    metrics_token: str = ""
    smtp_url: str = ""
    max_connections: int = 2_000
    max_connections_per_address: int = 400
    trusted_proxies: str = ""
    host_names: str = ""
    webhook_private_hosts: str = ""
    second_factor: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **overrides: Any) -> Config:
        """Return the settings of `environment`; `overrides` (from the command line) win where they are not None.

        Raises:
            ConfigError: any setting is wrong or unknown; all are named.
        """
        variables = {PREFIX + name.upper(): name for name in SETTINGS}
        problems = [
            f"{name} is not a setting of this server; the README lists them"
            for name in environment
            if name.startswith(PREFIX) and name not in variables
        ]
        values: dict[str, Any] = {}
        for variable, name in variables.items():
            raw = environment.get(variable, "").strip()
            if not raw:
                continue
            try:
                values[name] = SETTINGS[name].read(raw)
            except ValueError as error:
                problems.append(f"{variable}={_shown(name, raw)}: {error}")
        if problems:
            raise ConfigError("\n".join(problems))
        return cls(**values | {name: value for name, value in overrides.items() if value is not None})

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force: the SQLite file of the data folder unless one is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'sync.sqlite3'}"

    @property
    def enrolment_code_lasts(self) -> timedelta:
        """How long a new enrolment code may be used."""
        return timedelta(hours=self.enrolment_code_h)

    @property
    def proxies(self) -> tuple[str, ...]:
        """The addresses of the proxies that are trusted."""
        return tuple(filter(None, self.trusted_proxies.split(",")))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of this server that the settings say, beside those every server has."""
        return tuple(filter(None, (urlsplit(self.public_url).hostname, *self.host_names.split(","))))

    @property
    def second_factor_roles(self) -> frozenset[str]:
        """The roles whose accounts must have a second factor."""
        return frozenset(filter(None, self.second_factor.split(",")))

    @property
    def is_https(self) -> bool:
        """Whether people reach this server over TLS, so that cookies may insist on it."""
        return urlsplit(self.public_url).scheme == "https"


def _shown(name: str, raw: str) -> str:
    return "(hidden)" if SETTINGS[name].secret else repr(raw)


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is read from text, and what it means."""

    read: Callable[[str], Any]
    meaning: str
    secret: bool = False


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw[:12]) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(raw)

    return read


def _database_url(raw: str) -> str:
    scheme = urlsplit(raw).scheme.partition("+")[0]
    if scheme == "sqlite":
        return raw
    if scheme in {"postgresql", "postgres"}:
        return "postgresql+psycopg" + raw[raw.index("://") :]
    raise ValueError("write postgresql://user:password@host/name, or sqlite:////absolute/path")


def _media_url(raw: str) -> str:
    url = urlsplit(raw)
    if url.scheme == "s3" and url.netloc:
        return raw
    if url.scheme == "file" and url.path.startswith("/"):
        return raw
    raise ValueError("write s3://bucket/prefix (with ?endpoint=...&region=...) or file:///absolute/folder")


def _smtp_url(raw: str) -> str:
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


def _web_url(raw: str) -> str:
    url = urlsplit(raw)
    if url.scheme not in {"http", "https"} or not url.netloc or url.path.strip("/"):
        raise ValueError("write https://host or http://host:port, without a path")
    return raw.rstrip("/")


def _app_name(raw: str) -> str:
    if len(raw) > APP_NAME_LETTERS or not raw.isprintable():
        raise ValueError(f"write a name of at most {APP_NAME_LETTERS} letters: phones cut longer ones")
    if said := [word for word in TELLING if word in raw.casefold()]:
        raise ValueError(f'write a name that does not say what the app is for: without "{said[0]}"')
    return raw


def _addresses(raw: str) -> str:
    for address in raw.split(","):
        try:
            ip_address(address.strip())
        except ValueError as error:
            raise ValueError("write IP addresses with commas between them, such as 127.0.0.1,::1") from error
    return ",".join(str(ip_address(address.strip())) for address in raw.split(","))


def _host_names(raw: str) -> str:
    names = [name.strip().lower() for name in raw.split(",")]
    if not all(re.fullmatch(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", name) for name in names):
        raise ValueError("write names with commas between them, such as tool.example.org,*.field.example.org")
    return ",".join(names)


def _zone(raw: str) -> str:
    try:
        ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("write a zone of the tz database, such as Asia/Hong_Kong") from error
    return raw


def _level(raw: str) -> str:
    if raw.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError("write debug, info, warning or error")
    return raw.lower()


def _roles(raw: str) -> str:
    names = [name.strip().lower() for name in raw.split(",")]
    if wrong := [name for name in names if name not in ACCOUNT_ROLES]:
        raise ValueError(f'"{wrong[0]}" is no role; write any of {",".join(ACCOUNT_ROLES)}')
    return ",".join(names)


SETTINGS: Mapping[str, Setting] = {
    "data_dir": Setting(Path, "folder of the database, the media and unfinished uploads"),
    "database_url": Setting(_database_url, "PostgreSQL instead of the SQLite file: postgresql://...", secret=True),
    "media_url": Setting(_media_url, "object store instead of the media folder: s3://bucket/prefix?endpoint=&region="),
    "media_key_id": Setting(str, "access key of the object store", secret=True),
    "media_secret": Setting(str, "secret key of the object store", secret=True),
    "public_url": Setting(_web_url, "the address people type; https there makes cookies insist on it"),
    "app_dir": Setting(str, "folder for the built field app; without one the person's cache folder"),
    "app_name": Setting(
        _app_name, "what the installed app is called, such as Notes+ or 記事; its icon is a plain sheet then"
    ),
    "max_body_bytes": Setting(_whole(1_000, 100 * MB), "largest record accepted"),
    "max_upload_bytes": Setting(_whole(1_000, 10_000 * MB), "largest photo or sound accepted"),
    "max_chunk_bytes": Setting(_whole(1_000, 1_000 * MB), "largest part of an upload accepted in one request"),
    "upload_expiry_h": Setting(_whole(1, 8_760), "hours an unfinished upload is kept"),
    "writer_queue": Setting(_whole(1, 100_000), "writes that may wait; beyond it the server answers 503"),
    "writer_batch": Setting(_whole(1, 10_000), "most writes committed together"),
    "session_h": Setting(_whole(1, 720), "hours a sign-in lasts"),
    "enrolment_code_h": Setting(_whole(1, 8_760), "hours an enrolment code may be used"),
    "retention_audio_days": Setting(_whole(1, 36_500), "days sound is kept after its round was released"),
    "retention_files_days": Setting(
        _whole(1, 36_500), "days photos, other files and written words are kept after the last round was"
    ),
    "retention_unnamed_days": Setting(_whole(1, 36_500), "days a file is kept that no record ever named"),
    "shutdown_s": Setting(_whole(1, 600), "seconds a stopping server waits for requests under way"),
    "time_zone": Setting(_zone, "zone of the moments on pages; what is measured follows the rules' zone (`tz`)"),
    "log_level": Setting(_level, "debug, info, warning or error"),
    "metrics_token": Setting(str, "bearer token /metrics asks for; empty: it answers this machine only", secret=True),
    "smtp_url": Setting(
        _smtp_url,
        "mail server for receipts, verdicts and reminders: smtp://user:password@host:587/?from=award@example.org; "
        "empty: reminders are files for mail-merge",
        secret=True,
    ),
    "max_connections": Setting(
        _whole(10, 100_000), "connections open at once; fewer where the system allows fewer files"
    ),
    "max_connections_per_address": Setting(_whole(10, 100_000), "connections of one address open at once"),
    "trusted_proxies": Setting(
        _addresses, "addresses of proxies, by commas, whose word on who calls and over what (X-Forwarded-*) is taken"
    ),
    "host_names": Setting(
        _host_names, "names people open it by, by commas, beside its addresses, its machine's and the public one"
    ),
    "webhook_private_hosts": Setting(
        _host_names, "names, by commas, that webhooks may call although they lie in a private network"
    ),
    "second_factor": Setting(_roles, "roles, by commas, whose accounts must have a second factor, such as admin"),
}


def documentation() -> str:
    """Return the table of settings as Markdown: name, default, meaning."""
    defaults = {field.name: field.default for field in fields(Config)}
    rows = [f"| `{PREFIX}{name.upper()}` | `{defaults[name]}` | {s.meaning} |" for name, s in SETTINGS.items()]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"
