"""Every setting of the server: one table, read from `SYNC_SERVER_*`, documented by itself.

`Config.from_environment` names every wrong setting at once, with what would be right, before anything is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sync_server import setting_readers as read

PREFIX = "SYNC_SERVER_"
MB = 1_000_000


class ConfigError(ValueError):
    """One or more settings are wrong; the message has a line for each: name, what is wrong, what would be right."""


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
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_client_secret_file: str = ""
    oidc_claim: str = "email"
    oidc_label: str = ""

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
        problems += _oidc_problems(values)
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
    def oidc_secret(self) -> str:
        """What the provider knows this server by; empty: it has no secret there, and PKCE alone protects the code."""
        file = self.oidc_client_secret_file
        return Path(file).read_text("utf-8").strip() if file else self.oidc_client_secret

    @property
    def oidc_name(self) -> str:
        """What the provider is called on the sign-in page."""
        return self.oidc_label or urlsplit(self.oidc_issuer).hostname or ""

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


def _oidc_problems(values: Mapping[str, Any]) -> list[str]:
    """Return what does not fit together among the settings of the provider."""
    names = [name for name in values if name.startswith("oidc_")]
    problems = []
    if names and not {"oidc_issuer", "oidc_client_id"} <= values.keys():
        problems.append(
            f"{PREFIX}{names[0].upper()}: signing in by a provider needs {PREFIX}OIDC_ISSUER and {PREFIX}OIDC_CLIENT_ID"
        )
    if {"oidc_client_secret", "oidc_client_secret_file"} <= values.keys():
        problems.append(f"{PREFIX}OIDC_CLIENT_SECRET_FILE: write the secret or its file, not both")
    return problems


SETTINGS: Mapping[str, Setting] = {
    "data_dir": Setting(Path, "folder of the database, the media and unfinished uploads"),
    "database_url": Setting(read.database_url, "PostgreSQL instead of the SQLite file: postgresql://...", secret=True),
    "media_url": Setting(
        read.media_url, "object store instead of the media folder: s3://bucket/prefix?endpoint=&region="
    ),
    "media_key_id": Setting(str, "access key of the object store", secret=True),
    "media_secret": Setting(str, "secret key of the object store", secret=True),
    "public_url": Setting(read.web_url, "the address people type; https there makes cookies insist on it"),
    "app_dir": Setting(str, "folder for the built field app; without one the person's cache folder"),
    "app_name": Setting(
        read.app_name, "what the installed app is called, such as Notes+ or 記事; its icon is a plain sheet then"
    ),
    "max_body_bytes": Setting(read.whole(1_000, 100 * MB), "largest record accepted"),
    "max_upload_bytes": Setting(read.whole(1_000, 10_000 * MB), "largest photo or sound accepted"),
    "max_chunk_bytes": Setting(read.whole(1_000, 1_000 * MB), "largest part of an upload accepted in one request"),
    "upload_expiry_h": Setting(read.whole(1, 8_760), "hours an unfinished upload is kept"),
    "writer_queue": Setting(read.whole(1, 100_000), "writes that may wait; beyond it the server answers 503"),
    "writer_batch": Setting(read.whole(1, 10_000), "most writes committed together"),
    "session_h": Setting(read.whole(1, 720), "hours a sign-in lasts"),
    "enrolment_code_h": Setting(read.whole(1, 8_760), "hours an enrolment code may be used"),
    "retention_audio_days": Setting(read.whole(1, 36_500), "days sound is kept after its round was released"),
    "retention_files_days": Setting(
        read.whole(1, 36_500), "days photos, other files and written words are kept after the last round was"
    ),
    "retention_unnamed_days": Setting(read.whole(1, 36_500), "days a file is kept that no record ever named"),
    "shutdown_s": Setting(read.whole(1, 600), "seconds a stopping server waits for requests under way"),
    "time_zone": Setting(read.zone, "zone of the moments on pages; what is measured follows the rules' zone (`tz`)"),
    "log_level": Setting(read.level, "debug, info, warning or error"),
    "metrics_token": Setting(str, "bearer token /metrics asks for; empty: it answers this machine only", secret=True),
    "smtp_url": Setting(
        read.smtp_url,
        "mail server for receipts, verdicts and reminders: smtp://user:password@host:587/?from=award@example.org; "
        "empty: reminders are files for mail-merge",
        secret=True,
    ),
    "max_connections": Setting(
        read.whole(10, 100_000), "connections open at once; fewer where the system allows fewer files"
    ),
    "max_connections_per_address": Setting(read.whole(10, 100_000), "connections of one address open at once"),
    "trusted_proxies": Setting(
        read.addresses,
        "addresses of proxies, by commas, whose word on who calls and over what (X-Forwarded-*) is taken",
    ),
    "host_names": Setting(
        read.host_names, "names people open it by, by commas, beside its addresses, its machine's and the public one"
    ),
    "webhook_private_hosts": Setting(
        read.host_names, "names, by commas, that webhooks may call although they lie in a private network"
    ),
    "second_factor": Setting(read.roles, "roles, by commas, whose accounts must have a second factor, such as admin"),
    "oidc_issuer": Setting(
        read.issuer, "issuer of the OpenID Connect provider that the office may sign in by, as its discovery names it"
    ),
    "oidc_client_id": Setting(str, "what the provider calls this server"),
    "oidc_client_secret": Setting(
        str, "the secret it was given there; without one the provider must take PKCE alone", secret=True
    ),
    "oidc_client_secret_file": Setting(read.secret_file, "a file that holds the secret, in its place"),
    "oidc_claim": Setting(
        read.claim, "the claim by which an account is found the first time; any but email must be sure at the provider"
    ),
    "oidc_label": Setting(read.label, "what the provider is called on the sign-in page; empty: the issuer's host"),
}


def documentation() -> str:
    """Return the table of settings as Markdown: name, default, meaning."""
    defaults = {field.name: field.default for field in fields(Config)}
    rows = [f"| `{PREFIX}{name.upper()}` | `{defaults[name]}` | {s.meaning} |" for name, s in SETTINGS.items()]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"
